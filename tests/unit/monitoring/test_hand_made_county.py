"""A whole county recomputed cell by cell in plain arithmetic: six schools, a nine-year and a twelve-year one.

Every number is written here. The second computation shares no line with the first: it splits, divides, takes
variation coefficients and judges from the lists below, as somebody would in a spreadsheet.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import sqrt
from typing import Any

import pytest
from tests.unit.monitoring.counties import CODE, YEAR, conditions, judged, pupils, school, tables

from junheng.monitoring.assessment_result import AssessmentResult

F = Fraction
COLUMNS = ("degree", "backbone", "pe_art", "teaching", "indoor", "ground", "equipment", "multimedia")
# stage rows: what each stage has of its own
OWN: dict[tuple[str, str], tuple[float, ...]] = {
    # degree, backbone, PE+music+art, teaching ㎡, indoor ㎡, ground ㎡, equipment yuan, rooms
    ("P1", "primary"): (20, 5, 4, 2000, 100, 3200, 900_000, 10),
    ("P2", "primary"): (8, 2, 2, 1000, 0, 1500, 380_000, 5),
    ("P3", "primary"): (5, 1, 0, 500, 0, 900, 170_000, 2),
    ("T2", "primary"): (3, 1, 1, 300, 0, 400, 90_000, 2),
    ("T1", "primary"): (0, 0, 0, 10, 0, 10, 10, 0),  # 49 pupils: left out
    ("J1", "junior"): (30, 6, 5, 3100, 200, 5200, 1_300_000, 12),
    ("N1", "primary"): (26, 7, 6, 0, 0, 0, 0, 0),
    ("N1", "junior"): (16, 3, 3, 0, 0, 0, 0, 0),
    ("W1", "primary"): (30, 8, 6, 0, 0, 0, 0, 0),
    ("W1", "junior"): (20, 4, 4, 0, 0, 0, 0, 0),
    ("W1", "senior"): (30, 10, 6, 0, 0, 0, 0, 0),
}
VISITING = {"P3": 1}  # a rural school with 80 pupils may count it
# what the stages of a school share and nobody can tell apart
SHARED: dict[str, tuple[float, ...]] = {
    "N1": (0, 0, 0, 5000, 310, 8370, 2_100_000, 22),
    "W1": (0, 0, 0, 14_580, 0, 14_580, 2_916_000, 29),
}
PUPILS = {
    ("P1", "primary"): 400,
    ("P2", "primary"): 200,
    ("P3", "primary"): 80,
    ("T1", "primary"): 49,
    ("T2", "primary"): 50,
    ("J1", "junior"): 500,
    ("N1", "primary"): 600,
    ("N1", "junior"): 300,
    ("W1", "primary"): 600,
    ("W1", "junior"): 300,
    ("W1", "senior"): 400,
}
KINDS = {
    "P1": "211",
    "P2": "211",
    "P3": "211",
    "T1": "218",
    "T2": "218",
    "J1": "311",
    "N1": "312",
    "W1": "345",
}
WEIGHTS = {"primary": F(1), "junior": F(11, 10), "senior": F(132, 100)}
LINES = {
    "primary": (F(42, 1000), F(1, 100), F(9, 1000), F(45, 10), F(75, 10), F(2000), F(23, 1000)),
    "junior": (F(53, 1000), F(1, 100), F(9, 1000), F(58, 10), F(102, 10), F(2500), F(24, 1000)),
}
LIMITS = {"primary": F(50, 100), "junior": F(45, 100)}
UNITS = [
    ("P1", "primary"), ("P2", "primary"), ("P3", "primary"), ("T2", "primary"), ("N1", "primary"),
    ("W1", "primary"), ("J1", "junior"), ("N1", "junior"), ("W1", "junior"),
]  # fmt: skip
ITEMS = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")


# ---- the second computation -----------------------------------------------------------------------------
def hundredths(value: Fraction) -> Fraction:
    """Half up to two decimals."""
    return F(int(value * 100 + F(1, 2)), 100)


def parts(school_id: str, column: int) -> dict[str, Fraction]:
    """Shares of what a school's stages have together; the last stage takes what is left."""
    whole = F(str(SHARED[school_id][column]))
    stages = [stage for stage in WEIGHTS if (school_id, stage) in PUPILS]
    total = sum(WEIGHTS[stage] * PUPILS[school_id, stage] for stage in stages)
    found = {s: hundredths(whole * WEIGHTS[s] * PUPILS[school_id, s] / total) for s in stages[:-1]}
    return found | {stages[-1]: whole - sum(found.values())}


