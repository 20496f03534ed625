"""The list of a person's files, and the page before a larger one is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from junheng.model import TABLES
from junheng.report import format as fmt
from junheng.web.files.contents import Contents, Wanted
from junheng.web.files.models import StoredFile
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.wording import say

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asking:
    """A file that is made on request: where the request goes, what is refused, other forms."""

    action: str
    note: str = ""
    fault: str = ""
    others: tuple[Anchor, ...] = ()


def mine(scope: Scope, files: Sequence[StoredFile], states: dict[int, str], today: int, limit: int) -> Page:
    """A person's files, newest first. `states` are states of the jobs that make them, by job."""
    ready = [file for file in files if file.ready_at is not None]
    head = (
        Head(say("files.col_name")),
        Head(say("files.col_state")),
        Head(say("files.col_rows"), "right"),
        Head(say("files.col_size"), "right"),
        Head(say("files.col_made")),
        Head(say("files.col_until")),
    )
    rows = tuple(_row(scope, file, states.get(file.job_id or 0, "")) for file in files)
    return Page(
        say("files.title"),
        _headline(ready, len(files) - len(ready)),
        crumbs=crumbs(scope, "desk:home", Crumb(say("files.title"))),
        body=DataTable(
            "files",
            say("files.caption"),
            head,
            rows,
            note=say("files.note", count=fmt.count(today), limit=fmt.count(limit)),
            empty=say("files.headline_none"),
        ),
    )


def _headline(ready: Sequence[StoredFile], making: int) -> str:
    if ready:
        return say("files.headline", ready=len(ready), at=_moment(min(file.expires_at for file in ready)))
    return say("files.headline_making", making=making) if making else say("files.headline_none")


def _row(scope: Scope, file: StoredFile, state: str) -> Row:
    done = file.ready_at is not None
    name: Any = Anchor(file.name, scope.url("files:stored", token=file.token)) if done else Cell(file.name)
    return Row(
        (
            name,
            _light(done, state),
            _rows(file.rows),
            _size(file.size),
            _moment(file.created_at),
            _moment(file.expires_at),
        )
    )


def _light(done: bool, state: str) -> Light:
    if done:
        return Light("good", say("files.state_ready"))
    if state in ("failed", "lost", "cancelled"):
        return Light("bad", say("files.state_failed"))
    return Light("unseen", say("files.state_making"))


def _rows(count: int | None) -> str:
    return fmt.count(count)


def _size(size: int | None) -> str:
    if size is None:
        return fmt.BLANK
    return f"{fmt.decimal(size / _MEGABYTE, 1)} MB" if size >= _MEGABYTE else f"{fmt.count(size / 1024)} KB"


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def ask_table(scope: Scope, wanted: Wanted, held: Contents, fault: str = "") -> Page:
    """Before a larger table is made, or when it cannot be."""
    table = TABLES[wanted.table]
    name = table.zh if scope.language == "zh" else table.en
    here = {"source": wanted.source, "table": wanted.table}
    query = (
        "&".join(f"{k}={v}" for k, v in (("version", wanted.version), ("scenario", wanted.scenario)) if v)
        or None
    )
    others = tuple(
        Anchor(say(f"files.form_{form}"), scope.url("files:table", **here, form=form, query=query))
        for form in ("xlsx", "csv", "parquet")
        if form != wanted.form
    )
    note = say("files.ask_protected") if held.audience == "public" else ""
    return Page(
        say("files.ask_title"),
        say("files.ask_table", table=name, rows=fmt.count(held.frame.height)),
        crumbs=crumbs(scope, "desk:home", Crumb(say("files.ask_title"))),
        body=Asking(scope.url("files:table", **here, form=wanted.form, query=query), note, fault, others),
    )


def ask_report(scope: Scope, name: str, action: str, fault: str = "") -> Page:
    """Before a report is made in a form it is not there in."""
    return Page(
        say("files.ask_title"),
        say("files.ask_report", name=name),
        crumbs=crumbs(scope, "manage:reports", Crumb(say("files.ask_title"))),
        body=Asking(action, "", fault),
    )


def refused(scope: Scope, fault: str) -> Page:
    """A file that is not handed out, and why."""
    return Page(
        say("files.refused_title"),
        fault,
        crumbs=crumbs(scope, "desk:home", Crumb(say("files.title"), scope.url("files:mine"))),
        body=Asking(""),
    )
