"""Definitions in force and what was measured by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest

from junheng.rules import Standards
from junheng.rules.indicator import Indicator
from junheng.web.balance.pages import ROWS, asked_page
from junheng.web.balance.warning_queries import names
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import book, region

VALUES = "indicator_values"
MEASURED = ("yes", "no")
Rows = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Definitions that were asked for, those of the page shown, with the unit's latest whole values by id."""

    scope: Scope
    record: RunRecord | None
    shown: tuple[Indicator, ...]
    values: Mapping[str, Rows]
    total: int
    every: int
    measured: int
    grains: tuple[str, ...]
    query: str
    grain: str
    known: str
    number: int
    year: int


@dataclass(frozen=True, slots=True)
class One:
    """A definition, the unit's values over the years and the latest ones of schools below it."""

    scope: Scope
    record: RunRecord | None
    indicator: Indicator
    law: Standards
    own: Rows
    schools: Rows
    names: Mapping[str, str]


def listed(request: HttpRequest, scope: Scope) -> Listed:
    """The definitions asked for by `?q=&grain=&measured=&page=`."""
    record, year, values = _latest(scope)
    law = book().at(date(year, 9, 1), region())
    asked = request.GET
    query, grain, known = asked.get("q", "").strip()[:80], asked.get("grain", ""), asked.get("measured", "")
    every = sorted(law.indicators.values(), key=lambda one: one.id)
    kept = [one for one in every if _wanted(one, query, grain, known, one.id in values)]
    number = asked_page(asked.get("page", ""), len(kept))
    return Listed(
        scope,
        record,
        tuple(kept[(number - 1) * ROWS : number * ROWS]),
        values,
        len(kept),
        len(every),
        len(values),
        tuple(sorted({one.grain for one in every})),
        query,
        grain,
        known if known in MEASURED else "",
        number,
        year,
    )


def one(scope: Scope, indicator: str) -> One:
    """A definition by its id; Http404 where there is none."""
    record = reading.current_once(scope)
    frame = reading.read(scope, record, VALUES) if record is not None else None
    year = _year(scope, frame)
    law = book().at(date(year, 9, 1), region())
    if indicator not in law.indicators:
        raise Http404
    own: Rows = ()
    schools: Rows = ()
    if frame is not None:
        kept = frame.filter(pl.col("indicator") == indicator)
        if scope.stage:
            kept = kept.filter(pl.col("stage").fill_null("").is_in(["", scope.stage]))
        mine = pl.col("area") == _code(scope)
        own = tuple(
            kept.filter(mine).sort("year", "stage", "group", descending=[True, False, False]).to_dicts()
        )
        below = kept.filter(~mine, pl.col("level") == "school", pl.col("year") == year)
        schools = tuple(below.sort("area", "stage").to_dicts())
    named = names(scope)
    return One(scope, record, law.indicators[indicator], law, own, schools, named)


def _latest(scope: Scope) -> tuple[RunRecord | None, int, dict[str, Rows]]:
    """(run, its last year, whole values of the unit in it by indicator)."""
    record = reading.current_once(scope)
    frame = reading.read(scope, record, VALUES) if record is not None else None
    year = _year(scope, frame)
    found: dict[str, Rows] = {}
    if frame is not None:
        kept = frame.filter(
            pl.col("area") == _code(scope),
            pl.col("year") == year,
            pl.col("group").fill_null("") == "",
            pl.col("value").is_not_null(),
        )
        if scope.stage:
            kept = kept.filter(pl.col("stage").fill_null("").is_in(["", scope.stage]))
        for row in kept.sort("stage").to_dicts():
            found[row["indicator"]] = (*found.get(row["indicator"], ()), row)
    return record, year, found


def _year(scope: Scope, frame: pl.DataFrame | None) -> int:
    held: Any = frame["year"].max() if frame is not None and frame.height else None
    return int(held) if held is not None else scope.year


def _code(scope: Scope) -> str:
    """The unit's own code; the region served stands for every unit above it."""
    return region().code if reading.sees_whole_region(scope) else scope.unit.code


def _wanted(one: Indicator, query: str, grain: str, known: str, measured: bool) -> bool:
    text = f"{one.id} {one.zh} {one.en} {one.source.doc}".lower()
    return (
        (not query or query.lower() in text)
        and (not grain or one.grain == grain)
        and (known not in MEASURED or measured == (known == "yes"))
    )