def amounts(unit: tuple[str, str]) -> list[Fraction]:
    """The seven numerators of a school and stage."""
    own = [F(str(value)) for value in OWN[unit]]
    if unit[0] in SHARED:
        own = [value + parts(unit[0], n)[unit[1]] for n, value in enumerate(own)]
    degree, backbone, pe_art, teaching, indoor, ground, equipment, rooms = own
    pe_art += VISITING.get(unit[0], 0)
    return [degree, backbone, pe_art, teaching - indoor, ground + indoor, equipment, rooms]


def judged_by_hand(unit: tuple[str, str]) -> tuple[list[bool], list[bool], bool]:
    heads = PUPILS[unit]
    met = [have >= bound * heads for have, bound in zip(amounts(unit), LINES[unit[1]], strict=True)]
    floor = [
        have * 100 >= 85 * bound * heads for have, bound in zip(amounts(unit), LINES[unit[1]], strict=True)
    ]
    return met, floor, sum(met) >= 6 and all(floor)


def variation(stage: str, item: int) -> float:
    units = [unit for unit in UNITS if unit[1] == stage]
    have = [float(amounts(unit)[item]) for unit in units]
    heads = [PUPILS[unit] for unit in units]
    mean = sum(have) / sum(heads)
    spread = sum(p * (x / p - mean) ** 2 for x, p in zip(have, heads, strict=True)) / sum(heads)
    return sqrt(spread) / mean


# ---- the first -------------------------------------------------------------------------------------------
NAMES = (
    "degree_teachers", "backbone_teachers", "pe_teachers", "teaching_area", "indoor_sports_area",
    "sports_ground_area", "equipment_value", "multimedia_rooms",
)  # fmt: skip


def filled(values: tuple[float, ...]) -> dict[str, Any]:
    return {
        **dict(zip(NAMES, values, strict=True)),
        "music_teachers": 0,
        "art_teachers": 0,
        "extra_sports_area": 0,
    }


@cache
def county() -> AssessmentResult:
    schools = [school(code, kind) for code, kind in KINDS.items()]
    schools[2]["urban_rural"] = "220"
    heads = [row for (code, stage), total in PUPILS.items() for row in pupils(code, stage, total, 6)]
    rows = [
        conditions(code, stage, **filled(values), visiting_pe_art_teachers=VISITING.get(code, 0))
        for (code, stage), values in OWN.items()
    ]
    rows += [conditions(code, "shared", **filled(values)) for code, values in SHARED.items()]
    return judged(tables(schools, heads, rows))


def cells() -> dict[tuple[str, str, str], Any]:
    return {(row.area, row.stage, row.item): row for row in county().items if row.level == "school"}


def test_a_few_cells_worked_out_on_paper() -> None:
    assert parts("W1", 3) == {"primary": 6000, "junior": 3300, "senior": 5280}
    assert parts("N1", 3) == {"primary": F(322581, 100), "junior": F(177419, 100)}
    held = cells()
    assert (held["P1", "primary", "L1"].value, held["P1", "primary", "L1"].status) == (5.0, "met")
    assert (held["P1", "primary", "L4"].num, held["P1", "primary", "L4"].value) == (1900.0, 4.75)
    assert held["N1", "primary", "L4"].num == 3025.81  # 5000 and 310 at 600 : 330, that is 3225.81 less 200
    assert held["W1", "junior", "L5"].num == 3300.0
    assert held["P3", "primary", "L3"].value == 1.25  # the visiting teacher: 1 for 80 pupils
    gap = held["J1", "junior", "L2"]
    assert (gap.value, gap.status, gap.missing_full, gap.most_pupils) == (1.2, "met", 0.0, 600)


