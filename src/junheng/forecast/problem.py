"""What a forecast starts from: the bureau's tables, checked all at once, with their tier and their origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.panel import Panel
from junheng.forecast.problem_checks import check
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.model.stages import GRADES, STAGES, grades_of, stage_of, stages_of_kind
from junheng.rules import RuleBook

Tables = Mapping[str, pl.DataFrame]
Index = NDArray[np.intp]

TIER_TABLES: tuple[tuple[str, str], ...] = (
    ("enrolment", "D"),
    ("births", "C"),
    ("grade_flows", "B"),
    ("population", "B"),
    ("housing", "A"),
)
"""Tables by how much their absence widens a range, worst first, with the tier one has without them."""


@dataclass(frozen=True)
class Problem:
    """Everything a forecast reads; frozen, checked, free of files and clocks.

    schools: U codes, sorted; every array by school uses this order. panel: counts up to `origin_year`, over
    the schools that were ever counted; `panel_rows` places them among `schools`. grades: G codes in order.
    area_of: int[U], position in `areas` of the street or town a school stands in. areas: codes, sorted,
    of all
    levels; `members` gives for an area the schools in it or below it.
    tier: A births by street with flows, B births, C school grades only, D area totals only.
    """

    region: Region
    rules: RuleBook | None
    tables: Tables
    origin_year: int
    tier: str
    missing_table: str
    schools: tuple[str, ...]
    grades: tuple[str, ...]
    panel: Panel
    panel_rows: Index
    areas: tuple[str, ...]
    area_of: Index
    parent: Mapping[str, str]
    kinds: tuple[str, ...]
    systems: tuple[str, ...]
    opened: NDArray[np.int64]
    closed: NDArray[np.int64]
    findings: tuple[Finding, ...] = ()
    assumptions: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @staticmethod
    def from_tables(
        tables: Tables, rules: RuleBook | None, region: Region, origin_year: int | None = None
    ) -> Problem:
        """Check and shape `tables`; BadData carries every fault at once.

        `origin_year` is the last count the forecast may know (default: the last in the tables). `rules` gives
        assumptions and, to the seats room, standards; without it nothing beyond the tables is assumed.
        """
        present = {name: frame for name, frame in tables.items() if not frame.is_empty()}
        faults, doubts = check(present, region)
        if faults:
            raise BadData("forecast_bad_tables", {"count": len(faults)}, faults)
        return _shape(present, rules, region, origin_year, doubts)

    def table(self, name: str) -> pl.DataFrame | None:
        """An input table, or None when it is absent or empty."""
        return self.tables.get(name)

    def assumption(self, name: str) -> Mapping[str, Any]:
        """A statistical assumption of the rule book; empty when there is none."""
        return self.assumptions.get(name, {})

    @cached_property
    def specials(self) -> NDArray[np.bool_]:
        """bool[U]: the special schools."""
        return np.array([self.special(u) for u in range(len(self.schools))], dtype=np.bool_)

    def special(self, school: int) -> bool:
        """Whether the school is a special school, whose pupils form no class-size seats."""
        return stages_of_kind(self.kinds[school]) == ("special",)

    def stage(self, school: int, grade: str) -> str:
        """The stage in which a school teaches a grade."""
        return "special" if self.special(school) else stage_of(grade, self.systems[school])

    def stage_of_cells(self) -> NDArray[np.intp]:
        """int[U, G]: position in STAGES of each school's grade."""
        return self._stages

    @cached_property
    def _stages(self) -> NDArray[np.intp]:
        table = {
            system: np.array([STAGES.index(stage_of(grade, system)) for grade in self.grades], dtype=np.intp)
            for system in sorted(set(self.systems))
        }
        cells = np.stack([table[system] for system in self.systems])
        cells[[self.special(u) for u in range(len(self.schools))]] = STAGES.index("special")
        return cells

    def taught(self) -> NDArray[np.bool_]:
        """bool[U, G]: grades a school of its kind may teach."""
        result = np.zeros((len(self.schools), len(self.grades)), dtype=np.bool_)
        for u, (kind, system) in enumerate(zip(self.kinds, self.systems, strict=True)):
            allowed = grades_of_kind(kind, system)
            result[u] = [grade in allowed for grade in self.grades]
        return result

    def ancestors(self, area: str) -> list[str]:
        """The area and every area above it, nearest first."""
        chain: list[str] = []
        while area and area not in chain:
            chain.append(area)
            area = self.parent.get(area, "")
        return chain

    @property
    def areas_below(self) -> tuple[str, ...]:
        """Areas other than the region itself."""
        return tuple(code for code in self.areas if code != self.region.code)

    def members(self, area: str) -> Index:
        """Positions of the schools standing in the area or below it."""
        return self._members.get(area, np.zeros(0, dtype=np.intp))

    @cached_property
    def _members(self) -> dict[str, Index]:
        inside: dict[str, list[int]] = {}
        for at, code in enumerate(self.areas):
            for above in self.ancestors(code):
                inside.setdefault(above, []).append(at)
        return {code: np.flatnonzero(np.isin(self.area_of, rows)) for code, rows in inside.items()}


