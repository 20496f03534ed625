"""What the seats half reads: demand by school on draws, tables, standards; and its cells and areas.

A *cell* is one stage of one school. Every later step works on arrays by cell or by unit (cell, area, region),
so each can be tested without a projection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.seat_balance.class_forming import count_classes
from junheng.forecast.seat_balance.seat_capacity import Capacity, last_counts, mixed_classes, read_capacity
from junheng.forecast.seat_balance.seat_standards import TEACHING_POINT, SeatStandards, size_table
from junheng.forecast.seat_balance.sharing import links_by_distance, links_by_minutes
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.model.stages import STAGES, stages_of_kind
from junheng.rules import RuleBook, Value

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
SEAT_STAGES = tuple(stage for stage in STAGES if stage != "special")
"""Special schools hold no class-size seats."""


@dataclass(frozen=True)
class SeatProblem:
    """Inputs of the seats half.

    demand: float32[U, H, G, D] of pupils who ask for a seat, U in order of `schools`; NaN is nobody.
    cell_stage: int[U, H, G], position in STAGES of a school's grade in a year (五四 and 六三 may change).
    area_of: int[U], the finest area of each school. parent: area -> the area above it.
    """

    region: Region
    rules: RuleBook
    tables: Mapping[str, pl.DataFrame]
    scenario: str
    origin_year: int
    years: tuple[int, ...]
    schools: tuple[str, ...]
    kinds: tuple[str, ...]
    systems: tuple[str, ...]
    grades: tuple[str, ...]
    areas: tuple[str, ...]
    area_of: NDArray[np.intp]
    parent: Mapping[str, str]
    demand: Floats32
    cell_stage: NDArray[np.intp]
    opened: NDArray[np.int64]
    closed: NDArray[np.int64]
    levers: tuple[Lever, ...] = ()


@dataclass(frozen=True)
class Cells:
    """All cells with what they need and hold.

    school, stage: int[N] positions in `schools` and SEAT_STAGES. demand float32[N, H, D]; classes float32
    [N, H, D] needed at standard size; step_classes: per stage position, sizes tried and uint16[K, n, H, D]
    classes at each for that stage's cells, in cell order. size, elastic_size float64[N, H]: mean class sizes.
    """

    school: NDArray[np.intp]
    stage: NDArray[np.intp]
    demand: Floats32
    classes: Floats32
    steps: Mapping[int, tuple[float, ...]]
    step_classes: Mapping[int, NDArray[np.uint16]]
    size: Floats
    elastic_size: Floats
    capacity: Capacity
    rural: NDArray[np.bool_]
    pooled: NDArray[np.bool_]
    behind: Sequence[Mapping[int, Value]]
    """Per cell: the class-size rule of each forecast year position."""
    elastic_in_use: NDArray[np.bool_]
    """bool[N, H]: years in which a scenario lets classes grow to the elastic size."""

    def of_stage(self, stage: int) -> NDArray[np.intp]:
        """Cells of a stage whose capacity is known, in order."""
        return np.flatnonzero((self.stage == stage) & self.capacity.known)


def _text(frame: pl.DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        return [""] * frame.height
    return [str(value or "") for value in frame[name].to_list()]


def school_column(problem: SeatProblem, name: str) -> list[str]:
    """A text column of table `schools` in the problem's order of schools; "" where empty."""
    frame = problem.tables.get("schools")
    if frame is None:
        return [""] * len(problem.schools)
    values = dict(zip(frame["school_id"].to_list(), _text(frame, name), strict=True))
    return [values.get(school, "") for school in problem.schools]


