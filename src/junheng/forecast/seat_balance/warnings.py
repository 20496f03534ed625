"""红橙黄: every shortage, excess, size and weak spot, with its reason, drivers and smallest lever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.seat_balance.remedies import (
    LEAD_OF,
    Bench,
    Remedy,
    close_excess,
    close_shortage,
    merge,
    smallest,
)
from junheng.forecast.seat_balance.seat_gaps import HALF_A_CHILD
from junheng.forecast.seat_balance.seat_problem import SEAT_STAGES, SeatProblem
from junheng.forecast.seat_balance.seat_standards import SeatStandards
from junheng.forecast.seat_balance.seat_units import StageUnits
from junheng.rules import Value

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
LEVELS = ("red", "orange", "yellow")
SIZE_KEY = {
    "111": "kindergarten", "119": "kindergarten", "211": "primary", "218": "primary", "219": "primary",
    "311": "junior", "319": "junior", "312": "nine_year", "345": "twelve_year", "341": "junior",
    "342": "senior", "349": "senior",
}  # fmt: skip
"""Kind of school -> key of standard `school_size`; the compulsory part counts where there is one."""
_SMALL_KINDS = ("211", "218", "219", "311", "312")
_COMPULSORY = ("primary", "junior")


@dataclass(frozen=True)
class Warned:
    """One warning before it becomes a row. `first`, `last`: positions of years; `tried`: levers in order."""

    level: str
    kind: str
    unit_kind: str
    unit_code: str
    stage: str
    first: int
    last: int
    probability: float
    pupils: float
    reason_code: str
    parameters: Mapping[str, Any]
    rule: Value | None
    tried: tuple[Remedy, ...] = ()
    remedy: Remedy | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def warning_id(self) -> str:
        """Stable from run to run: what, where, which stage."""
        return f"{self.kind}:{self.unit_kind}:{self.unit_code}:{self.stage}"


def _span(flags: NDArray[np.bool_]) -> tuple[int, int] | None:
    """First and last position set, None when none is."""
    found = np.flatnonzero(flags)
    return (int(found[0]), int(found[-1])) if found.size else None


def _run_of(flags: NDArray[np.bool_], length: int) -> tuple[int, int] | None:
    """First run of at least `length` years (all of a shorter horizon), from its start to its end."""
    start = None
    need = min(length, flags.size)
    for h, flag in enumerate([*flags.tolist(), False]):
        if flag and start is None:
            start = h
        if not flag and start is not None:
            if h - start >= need:
                return start, h - 1
            start = None
    return None


def rule_of(bench: Bench, units: StageUnits, m: int, h: int) -> Value | None:
    """The class-size rule behind a unit's seats in a year: its school's, or that of most of its cells."""
    found: dict[str, tuple[int, Value]] = {}
    for n in units.members[m]:
        value = bench.cells.behind[int(n)].get(h)
        if value is not None:
            count, _ = found.get(value.rule_id, (0, value))
            found[value.rule_id] = (count + 1, value)
    if not found:
        return None
    return max(found.values(), key=lambda item: (item[0], item[1].rule_id))[1]


def shortages(bench: Bench, stage: int, standards: SeatStandards) -> list[Warned]:
    """Warnings of shortage for every unit of a stage.

    Red needs p_short after sharing ≥ p_red inside the lead time of the lever that closes it (of a new school
    where none does), or a median class at `large_class`; orange p_short ≥ p_orange_inside inside it or
    ≥ p_orange_beyond later; yellow ≥ p_yellow.
    """
    units, levels = bench.stages[stage], bench.levels
    found: list[Warned] = []
    large, very = (
        np.array([standard.large_class[key].number for standard in standards.by_year])
        for key in ("large", "very_large")
    )
    years = np.array(bench.years)
    for m in range(len(units.code)):
        p, left = np.nan_to_num(units.gaps.p_short[m]), np.nan_to_num(units.p_left(m))
        with np.errstate(divide="ignore", invalid="ignore"):
            crowd = np.where(units.rooms[m] > 0, units.gaps.demand_p50[m] / units.rooms[m], 0.0)
        crowded = np.nan_to_num(crowd) >= large
        spell = _span((p >= levels["p_yellow"]) | crowded)
        if spell is None:
            continue
        after_peak = units.horizon.utilisation_after[m]
        short_wave = bool(
            after_peak < levels["idle_after"] and units.horizon.short_years[m] <= bench.lead["build"]
        )
        tried = close_shortage(bench, stage, m, spell, build_last=short_wave)
        remedy = smallest(tried)
        lead = bench.lead[LEAD_OF[remedy.lever if remedy is not None and remedy.closes else "Open"]]
        inside = years <= bench.origin_year + lead
        red = inside & (left >= levels["p_red"])
        orange = (inside & (p >= levels["p_orange_inside"])) | (~inside & (p >= levels["p_orange_beyond"]))
        flags, level = (p >= levels["p_yellow"]), "yellow"
        if red.any() or crowded.any():
            flags, level = (red | crowded), "red"
        elif orange.any():
            flags, level = orange, "orange"
        first, last = _span(flags) or spell
        worst = crowd if crowded.any() else units.gaps.expected_short[m]
        shown = int(first + np.nanargmax(worst[first : last + 1]))
        line = "very_large" if crowd[shown] >= very[shown] else "large" if crowded.any() else ""
        code = _shortage_code(level, line, bool(inside[first]), float(left[first : last + 1].max()), levels)
        parameters = {
            "year": bench.years[shown],
            "gap": round(float(units.gaps.p50[m, shown])),
            "gap_high": round(float(units.gaps.p90[m, shown])),
            "seats": round(float(units.basis[m, shown])),
            "demand": round(float(units.gaps.demand_p50[m, shown])),
            "p_local": round(float(p[first : last + 1].max()), 3),
            "p_shared": round(float(left[first : last + 1].max()), 3),
            "class_size": round(float(crowd[shown]), 1) if crowd[shown] > 0 else None,
            "short_years": int(units.horizon.short_years[m]),
            "lead_time": lead,
            "building_unwise": short_wave,
        }
        size_rule = standards.by_year[shown].large_class
        rule = size_rule[line] if line else rule_of(bench, units, m, shown)
        probability = float(p[first : last + 1].max())
        found.append(
            Warned(level, "shortage", units.kind[m], units.code[m], SEAT_STAGES[stage], first, last,
                   probability, float(units.gaps.expected_short[m, first : last + 1].max()), code,
                   parameters, rule, tuple(tried), remedy)
        )  # fmt: skip
    return found


def _shortage_code(level: str, line: str, inside: bool, left: float, levels: Mapping[str, float]) -> str:
    if line:
        return f"seats.{line}_class"
    if left < levels["p_yellow"]:
        return "seats.short_neighbours_free"
    if level == "yellow":
        return "seats.short_possible"
    return "seats.short_inside" if inside else "seats.short_beyond"


def excesses(bench: Bench, stage: int) -> list[Warned]:
    """Yellow where seats are likely under-used for years running."""
    units, levels = bench.stages[stage], bench.levels
    found: list[Warned] = []
    for m in range(len(units.code)):
        p = np.nan_to_num(units.gaps.p_underuse[m])
        spell = _run_of(p >= levels["underuse_p"], int(levels["underuse_years"]))
        if spell is None:
            continue
        first, last = spell
        tried = close_excess(bench, stage, m, spell)
        use = units.gaps.utilisation[m, first : last + 1]
        parameters = {
            "year": bench.years[first],
            "utilisation": round(float(np.nanmin(use)), 3) if not np.isnan(use).all() else 0.0,
            "idle": round(float((units.basis[m] - units.gaps.demand_p50[m])[first : last + 1].max())),
            "seats": round(float(units.basis[m, first])),
            "demand": round(float(units.gaps.demand_p50[m, first])),
            "floor": levels["underuse_floor"],
        }
        found.append(
            Warned("yellow", "underuse", units.kind[m], units.code[m], SEAT_STAGES[stage], first, last,
                   float(p[first : last + 1].max()), float(units.gaps.demand_p50[m, first]), "seats.underuse",
                   parameters, rule_of(bench, units, m, first), tuple(tried), smallest(tried))
        )  # fmt: skip
    return found


def weak_data(bench: Bench, stage: int) -> list[Warned]:
    """Yellow where the 80 % range is wider than the standard allows within three years."""
    units, levels = bench.stages[stage], bench.levels
    found: list[Warned] = []
    for m, (kind, code) in enumerate(zip(units.kind, units.code, strict=True)):
        middle = units.gaps.demand_p50[m, :3]
        width = units.gaps.demand_p90[m, :3] - units.gaps.demand_p10[m, :3]
        wide = (middle >= levels["least_pupils"]) & (width > levels["range_too_wide"] * middle)
        spell = _span(wide)
        if spell is None:
            continue
        h = spell[0]
        parameters = {
            "year": bench.years[h],
            "width": round(float(width[h])),
            "demand": round(float(middle[h])),
        }
        found.append(
            Warned("yellow", "weak_data", kind, code, SEAT_STAGES[stage], h, spell[1], 1.0, float(middle[h]),
                   "seats.weak_data", parameters, None)
        )  # fmt: skip
    return found


def school_totals(bench: Bench, problem: SeatProblem) -> dict[int, Floats32]:
    """Pupils of each school that count for its size, float32[H, D]: compulsory stages where it has any."""
    totals: dict[int, Floats32] = {}
    cells = bench.cells
    for u in sorted(set(cells.school.tolist())):
        rows = np.flatnonzero(cells.school == u)
        duty = [n for n in rows.tolist() if SEAT_STAGES[cells.stage[n]] in _COMPULSORY]
        totals[u] = cells.demand[duty or rows.tolist()].sum(axis=0)
    return totals


def sizes(bench: Bench, problem: SeatProblem, standards: SeatStandards) -> list[Warned]:
    """Yellow for schools likely to grow past their size, or to fall below the small-school lines."""
    found: list[Warned] = []
    likely = bench.levels["p_size"]
    for u, pupils in school_totals(bench, problem).items():
        kind, code = problem.kinds[u], problem.schools[u]
        stage = int(bench.cells.stage[np.flatnonzero(bench.cells.school == u)[0]])
        middle = np.median(pupils, axis=-1).astype(np.float64)
        key = SIZE_KEY.get(kind)
        if key is not None:
            rules = [standard.school_size[key] for standard in standards.by_year]
            limits = np.array([rule.number if rule.in_force else np.inf for rule in rules])
            p = (pupils >= limits[:, None] + HALF_A_CHILD).mean(axis=-1)
            if (spell := _span(p >= likely)) is not None:
                worst = int(spell[0] + np.argmax(middle[spell[0] : spell[1] + 1]))
                parameters = {
                    "year": bench.years[worst],
                    "pupils": round(float(middle[worst])),
                    "limit": limits[worst],
                }
                found.append(
                    Warned("yellow", "school_size", "school", code, SEAT_STAGES[stage], *spell,
                           float(p[spell[0] : spell[1] + 1].max()), float(middle[worst]), "seats.school_size",
                           parameters, rules[worst])
                )  # fmt: skip
        if kind in _SMALL_KINDS and middle.max() > 0:
            found += _small(bench, standards, stage, code, pupils, middle)
    return found


def _small(
    bench: Bench, standards: SeatStandards, stage: int, code: str, pupils: Floats32, middle: Floats
) -> list[Warned]:
    likely = bench.levels["p_size"]
    rules = {key: [s.small_school[key] for s in standards.by_year] for key in ("small", "very_small")}
    lines = {
        key: np.array([rule.number if rule.in_force else 0.0 for rule in found])
        for key, found in rules.items()
    }
    alive = middle > 0
    p = {key: (pupils <= line[:, None] - HALF_A_CHILD).mean(axis=-1) * alive for key, line in lines.items()}
    spell = _span(p["small"] >= likely)
    if spell is None:
        return []
    tiny = _span(p["very_small"] >= likely)
    key = "very_small" if tiny is not None else "small"
    first, last = tiny or spell
    worst = int(first + np.argmin(middle[first : last + 1]))
    units = bench.stages.get(stage)
    tried: list[Remedy] = []
    if units is not None and code in units.code:
        merger = merge(bench, stage, units.code.index(code), (first, last))
        tried = [merger] if merger is not None else []
    parameters = {
        "year": bench.years[first],
        "line": float(lines[key][first]),
        "pupils": round(float(middle[worst])),
        "already": bool(first == 0),
    }
    return [
        Warned("yellow", "small_school", "school", code, SEAT_STAGES[stage], first, last,
               float(p[key][first : last + 1].max()), float(middle[first]), f"seats.{key}_school", parameters,
               rules[key][first], tuple(tried), smallest(tried))
    ]  # fmt: skip


def kindergarten_shares(
    bench: Bench, problem: SeatProblem, standards: SeatStandards, ownership: list[str]
) -> list[Warned]:
    """Yellow for the region where public or inclusive kindergartens are likely below their share."""
    stage = SEAT_STAGES.index("kindergarten")
    units = bench.stages.get(stage)
    if units is None or not any(ownership):
        return []
    rows = np.flatnonzero(bench.cells.stage == stage)
    own: list[str] = [ownership[u] for u in bench.cells.school[rows].tolist()]
    if "" in own:
        return []
    total = bench.cells.demand[rows].sum(axis=0)
    found: list[Warned] = []
    for key, kinds in (("public", ["public"]), ("inclusive", ["public", "private_inclusive"])):
        rules = [standard.kindergarten_places[key] for standard in standards.by_year]
        line = np.array([rule.number if rule.in_force else 0.0 for rule in rules])
        part = bench.cells.demand[rows[[name in kinds for name in own]]].sum(axis=0)
        share = np.divide(part, total, out=np.ones_like(total), where=total > 0)
        p = (share < line[:, None]).mean(axis=-1)
        spell = _span(p >= bench.levels["p_size"])
        if spell is None:
            continue
        h = spell[0]
        parameters = {
            "year": bench.years[h],
            "share": round(float(np.median(share[h])), 3),
            "line": float(line[h]),
        }
        found.append(
            Warned("yellow", "kindergarten_share", "region", problem.region.code, "kindergarten", *spell,
                   float(p[h : spell[1] + 1].max()), float(np.median(total[h])), f"seats.{key}_share",
                   parameters | {"key": key}, rules[h], extra={"key": key})
        )  # fmt: skip
    return found


Parts = Callable[[str, int, str], tuple[float, Mapping[str, float]]]
"""(unit code, year, stage) -> pupils at the origin, and the parts of their change since by component."""


def two_largest_drivers(parts: Parts | None, warned: Warned, bench: Bench) -> list[dict[str, Any]]:
    """The two parts that do most to bring the warning about.

    The gap is, exactly, the balance at the start (pupils at the origin less the first year's seats), the
    parts of the change of pupils by the forecast's own decomposition, and the change of seats. For shortage
    and size the two largest additions are named, for idle seats and small schools the two largest losses.
    Without a decomposition the change of demand within the horizon stands for its parts.
    """
    year = int(warned.parameters.get("year", bench.years[warned.first]))
    units = bench.stages.get(SEAT_STAGES.index(warned.stage))
    found: dict[str, float] = {}
    if units is not None and (warned.unit_kind, warned.unit_code) in zip(units.kind, units.code, strict=True):
        m = list(zip(units.kind, units.code, strict=True)).index((warned.unit_kind, warned.unit_code))
        h, seats, demand = bench.years.index(year), np.nan_to_num(units.basis[m]), units.gaps.demand_p50[m]
        start, change = float(demand[0]), {"demand": float(demand[h] - demand[0])}
        if parts is not None:
            start, split = parts(warned.unit_code, year, warned.stage)
            change = dict(split)
        found = {"start": start - float(seats[0]), **change, "seats": float(seats[0] - seats[h])}
    elif parts is not None:
        found = dict(parts(warned.unit_code, year, warned.stage)[1])
    sign = -1 if warned.kind in ("underuse", "small_school") else 1
    order = sorted(found.items(), key=lambda part: (-sign * part[1], part[0]))
    return [{"component": name, "pupils": round(value)} for name, value in order[:2]]
