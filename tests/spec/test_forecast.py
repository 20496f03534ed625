"""预测手册：the manual of the forecast, told by a small county of two towns. Read it from the top.

Its towns, schools, births and pupils are in `tests/unit/forecast/county.py`. The room has five verbs:
`project`, `seats`, `what_if`, `compare` and `backtest`.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from tests.unit.forecast.county import LAST, REGION, TOWNS, cohort, table, tables

from junheng import forecast, rules
from junheng.forecast.problem import Problem
from junheng.forecast.result import Projection
from junheng.forecast.scenarios.comparison import Comparison
from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.seat_balance.seat_outlook import SeatOutlook
from junheng.model.errors import BadData, Infeasible

CLASSES = {"P1A": 24, "P1B": 18, "P2A": 18, "J1": 12, "J2": 9}


@cache
def problem(**parts: bool) -> Problem:
    return Problem.from_tables(tables(**parts), rules.load(), REGION)  # type: ignore[arg-type]


@cache
def base(**parts: bool) -> Projection:
    return forecast.project(problem(**parts), years=15, draws=100, seed=1)


def pupils(p: Projection, code: str, stage: str, year: int) -> dict[str, object]:
    """The row of one unit, stage and year, all grades together."""
    rows = p.tables["forecast_enrolment"].filter(
        (pl.col("unit_code") == code) & (pl.col("stage") == stage) & (pl.col("year") == year)
    )
    return rows.filter(pl.col("grade") == "all").row(0, named=True)


@cache
def outlook(rooms_of_p1a: int | None = None) -> SeatOutlook:
    """Seats with counted classes; with `rooms_of_p1a` the rooms of one school are counted as well."""
    seats = [
        {"school_id": code, "stage": "primary" if code[0] == "P" else "junior", "year": LAST,
         "classes": classes, "rooms": rooms_of_p1a if code == "P1A" else None, "seats_approved": 9_999,
         "status": "open"}
        for code, classes in CLASSES.items()
    ]  # fmt: skip
    given = {**tables(), "seats": table("seats", seats)}
    return forecast.seats(
        forecast.project(Problem.from_tables(given, rules.load(), REGION), years=15, draws=100, seed=1)
    )


def seat_row(found: SeatOutlook, code: str, stage: str, year: int) -> dict[str, object]:
    rows = found.tables["seat_outlook"].filter(
        (pl.col("unit_code") == code) & (pl.col("stage") == stage) & (pl.col("year") == year)
    )
    return rows.row(0, named=True)


# --- what it rests on ---------------------------------------------------------------------------------------


def test_the_tables_present_choose_the_tier_and_the_one_missing_is_named() -> None:
    """Births by town with flows make tier A, births B, grades alone C."""
    assert (problem().tier, problem(flows=False).tier, problem(flows=False, births=False).tier) == tuple(
        "ABC"
    )
    assert problem(flows=False).missing_table == "grade_flows"
    assert problem(flows=False, births=False).missing_table == "births"


def test_every_fault_of_the_tables_is_told_at_once() -> None:
    given = tables()
    given["enrolment"] = given["enrolment"].with_columns(
        pupils=pl.when(pl.int_range(pl.len()) < 2).then(-1).otherwise(pl.col("pupils"))
    )
    given["births"] = given["births"].with_columns(basis=pl.lit(None, dtype=pl.String))
    with pytest.raises(BadData) as told:
        Problem.from_tables(given, rules.load(), REGION)
    assert {finding.table for finding in told.value.findings} >= {"enrolment", "births"}


# --- how a figure is read -----------------------------------------------------------------------------------


def test_a_figure_carries_a_range_and_a_range_widens_with_the_years() -> None:
    rows = [pupils(base(), REGION.code, "primary", LAST + lead) for lead in (1, 5, 15)]
    for row in rows:
        assert (
            row["p2_5"] <= row["p10"] <= row["p25"] <= row["p50"] <= row["p75"] <= row["p90"] <= row["p97_5"]
        )
    widths = [(row["p90"] - row["p10"]) / row["p50"] for row in rows]
    assert widths == sorted(widths)


def test_a_year_says_whether_its_children_are_enrolled_born_or_still_assumed() -> None:
    """Primary: first children already enrolled, then partly known, at last children nobody has borne yet."""
    bands = [pupils(base(), REGION.code, "primary", LAST + lead)["band"] for lead in (1, 6, 15)]
    assert bands == ["known", "partly", "assumption"]
    row = pupils(base(), REGION.code, "primary", LAST + 6)
    assert row["share_known"] + row["share_born"] + row["share_unborn"] == pytest.approx(1.0)


def test_births_already_recorded_decide_who_enters() -> None:
    """With births the fall of entrants is seen before it reaches a school; without, levels are carried."""
    year = LAST + 8
    truth = sum(cohort(town, year - grade) for town in (0, 1) for grade in range(6))
    known, blind = (
        pupils(p, REGION.code, "primary", year)["p50"]
        for p in (base(flows=False), base(flows=False, births=False))
    )
    assert known == pytest.approx(truth, rel=0.06)
    assert blind > 1.15 * truth


def test_the_same_seed_gives_the_same_bytes_and_row_order_changes_nothing() -> None:
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=5) for name, frame in tables().items()}
    again = forecast.project(Problem.from_tables(shuffled, rules.load(), REGION), years=15, draws=100, seed=1)
    for name, frame in base().tables.items():
        assert frame.equals(again.tables[name]), name


# --- seats --------------------------------------------------------------------------------------------------


def test_the_four_capacities_are_kept_apart() -> None:
    size = rules.load().at(date(LAST + 1, 9, 1), REGION).class_size["primary"].number
    row = seat_row(outlook(rooms_of_p1a=10), "P1A", "primary", LAST + 1)
    assert row["seats_standard"] == 24 * size
    assert row["seats_rooms"] == 10 * size
    assert row["seats_approved"] == 9_999


def test_the_gap_is_taken_against_rooms_where_rooms_are_counted_else_against_classes() -> None:
    demand = pupils(base(), "P1A", "primary", LAST + 1)["p50"]
    rooms, classes = (seat_row(outlook(n), "P1A", "primary", LAST + 1) for n in (10, None))
    assert rooms["gap_p50"] == pytest.approx(demand - rooms["seats_rooms"], abs=3)
    assert classes["gap_p50"] == pytest.approx(demand - classes["seats_standard"], abs=3)


def test_a_shortage_gives_a_warning_with_its_reason_its_rule_and_the_levers_tried() -> None:
    found = outlook(rooms_of_p1a=10)
    warning = "shortage:school:P1A:primary"
    assert warning in found.tables["seat_warnings"]["warning_id"].to_list()
    told = found.explain(warning)
    assert told["reason"]
    assert told["rule"]["citation"]
    assert told["levers_tried"]
    assert all(0.0 <= one["residual_p"] <= 1.0 for one in told["levers_tried"])


def test_as_births_fall_smaller_classes_come_within_reach() -> None:
    rows = (
        outlook()
        .tables["class_size_room"]
        .filter(
            (pl.col("unit_code") == REGION.code)
            & (pl.col("stage") == "primary")
            & (pl.col("p_feasible") >= 0.9)
        )
    )
    smallest = dict(rows.group_by("year").agg(pl.col("size").min()).sort("year").iter_rows())
    assert smallest[LAST + 10] < smallest.get(LAST + 1, 99)


# --- why, and what if ---------------------------------------------------------------------------------------


def test_a_change_is_split_into_parts_that_sum_to_it() -> None:
    told = base().explain(REGION.code, LAST + 8, "primary")
    assert sum(told.parts.values()) == pytest.approx(told.change, abs=1e-6)
    assert min(told.parts, key=lambda name: told.parts[name]) == "births"
    assert told.words("zh").startswith(f"{told.change:+,.0f}：出生")


def difference(*levers: Lever) -> Comparison:
    return forecast.compare(base(), forecast.what_if(base(), list(levers)))


def test_an_empty_scenario_is_the_base() -> None:
    nothing = difference().table
    assert nothing.select((pl.col("p10") == 0.0) & (pl.col("p90") == 0.0)).to_series().all()


def test_a_scenario_is_compared_on_the_same_futures() -> None:
    """A tenth more births: more pupils once these children are six, in every future, and no change before."""
    found = difference(Lever("FertilityShift", "region", REGION.code, LAST + 1, parameters={"factor": "1.1"}))
    gained = found.difference("region", REGION.code, "primary")
    year = LAST + 9 - base().years[0]
    assert np.abs(gained[:, :4]).max() == 0.0
    assert (gained[:, year] > 0.0).all()
    spread = np.quantile(gained[:, year], 0.9) - np.quantile(gained[:, year], 0.1)
    assert (
        spread
        < pupils(base(), REGION.code, "primary", LAST + 9)["p90"]
        - pupils(base(), REGION.code, "primary", LAST + 9)["p10"]
    )


def test_a_school_that_closes_sends_its_pupils_on() -> None:
    found = difference(Lever("Close", "school", "P1B", LAST + 2, parameters={"to": "P1A"}))
    at = LAST + 3 - base().years[0]
    lost = found.difference("school", "P1B", "primary")[:, at]
    won = found.difference("school", "P1A", "primary")[:, at]
    assert lost.max() < 0.0
    assert won + lost == pytest.approx(0.0, abs=0.5)
    assert found.difference("area", TOWNS[0], "primary")[:, at] == pytest.approx(0.0, abs=0.5)


def test_levers_that_contradict_each_other_are_refused_in_words() -> None:
    close = Lever("Close", "school", "P1A", LAST + 2, lever_id="1")
    expand = Lever("Expand", "school", "P1A", LAST + 3, parameters={"rooms": "4"}, lever_id="2")
    with pytest.raises(Infeasible) as told:
        forecast.what_if(base(), [close, expand])
    assert told.value.findings[0].parameters["one"] == "1 Close"


# --- how good is it -----------------------------------------------------------------------------------------


def test_the_past_is_forecast_again_beside_the_common_methods() -> None:
    """From each past year with what was known then; every method under one mask, shares as fractions."""
    long = tables(noise=0.03)["enrolment"].select(
        pl.col("school_id").alias("unit"), "year", "grade", "pupils"
    )
    score = forecast.backtest(long, max_lead=3)
    assert score.check() == []
    row = score.records()[0]
    assert list(row) == [
        "method", "lead", "total_mape", "total_wmape", "cell_wmape", "bias", "cover50", "cover80", "cover95",
        "width80", "crps",
    ]  # fmt: skip
    assert {record["method"] for record in score.records()} == {
        "ours", "carry_forward", "last_1", "mean_3", "mean_5", "nces_like",
    }  # fmt: skip
    ours = [record for record in score.records() if record["method"] == "ours"]
    assert all(0.0 < record["total_mape"] < 0.2 and record["cover50"] <= record["cover80"] for record in ours)
    assert all(record["cover80"] is None for record in score.records() if record["method"] != "ours")


def test_children_are_conserved_in_every_result() -> None:
    assert base().check() == []
    assert outlook(rooms_of_p1a=10).check() == []
