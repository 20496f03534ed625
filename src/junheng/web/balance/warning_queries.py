"""Warnings of a run about the units a person sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.http import HttpRequest

from junheng.monitoring.watching import DATA, KINDS, MARGIN, WILL_BREAK
from junheng.rules import Standards
from junheng.web.balance.pages import ROWS, asked_page
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import book, region

TABLE = "monitoring_warnings"
_RANK = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Warned:
    """Warnings in order of the pupils they concern, those of the page shown; `counts` by kind of all."""

    scope: Scope
    record: RunRecord
    rows: tuple[Mapping[str, Any], ...]
    counts: Mapping[str, int]
    pupils: int
    kind: str
    number: int
    total: int
    names: Mapping[str, str]
    law: Standards


def warned(request: HttpRequest, scope: Scope) -> Warned | None:
    """The warnings asked for by `?kind=&page=`; None where no run looked for any."""
    record = reading.current_once(scope)
    frame = reading.read(scope, record, TABLE) if record is not None else None
    if record is None or frame is None:
        return None
    if scope.stage:
        frame = frame.filter(pl.col("stage").fill_null("").is_in(["", scope.stage]))
    counts = {kind: frame.filter(pl.col("kind") == kind).height for kind in KINDS}
    kind = request.GET.get("kind", "")
    kept = frame.filter(pl.col("kind") == kind) if kind in KINDS else frame
    number = asked_page(request.GET.get("page", ""), kept.height)
    kept = kept.with_columns(pl.col("kind").replace_strict(_RANK).alias("_rank")).sort(
        pl.col("pupils").fill_null(0), "_rank", "warning_id", descending=[True, False, False]
    )
    rows = kept.drop("_rank").slice((number - 1) * ROWS, ROWS).to_dicts()
    year = rows[0]["year"] if rows else scope.year
    law = book().at(date(year, 9, 1), region())
    return Warned(
        scope,
        record,
        tuple(rows),
        counts,
        _pupils(frame),
        kind if kind in KINDS else "",
        number,
        kept.height,
        names(scope),
        law,
    )


def counted(scope: Scope) -> tuple[dict[str, int], str]:
    """(warnings by kind, run) of what the person sees here; no counts without a run."""
    record = reading.current_once(scope)
    frame = reading.read(scope, record, TABLE) if record is not None else None
    if record is None or frame is None:
        return {}, ""
    kinds = frame["kind"].to_list()
    return {kind: kinds.count(kind) for kind in (WILL_BREAK, MARGIN, DATA)}, record.run_id


def names(scope: Scope) -> dict[str, str]:
    """Names of the units a person sees, by code."""
    return {
        unit.code: unit.name_en if scope.language == "en" and unit.name_en else unit.name
        for unit in scope.register.within(scope.unit.path)
    }


def _pupils(frame: pl.DataFrame) -> int:
    """Pupils of the schools that will break a line, each school and stage once."""
    coming = frame.filter(pl.col("kind") == WILL_BREAK).group_by("area", "stage").agg(pl.col("pupils").max())
    return int(coming["pupils"].sum() or 0)
