"""云州's way to pass, recomputed from the printed plan: it passes, up to two measures less do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from junheng import monitoring, rules
from junheng.data import Workspace
from junheng.monitoring.pass_plan import county_plan
from junheng.monitoring.pass_result import PassPlan

ITEMS = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")
LINES = {
    "primary": ("0.042", "0.01", "0.009", "4.5", "7.5", "2000", "0.023"),
    "junior": ("0.053", "0.01", "0.009", "5.8", "10.2", "2500", "0.024"),
}
LIMITS = {"primary": Fraction(1, 2), "junior": Fraction(9, 20)}
RAISES = {
    "degree_teachers": 0, "backbone_teachers": 1, "pe_art_teachers": 2, "teaching_area": 3, "sports_area": 4,
    "equipment_value": 5, "multimedia_rooms": 6,
}  # fmt: skip
WEIGHTS = {True: {"primary": 10, "junior": 11, "senior": 13.2}, False: {"junior": 10, "senior": 12}}
Unit = tuple[str, str]


@dataclass(frozen=True)
class Yunzhou:
    """The plan with what is needed to recompute it: amounts and pupils by school and stage."""

    plan: PassPlan
    have: dict[Unit, list[Fraction]]
    pupils: dict[Unit, int]
    heads: dict[Unit, int]
    measures: list[dict[str, Any]]


@pytest.fixture(scope="module")
def yunzhou(example_county: Path) -> Yunzhou:
    workspace = Workspace.open(example_county)
    tables, region = workspace.tables(), workspace.region
    law = rules.load(*workspace.rule_folders()).at(date(2025, 9, 1), region)
    assessed = monitoring.assess(tables, law.assessment("quality_balance"), year=2025, law=law, region=region)
    plan = monitoring.plan_to_pass(tables, assessed, law=law)
    have: dict[Unit, list[Fraction]] = {}
    pupils: dict[Unit, int] = {}
    for row in assessed.items:
        if row.level == "school" and row.item in ITEMS and row.den:
            unit = (row.area, row.stage)
            assert row.num is not None
            have.setdefault(unit, []).append(Fraction(round(row.num * 100), 100))
            pupils[unit] = int(row.den)
    heads = {
        (school.school_id, stage): held.pupils or 0
        for school in assessed.schools.values()
        for stage, held in school.stages.items()
    }
    return Yunzhou(plan, have, pupils, heads, plan.tables["pass_plan"].to_dicts())


def _after(
    region: Yunzhou, without: Mapping[int, Fraction]
) -> tuple[dict[Unit, list[Fraction]], dict[Unit, int]]:
    """Amounts and pupils with every measure done, less so many units of some."""
    have, pupils = {unit: list(held) for unit, held in region.have.items()}, dict(region.pupils)
    for n, row in enumerate(region.measures):
        left = Fraction(str(row["units"])) - without.get(n, Fraction(0))
        adds = left * Fraction(str(row["adds"])) / Fraction(str(row["units"]))
        if row["raises"] == "pupils":
            pupils[row["area"], row["stage"]] += int(adds)
            continue
        for code in row["raises"].split(";"):
            item = RAISES[code]
            if row["stage"] != "shared":
                have[row["area"], row["stage"]][item] += adds
                continue
            stages = [stage for school, stage in region.heads if school == row["area"]]
            weights = WEIGHTS["primary" in stages]
            parts = {s: Fraction(str(weights.get(s, 0))) * region.heads[row["area"], s] for s in stages}
            for stage in set(stages) & set(LINES):
                have[row["area"], stage][item] += adds * parts[stage] / sum(parts.values())
        gone = without.get(n, Fraction(0))
        for giver in filter(None, row["from_schools"].split(";")):
            school, count = giver.rsplit(":", 1)
            back = min(Fraction(count), gone)
            gone -= back
            for code in row["raises"].split(";"):
                have[school, row["stage"]][RAISES[code]] -= Fraction(count) - back
    return have, pupils


@cache
def _lines(stage: str, pupils: int) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """The lines of a unit's items and its floors."""
    lines = tuple(Fraction(one) * pupils for one in LINES[stage])
    return lines, tuple(line * Fraction(17, 20) for line in lines)


