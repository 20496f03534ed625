"""Boundaries without floats, three-valued statuses, bounds of what is missing, exclusions, conservation."""

from __future__ import annotations

import itertools
from fractions import Fraction

import polars as pl
import pytest
from tests.unit.monitoring import indicator_making as make

from junheng.monitoring import status
from junheng.rules.indicator import (
    AllOf,
    Comparison,
    Display,
    Exclusion,
    Measured,
    Missing,
    Operand,
    Privacy,
    Standard,
)

MET, UNMET, UNKNOWN = "met", "unmet", "not_computable"


def per_hundred(op: str, number: float, **more):
    return make.indicator("ratio", make.over(factor=100), threshold=make.line(op, number), **more)


@pytest.mark.parametrize("pupils", [1000, 2000, 3000, 7000])
def test_nine_tenths_of_a_hundred_is_met_where_floats_say_it_is_not(pupils: int) -> None:
    teachers = pupils * 9 // 1000
    if pupils in (1000, 2000):
        assert not teachers / pupils * 100 >= 0.9, "the trap: this is what naive code computes"
    held = make.row(make.facts(x=[teachers], pupils=[pupils]), per_hundred(">=", 0.9))
    assert (held["status"], held["margin"]) == (MET, pytest.approx(0, abs=1e-15))
    fewer = make.row(make.facts(x=[teachers - 1], pupils=[pupils]), per_hundred(">=", 0.9))
    assert fewer["status"] == UNMET
    above = make.row(make.facts(x=[teachers], pupils=[pupils]), per_hundred(">", 0.9))
    assert above["status"] == UNMET


def test_the_85_per_cent_line_is_a_decimal_and_no_float() -> None:
    assert 0.85 * 2.3 != 1.955
    held = make.facts(x=[391], pupils=[20_000])
    assert make.row(held, per_hundred(">=", 1.955))["status"] == MET
    assert make.row(make.facts(x=[390], pupils=[20_000]), per_hundred(">=", 1.955))["status"] == UNMET


def test_a_coefficient_exactly_on_its_line_is_met_and_a_hair_over_it_is_not() -> None:
    """X of 50 and 150 a pupil in two equal schools: CV is one half, exactly."""
    cv = make.indicator("cv", make.over(), threshold=make.line("<=", 0.5))
    assert make.row(make.facts(x=[50, 150], pupils=[1, 1]), cv)["status"] == MET
    strict = make.indicator("cv", make.over(), threshold=make.line("<", 0.5))
    assert make.row(make.facts(x=[50, 150], pupils=[1, 1]), strict)["status"] == UNMET
    big = 10**10
    hair = make.row(make.facts(x=[big, 3 * big + 1], pupils=[1, 1]), cv)
    assert hair["value"] == pytest.approx(0.5, abs=1e-10)
    assert hair["status"] == UNMET
    assert make.row(make.facts(x=[big, 3 * big - 1], pupils=[1, 1]), cv)["status"] == MET


def test_other_verbs_are_exact_on_their_line_too() -> None:
    held = make.facts(x=[1, 3], pupils=[1, 1])
    on_line = {
        "gini": ({}, 0.25),
        "quantile": ({"q": 0.25}, 1.5),
        "range_ratio": ({"range": "max_min"}, 3),
    }
    for verb, (more, number) in on_line.items():
        for op, known in (("<=", MET), (">=", MET), ("<", UNMET), (">", UNMET)):
            one = make.indicator(verb, make.over(), threshold=make.line(op, number), **more)
            assert make.row(held, one)["status"] == known, (verb, op)
    equal = make.indicator("theil", make.over(), threshold=make.line("<=", 0))
    assert make.row(make.facts(x=[2, 4], pupils=[1, 2]), equal)["status"] == MET


def test_what_is_shown_never_contradicts_the_status() -> None:
    one = make.indicator("ratio", make.over(), threshold=make.line("<=", 0.45), display=Display(decimals=2))
    result = make.measured(make.facts(x=[4504], pupils=[10_000]), one)
    shown = result.explain("ratio", "c", "primary")
    assert (shown.row["status"], shown.row["flags"], shown.value()) == (UNMET, "boundary", "0.4504")
    rounded = make.indicator(
        "ratio", make.over(), threshold=make.line("<=", 0.45), compare_at=2, display=Display(decimals=2)
    )
    assert make.row(make.facts(x=[4549], pupils=[10_000]), rounded)["status"] == MET
    assert make.row(make.facts(x=[4550], pupils=[10_000]), rounded)["status"] == UNMET


