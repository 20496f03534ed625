"""Shocks belong to their key."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from junheng.forecast.process_draws import key, normals, tail_weights


@given(st.integers(0, 2**40), st.text(max_size=12), st.text(max_size=12), st.integers(1900, 2200))
def test_a_key_is_stable_and_fits(seed: int, component: str, code: str, year: int):
    assert key(seed, component, code, year) == key(seed, component, code, year)
    assert 0 <= key(seed, component, code, year) < 2**64


def test_units_and_years_added_change_no_other_shock():
    some = normals(7, "cell", ("a", "c"), (2026, 2027), 50)
    more = normals(7, "cell", ("a", "b", "c"), (2026, 2027, 2028), 50)
    assert np.array_equal(some, more[[0, 2], :2])
    assert not np.array_equal(some, normals(8, "cell", ("a", "c"), (2026, 2027), 50))
    assert not np.array_equal(some, normals(7, "unit", ("a", "c"), (2026, 2027), 50))


def test_shocks_are_standard_normal_and_mirrored():
    many = normals(1, "x", tuple(f"u{i}" for i in range(200)), (2026,), 1000)[:, 0]
    assert abs(float(many.std()) - 1.0) < 0.01
    assert abs(float((np.abs(many) < 1.2816).mean()) - 0.8) < 0.005
    assert np.array_equal(many[:, :500], -many[:, 500:])
    between = np.corrcoef(many[:, :500])
    assert np.abs(between[~np.eye(200, dtype=bool)]).mean() < 0.05


def test_tails_keep_the_variance():
    factors = tail_weights(3, 1000, 4.0)
    assert abs(float((factors.astype(float) ** 2).mean()) - 1.0) < 1e-5
    assert np.array_equal(factors[:500], factors[500:])
    assert np.array_equal(tail_weights(3, 10, np.inf), np.ones(10, dtype=np.float32))