def build_cells(problem: SeatProblem, standards: SeatStandards) -> Cells:
    """Demand, classes and capacity of every cell; one school at a time, so memory stays with the cells."""
    kinds = dict(zip(problem.schools, problem.kinds, strict=True))
    systems = dict(zip(problem.schools, problem.systems, strict=True))
    last = last_counts(problem.tables, problem.origin_year)
    mixed = mixed_classes(last, kinds)
    listed = _list_cells(problem)
    capacity = read_capacity(
        problem.tables,
        [(problem.schools[u], SEAT_STAGES[s]) for u, s in listed],
        kinds,
        systems,
        dict(zip(problem.schools, problem.opened.tolist(), strict=True)),
        dict(zip(problem.schools, problem.closed.tolist(), strict=True)),
        problem.years,
        problem.origin_year,
    )
    _, years, _, draws = problem.demand.shape
    shape = (len(listed), years, draws)
    demand, classes = np.empty(shape, np.float32), np.empty(shape, np.float32)
    size, elastic = np.full(shape[:2], np.nan), np.full(shape[:2], np.nan)
    stage_of_cell = np.array([s for _, s in listed], dtype=np.intp)
    steps = {s: tuple(standards.steps(0, SEAT_STAGES[s])) for s in sorted({s for _, s in listed})}
    step_classes = {
        s: np.empty((len(steps[s]), int((stage_of_cell == s).sum()), years, draws), np.uint16) for s in steps
    }
    urban_rural = school_column(problem, "urban_rural")
    rural = np.array([urban_rural[u].startswith("2") for u, _ in listed], dtype=np.bool_)
    pooled = np.array([problem.schools[u] in mixed for u, _ in listed], dtype=np.bool_)
    taught = _grade_weights(last)
    behind: list[dict[int, Value]] = []
    seen: dict[int, int] = dict.fromkeys(steps, 0)
    tables: dict[tuple[bytes, bool, bool, bool], tuple[Floats, Floats, dict[tuple[int, str], Value]]] = {}
    for n, (u, s) in enumerate(listed):
        stage, point = SEAT_STAGES[s], problem.kinds[u] == TEACHING_POINT
        key = (problem.cell_stage[u].tobytes(), bool(rural[n]), point, bool(pooled[n]))
        if key not in tables:
            tables[key] = size_table(standards, problem.grades, problem.cell_stage[u], *key[1:])
        sizes, wide, values = tables[key]
        mask = problem.cell_stage[u] == s
        tried = np.stack([sizes, *(np.minimum(sizes, c) for c in steps[s])])
        demand[n], counted = count_classes(problem.demand[u], mask, tried, bool(pooled[n]))
        classes[n] = counted[0]
        step_classes[s][:, seen[s]] = counted[1:]
        seen[s] += 1
        weight = _weights(problem, u, mask, sizes, taught)
        size[n] = np.round((sizes * weight).sum(axis=1), 9)
        elastic[n] = np.round((wide * weight).sum(axis=1), 9)
        behind.append({h: values[h, stage] for h in range(years) if (h, stage) in values})
    school = np.array([u for u, _ in listed], dtype=np.intp)
    return Cells(
        school, stage_of_cell, demand, classes, steps, step_classes, size, elastic, capacity, rural, pooled,
        behind, np.zeros(shape[:2], dtype=np.bool_),
    )  # fmt: skip


def _list_cells(problem: SeatProblem) -> list[tuple[int, int]]:
    """(school, stage) pairs: stages its kind teaches, and any stage in which it has pupils to come. A school
    the last count does not know any more is taken as closed, as the forecast takes it: it has no seats."""
    gone = _not_counted_any_more(problem)
    listed: list[tuple[int, int]] = []
    for u, kind in enumerate(problem.kinds):
        most = np.fmax.reduce(problem.demand[u], axis=2, initial=0.0)  # NaN counts as nobody
        coming = _stages(problem.cell_stage[u][most > 0])
        stays = problem.closed[u] > problem.origin_year and problem.schools[u] not in gone
        open_for = stages_of_kind(kind) if stays else ()
        taught = _stages(problem.cell_stage[u])
        stages = coming | set(open_for)
        listed += [(u, s) for s, stage in enumerate(SEAT_STAGES) if stage in stages & taught]
    return listed


