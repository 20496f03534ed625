"""The backtest verb: shape of its answers, honesty about time, determinism, refusals."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.forecast import panels
from tests.unit.forecast.county import REGION, tables

from junheng import forecast
from junheng.data import longtable
from junheng.forecast.backtest_messages import MESSAGES
from junheng.forecast.panel import Panel
from junheng.forecast.problem import Problem
from junheng.forecast.validation import rolling_origin
from junheng.forecast.validation.backtesting import METHODS
from junheng.forecast.validation.range_feedback import published
from junheng.model.errors import BadData
from junheng.model.reason import words

KEYS = [
    "method", "lead", "total_mape", "total_wmape", "cell_wmape", "bias",
    "cover50", "cover80", "cover95", "width80", "crps",
]  # fmt: skip


def test_one_record_by_method_and_lead() -> None:
    score = forecast.backtest(panels.cohorts(), max_lead=3)
    records = score.records()
    assert [(row["method"], row["lead"]) for row in records] == [(m, h) for m in METHODS for h in (1, 2, 3)]
    assert list(records[0]) == KEYS
    assert json.loads(json.dumps(records)) == records
    assert score.origins == tuple(range(2013, 2019))
    assert score.check() == []
    assert set(score.summary()) == set(METHODS)
    for row in records:
        assert 0 < row["total_mape"] < 0.5
        if row["method"] == "ours":
            assert row["cover50"] <= row["cover80"] <= row["cover95"] <= 1
            assert 0 < row["crps"] < row["total_wmape"], "a good range scores better than its middle alone"
        else:
            assert row["cover80"] is None
            assert row["width80"] is None


def test_slices_carry_every_family() -> None:
    slices = forecast.backtest(panels.cohorts(), max_lead=2).slices
    assert set(slices["slice"]) >= {"units", "size", "cell_size", "cell_kind", "trend", "region", "origin"}
    assert slices.select("slice", "value", "method", "lead").is_unique().all()


def test_a_perfect_world_has_no_error() -> None:
    frame = panels.long(np.full((12, 8, 4), 60))
    table = forecast.backtest(frame).table
    np.testing.assert_allclose(table["total_mape"].to_numpy(), 0.0, atol=1e-9)
    np.testing.assert_allclose(table["cell_wmape"].to_numpy(), 0.0, atol=1e-9)


def test_nothing_later_than_the_origin_is_used() -> None:
    """Forecasts and ranges of an origin stay the same when all later years are changed."""
    panel = panels.panel(25, 10, 5)
    rng = np.random.default_rng(1)
    changed = panel.pupils.copy()
    changed[:, 7:] = rng.poisson(200, changed[:, 7:].shape)
    other = Panel(panel.units, panel.years, panel.grades, changed)
    one, two = rolling_origin.run(panel, 5), rolling_origin.run(other, 5)
    years = range(2011, 2017)
    first, second = published(panel, one, years, 5), published(other, two, years, 5)
    for year in years:
        np.testing.assert_array_equal(one[year].combined, two[year].combined)
        assert first[year].settled == second[year].settled
        assert first[year].opened == second[year].opened
    assert not np.array_equal(one[2018].combined, two[2018].combined)


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_row_and_unit_order_change_no_byte(seed: int) -> None:
    frame = panels.cohorts(10, 7, 3)
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=seed)
    one, two = forecast.backtest(frame, max_lead=2), forecast.backtest(shuffled, max_lead=2)
    assert json.dumps(one.records()) == json.dumps(two.records())
    assert one.slices.equals(two.slices)


def test_forecasts_are_sound_on_ragged_panels() -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson(rng.lognormal(3, 1.5, (40, 1, 1)) * np.ones((40, 9, 6))).astype(float)
    counts[rng.random(counts.shape) < 0.2] = np.nan
    counts[rng.random(counts.shape[:2]) < 0.1] = np.nan
    counts[5, 4:] *= 50
    score = forecast.backtest(panels.long(counts))
    for row in score.records():
        assert np.isfinite(row["total_mape"])
    said = rolling_origin.run(Panel.from_long(panels.long(counts)), 5)
    for origin in said.values():
        assert np.isfinite(origin.combined).all()
        assert (origin.combined >= 0).all()


def test_births_help_where_entry_falls() -> None:
    births = [2000] * 10 + [2000 - 150 * i for i in range(1, 11)]
    year0, intake = 2000, []
    for t in range(2010, 2020):
        at = t - 5 - year0
        intake.append((2 * births[at] + births[at - 1]) / 3 / 20)
    counts = np.zeros((20, 10, 3))
    counts[:, 0] = 100
    for t in range(10):
        counts[:, t, 0] = np.round(intake[t])
        if t:
            counts[:, t, 1:] = counts[:, t - 1, :-1]
    table = pl.DataFrame({"year": range(2000, 2020), "births": births})
    without, knowing = (
        forecast.backtest(panels.long(counts), births=b, origins=[2016]) for b in (None, table)
    )
    lead3 = [
        s.table.filter((pl.col("method") == "ours") & (pl.col("lead") == 3))["total_mape"][0]
        for s in (without, knowing)
    ]
    assert lead3[1] < 0.7 * lead3[0]


def test_units_that_open_and_close_are_kept_but_scored_apart() -> None:
    counts = np.random.default_rng(0).poisson(80, (24, 9, 3)).astype(float)
    counts[:3, :4] = np.nan
    counts[3:6, 6:] = np.nan
    score = forecast.backtest(panels.long(counts))
    mask = next(f for f in score.findings if f.code == "backtest_mask")
    assert (mask.parameters["units"], mask.parameters["scored"]) == (24, 18)
    assert "opened_or_closed" in set(score.slices["value"])


def test_origins_asked_for() -> None:
    frame = panels.cohorts()
    score = forecast.backtest(frame, origins=range(2008, 2015))
    assert score.origins == (2011, 2012, 2013, 2014)
    dropped = next(f for f in score.findings if f.code == "backtest_origins_dropped")
    assert dropped.parameters["years"] == "2008, 2009, 2010"


@pytest.mark.parametrize("origins", [None, [1999], [2011]])
def test_too_few_years(origins: list[int] | None) -> None:
    frame = panels.cohorts(5, 2)
    with pytest.raises(BadData) as caught:
        forecast.backtest(frame, origins=origins)
    assert caught.value.code == "backtest_too_few_years"
    assert words(MESSAGES, caught.value.code, caught.value.parameters, "zh")


def test_findings_are_worded_in_both_languages() -> None:
    counts = np.random.default_rng(0).poisson(80, (6, 9, 3)).astype(float)
    counts[:, 3] = np.nan
    counts[0, 6:] *= 9
    table = pl.DataFrame({"year": range(2000, 2015), "births": [100] * 15})
    names = ("G07", "G08", "G09")
    score = forecast.backtest(panels.long(counts, grades=names), births=table, origins=range(2000, 2018))
    codes = {finding.code for finding in score.findings}
    assert codes >= {
        "backtest_mask", "backtest_years_missing", "backtest_origins_dropped", "backtest_explosive",
        "backtest_similar_regions", "backtest_births_silent",
    }  # fmt: skip
    for finding in score.findings:
        for language in ("zh", "en"):
            assert "{" not in words(MESSAGES, finding.code, finding.parameters, language)  # type: ignore[arg-type]


def test_progress_counts_up() -> None:
    told: list[tuple[str, int, int]] = []
    forecast.backtest(
        panels.cohorts(5, 8),
        progress=lambda code, done=None, total=None: told.append((code, done or 0, total or 0)),
    )
    assert {code for code, _, _ in told} == {"backtest_origin"}
    assert all(done <= total for _, done, total in told)


def test_unknown_method_and_lead() -> None:
    with pytest.raises(ValueError, match="astrology"):
        forecast.backtest(panels.cohorts(5, 8), methods=("ours", "astrology"))
    with pytest.raises(ValueError, match="max_lead"):
        forecast.backtest(panels.cohorts(5, 8), max_lead=0)


ROW = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["a", "b", "c", "", " d ", None]),
        "year": st.sampled_from(
            ["2010", "2011", "2012", "2013", "2014", "2015", "2016.0", "2017", "x", "2013-14", None]
        ),
        "grade": st.sampled_from(["K", "1", "2", "G02", "Grade 3", "PK", "??", None]),
        "pupils": st.sampled_from(
            ["0", "1", "17", "120", "5000000", "-1", "1.5", "inf", "nan", "many", "", None]
        ),
    }
)
SOUND = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["a", "b", "c"]),
        "year": st.integers(2010, 2017).map(str),
        "grade": st.sampled_from(["K3", "G01", "G02", "G05"]),
        "pupils": st.sampled_from(["0", "1", "3", "40", "60", "900", "", "1000000"]),
    }
)


@settings(max_examples=40)
@given(st.lists(st.one_of(ROW, SOUND), max_size=30))
def test_hostile_tables_end_in_a_report(rows: list[dict[str, str | None]]) -> None:
    schema = dict.fromkeys(("unit", "year", "grade", "pupils"), pl.String)
    try:
        score = forecast.backtest(pl.DataFrame(rows, schema=schema), max_lead=2)
    except BadData as refused:
        assert refused.findings
        assert words(MESSAGES, refused.code, refused.parameters, "en")
        for finding in refused.findings:
            assert words(MESSAGES, finding.code, finding.parameters, "zh")
    else:
        assert score.check() == []


@settings(max_examples=40)
@given(
    st.lists(SOUND, min_size=12, max_size=80, unique_by=lambda row: (row["unit"], row["year"], row["grade"]))
)
def test_sparse_tables_are_scored_or_refused(rows: list[dict[str, str | None]]) -> None:
    try:
        score = forecast.backtest(pl.DataFrame(rows), max_lead=3)
    except BadData as refused:
        assert refused.code in ("backtest_empty", "backtest_too_few_years")
        return
    for row in score.records():
        for value in row.values():
            assert value is None or isinstance(value, str) or np.isfinite(value)


def test_a_problem_is_tested_on_its_own_schools_and_births() -> None:
    problem = Problem.from_tables(tables(), None, REGION)
    frame, births = longtable.of_tables(problem.tables)
    of_problem = forecast.backtest(problem, max_lead=2)
    assert of_problem.records() == forecast.backtest(frame, births, max_lead=2).records()