def grades_of_kind(kind: str, system: str) -> frozenset[str]:
    """Grades a school of a national kind may teach; every grade for special and unknown kinds."""
    stages = stages_of_kind(kind)
    if not stages or stages == ("special",):
        return frozenset(GRADES)
    return frozenset(grade for stage in stages for grade in grades_of(stage, system))


def _nothing_counted(table: str, origin_year: int | None) -> BadData:
    year = f" ({origin_year})" if origin_year else ""
    fault = Finding("enrolment_empty", "error", table, parameters={"year": year})
    return BadData("forecast_bad_tables", {"count": 1}, [fault])


def _shape(
    tables: Tables, rules: RuleBook | None, region: Region, origin_year: int | None, doubts: list[Finding]
) -> Problem:
    known = _assumptions(rules)
    areas, parent = _areas(tables, region)
    _refuse_later_origin(tables, origin_year)
    if "enrolment" not in tables:
        return _area_problem(tables, rules, region, origin_year, doubts, known, areas, parent)
    schools_table = tables["schools"].sort("school_id")
    codes = tuple(schools_table["school_id"].to_list())
    frame, pooled = pool_histories(tables["enrolment"], tables.get("school_events"), origin_year)
    frame = frame.filter(pl.col("school_id").is_in(list(codes)))
    if origin_year is not None:
        frame = frame.filter(pl.col("year") <= origin_year)
    if frame.is_empty():
        raise _nothing_counted("enrolment", origin_year)
    panel = Panel.from_long(
        frame.select(pl.col("school_id").alias("unit"), "year", "grade", "pupils").sort(
            "unit", "year", "grade"
        )
    )
    row_of = {code: row for row, code in enumerate(codes)}
    systems = tuple(system or region.school_system for system in _column(schools_table, "school_system", ""))
    kinds = tuple(schools_table["kind"].to_list())
    grades = _grades(panel, kinds, systems, schools_table, panel.years[-1])
    panel = _widen(panel, grades)
    area_index = {code: row for row, code in enumerate(areas)}
    return Problem(
        region=region,
        rules=rules,
        tables=tables,
        origin_year=panel.years[-1],
        tier=_tier(tables),
        missing_table=_missing(tables),
        schools=codes,
        grades=grades,
        panel=panel,
        panel_rows=np.array([row_of[unit] for unit in panel.units], dtype=np.intp),
        areas=areas,
        area_of=np.array([area_index[code] for code in schools_table["area_code"]], dtype=np.intp),
        parent=parent,
        kinds=kinds,
        systems=systems,
        opened=np.array(_column(schools_table, "opened_year", 0), dtype=np.int64),
        closed=np.array(_column(schools_table, "closed_year", 9999), dtype=np.int64),
        findings=(*doubts, *pooled),
        assumptions=known,
    )


def _refuse_later_origin(tables: Tables, origin_year: int | None) -> None:
    """BadData where the origin asked for lies beyond every count: nothing is known of that year."""
    name = "enrolment" if "enrolment" in tables else "area_enrolment"
    if origin_year is None or tables[name].is_empty():
        return
    last = int(tables[name]["year"].max())  # type: ignore[arg-type]
    if origin_year > last:
        fault = Finding("origin_beyond_counts", "error", name, parameters={"year": origin_year, "last": last})
        raise BadData("forecast_bad_tables", {"count": 1}, [fault])


def _area_problem(
    tables: Tables,
    rules: RuleBook | None,
    region: Region,
    origin_year: int | None,
    doubts: list[Finding],
    known: Mapping[str, Any],
    areas: tuple[str, ...],
    parent: Mapping[str, str],
) -> Problem:
    """Tier D: no school is known; the panel is a stand-in with one empty unit an area."""
    frame = tables["area_enrolment"].filter(pl.col("pupils").is_not_null())
    if origin_year is not None:
        frame = frame.filter(pl.col("year") <= origin_year)
    if frame.is_empty():
        raise _nothing_counted("area_enrolment", origin_year)
    first, last = (int(frame["year"].min()), int(frame["year"].max()))  # type: ignore[arg-type]
    years = tuple(range(first, last + 1))
    none = np.zeros(0, dtype=np.intp)
    empty = np.zeros(0, dtype=np.int64)
    return Problem(
        region, rules, tables, last, "D", "enrolment", (), (), Panel((), years, (), np.zeros((0,
                                                                                              len(years),
                                                                                              0))),
        none, areas, none, parent, (), (), empty, empty, tuple(doubts), known,
    )  # fmt: skip