@pytest.mark.parametrize("unit", UNITS, ids="-".join)
def test_every_cell_of_every_school(unit: tuple[str, str]) -> None:
    held = cells()
    met, floor, passes = judged_by_hand(unit)
    for number, item in enumerate(ITEMS):
        row, have, heads = held[(*unit, item)], amounts(unit)[number], PUPILS[unit]
        bound = LINES[unit[1]][number]
        factor = 100 if item in ("L1", "L2", "L3", "L7") else 1
        assert row.num == float(have), item
        assert row.den == heads
        assert row.value == pytest.approx(float(have / heads * factor), rel=1e-15)
        assert (row.status == "met", row.floor_status == "met") == (met[number], floor[number]), item
        assert row.most_pupils == int(have / bound)
        short = max(bound * heads - have, F(0))
        step = 1 if item in ("L1", "L2", "L3", "L7") else 100
        assert row.missing_full == float(F(-int(-short * step // 1), step) if short else 0), item
    verdict = next(row for row in county().results if (row.area, row.stage) == unit)
    assert (verdict.status == "met") == passes
    assert (verdict.n_met, verdict.floors_unmet, verdict.pupils) == (
        sum(met),
        floor.count(False),
        PUPILS[unit],
    )


@pytest.mark.parametrize("stage", ["primary", "junior"])
@pytest.mark.parametrize("item", range(7))
def test_every_variation_coefficient(stage: str, item: int) -> None:
    row = county().item(f"C{item + 1}", stage)
    assert row.value == pytest.approx(variation(stage, item), rel=1e-12)
    assert (row.status == "met") == (variation(stage, item) <= float(LIMITS[stage]))


def test_the_county_as_a_whole() -> None:
    result = county()
    assert result.check() == []
    assert {(row.area, row.stage) for row in result.results if row.level == "school"} == set(UNITS)
    assert [(row.reason, row.area, row.pupils) for row in result.exceptions] == [("small_point", "T1", 49)]
    passing = [unit for unit in UNITS if judged_by_hand(unit)[2]]
    assert result.county.status == "unmet"  # P2 and others fall short, and no evidence was looked at
    assert result.summary()["schools"] == {
        "judged": 9,
        "met": len(passing),
        "unmet": 9 - len(passing),
        "unknown": 0,
    }
    for stage in ("primary", "junior"):
        for number, item in enumerate(ITEMS):
            mine = [unit for unit in UNITS if unit[1] == stage]
            row = result.item(item, stage)
            assert row.n_units == len(mine)
            assert row.n_unmet == sum(not judged_by_hand(unit)[0][number] for unit in mine)
            failing = any(
                not judged_by_hand(unit)[0][number] and not judged_by_hand(unit)[2] for unit in mine
            )
            assert (row.status == "unmet") == failing
    assert result.item("G4").status == "met"
    assert {row.status for row in result.items if row.kind == "evidence"} == {"not_examined"}


def test_the_tables_carry_the_same_rows() -> None:
    held = county().tables
    assert held["assessment_items"].height == len(county().items)
    assert held["assessment_results"].filter(level="county")["area"].to_list() == [CODE]
    assert set(held["assessment_items"]["year"].to_list()) == {YEAR}
    assert held["assessment_exceptions"]["reason"].to_list() == ["small_point"]


def test_the_same_tables_give_the_same_rows() -> None:
    first = county().tables
    county.cache_clear()
    second = county().tables
    assert all(first[name].equals(second[name]) for name in first)