@pytest.mark.parametrize("op", [">=", "<=", ">", "<"])
def test_comparing_rounded_is_comparing_with_a_moved_line(op: str) -> None:
    for line, thousandths in itertools.product((Fraction(45, 100), Fraction(451, 1000)), range(440, 460)):
        value = Fraction(thousandths, 1000)
        printed = Fraction(int(value * 100 + Fraction(1, 2)), 100)
        moved = status.rounded_line(op, line, 2)  # type: ignore[arg-type]
        assert moved is not None
        by_line = status.holds(moved[0], (value > moved[1]) - (value < moved[1]))
        assert by_line == status.holds(op, (printed > line) - (printed < line)), (op, line, value)  # type: ignore[arg-type]


def test_halves_are_shown_away_from_zero() -> None:
    assert [status.half_up(one, 0) for one in (0.5, 1.5, 2.5, -2.5)] == ["1", "2", "3", "-3"]
    assert status.half_up(0.125, 2) == "0.13"


def test_kleenes_tables_are_complete() -> None:
    three = {True: MET, False: UNMET, None: UNKNOWN}
    for one, other in itertools.product(three, repeat=2):
        both = False if one is False or other is False else None if one is None or other is None else True
        either = True if one or other else None if one is None or other is None else False
        assert status.all_met([three[one], three[other]]) == three[both]
        assert status.any_met([three[one], three[other]]) == three[either]
    assert [status.negation(one) for one in (MET, UNMET, UNKNOWN)] == [UNMET, MET, UNKNOWN]
    assert status.all_met([MET, "not_examined"]) == "not_examined"
    assert status.all_met([]) == MET


def test_at_least_k_is_decided_as_soon_as_it_can_be() -> None:
    truth = (True, False, None)
    for held in itertools.product(truth, repeat=4):
        for least in range(5):
            worst, best = sum(one is True for one in held), sum(one is not False for one in held)
            known = MET if worst >= least else UNMET if best < least else UNKNOWN
            assert status.at_least(least, [status.status_of(one) for one in held]) == known


def test_a_blank_is_no_zero() -> None:
    one = make.indicator("ratio", make.over(), threshold=make.line(">=", 2), missing=Missing(0.6))
    zero = make.row(make.facts(x=[0, 4], pupils=[1, 1]), one)
    blank = make.row(make.facts(x=[None, 4], pupils=[1, 1]), one)
    assert (zero["value"], zero["n_used"], zero["n_missing"]) == (2.0, 2, 0)
    assert (blank["value"], blank["n_used"], blank["n_missing"], blank["flags"]) == (4.0, 1, 1, "incomplete")
    assert (blank["low"], blank["high"], blank["weight_missing"]) == (2.0, None, 1.0)
    assert (blank["status"], blank["status_reason"]) == (MET, "by_bounds")


def test_bounds_on_one_side_decide_whatever_is_missing() -> None:
    share = make.indicator(
        "share",
        Measured(condition=make.is_at_least("x", 1)),
        weight=make.terms("pupils"),
        threshold=make.line(">=", 0.5),
    )

    def of(*x: int | None) -> tuple[object, ...]:
        found = make.row(make.facts(x=list(x), pupils=[25] * 4), share)
        return found["status"], found["low"], found["high"], found["status_reason"]

    assert of(1, 1, None, None) == (MET, 0.5, 1.0, "by_bounds")
    assert of(0, 0, 0, None) == (UNMET, 0.0, 0.25, "by_bounds")
    assert of(1, 0, 0, None) == (UNKNOWN, 0.25, 0.5, "missing")
    assert of(1, 1, 1, 1) == (MET, 1.0, 1.0, "compared")


def test_a_blank_weight_is_never_taken_for_none() -> None:
    share = make.indicator(
        "share", Measured(condition=make.is_at_least("x", 1)), weight=make.terms("pupils"),
        threshold=make.line(">=", 0.5), missing=Missing(0.9),
    )  # fmt: skip
    found = make.row(make.facts(x=[1, 1], pupils=[10, None]), share)
    assert (found["status"], found["status_reason"], found["low"]) == (UNKNOWN, "weight_unknown", None)


def test_the_first_rule_takes_the_row_and_rows_are_conserved() -> None:
    small = Standard("test.small", "", {"": make.value(50)})
    rules = (
        Exclusion(Comparison("kind", "eq", Operand(("511",))), "special_school"),
        Exclusion(
            AllOf((
                Comparison("kind", "in", Operand(("218", "511"))),
                Comparison("pupils", "lt", Operand(standard=small)),
            )),
            "small_point",
            cite=small,
        ),
    )  # fmt: skip
    held = make.facts(
        kind=["211", "511", "218", "218", "211", "218", "211"],
        pupils=[100, 20, 49, 50, 10, None, None],
        x=[1, 2, 3, 4, None, 6, 7],
        status=["open", "open", "open", "open", "open", "open", "closed"],
    )
    one = make.indicator(
        "cv", make.over(), where=Comparison("status", "eq", Operand(("open",))), exclude=rules
    )
    result = make.measured(held, one)
    assert result.check() == []
    found = result.tables["indicator_values"].row(0, named=True)
    assert (found["n_used"], found["n_missing"], found["weight_used"], found["weight_missing"]) == (
        2,
        2,
        150,
        10,
    )
    left_out = result.tables["indicator_excluded"].select("reason", "n", "weight", "ids", "cite").rows()
    assert left_out == [
        ("small_point", 1, 49.0, "s002", "test.small"),
        ("special_school", 1, 20.0, "s001", ""),
    ]
    worst = result.tables["indicator_worst"]
    assert worst.filter(pl.col("direction") == "missing")["school"].to_list() == ["s005", "s004"]
    assert [row["direction"] for row in worst.iter_rows(named=True)][:2] == ["missing", "missing"]


