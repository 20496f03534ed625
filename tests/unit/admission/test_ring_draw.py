"""Ring draws: the bureau's worked example, and the walk by hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import shared

from junheng.admission.ring_draw import replay, ring_draw


def test_the_published_example() -> None:
    known = json.loads(shared("admission/known_answers.json").read_text(encoding="utf-8"))["nanchang_ring"]
    winners = ring_draw(known["n"], known["seats"], known["start"], known["interval"])
    assert list(winners) == known["winners"]


@given(st.integers(1, 60), st.integers(0, 70), st.integers(1, 60), st.integers(1, 99))
def test_the_ring_walked_number_by_number(numbers: int, seats: int, start: int, step: int) -> None:
    start = (start - 1) % numbers + 1
    winners = ring_draw(numbers, seats, start, step)
    ring = list(range(start, numbers + 1)) + list(range(1, start))
    walked: list[int] = []
    while ring and len(walked) < seats:
        walked.append(ring.pop(0))
        for _ in range((step - 1) % len(ring) if ring else 0):
            ring.append(ring.pop(0))
    assert list(winners) == walked
    assert replay(winners, numbers, start, step)
    if len(winners) > 1:
        assert not replay((*winners[1:], winners[0]), numbers, start, step)


@pytest.mark.parametrize(("start", "step"), [(0, 1), (6, 1), (1, 0)])
def test_a_start_outside_the_ring_is_refused(start: int, step: int) -> None:
    with pytest.raises(ValueError, match="start"):
        ring_draw(5, 2, start, step)
