"""Views of the list of warnings and its files."""

from __future__ import annotations

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse

from junheng.data.csv_out import csv_bytes
from junheng.report.reading import ReportInput
from junheng.report.workbook import workbook
from junheng.web.forecast import actions, queries
from junheng.web.forecast.presenters import seats as seats_page
from junheng.web.forecast.presenters import warnings as warnings_page
from junheng.web.forecast.queries import Shown
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@scoped("see")
def warnings(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every warning with reason and remedy."""
    shown = queries.shown(scope)
    if shown is None:
        page = seats_page.empty(scope, queries.held(scope), "warnings")
        return render(request, scope, page, entry="forecast")
    page = warnings_page.page(shown, warnings_page.asked(request.GET))
    return render(request, scope, page, "forecast/warnings.html", entry="forecast")


@scoped("export")
def export(request: HttpRequest, scope: Scope, form: str) -> HttpResponse:
    """The list as shown, as a workbook of the table or as text in words."""
    shown = queries.shown(scope)
    if shown is None or form not in TYPES:
        raise Http404
    want = warnings_page.asked(request.GET)
    rows = warnings_page.chosen(shown, queries.warnings(shown.reading), want)
    name = f"warnings-{scope.unit.code}-{shown.record.run_id}.{form}"
    content = _workbook(shown, rows) if form == "xlsx" else _text(shown, rows)
    actions.note_export(by=scope.user, unit=scope.unit, run_id=shown.record.run_id, name=name, rows=len(rows))
    answer = HttpResponse(content, content_type=TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _workbook(shown: Shown, rows: list[dict[str, object]]) -> bytes:
    read = shown.reading
    whole = read.base("seat_warnings")
    kept = [row["warning_id"] for row in rows]
    listed = pl.DataFrame() if whole is None else whole.filter(pl.col("warning_id").is_in(kept))
    names = {name: frame for name in ("areas", "schools") if (frame := read.table(name)) is not None}
    source = ReportInput(read.source.region, {"seat_warnings": listed, **names}, run=read.source.run)
    return workbook(source, language=shown.scope.language)


def _text(shown: Shown, rows: list[dict[str, object]]) -> bytes:
    heads, body = warnings_page.sheet(shown, rows)
    schema = dict.fromkeys(heads, pl.String)
    return csv_bytes(pl.DataFrame(body, schema=schema, orient="row"))
