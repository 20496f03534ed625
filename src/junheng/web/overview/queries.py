"""What the map page reads: figures of the scope's unit and of the units below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars as pl

from junheng.report.reading import Reading, ReportInput
from junheng.report.suppression import Protection
from junheng.rules import Value
from junheng.web.files.protection import audience
from junheng.web.house.navigation import name_of
from junheng.web.house.scope import Scope
from junheng.web.overview import series
from junheng.web.overview.standing import Standing, Years, standings
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.units import tree
from junheng.web.wording import say
from junheng.web.workspace import book, region, workspace

BUREAU = Protection()


@dataclass(frozen=True, slots=True)
class Below:
    """A unit listed in the table and drawn on the map."""

    code: str
    name: str
    level: str
    place: tuple[float, float] | None = None
    """Longitude and latitude of a school that states them."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page of one unit shows. `own` and `below` are standings; `warnings` rows of the run about
    the unit or anything below it, the gravest first."""

    scope: Scope
    record: RunRecord | None
    years: Years | None
    own: Standing | None = None
    below: tuple[Below, ...] = ()
    standing: dict[str, Standing] = field(default_factory=dict[str, Standing])
    warnings: tuple[dict[str, Any], ...] = ()
    words: Reading | None = None
    names: dict[str, str] = field(default_factory=dict[str, str])
    worst: tuple[str, str, float] | None = None
    """(unit, stage, seats) of the largest shortage below in the year ahead."""
    areas_short: tuple[str, ...] = ()
    stages_short: tuple[str, ...] = ()
    """Stages in which the unit itself is short in the year ahead, the worst first."""
    data_held: bool = True
    protection: Protection = BUREAU
    """Hides small counts from those who only look down on the unit."""
    excluded: int = 0
    """Enrolment rows without a number."""
    sources: tuple[tuple[str, str, str], ...] = ()
    """(table, version, date) of the input tables the run used."""
    rules: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The derived frames of a scope."""

    counted: pl.DataFrame
    schools: pl.DataFrame
    ahead: pl.DataFrame
    seats: pl.DataFrame


def overview(scope: Scope) -> Overview:
    """The unit, the units right below it, warnings and years."""
    record = reading.current(scope)
    if record is None:
        return Overview(scope, None, None, data_held=reading.newest_version() is not None)
    found = reading.kept(scope, record, "overview", lambda own: _overview(own, record))
    return replace(found, scope=scope, record=record)


def _overview(scope: Scope, record: RunRecord) -> Overview:
    units = Tree(scope)
    held = frames(scope, record, units)
    years = years_of(held, scope.year)
    if years is None:
        return Overview(scope, record, None)
    own, below = scope.unit.code, units.below(scope.unit.path)
    codes = [one.code for one in below]
    warnings = _warnings(scope, record)
    child_of = {row["unit_code"]: units.child(row["unit_code"], scope.unit.path) for row in warnings}
    found = standings([own, *codes], held, years, scope.stage, warnings, child_of)
    places = _places(scope, record)
    worst, short = _worst(held.seats, scope, codes, years)
    return Overview(
        scope,
        record,
        years,
        found[own],
        tuple(
            replace(one, place=places.get(one.code))
            for one in below
            if one.level != "school" or found[one.code].alive
        ),
        found,
        tuple(warnings),
        words(scope, record, units.names),
        units.names,
        worst,
        short,
        _stages_short(held.seats, scope, years),
        True,
        Protection(audience(scope, "see")),
        _excluded(scope, record),
        _sources(record),
        _standards(scope, record),
    )


def frames(scope: Scope, record: RunRecord, units: Tree) -> Held:
    """Counted pupils, forecasts and seats of every unit in the scope."""
    own, paths, stamp = region(), units.paths, units.stamp

    def tables(raw: reading.Raw) -> dict[str, pl.DataFrame]:
        return {n: f for n in ("enrolment", "schools") if (f := raw.input(n)) is not None}

    def get(name: str, make: Callable[[reading.Raw], pl.DataFrame]) -> pl.DataFrame:
        return reading.derived(scope, record, f"overview.{name}", make, salt=stamp)

    return Held(
        get("counted", lambda raw: series.counted(tables(raw), own, paths)),
        get("schools", lambda raw: series.schools_of(tables(raw), own, paths)),
        get("ahead", lambda raw: series.ahead(raw.output("forecast_enrolment"), own, paths)),
        get("seats", lambda raw: series.seats(raw.output("seat_outlook"), own, paths)),
    )


def _named(code: str, level: str, name: str) -> str:
    """A unit above the region that nobody has named is called by its level and code."""
    if name != code:
        return name
    return say("overview.unnamed", level=say(f"house.level_{level}"), code=code)


