"""Each of the twelve verbs against a slow honest answer; wrong code is recognised by its answers."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.monitoring import indicator_making as make

from junheng.rules.indicator import Base, Measured

X, P = [279, 137, 935, 160, 402], [45, 37, 89, 76, 55]
"""A published worked example: CV 0.51526, printed there as 0.52."""
CV = make.indicator("cv", make.over())

positive = st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 5000)), min_size=1, max_size=40)


def _columns(units: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [x for x, _ in units], [p for _, p in units]


def test_the_worked_example_of_the_coefficient_of_variation() -> None:
    held = make.facts(x=[float(one) for one in X], pupils=P)
    found = make.row(held, CV)
    assert f"{found['value']:.5f}" == "0.51526"
    assert (found["num"], found["den"], found["n_used"], found["weight_used"]) == (1913.0, 302.0, 5, 302.0)
    worst = make.measured(held, CV).tables["indicator_worst"]
    shares = dict(zip(worst["school"], worst["contribution"], strict=True))
    assert (round(shares["s002"], 4), round(shares["s003"], 4)) == (0.4813, 0.4225)
    assert math.isclose(sum(shares.values()), 1, abs_tol=1e-12)
    assert dict(zip(worst["school"], worst["direction"], strict=True))["s003"] == "below"


def test_wrong_code_is_recognised_by_its_answers() -> None:
    own = np.array(X) / np.array(P)
    wrong = {
        "0.48877": own.std() / own.mean(),
        "0.54646": own.std(ddof=1) / own.mean(),
        "0.46023": own.std() / (sum(X) / sum(P)),
    }
    assert all(f"{found:.5f}" == known for known, found in wrong.items())
    ours = make.row(make.facts(x=X, pupils=P), CV)["value"]
    assert f"{ours:.5f}" not in wrong
    assert ours == pytest.approx(make.cv(X, P), rel=1e-15)


@settings(max_examples=25, deadline=None)
@given(positive)
def test_dispersion_equals_its_slow_twin(units: list[tuple[int, int]]) -> None:
    x, p = _columns(units)
    held = make.facts(x=x, pupils=p)
    found = make.measured(
        held,
        CV,
        make.indicator("gini", make.over()),
        make.indicator("theil", make.over()),
        make.indicator("quantile", make.over(), q=0.3),
        make.indicator("ratio", make.over(factor=100)),
        details=False,
    ).tables["indicator_values"]
    value = dict(zip(found["indicator"], found["value"], strict=True))
    assert value["ratio"] == float(Fraction(100 * sum(x), sum(p)))
    assert value["quantile"] == pytest.approx(make.quantile(x, p, Fraction(3, 10)), rel=1e-12)
    if not sum(x):
        assert value["cv"] is value["gini"] is value["theil"] is None
        return
    assert value["cv"] == pytest.approx(make.cv(x, p), rel=1e-12, abs=1e-12)
    assert value["gini"] == pytest.approx(make.gini(x, p), rel=1e-9, abs=1e-12)
    assert value["theil"] == pytest.approx(make.theil(x, p), rel=1e-9, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(positive.filter(lambda units: sum(x for x, _ in units) > 0), st.integers(2, 9), st.randoms())
def test_laws_of_dispersion(units: list[tuple[int, int]], times: int, chance) -> None:
    verbs = [make.indicator(name, make.over()) for name in ("cv", "gini", "theil")]

    def all_of(rows: list[tuple[int, int]], order: list[int] | None = None) -> dict[str, float]:
        x, p = _columns(rows)
        ids = [f"s{n:04d}" for n in (order or range(len(rows)))]
        table = make.measured(make.facts(x=x, pupils=p, school_id=ids), *verbs, details=False)
        values = table.tables["indicator_values"]
        return dict(zip(values["indicator"], values["value"], strict=True))

    base = all_of(units)
    close = {name: pytest.approx(one, rel=1e-9, abs=1e-9) for name, one in base.items()}
    assert all_of([(x * times, p) for x, p in units]) == close, "scaling x"
    assert all_of(units * 2) == close, "a county twice"
    assert all_of([(x * 2, p * 2) for x, p in units[:1]] + units[1:]) is not None
    first_x, first_p = units[0]
    halves = [(first_x, first_p)] * 2 + [(x * 2, p * 2) for x, p in units[1:]]
    assert all_of(halves) == close, "a school cut in two of equal X"
    order = list(range(len(units)))
    chance.shuffle(order)
    assert all_of([units[n] for n in order], order) == base, "no order of rows changes a bit"


@settings(max_examples=20, deadline=None)
@given(positive.filter(lambda units: len(units) > 1 and sum(x for x, _ in units) > 0))
def test_raising_the_poorest_up_to_the_next_never_raises_the_coefficient(
    units: list[tuple[int, int]],
) -> None:
    x, p = _columns(units)
    x = [one * 5040 for one in x]
    order = sorted(range(len(x)), key=lambda n: Fraction(x[n], p[n]))
    poorest, following = order[0], order[1]
    raised = list(x)
    raised[poorest] = max(x[poorest], x[following] * p[poorest] // p[following])
    before, after = (make.row(make.facts(x=one, pupils=p), CV, details=False)["value"] for one in (x, raised))
    assert after <= before + 1e-12


def test_theil_splits_between_and_within_classes() -> None:
    held = make.facts(x=X, pupils=P, urban_rural=["111", "111", "220", "220", "220"])
    one = make.indicator("theil", make.over(), split="urban_rural")
    values = make.measured(held, one).tables["indicator_values"]
    part = dict(zip(values["group"], values["value"], strict=True))
    classes = [([279, 137], [45, 37]), ([935, 160, 402], [89, 76, 55])]
    between = make.theil([sum(x) for x, _ in classes], [sum(p) for _, p in classes])
    assert part["urban_rural=between"] == pytest.approx(between, rel=1e-12)
    total = part["urban_rural=between"] + part["urban_rural=within"]
    assert part[""] == pytest.approx(total, rel=1e-12) == pytest.approx(make.theil(X, P), rel=1e-12)


def test_leaving_one_out_is_what_recomputing_without_it_gives() -> None:
    for name, slow in (("gini", make.gini), ("theil", make.theil)):
        worst = make.measured(make.facts(x=X, pupils=P), make.indicator(name, make.over())).tables[
            "indicator_worst"
        ]
        for school, change in zip(worst["school"], worst["contribution"], strict=True):
            n = int(school[1:])
            rest = slow(X[:n] + X[n + 1 :], P[:n] + P[n + 1 :])
            assert change == pytest.approx(slow(X, P) - rest, rel=1e-9), (name, school)


def test_sums_counts_shares_and_means() -> None:
    held = make.facts(x=[0.1, 0.2, 0.3], pupils=[10, 20, 70], n=[1, 0, 2])
    verbs = {
        "sum": make.indicator("sum", Measured(column=make.terms("x"))),
        "count": make.indicator("count", Measured(condition=make.is_at_least("x", 0.2))),
        "share": make.indicator(
            "share", Measured(condition=make.is_at_least("x", 0.2)), weight=make.terms("pupils")
        ),
        "mean": make.indicator("mean", Measured(column=make.terms("x")), weight=make.terms("pupils")),
    }
    found = {name: make.row(held, one)["value"] for name, one in verbs.items()}
    assert found == {"sum": 0.6, "count": 2.0, "share": 0.9, "mean": 0.26}
    unweighted = make.indicator("mean", Measured(column=make.terms("n")))
    assert make.row(held, unweighted)["value"] == 1.0


def test_a_ratio_is_of_sums_and_never_a_mean_of_ratios() -> None:
    held = make.facts(x=[10, 10], pupils=[10, 1000])
    assert make.row(held, make.indicator("ratio", make.over()))["value"] == 20 / 1010


def test_quantiles_weighted_and_not_and_ranges() -> None:
    held = make.facts(x=[1, 2, 3, 4, 100], pupils=[1, 1, 1, 1, 1], w=[1, 1, 1, 1, 96])
    plain = make.indicator("quantile", make.over(), q=0.5)
    weighted = make.indicator("quantile", Measured(column=make.terms("x")), q=0.5, weight=make.terms("w"))
    assert make.row(held, plain)["value"] == 3.0
    assert make.row(held, weighted)["value"] == 100.0
    ranges = {"max_min": 100.0, "p90_p10": 61.6 / 1.4, "top_bottom_fifth": 100.0}
    for kind, known in ranges.items():
        one = make.indicator("range_ratio", make.over(), range=kind)
        assert make.row(held, one)["value"] == pytest.approx(known, rel=1e-15), kind
    none = make.facts(x=[0, 5], pupils=[1, 1])
    assert make.row(none, make.indicator("range_ratio", make.over(), range="max_min"))["value"] is None


def test_one_unit_has_no_spread_and_says_so() -> None:
    found = make.row(make.facts(x=[333.33], pupils=[7]), CV)
    assert found["value"] == 0.0
    assert found["flags"] == "single_unit"


def test_nothing_to_divide_by_is_no_value_and_nothing_to_add_is_not_zero() -> None:
    empty = make.facts(x=[5.0], pupils=[0])
    assert make.row(empty, make.indicator("ratio", make.over()))["value"] is None
    found = make.row(empty, CV)
    assert (found["value"], found["status"], found["n_missing"]) == (None, "not_computable", 1)
    blank = make.facts(x=pl.Series([None], dtype=pl.Float64), pupils=[3])
    found = make.row(blank, make.indicator("sum", Measured(column=make.terms("x"))))
    assert (found["value"], found["num"], found["status_reason"]) == (None, None, "missing")


def test_a_negative_value_has_no_gini() -> None:
    held = make.facts(x=[-1, 5], pupils=[1, 1])
    assert make.row(held, make.indicator("gini", make.over()))["value"] is None
    assert make.row(held, make.indicator("theil", make.over()))["value"] is None


def test_change_counts_who_came_and_who_went() -> None:
    now = make.facts(school_id=["a", "b", "d"], x=[10, 20, 40], pupils=[1, 1, 1])
    then = make.facts(school_id=["a", "b", "c"], x=[8, 20, 30], pupils=[1, 1, 1])
    for panel, percent, known, flags in (
        ("all", False, 12.0, "entries=1;exits=1"),
        ("matched", False, 2.0, ""),
        ("matched", True, 2 / 28, ""),
    ):
        one = make.indicator(
            "change", Measured(column=make.terms("x")), base=Base(years=1, percent=percent, panel=panel)
        )
        found = make.row(now, one, earlier={("school_stage", 2025): then})
        assert (found["value"], found["flags"]) == (known, flags), (panel, percent)
    alone = make.row(now, make.indicator("change", Measured(column=make.terms("x"))))
    assert (alone["value"], alone["status_reason"]) == (None, "no_base")


def test_a_lookup_takes_what_others_established_and_never_guesses() -> None:
    one = make.indicator("lookup", Measured(column=make.terms("x")), threshold=make.line(">=", 0.85))
    assert make.row(make.facts(x=[0.85]), one)["status"] == "met"
    disagreeing = make.row(make.facts(x=[0.85, 0.9]), one)
    assert (disagreeing["status"], disagreeing["status_reason"]) == ("not_computable", "several_results")
    assert make.row(make.facts(x=pl.Series([None], dtype=pl.Float64)), one)["status"] == "not_examined"