def _not_counted_any_more(problem: SeatProblem) -> set[str]:
    """Schools counted in some year before the origin and in none since."""
    if "enrolment" not in problem.tables:
        return set()
    counted = problem.tables["enrolment"].filter(
        pl.col("pupils").is_not_null() & (pl.col("year") <= problem.origin_year)
    )
    last = counted.group_by("school_id").agg(pl.col("year").max())
    return set(last.filter(pl.col("year") < problem.origin_year)["school_id"].to_list())


def _stages(positions: NDArray[np.intp]) -> set[str]:
    return {STAGES[int(s)] for s in np.unique(positions)}


def _grade_weights(last: pl.DataFrame) -> dict[tuple[str, str], tuple[float, float]]:
    """(school, grade) -> (classes, pupils) at the last count."""
    return {
        (row["school_id"], row["grade"]): (float(row["classes"] or 0), float(row["pupils"] or 0))
        for row in last.iter_rows(named=True)
    }


def _weights(
    problem: SeatProblem,
    u: int,
    mask: NDArray[np.bool_],
    sizes: Floats,
    taught: Mapping[tuple[str, str], tuple[float, float]],
) -> Floats:
    """Share of each grade in the stage's classes, float64[H, G]: by classes at the last count, else by pupils
    over size, else even over the grades that have a size and are not nursery classes."""
    known = [taught.get((problem.schools[u], grade), (0.0, 0.0)) for grade in problem.grades]
    counted = np.array([classes for classes, _ in known]) * mask
    pupils = np.array([number for _, number in known])
    with np.errstate(divide="ignore", invalid="ignore"):
        formed = np.nan_to_num(pupils / sizes, nan=0.0, posinf=0.0) * mask
    even = mask * np.array([0.0 if grade == "K0" else 1.0 for grade in problem.grades])
    weight = np.where(counted.any(axis=1, keepdims=True), counted, formed)
    weight = np.where(weight.any(axis=1, keepdims=True), weight, even)
    weight = np.where(weight.any(axis=1, keepdims=True), weight, mask.astype(np.float64))
    total = weight.sum(axis=1, keepdims=True)
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)


def area_links(
    problem: SeatProblem, standards: SeatStandards, stage: int
) -> tuple[NDArray[np.bool_], str, Value | None, list[Finding]]:
    """Links bool[A, A] between areas for sharing seats of a stage, how they were found ("minutes", "distance"
    or "none"), the rule that bounds them, and a finding when there is neither."""
    topic = standards.by_year[0].travel_time
    name, count = SEAT_STAGES[stage], len(problem.areas)
    none = np.zeros((count, count), dtype=np.bool_)
    table = problem.tables.get("area_links")
    if table is not None and not table.is_empty():
        rule = topic[f"sharing_{name}"]
        pairs = list(zip(table["area_code"], table["other_area_code"], table["minutes"], strict=True))
        return links_by_minutes(problem.areas, pairs, rule.number), "minutes", rule, []
    longitude, latitude = positions(problem, "areas")
    if np.isnan(longitude).all():
        return none, "none", None, [Finding("sharing_unknown", "note", "area_links")]
    rule = topic[f"sharing_km_{name}"]
    return links_by_distance(longitude, latitude, rule.number), "distance", rule, []


def positions(problem: SeatProblem, of: str) -> tuple[Floats, Floats]:
    """Longitude and latitude of each school, or of each area (its own, else the mean of its schools'); NaN
    where unknown. `of` is "schools" or "areas"."""
    codes = problem.schools if of == "schools" else problem.areas
    at = {code: row for row, code in enumerate(codes)}
    longitude, latitude = np.full(len(codes), np.nan), np.full(len(codes), np.nan)
    sources = (
        (("schools", "school_id"),) if of == "schools" else (("schools", "area_code"), ("areas", "area_code"))
    )
    for table, key in sources:
        frame = problem.tables.get(table)
        if frame is None or not {"longitude", "latitude"} <= set(frame.columns):
            continue
        means = frame.group_by(key).agg(pl.col("longitude").mean(), pl.col("latitude").mean()).sort(key)
        for code, lon, lat in means.iter_rows():
            if code in at and lon is not None and lat is not None:
                longitude[at[code]], latitude[at[code]] = lon, lat
    return longitude, latitude
