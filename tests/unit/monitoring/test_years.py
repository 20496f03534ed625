"""Several years in one plan: the rows of one year at a time, whatever a year's figures look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from junheng import monitoring, rules
from junheng.data import examples
from junheng.data.examples.recipe import load
from junheng.model import Region
from junheng.monitoring.facts import MAKERS, STANDARDS, Ground
from junheng.monitoring.measuring import measure_years
from junheng.rules import Standards

KEY = ["indicator", "year", "level", "area", "stage", "group"]
Example = tuple[dict[str, pl.DataFrame], Region]


@pytest.fixture(scope="module")
def example() -> Example:
    recipe = load(Path(examples.__file__).parent / examples.names()[0] / "recipe.toml")
    return dict(examples.synthesise(recipe, 1)[0]), recipe.region


def laws(region: Region, years: range) -> dict[int, Standards]:
    book = rules.load()
    return {year: book.at(date(year, 9, 1), region) for year in years}


def one_by_one(
    tables: Mapping[str, pl.DataFrame], held: Mapping[int, Standards], region: Region
) -> dict[str, list[pl.DataFrame]]:
    parts: dict[str, list[pl.DataFrame]] = {}
    for year, law in held.items():
        measured = monitoring.measure(tables, law.indicators, year=year, region=region, law=law)
        for name, rows in measured.tables.items():
            parts.setdefault(name, []).append(rows)
    return parts


@pytest.mark.parametrize("finer", [False, True])
def test_years_in_one_plan_are_years_one_by_one(example: Example, finer: bool) -> None:
    tables, region = example
    if finer:  # one year with a figure of four decimals
        odd = pl.when((pl.col("year") == 2024) & pl.col("site_area").is_not_null())
        teaching = odd.then(pl.col("teaching_area") + 0.0123).otherwise(pl.col("teaching_area"))
        tables = {**tables, "school_years": tables["school_years"].with_columns(teaching_area=teaching)}
    held = laws(region, range(2023, 2026))
    joint, apart = measure_years(tables, held, region=region), one_by_one(tables, held, region)
    assert joint.check() == []
    assert (
        joint.tables["indicator_values"]
        .sort(KEY)
        .equals(pl.concat(apart["indicator_values"]).sort(KEY), null_equal=True)
    )
    for name in ("indicator_excluded", "indicator_worst"):
        assert joint.tables[name].equals(apart[name][-1], null_equal=True)
        assert joint.tables[name].height


def test_facts_ask_the_law_for_no_more_than_they_are_kept_by(example: Example) -> None:
    tables, region = example
    asked: set[str] = set()

    class Told:
        def __init__(self, law: Standards) -> None:
            self.law = law

        def __getitem__(self, topic: str) -> Any:
            asked.add(topic)
            return self.law[topic]

        def __iter__(self) -> Iterator[str]:  # nobody may walk over all topics unseen
            raise AssertionError

    ground = Ground.of(tables, region)
    law: Any = Told(laws(region, range(2025, 2026))[2025])
    for make in MAKERS.values():
        make(ground.tables, 2025, region, law, ground.places)
    assert asked == set(STANDARDS)