def _areas(tables: Tables, region: Region) -> tuple[tuple[str, ...], dict[str, str]]:
    """All area codes, sorted, and each one's parent; areas only named by other tables count too."""
    parent: dict[str, str] = {}
    for name in ("schools", "area_enrolment", "births", "population"):
        if name in tables:
            parent.update(dict.fromkeys(tables[name]["area_code"].unique().to_list(), ""))
    if "areas" in tables:
        frame = tables["areas"]
        above = _column(frame, "parent_code", "")
        parent.update(zip(frame["area_code"].to_list(), above, strict=True))
    held = set(tables["schools"]["area_code"].to_list()) if "schools" in tables else set[str]()
    if region.code not in held:
        parent.pop(region.code, None)
    return tuple(sorted(parent)), {code: above for code, above in parent.items() if above}


def _column(frame: pl.DataFrame, name: str, default: Any) -> list[Any]:
    if name not in frame.columns:
        return [default] * frame.height
    return frame[name].fill_null(default).to_list()


def _grades(
    panel: Panel, kinds: tuple[str, ...], systems: tuple[str, ...], schools: pl.DataFrame, origin: int
) -> tuple[str, ...]:
    """Grades counted, and those a school still to open will teach."""
    wanted = set(panel.grades)
    for kind, system, opened in zip(kinds, systems, _column(schools, "opened_year", 0), strict=True):
        if opened > origin and stages_of_kind(kind) != ("special",):
            wanted |= grades_of_kind(kind, system) - {"K0"}
    order = [grade for grade in GRADES if grade in wanted]
    return GRADES[GRADES.index(order[0]) : GRADES.index(order[-1]) + 1]


def _widen(panel: Panel, grades: tuple[str, ...]) -> Panel:
    if panel.grades == grades:
        return panel
    wide = np.full((len(panel.units), len(panel.years), len(grades)), np.nan)
    wide[:, :, [grades.index(grade) for grade in panel.grades]] = panel.pupils
    return Panel(panel.units, panel.years, grades, wide)


def pool_histories(
    enrolment: pl.DataFrame, events: pl.DataFrame | None, origin_year: int | None
) -> tuple[pl.DataFrame, list[Finding]]:
    """Enrolment with renamed and merged schools carried under the id that goes on, with what was done."""
    columns = enrolment.select("school_id", "year", "grade", "pupils")
    if events is None:
        return columns, []
    last = origin_year if origin_year is not None else int(enrolment["year"].max())  # type: ignore[arg-type]
    past = events.filter(
        pl.col("event").is_in(["rename", "merge"])
        & (pl.col("year") <= last)
        & pl.col("other_school_id").is_not_null()
        & (pl.col("other_school_id") != "")
    )
    if "share" in past.columns:
        past = past.filter(pl.col("share").fill_null(1.0) >= 0.5)
    heir: dict[str, str] = {}
    findings: list[Finding] = []
    for row in past.sort("year", "school_id", "other_school_id").iter_rows(named=True):
        heir[row["school_id"]] = row["other_school_id"]
        findings.append(
            Finding(
                "history_pooled",
                "note",
                "school_events",
                parameters={"school": row["school_id"], "other": row["other_school_id"], "year": row["year"]},
            )
        )
    for school in list(heir):
        seen = {school}
        while heir[school] in heir and heir[school] not in seen:
            seen.add(heir[school])
            heir[school] = heir[heir[school]]
    merged = columns.with_columns(pl.col("school_id").replace(heir))
    summed = merged.group_by("school_id", "year", "grade").agg(pl.col("pupils").sum())
    return summed.sort("school_id", "year", "grade"), findings


def _tier(tables: Tables) -> str:
    if "births" not in tables:
        return "C"
    return "A" if "grade_flows" in tables and tables["births"]["area_code"].n_unique() > 1 else "B"


def _missing(tables: Tables) -> str:
    """The one absent table that would narrow the range most; empty when all are present."""
    return next((name for name, _ in TIER_TABLES if name not in tables), "")


def _assumptions(rules: RuleBook | None) -> dict[str, Any]:
    if rules is None:
        return {}
    return {name: rules.assumption(name) for name in rules.assumptions()}
