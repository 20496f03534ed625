"""Forty counties judged in one go: the rows are, to the bit, those of each county judged alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from junheng import monitoring, rules, scale
from junheng.model import INPUTS, Region
from junheng.monitoring.assessment import CountiesAssessed, assess_counties
from junheng.scale.partitions import Partitions

COUNTIES, YEAR = 40, 2025
Tables = dict[str, pl.DataFrame]


def rows(table: str, *held: dict[str, Any]) -> pl.DataFrame:
    declared = INPUTS[table]
    listed = [{name: one.get(name) for name in declared.names} for one in held]
    return declared.conform(pl.DataFrame(listed, schema=declared.schema(), orient="row"))


def set_to(frame: pl.DataFrame, school: str, **cells: Any) -> pl.DataFrame:
    mine = pl.col("school_id") == school
    return frame.with_columns(
        pl.when(mine).then(pl.lit(cell, frame.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, cell in cells.items()
    )


def proof(county: str, item: str, claim: str, number: int = 1, **more: Any) -> dict[str, Any]:
    about = {
        "evidence_id": f"{county}-{item}-{number}",
        "assessment": "quality_balance",
        "item": item,
        "unit_code": county,
        "year": YEAR,
        "claim": claim,
        "file_name": f"{item}.pdf",
        "file_sha256": "a" * 64,
        "provided_on": date(2025, 11, 1),
        "reviewed_by": "督导室",
        "reviewed_on": date(2025, 12, 1),
        "outcome": "confirmed",
    }
    return about | more


def special(number: int, county: str, held: Tables) -> Tables:
    """Each county has a trouble of its own, every eighth none."""
    school = held["schools"]["school_id"][0]
    counted, given, rooms = held["enrolment"], held["school_years"], held["rooms"]
    reported = held["reported_counts"]
    veto = [proof(county, f"V{one}", "not_found") for one in (1, 2, 3, 4, 6)]
    match number % 8:
        case 1:  # pupils of a school unknown, its classes too
            return held | {"enrolment": set_to(counted, school, pupils=None, classes=None)}
        case 2:  # a teaching point under fifty pupils, a stage without pupils
            small = set_to(counted, school, pupils=3, classes=1)
            last = held["schools"]["school_id"][-1]
            schools = set_to(held["schools"], school, kind="218")
            return held | {"schools": schools, "enrolment": set_to(small, last, pupils=0, classes=0)}
        case 3:  # a veto found, another not looked at, a review before its file
            found = [proof(county, "V1", "found"), proof(county, "V2", "not_found")]
            early = proof(county, "G1", "met", reviewed_on=date(2025, 10, 1))
            return held | {"evidence": rows("evidence", *found, early)}
        case 4:  # everything proved and no figure reported
            every = ("G1", "G2", "G8", "G10", "G14", "G15", "Q3", "Q5", "Q6", "Q7", "Q8", "P2")
            proofs = [proof(county, one, "met") for one in every]
            return held | {"evidence": rows("evidence", *proofs, *veto), "reported_counts": reported.clear()}
        case 5:  # stages share everything; rooms of unknown area; a crowded class
            shared = given.filter(pl.col("stage") == "shared").height or given.height
            bare = rooms.with_columns(pl.when(pl.col("kind") == "art").then(pl.col("area")).alias("area"))
            full = held["classes"].with_columns(
                pupils=pl.when(pl.col("class_id") == "G01-01").then(60).otherwise("pupils")
            )
            return held | {"rooms": bare.head(shared), "classes": full}
        case 6:  # figures nobody gave; money reported by the county alone
            blank = given.with_columns(
                backbone_teachers=pl.lit(None, pl.Int64), equipment_value=pl.lit(None, pl.Float64)
            )
            mine = held["finance"].filter(pl.col("unit_code") == county)
            return held | {"school_years": blank, "finance": mine}
        case 7:  # told twice: by the county and by a school; two results for one question
            twice = reported.head(2).with_columns(unit_code=pl.lit(school))
            return held | {
                "reported_counts": pl.concat([reported, twice]),
                "classes": held["classes"].clear(),
            }
        case _:
            return held


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tables]:
    folder = tmp_path_factory.mktemp("forty")
    made = scale.make(folder / "nation", counties=COUNTIES, schools=6 * COUNTIES, seed=11)
    held: dict[str, Tables] = {}
    for province, counties in Partitions.open(made.folder).counties.items():
        held |= made.read(province, counties, YEAR)
    return {county: special(number, county, held[county]) for number, county in enumerate(held)}


@pytest.fixture(scope="module")
def together(nation: dict[str, Tables]) -> CountiesAssessed:
    names = {name for held in nation.values() for name in held}
    tables = {name: pl.concat([held[name] for held in nation.values() if name in held]) for name in names}
    tables["areas"] = tables["areas"].unique("area_code", keep="first", maintain_order=True)
    law = rules.at(date(YEAR, 9, 1))
    regions = {county: Region(county, county) for county in nation}
    return assess_counties(tables, law.assessment("quality_balance"), regions, year=YEAR, law=law)


def test_together_is_alone(nation: dict[str, Tables], together: CountiesAssessed) -> None:
    law = rules.at(date(YEAR, 9, 1))
    tables = together.tables()
    assert together.check() == []
    for county, held in nation.items():
        alone = monitoring.assess(
            held, law.assessment("quality_balance"), year=YEAR, law=law, region=Region(county, county)
        )
        for name, frame in tables.items():
            mine = frame.filter(pl.col("county") == county).drop("county")
            assert mine.equals(alone.tables[name], null_equal=True), (county, name)
        assert together.of(county).items == alone.items
        assert together.of(county).citations == alone.citations
        assert alone.check() == []


def test_the_counties_cover_what_can_happen(together: CountiesAssessed) -> None:
    """Else equality would say little."""
    assert {"met", "unmet", "not_computable", "not_examined"} <= set(together.items["status"])
    assert {
        "veto_found",
        "reviewed_too_early",
        "reported_twice",
        "classes_over",
        "classes_not_listed",
        "room_area_unknown",
        "classes_unknown",
        "funds_unknown",
        "not_reported",
        "none_concerned",
        "missing",
    } <= set(together.items["status_reason"])
    assert {"under_floor", "items_unknown", "all_met"} <= set(together.results["status_reason"])
    assert {"small_point", "no_pupils"} <= set(together.exceptions["reason"])


def test_a_verdict_changed_by_hand_is_noticed(together: CountiesAssessed) -> None:
    county = next(iter(together.regions))
    result = together.of(county)
    assert result.check() == []

    twisted = tuple(replace(row, status="met") if row.level == "county" else row for row in result.results)
    assert replace(result, results=twisted).check() == ["verdict_not_borne"]
    assert replace(result, items=result.items[1:]).check() == ["school_without_items"]
    assert "rows_twice" in replace(result, items=(*result.items, result.items[0])).check()
