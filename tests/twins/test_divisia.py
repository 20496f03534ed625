"""Averaged factor swaps (every order of changing one factor at a time) are near the log-mean split."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from junheng.forecast.decomposition import log_mean_split

NAMES = ("births", "yield", "progression", "flows")
factor = st.floats(0.7, 1.4)


@given(st.lists(factor, min_size=4, max_size=4), st.floats(10, 1e5))
def test_averaged_swaps_agree_within_two_per_cent_of_the_gross_change(changes: list[float], start: float):
    then = dict(zip(NAMES, [start, 1.0, 1.0, 1.0], strict=True))
    now = {name: then[name] * change for name, change in zip(NAMES, changes, strict=True)}
    swapped = dict.fromkeys(NAMES, 0.0)
    orders = list(permutations(NAMES))
    for order in orders:
        held = dict(then)
        for name in order:
            before = float(np.prod(list(held.values())))
            held[name] = now[name]
            swapped[name] += (float(np.prod(list(held.values()))) - before) / len(orders)
    logs = {name: float(np.log(now[name] / then[name])) for name in NAMES if name != "flows"}
    whole_now, whole_then = float(np.prod(list(now.values()))), start
    split = log_mean_split(whole_now, whole_then, logs)
    gross = sum(abs(value) for value in swapped.values())
    for name in NAMES:
        assert abs(float(split[name]) - swapped[name]) <= 0.02 * gross + 1e-9 * start
