"""The year's step of monitoring: what is measured, what is judged, and who stays out of a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from junheng import rules
from junheng.data import examples
from junheng.data.examples.recipe import load
from junheng.model import Region
from junheng.year.balance import YEARS, Balance, balance

LAST = 2025


@pytest.fixture(scope="module")
def example() -> tuple[Mapping[str, pl.DataFrame], Region]:
    recipe = load(Path(examples.__file__).parent / examples.names()[0] / "recipe.toml")
    return examples.synthesise(recipe, 1)[0], recipe.region


@pytest.fixture(scope="module")
def balanced(example: tuple[Mapping[str, pl.DataFrame], Region]) -> tuple[Balance, list[str]]:
    """What the example's year brings without a forecast, and the steps that were told."""
    tables, region = example
    told: list[str] = []
    held = balance(tables, rules.load(), region, LAST, lambda code, **_: told.append(code))
    assert held is not None
    return held, told


def test_a_county_is_measured_over_years_and_judged_in_the_last(
    example: tuple[Mapping[str, pl.DataFrame], Region], balanced: tuple[Balance, list[str]]
) -> None:
    tables, _ = example
    held, told = balanced
    assert held.failed == ()
    values = held.tables["indicator_values"]
    assert sorted(values["year"].unique()) == list(range(LAST - YEARS + 1, LAST + 1))
    assert set(held.tables["assessment_items"]["year"]) == {LAST}
    assert {"quality_balance", "preschool"} <= set(held.tables["assessment_results"]["assessment"])
    assert told == ["year.measuring", "year.watching", "year.assessing"]
    teachers = set(tables["teachers"]["teacher_id"])
    for name, frame in held.tables.items():
        for column in frame.columns:
            if frame.schema[column] == pl.String:
                assert not teachers & set(frame[column].drop_nulls()), (name, column)


def test_pupils_and_places_alone_are_not_enough(example: tuple[Mapping[str, pl.DataFrame], Region]) -> None:
    tables, region = example
    kept = {name: tables[name] for name in ("areas", "schools", "enrolment", "seats")}
    assert balance(kept, rules.load(), region, LAST, lambda *_, **__: None) is None


def test_a_region_of_several_counties_is_measured_but_not_judged(
    example: tuple[Mapping[str, pl.DataFrame], Region],
) -> None:
    tables, region = example
    other = tables["areas"].head(1).with_columns(area_code=pl.lit("990102"), level=pl.lit("county"))
    wider = {**tables, "areas": pl.concat([tables["areas"], other])}
    held = balance(wider, rules.load(), region, LAST, lambda *_, **__: None)
    assert held is not None and "assessment_items" not in held.tables
    assert held.tables["indicator_values"].height


def test_what_the_forecast_brings_is_watched_for(
    example: tuple[Mapping[str, pl.DataFrame], Region], balanced: tuple[Balance, list[str]]
) -> None:
    """A school that ten times its pupils will come to breaks; without a forecast nothing is said of it."""
    tables, region = example
    quiet, _ = balanced
    warned = quiet.tables["monitoring_warnings"]
    assert "will_break" not in set(warned["kind"])
    assert warned.height
    met = quiet.tables["indicator_values"].filter(
        pl.col("indicator") == "sports_area_per_pupil", pl.col("status") == "met", pl.col("year") == LAST
    )
    school, stage, pupils = met.select("area", "stage", "den").row(0)
    coming = pl.DataFrame(
        {
            "scenario": ["base"] * 2,
            "unit_kind": ["school"] * 2,
            "unit_code": [school] * 2,
            "stage": [stage] * 2,
            "grade": ["all"] * 2,
            "year": [LAST + 1, LAST + 2],
            "p50": [pupils, pupils * 10],
            "p90": [pupils, pupils * 10],
        }
    )
    held = balance(tables, rules.load(), region, LAST, lambda *_, **__: None, coming)
    assert held is not None and held.failed == ()
    breaks = held.tables["monitoring_warnings"].filter(pl.col("kind") == "will_break")
    assert set(breaks["area"]) == {school}
    assert set(breaks["break_year"]) == {LAST + 2}