def test_small_counts_are_marked_and_never_altered() -> None:
    guard = Privacy("pupils", Standard("test.least", "", {"": make.value(5, "least")}))
    share = make.indicator(
        "share", Measured(condition=make.is_at_least("x", 1)), weight=make.terms("pupils"), privacy=guard
    )
    for met, rest, small in ((3, 50, True), (50, 3, True), (0, 4, True), (0, 50, False), (50, 50, False)):
        found = make.row(make.facts(x=[1, 0], pupils=[met, rest]), share)
        assert ("small_count" in found["flags"]) == small, (met, rest)
        assert found["num"] == met


def test_the_shortfalls_of_schools_add_up_to_the_gap_of_the_group() -> None:
    held = make.facts(x=[3, 1, 0], pupils=[100, 100, 100])
    result = make.measured(held, per_hundred(">=", 4.2))
    worst = result.tables["indicator_worst"]
    assert worst["contribution"].to_list() == pytest.approx([4.2, 3.2, 1.2])
    assert worst["school"].to_list() == ["s002", "s001", "s000"]


def test_every_level_is_worked_out_from_rows() -> None:
    held = make.facts(
        x=[10, 40, 10], pupils=[10, 10, 1000], stage=["primary", "primary", "junior"], town=["t1", "t2", "t2"]
    )
    one = make.indicator("ratio", make.over())
    for by, known in (
        (("county",), {("county", "c", ""): 60 / 1020}),
        (("town",), {("town", "t1", ""): 1.0, ("town", "t2", ""): 50 / 1010}),
        (("county", "stage"), {("county", "c", "junior"): 0.01, ("county", "c", "primary"): 2.5}),
        (
            ("school_id",),
            {("school", "s000", ""): 1.0, ("school", "s001", ""): 4.0, ("school", "s002", ""): 0.01},
        ),
        ((), {("nation", "", ""): 60 / 1020}),
    ):
        values = make.measured(held, one, by=by).tables["indicator_values"]
        found = {(r["level"], r["area"], r["stage"]): r["value"] for r in values.iter_rows(named=True)}
        assert found == known, by


def test_the_line_is_that_of_the_groups_stage() -> None:
    standard = Standard("test.line", "stage", {"primary": make.value(0.5), "junior": make.value(0.45)})
    one = make.indicator("ratio", make.over(), threshold=make.line("<=", 0.5))
    one = make.indicator("ratio", make.over(), threshold=type(one.threshold)("<=", standard))  # type: ignore[misc]
    held = make.facts(x=[48, 48, 48], pupils=[100] * 3, stage=["primary", "junior", "senior"])
    values = make.measured(held, one).tables["indicator_values"]
    found = {r["stage"]: (r["threshold"], r["status"]) for r in values.iter_rows(named=True)}
    assert found == {"primary": (0.5, MET), "junior": (0.45, UNMET), "senior": (None, "no_threshold")}
    assert (
        make.measured(held, one)
        .explain("ratio", "c", "junior")
        .words("en")
        .startswith("A of c in 2026 is 0.48")
    )


def test_sums_a_float_cannot_tell_from_their_line_are_told() -> None:
    """One of 3.2 x 10**16 is less than half a unit in the last place of 0.9."""
    many, line = 8 * 10**15, make.line(">=", 0.9)
    one = make.indicator("ratio", make.over(), threshold=line)
    exact = [72 * 10**14] * 4
    assert make.row(make.facts(x=exact, pupils=[many] * 4), one)["status"] == MET
    short = make.row(make.facts(x=[*exact[1:], exact[0] - 1], pupils=[many] * 4), one)
    assert short["value"] == 0.9
    assert short["status"] == UNMET


@pytest.mark.parametrize(("low", "line"), [(55, 0.45), (85, 0.15), (67, 0.33), (90, 0.1), (93, 0.07)])
def test_a_coefficient_equal_to_its_line_is_so_for_every_comparison(low: int, line: float) -> None:
    held = make.facts(x=[low * 7, (200 - low) * 7], pupils=[7, 7])
    for op, known in (("<=", MET), (">=", MET), ("<", UNMET), (">", UNMET)):
        one = make.indicator("cv", make.over(), threshold=make.line(op, line))
        assert make.row(held, one)["status"] == known, op
