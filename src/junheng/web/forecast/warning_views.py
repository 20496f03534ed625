"""Views of the list of warnings and its files."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse

from junheng.model.errors import JunhengError
from junheng.web.files import actions as files
from junheng.web.files import answers
from junheng.web.files.contents import Wanted, contents
from junheng.web.files.protection import audience
from junheng.web.forecast import queries
from junheng.web.forecast.presenters import seats as seats_page
from junheng.web.forecast.presenters import warnings as warnings_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped

FORMS = ("xlsx", "csv")


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
    """The list as shown, as a file: counted and written down where all files are."""
    shown = queries.shown(scope)
    if shown is None or form not in FORMS:
        raise Http404
    rows = warnings_page.chosen(shown, queries.warnings(shown.reading), warnings_page.asked(request.GET))
    wanted = Wanted(shown.record.run_id, "seat_warnings", form, stage=scope.stage)
    try:
        held = contents(scope, wanted, audience(scope, "export"))
        kept = pl.col("warning_id").is_in([row["warning_id"] for row in rows])
        listed = replace(held, frame=held.frame.filter(kept))
        return answers.download(files.take_table(scope=scope, wanted=wanted, held=listed))
    except JunhengError as error:
        return answers.refused(request, scope, error)
