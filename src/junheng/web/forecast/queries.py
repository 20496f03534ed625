"""What the pages of this room read, always through the one door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from django.http import Http404

from junheng.report.reading import BASE
from junheng.report.sections.headline import LEVELS
from junheng.report.suppression import Protection
from junheng.rules import RuleBook, Value
from junheng.web.figures.unit_reading import Place, UnitReading, place, unit_reading
from junheng.web.files.protection import audience
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.units.models import Unit
from junheng.web.workspace import book, workspace

KINDS = ("region", "area", "school")


@dataclass(frozen=True, slots=True)
class Shown:
    """A run as one person sees it at one unit. `assumed`: nobody chose the stage, it is the
    shortest one. `protection` hides small counts from those who only look down on the unit."""

    scope: Scope
    record: RunRecord
    reading: UnitReading
    stage: str
    assumed: bool
    protection: Protection


@dataclass(frozen=True, slots=True)
class Held:
    """What the region holds when there is no run to show."""

    place: Place
    tables: frozenset[str]
    version: str


def shown(scope: Scope, run_id: str = "") -> Shown | None:
    """The run to show: the one named (Http404 when this person may not see it), else the current one; None
    when there is none yet."""
    record = reading.visible(scope, run_id) if run_id else reading.current(scope)
    if record is None:
        if run_id:
            raise Http404
        return None
    return of_run(scope, record)


def of_run(scope: Scope, record: RunRecord, scenario: str = BASE) -> Shown:
    """A run the person may see, at a unit, of one scenario."""
    read = unit_reading(scope, record, scenario)
    stage = scope.stage or worst_stage(read)
    return Shown(scope, record, read, stage, not scope.stage, Protection(audience(scope, "see")))


def unit_below(scope: Scope, code: str) -> Scope:
    """The scope of a unit inside this one; Http404 elsewhere."""
    found = Unit.objects.within([scope.unit.path]).filter(code=code).first()
    if found is None:
        raise Http404
    return scope.on(found)


def held(scope: Scope) -> Held:
    """Which tables there are, to say what is missing."""
    newest = reading.newest_version()
    tables = frozenset(newest.tables) if newest else frozenset[str]()
    return Held(place(scope), tables, newest.id if newest else "")


def worst_stage(read: UnitReading) -> str:
    """The stage whose units one level below lack most seats together in one year; where none is short, the
    one nearest to it. "" when no stage has seats or pupils."""
    stages = read.own_stages or read.seated_stages
    if not stages:
        return next(iter(read.stages), "")
    kind, codes = read.children
    frame = read.base("seat_outlook")
    if frame is None:
        return stages[0]
    rows = frame.filter(
        (pl.col("unit_kind") == kind) & pl.col("unit_code").is_in(codes) & pl.col("stage").is_in(stages)
    )
    short = (
        rows.group_by("stage", "year")
        .agg(
            pl.col("gap_p50").clip(lower_bound=0).sum().alias("short"), pl.col("gap_p50").max().alias("near")
        )
        .group_by("stage")
        .agg(pl.col("short").max(), pl.col("near").max())
    )
    order = {stage: (lacking or 0.0, near or 0.0) for stage, lacking, near in short.iter_rows()}
    return max(stages, key=lambda stage: (order.get(stage, (0.0, float("-inf"))), -stages.index(stage)))


def warnings(read: UnitReading) -> list[dict[str, Any]]:
    """Every warning inside the scope: gravest first, region and areas before schools, then by first year."""
    frame = read.base("seat_warnings")
    rows = [] if frame is None else list(frame.iter_rows(named=True))
    return sorted(rows, key=rank)


def rank(row: dict[str, Any]) -> tuple[Any, ...]:
    """Order of warnings by how grave they are."""
    level = LEVELS.index(row["level"]) if row["level"] in LEVELS else len(LEVELS)
    kind = KINDS.index(row["unit_kind"]) if row["unit_kind"] in KINDS else len(KINDS)
    return (level, kind, row["from_year"] or 0, row["unit_code"], row["warning_id"])


def counts(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Warnings by level, every level named."""
    levels = [row["level"] for row in rows]
    return {level: levels.count(level) for level in LEVELS}


def standards(ids: Sequence[str | None]) -> list[Value]:
    """The rules of these ids, in order of id; those no rule file holds any more are left out."""
    known = _by_id(book())
    return [known[one] for one in sorted({one for one in ids if one}) if one in known]


@lru_cache(maxsize=2)
def _by_id(held_book: RuleBook) -> dict[str, Value]:
    return {entry.value.rule_id: entry.value for entry in held_book.entries()}


def sources(record: RunRecord) -> list[tuple[str, str, str]]:
    """(table, version, date) of the input tables a run used."""
    inputs = reading.run(record.run_id).record.inputs
    version = next((one for one in workspace().versions() if one.id == record.data_version), None)
    day = version.at[:10] if version else ""
    return [
        (name, record.data_version, day) for name in sorted(inputs) if name not in ("boundaries", "levers")
    ]


def warning_count(scope: Scope) -> int | None:
    """Warnings of the current run inside the scope; None when there is no run."""
    record = reading.current(scope)
    frame = None if record is None else reading.read(scope, record, "seat_warnings")
    return None if frame is None else frame.height
