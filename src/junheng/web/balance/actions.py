"""What people of this room may do: take an assessment's report, have the way to pass worked out."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng import __version__
from junheng.data.atomic import write_bytes
from junheng.model import TABLES
from junheng.report import assessment as report
from junheng.web.accounts.roles import EXPORT, FORECAST
from junheng.web.balance.queries import Judged
from junheng.web.balance.way_form import Wanted
from junheng.web.balance.way_queries import FOLDER, VERB, Way
from junheng.web.files import actions as files
from junheng.web.files.actions import Taken
from junheng.web.files.contents import Contents
from junheng.web.files.contents import Wanted as Table
from junheng.web.files.protection import audience
from junheng.web.files.reports import WantedReport
from junheng.web.jobs import actions as jobs
from junheng.web.jobs.models import Job
from junheng.web.runs.actions import region_unit
from junheng.web.runs.reading import newest_version
from junheng.web.workspace import book

FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def take_report(*, held: Judged, form: str) -> Taken:
    """The official report of an assessment made and handed out, counted and written down. PermissionDenied
    for those who do not work for the county; Refused over the day's limit."""
    scope = held.scope
    if held.county is None or audience(scope, EXPORT) != "bureau":
        raise PermissionDenied(EXPORT)
    make = report.docx if form == "docx" else report.workbook
    content = make(held.whole, held.law.indicators, language=scope.language)
    title = held.result.assessment.name(scope.language).replace(" ", "-")
    name = f"{scope.unit.code}_{held.result.year}_{title}_{held.record.data_version}.{form}"
    asked = WantedReport(held.record.run_id, form, scope.language, "bureau")
    return files.take_report(scope=scope, asked=asked, name=name, media=FORMS[form], content=content)


def take_plan(*, held: Way) -> Taken:
    """The measures of the newest plan inside the scope, as a workbook, counted and written down."""
    scope = held.scope
    version = str(held.job.args.get("version", "")) if held.job is not None else ""
    wanted = Contents(TABLES["pass_plan"], held.measures, version, "", audience(scope, EXPORT))
    return files.take_table(scope=scope, wanted=Table("", "pass_plan", "xlsx", version), held=wanted)


@transaction.atomic
def start(*, by: Any, wanted: Wanted) -> Job:
    """Ask for the cheapest way to pass: its levers are kept as a file named by what it holds. The same asked
    again is the same job. PermissionDenied without `forecast` on the region."""
    unit = region_unit()
    if unit is None or not by.may(FORECAST, unit):
        raise PermissionDenied(FORECAST)
    newest = newest_version()
    facts = (newest.id if newest else "", book().digest(), __version__, wanted.assessment, wanted.horizon)
    text = "\x1f".join((*facts, str(wanted.budget), wanted.levers.write_json()))
    digest = hashlib.sha256(text.encode()).hexdigest()
    folder = Path(FOLDER) / digest[:32]
    args: dict[str, Any] = {
        "assessment": wanted.assessment,
        "horizon": wanted.horizon,
        "budget": wanted.budget,
        "report": str(folder),
        "version": newest.id if newest else "",
    }
    if wanted.levers.height:
        stream = io.BytesIO()
        wanted.levers.write_parquet(stream)
        args["levers"] = str(folder / "improvement_levers.parquet")
        write_bytes(Path(settings.DESK) / args["levers"], stream.getvalue())
    return jobs.start(verb=VERB, args=args, unit=unit, by=by, input_digest=digest)
