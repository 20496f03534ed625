"""Who and when, as one quiet cell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from junheng.report import format as fmt
from junheng.web.house.page import Cell
from junheng.web.wording import say


def moment(at: datetime | None) -> str:
    """A moment in the bureau's time, to the minute."""
    return fmt.BLANK if at is None else timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def maker(record: Any) -> Cell:
    """Who made a run; one made outside the desk came from the command line."""
    if record.made_by is None:
        return Cell(say("manage.command_line"), sub=moment(record.made_at))
    return who_when(record.made_by, record.made_at)


def who_when(person: Any, at: datetime | None) -> Cell:
    """A person's name with the moment below; a dash for neither."""
    if at is None and person is None:
        return Cell(fmt.BLANK)
    return Cell(person.name if person is not None else fmt.BLANK, sub=moment(at) if at else "")
