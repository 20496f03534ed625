"""Polars and DuckDB give the same result rows, to the bit (Spark: tests/unit/test_spark.py); what tells
engines apart is met first."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.unit.monitoring import indicator_making as make

from junheng.model.errors import BadData, Refused
from junheng.monitoring.facts import Facts
from junheng.monitoring.operands import scaled
from junheng.monitoring.ratio import quotient
from junheng.rules.indicator import (
    AnyOf,
    Comparison,
    Exclusion,
    Indicator,
    Measured,
    Missing,
    Not,
    Operand,
    Standard,
    Term,
)


def generated(seed: int) -> Facts:
    """Rows with blanks, zeros, ties, NaN, one-row groups, huge and tiny weights, empty groups."""
    draw = np.random.default_rng(seed)
    count = 240
    pupils = draw.choice([0, 1, 2, 7, 450, 450, 999, 10**6], count)
    x = np.round(pupils * draw.choice([0, 1, 1, 4.25, 1000.01], count) + draw.choice([0, 0.01], count), 2)
    frame = pl.DataFrame(
        {
            "school_id": [f"s{n:04d}" for n in draw.permutation(count)],
            "county": [f"c{n}" for n in draw.choice(12, count)],
            "stage": draw.choice(["primary", "junior"], count),
            "kind": draw.choice(["211", "218", "511"], count, p=[0.7, 0.2, 0.1]),
            "urban_rural": draw.choice(["111", "220"], count),
            "pupils": pupils,
            "x": x,
            "flag": draw.choice([True, False], count),
        }
    )
    single = pl.DataFrame(
        {"school_id": ["one"], "county": ["c99"], "stage": ["primary"], "kind": ["211"],
         "urban_rural": ["111"], "pupils": [3], "x": [9.99], "flag": [True]}
    )  # fmt: skip
    frame = pl.concat([frame, single])
    for name, share in (("x", 0.05), ("pupils", 0.03), ("kind", 0.02), ("flag", 0.1)):
        blank = pl.Series(draw.random(frame.height) < share)
        frame = frame.with_columns(pl.when(~blank).then(pl.col(name)).alias(name))
    nan = pl.Series(draw.random(frame.height) < 0.02)
    frame = frame.with_columns(pl.when(nan).then(float("nan")).otherwise(pl.col("x")).alias("x"))
    return Facts("school_stage", 2026, frame, pl.DataFrame())


def indicators() -> list[Indicator]:
    small = Standard("test.small", "stage", {"primary": make.value(50), "junior": make.value(7.5)})
    rules = (
        Exclusion(Comparison("kind", "eq", Operand(("511",))), "special"),
        Exclusion(Comparison("pupils", "lt", Operand(standard=small)), "small"),
    )
    either = AnyOf((Comparison("flag", "eq", Operand((True,))), Not(Comparison("x", "gt", Operand((4.25,))))))
    common: dict[str, Any] = {"exclude": rules, "missing": Missing(0.5)}
    weight = make.terms("pupils")
    signed = Measured(num=(Term("x"), Term("pupils", -1, either)), den=weight, factor=100)
    return [
        make.indicator("sum", Measured(column=make.terms("x")), **common),
        make.indicator("count", Measured(condition=either), **common),
        make.indicator("ratio", make.over(factor=100), threshold=make.line(">=", 100), **common),
        make.indicator("ratio", signed, id="ratio_signed", **common),
        make.indicator("share", Measured(condition=either), weight=weight, threshold=make.line(">=", 0.5)),
        make.indicator("mean", Measured(column=make.terms("x")), weight=weight, **common),
        make.indicator("cv", make.over(), threshold=make.line("<=", 0.5), **common),
        make.indicator("gini", make.over(), **common),
        make.indicator("quantile", make.over(), q=0.9, **common),
        make.indicator("quantile", Measured(column=make.terms("x")), id="median_w", q=0.5, weight=weight),
        make.indicator("range_ratio", make.over(), id="range_a", range="max_min", **common),
        make.indicator("range_ratio", make.over(), id="range_b", range="p90_p10", **common),
        make.indicator("range_ratio", make.over(), id="range_c", range="top_bottom_fifth", **common),
    ]


def agree(held: Facts, engine: str, session: Any) -> None:
    ours = make.measured(held, *indicators())
    theirs = make.measured(held, *indicators(), engine=engine, session=session)
    assert ours.check() == theirs.check() == []
    for name, table in ours.tables.items():
        assert table.equals(theirs.tables[name]), name
    assert ours.tables["indicator_values"]["value"].is_not_null().sum() > 100
    theil = make.indicator("theil", make.over(), split="urban_rural")
    one, other = (
        make.measured(held, theil, engine=asked, session=lender).tables["indicator_values"]["value"]
        for asked, lender in (("polars", None), (engine, session))
    )
    assert np.allclose(one.drop_nulls(), other.drop_nulls(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("seed", [1, 2])
def test_duckdb_gives_the_same_rows(seed: int) -> None:
    agree(generated(seed), "duckdb", None)


def test_no_order_of_rows_and_no_number_of_groups_changes_a_bit() -> None:
    held = generated(4)
    shuffled = Facts(
        "school_stage", 2026, held.frame.sample(fraction=1, shuffle=True, seed=5), pl.DataFrame()
    )
    one, other = (make.measured(facts, *indicators()).tables for facts in (held, shuffled))
    assert all(one[name].equals(other[name]) for name in one)


def test_columns_that_differ_by_case_only_are_refused() -> None:
    frame = pl.DataFrame({"x": [1], "X": [2]})
    with pytest.raises(BadData) as refused:
        scaled(frame, ["x"])
    assert refused.value.code == "monitoring.case_twins"


def test_numbers_enter_as_whole_numbers_and_a_nan_is_a_blank() -> None:
    frame = pl.DataFrame({"a": [0.1, float("nan"), None], "b": [0.0001, 0.5, 1.0], "c": [3, None, 0]})
    rows, decimals = scaled(frame, ["a", "b", "c"])
    assert rows["a"].to_list() == [10, None, None]
    assert rows["b"].to_list() == [1, 5000, 10_000]
    assert rows["c"].to_list() == [3, None, 0]
    assert decimals == {"a": 2, "b": 4, "c": 0}
    with pytest.raises(BadData) as refused:
        scaled(pl.DataFrame({"a": [1 / 3]}), ["a"])
    assert refused.value.code == "monitoring.column_unsuited"


def test_an_engine_nobody_knows_or_that_is_absent_is_refused_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = make.facts(x=[1], pupils=[1])
    with pytest.raises(Refused) as refused:
        make.measured(held, make.indicator("ratio", make.over()), engine="excel")
    assert refused.value.code == "monitoring.engine_unknown"
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(Refused) as refused:
        make.measured(held, make.indicator("ratio", make.over()), engine="duckdb")
    assert refused.value.parameters == {"engine": "duckdb", "extra": "engines"}


def test_sums_beyond_64_bits_are_refused() -> None:
    held = make.facts(x=[9 * 10**15] * 600, pupils=[1] * 600)
    with pytest.raises(Refused) as refused:
        make.measured(held, make.indicator("ratio", make.over()))
    assert refused.value.code == "monitoring.too_large"


def test_a_constant_divisor_is_divided_by_and_not_multiplied_by_its_reciprocal() -> None:
    wholes = list(range(1, 20_000))
    frame = pl.DataFrame({"a": wholes})
    found = frame.select(quotient(pl.col("a"), pl.lit(100)))["a"].to_list()
    assert found == [one / 100 for one in wholes]
    assert frame.select(pl.col("a") / 100)["a"].to_list() != found, "the trap: Polars multiplies by 0.01"