class Tree:
    """The tree of units in the reader's language."""

    def __init__(self, scope: Scope) -> None:
        self._register, self._language = scope.register, scope.language
        self.paths = self._register.paths

    @cached_property
    def names(self) -> dict[str, str]:
        """Name by code."""
        units = self._register.units
        return {one.code: _named(one.code, one.level, name_of(one, self._language)) for one in units}

    @property
    def stamp(self) -> str:
        """Changes whenever a unit comes or moves."""
        return repr(self._register.stamp)

    def below(self, path: str) -> list[Below]:
        """Units right below `path`, in order of their paths."""
        return [Below(one.code, self.names[one.code], one.level) for one in self._register.right_below(path)]

    def child(self, code: str, path: str) -> str:
        """The unit right below `path` in which `code` lies; "" when it is not below."""
        own = self.paths.get(code, "")
        head = self._register.by_path.get(own[: len(path) + tree.STEP])
        return head.code if head is not None and own.startswith(path) and own != path else ""


def years_of(held: Held, asked: int) -> Years | None:
    """The counted year, the year ahead and the last year that answer to the school year asked for: the last
    count not after it, and the year itself where it lies ahead (else the first one forecast)."""
    counts = sorted(held.counted["year"].unique().to_list())
    forecast = sorted(held.ahead["year"].unique().to_list())
    if not counts and not forecast:
        return None
    origin = min(forecast) - 1 if forecast else counts[-1]
    past = [year for year in counts if year <= min(asked, origin)]
    counted = past[-1] if past else (counts[0] if counts else None)
    ahead = None
    if forecast:
        ahead = min(max(asked, forecast[0]), forecast[-1])
    return Years(counted, ahead, tuple(counts), tuple(forecast))


LEVELS = ("red", "orange", "yellow")
KINDS = ("region", "area", "school")


def _warnings(scope: Scope, record: RunRecord) -> list[dict[str, Any]]:
    where = pl.col("stage") == scope.stage if scope.stage else None
    frame = reading.read(scope, record, "seat_warnings", where=where)
    rows = [] if frame is None else list(frame.iter_rows(named=True))
    rows.sort(
        key=lambda row: (
            LEVELS.index(row["level"]) if row["level"] in LEVELS else len(LEVELS),
            KINDS.index(row["unit_kind"]) if row["unit_kind"] in KINDS else len(KINDS),
            row["from_year"] or 0,
            -(row["pupils_affected"] or 0),
            row["unit_code"],
        )
    )
    return rows


def _places(scope: Scope, record: RunRecord) -> dict[str, tuple[float, float]]:
    schools = reading.table(scope, "schools", record.data_version or None)
    if schools is None or not {"longitude", "latitude"} <= set(schools.columns):
        return {}
    rows = schools.select("school_id", "longitude", "latitude").drop_nulls()
    return {code: (x, y) for code, x, y in rows.iter_rows()}


def _worst(
    seats: pl.DataFrame, scope: Scope, codes: list[str], years: Years
) -> tuple[tuple[str, str, float] | None, tuple[str, ...]]:
    rows = seats.filter(
        pl.col("unit_code").is_in(codes), pl.col("year") == (years.ahead or 0), pl.col("short") > 0
    )
    if scope.stage:
        rows = rows.filter(pl.col("stage") == scope.stage)
    if rows.is_empty():
        return None, ()
    rows = rows.sort("short", "unit_code", "stage", descending=[True, False, False])
    top = rows.row(0, named=True)
    units = rows.group_by("unit_code").agg(pl.col("short").sum()).sort("short", "unit_code", descending=True)
    return (top["unit_code"], top["stage"], top["short"]), tuple(units["unit_code"].to_list())


def _stages_short(seats: pl.DataFrame, scope: Scope, years: Years) -> tuple[str, ...]:
    own = (pl.col("unit_code") == scope.unit.code) & (pl.col("year") == (years.ahead or 0))
    rows = seats.filter(own, pl.col("short") > 0).sort("short", "stage", descending=[True, False])
    return tuple(rows["stage"].to_list())


def _excluded(scope: Scope, record: RunRecord) -> int:
    rows = reading.table(scope, "enrolment", record.data_version or None)
    return 0 if rows is None else int(rows["pupils"].null_count())


def _sources(record: RunRecord) -> tuple[tuple[str, str, str], ...]:
    inputs = reading.run(record.run_id).record.inputs
    version = next((one for one in workspace().versions() if one.id == record.data_version), None)
    day = version.at[:10] if version else ""
    return tuple(
        (name, record.data_version, day) for name in ("schools", "enrolment", "seats") if name in inputs
    )


def _standards(scope: Scope, record: RunRecord) -> tuple[Value, ...]:
    where = pl.col("stage") == scope.stage if scope.stage else None
    frame = reading.read(scope, record, "seat_outlook", where=where)
    wanted = set() if frame is None else set(frame["rule_id"].drop_nulls().unique().to_list())
    return tuple(entry.value for entry in book().entries() if entry.value.rule_id in wanted)


def words(scope: Scope, record: RunRecord, names: dict[str, str]) -> Reading:
    """The report's wording of warnings, with the names of units inside the scope."""
    schema = {"area_code": pl.String, "name": pl.String}
    named = pl.DataFrame(list(names.items()), schema=schema, orient="row")
    about = {"origin_year": record.origin_year}
    return Reading(ReportInput(region(), {"areas": named}, run=about), scope.language)
