"""Files taken of a draw, counted and written down."""

from __future__ import annotations

from typing import Any

from junheng.web.files import actions as files
from junheng.web.files.actions import Taken
from junheng.web.files.reports import WantedReport
from junheng.web.house.scope import Scope

ZIP = "application/zip"


def take_notary(*, scope: Scope, held: Any, content: bytes) -> Taken:
    """The archive for the notary. PermissionDenied without `export`; Refused over the day's limit."""
    asked = WantedReport(held.draw.announcement["draw_id"][:60], "zip", scope.language, "public")
    name = f"{held.entry.plan_id}_{held.draw.root[:16]}.zip"
    return files.take_report(scope=scope, asked=asked, name=name, media=ZIP, content=content)
