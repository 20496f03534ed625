"""What is ahead: warnings, seats, pupils, of the run the pages show unless another is named."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from junheng.report import wording
from junheng.web.api.asking import Code, OfUnit, Rows, Stage, Year, closed, scope_of
from junheng.web.api.problems import DECLARED
from junheng.web.api.runs import chosen, table_of

router = Router(tags=["outlook"])


class OfRun(OfUnit):
    """Rows of a run, for a stage and a kind of unit."""

    run: Code = Field("", description="Run; without one, the run the pages show")
    stage: Stage | None = None
    kind: Literal["", "region", "area", "school"] = Field("", description="Rows of this kind of unit")


class Seats(OfRun):
    """Which rows of the outlook of seats."""

    year: Year | None = None


class Warnings(OfRun):
    """Which warnings."""

    level: Literal["", "red", "orange", "yellow"] = ""


class Pupils(Seats):
    """Which rows of the forecast of pupils."""

    grade: str = Field(
        "", max_length=3, pattern="^[A-Za-z0-9]*$", description="A grade, or all: the stage's total"
    )


class OutlookRows(Rows):
    """A page of rows and the run they are from."""

    run: str


@router.get("/warnings", response={200: OutlookRows, **DECLARED}, summary="Warnings of seats")
def warnings(request: HttpRequest, asked: Query[Warnings]) -> Any:
    """Table seat_warnings, each with its reason in both languages (`reason_zh`, `reason_en`)."""
    closed(request, Warnings)
    answer = _answer(request, "seat_warnings", asked, level=asked.level)
    for row in answer["items"]:
        parameters = wording.parameters_of(row.get("reason_parameters"))
        for language in ("zh", "en"):
            hidden = bool(row.get("suppressed"))
            row[f"reason_{language}"] = (
                None if hidden else wording.reason(row["reason_code"], parameters, language)
            )
    return answer


@router.get(
    "/seats", response={200: OutlookRows, **DECLARED}, summary="Seats needed and there, by unit and year"
)
def seats(request: HttpRequest, asked: Query[Seats]) -> Any:
    """Table seat_outlook: capacities, gaps with their range, probabilities."""
    closed(request, Seats)
    return _answer(request, "seat_outlook", asked, year=asked.year)


@router.get(
    "/pupils", response={200: OutlookRows, **DECLARED}, summary="Pupils forecast, by unit, year and grade"
)
def pupils(request: HttpRequest, asked: Query[Pupils]) -> Any:
    """Table forecast_enrolment: median and ranges."""
    closed(request, Pupils)
    return _answer(request, "forecast_enrolment", asked, year=asked.year, grade=asked.grade)


def _answer(request: HttpRequest, table: str, asked: OfRun, **more: Any) -> dict[str, Any]:
    scope = scope_of(request, asked.unit)
    record = chosen(scope, asked.run)
    filters = {"stage": asked.stage, "unit_kind": asked.kind, **more}
    return {**table_of(scope, record, table, asked, filters), "run": record.run_id}
