"""The publicity list handed out as a file."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from junheng.data.csv_out import csv_bytes
from junheng.web.accounts.roles import EXPORT
from junheng.web.admission.presenters import publicity as publicity_page
from junheng.web.admission.publicity_queries import Posted
from junheng.web.files import actions as files
from junheng.web.files.actions import Taken
from junheng.web.files.reports import WantedReport
from junheng.web.wording import say


def take_list(*, held: Posted) -> Taken:
    """The list, masked as on the page; counted and written down. PermissionDenied for who does not run the
    entry; Refused over the day's limit."""
    scope, entry = held.held.scope, held.held.entry
    if not held.whole:
        raise PermissionDenied(EXPORT)
    name = f"{entry.unit.code}_{entry.plan_id}_{say('entry.publicity_list')}.csv"
    asked = WantedReport("", "csv", scope.language, "bureau")
    content = csv_bytes(publicity_page.frame(held))
    return files.take_report(
        scope=scope, asked=asked, name=name, media="text/csv; charset=utf-8", content=content
    )