def _passes(have: Mapping[Unit, list[Fraction]], pupils: Mapping[Unit, int]) -> bool:
    for (school, stage), held in have.items():
        if not _school_passes(held, stage, pupils[school, stage]):
            return False
    return all(_balanced(have, pupils, stage, i) for stage in LINES for i in range(7))


def _balanced(have: Mapping[Unit, list[Fraction]], pupils: Mapping[Unit, int], stage: str, item: int) -> bool:
    mine = [unit for unit in have if unit[1] == stage]
    total, whole = sum(pupils[u] for u in mine), sum(float(have[u][item]) for u in mine)
    squares = sum(float(have[u][item]) ** 2 / pupils[u] for u in mine)
    ratio = total * squares / whole**2 / (1 + float(LIMITS[stage]) ** 2)
    if abs(ratio - 1) > 1e-10:
        return ratio < 1
    exact = sum((have[u][item] ** 2 / pupils[u] for u in mine), Fraction(0)) * total
    return exact <= (1 + LIMITS[stage] ** 2) * sum((have[u][item] for u in mine), Fraction(0)) ** 2


def _unit(row: dict[str, Any]) -> Fraction:
    """One unit of a measure as it is bought, or what is left of it."""
    return min(Fraction(1), Fraction(str(row["units"])))


def test_the_plan_passes_where_today_does_not(yunzhou: Yunzhou) -> None:
    assert not _passes(yunzhou.have, yunzhou.pupils)
    assert _passes(*_after(yunzhou, {}))
    assert yunzhou.plan.verified == (), "assessed anew on the planned tables"
    assert yunzhou.plan.check() == []
    total = sum(Fraction(str(row["cost"])) for row in yunzhou.measures)
    assert total == pytest.approx(yunzhou.plan.summary()["cost"][0])


def test_no_plan_of_up_to_two_measures_less_passes(yunzhou: Yunzhou) -> None:
    units = [_unit(row) for row in yunzhou.measures]
    for n, one in enumerate(units):
        assert not _passes(*_after(yunzhou, {n: one})), yunzhou.measures[n]
    for n, m in combinations(range(len(units)), 2):
        assert not _passes(*_after(yunzhou, {n: units[n], m: units[m]})), (n, m)
    for n, row in enumerate(yunzhou.measures):
        if Fraction(str(row["units"])) >= 2 * units[n]:
            assert not _passes(*_after(yunzhou, {n: 2 * units[n]}))


def test_the_plan_costs_little_more_than_any_plan_must(yunzhou: Yunzhou) -> None:
    told = yunzhou.plan.summary()
    assert told["bound"][0] <= told["cost"][0]
    assert told["gap"] < 0.02


def test_a_school_reads_what_it_lacks_and_can_hold(yunzhou: Yunzhou) -> None:
    short = yunzhou.plan.tables["pass_gaps"].filter(pl.col("status") == "under_line")
    school = short["area"][0]
    way = yunzhou.plan.explain(school)
    assert way.measures
    assert any(gap["missing_full"] > 0 for gap in way.gaps)
    for stage, most in way.most_pupils.items():
        assert most is not None
        mine = yunzhou.have[school, stage]
        assert _school_passes(mine, stage, most)
        assert not _school_passes(mine, stage, most + 2), "parts of split schools are taken a hundredth low"


def _school_passes(held: list[Fraction], stage: str, pupils: int) -> bool:
    lines, floors = _lines(stage, pupils)
    under = [x < line for x, line in zip(held, lines, strict=True)]
    return sum(under) <= 1 and all(x >= floor for x, floor in zip(held, floors, strict=True))


def test_a_dearer_lever_never_makes_the_plan_cheaper(yunzhou: Yunzhou) -> None:
    case = yunzhou.plan.case
    dearer = replace(
        case.county,
        cv_limit={},
        moves=tuple(
            replace(m, cost=(m.cost[0] * 2,)) if m.kind == "recruit_pe_art" else m for m in case.county.moves
        ),
    )
    assert county_plan(dearer).cost >= yunzhou.plan.plan.schools_only
