"""Batches in order: admitted children leave, seats left over move on, lines and quotas are kept."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from tests.unit.admission.markets import Small, draw, split, united

from junheng.admission.batches import Batch, above_line, lines_of, run_batches
from junheng.admission.messages import MESSAGES
from junheng.admission.serial_dictatorship import serial_dictatorship
from junheng.model.errors import BadData
from junheng.model.reason import words as sentence


def test_batches_are_the_same_as_one_after_another_by_hand() -> None:
    rng = random.Random(5)
    moved = 0
    for _ in range(400):
        quota = draw(rng, 7, 3, 2, full=True)
        unified = Small(
            {p: rng.randint(0, 3) for p in quota.seats},
            {c: rng.sample(list(quota.seats), rng.randint(0, len(quota.seats))) for c in quota.lists},
            quota.ticket,
        )
        unified.priority = {(c, p): 0 for c, list_ in unified.lists.items() for p in list_}
        first, second = united([quota]), united([unified])
        can = np.array([rng.random() < 0.6 for _ in first.program], bool)
        every = np.ones(second.program.size, bool)
        programs = np.arange(first.seats.size, dtype=np.int32)
        outcomes = run_batches(
            [
                Batch("quota", first, programs, can, unfilled_to="unified"),
                Batch("unified", second, programs, every),
            ]
        )
        child = first.child_of_row()
        got: dict[str, tuple[str, str]] = {}
        names = [name.split("/")[1] for name in first.applicant_id]
        allowed = {(names[c], f"p{p}") for c, p, ok in zip(child, first.program, can, strict=True) if ok}
        left = dict(quota.seats)
        for stage, small in (("quota", quota), ("unified", unified)):
            for c in sorted(small.lists, key=small.ticket.__getitem__):
                for p in small.lists[c]:
                    if c not in got and left[p] and (stage == "unified" or (c, p) in allowed):
                        got[c] = (stage, p)
                        left[p] -= 1
            moved += any(left.values()) and stage == "quota"
            left = {p: n + unified.seats[p] for p, n in left.items()}
        found = {
            c: (one.batch_id, p)
            for one, market in zip(outcomes, (first, second), strict=True)
            for c, p in split(market, one.held, 1)[0].items()
        }
        assert found == got
        assert all(one.certificate is not None and one.certificate.best for one in outcomes)
        assert outcomes[1].locked_before.sum() == sum(stage == "quota" for stage, _ in got.values())
    assert moved > 100


def test_quota_pools_of_origin_schools_keep_to_their_own() -> None:
    """Two junior schools with a seat each at one programme: the better pupil of the other school does not
    take it."""
    lists = {"a": ["j1"], "b": ["j1"], "c": ["j2"]}
    small = Small(
        {"j1": 1, "j2": 1}, lists, {"a": 1, "b": 2, "c": 3}, {(c, p): 0 for c in lists for p in lists[c]}
    )
    market = united([small])
    [one] = run_batches([Batch("quota", market, np.zeros(2, np.int32), np.ones(3, bool))])
    assert split(market, one.held, 1) == [{"a": "j1", "c": "j2"}]
    assert one.filled.tolist() == [1, 1]


def test_a_line_with_points_off_on_both_sides() -> None:
    score, child = np.array([430, 429, 410, 409]), np.arange(4)
    assert above_line(score, child, 430).tolist() == [True, False, False, False]
    assert above_line(score, child, 430, less=20).tolist() == [True, True, True, False]
    assert above_line(score, child, np.array([500, 429, 0, 410])).tolist() == [False, True, True, False]


def test_the_simulated_line_is_the_last_score_of_full_programmes() -> None:
    small = Small({"p": 1, "q": 2}, {"a": ["p"], "b": ["p", "q"]}, {"a": 1, "b": 2}, {})
    small.priority = {(c, p): 0 for c, list_ in small.lists.items() for p in list_}
    market = united([small])
    held = serial_dictatorship(market.seats, market.start, market.keys().words)
    assert lines_of(market, held, np.array([700, 650])).tolist() == [700, -1]


def test_every_fault_of_batches_at_once() -> None:
    lists = {"a": ["p"], "b": ["q"]}
    market = united([Small({"p": 1, "q": 1}, lists, {"a": 1, "b": 2}, {("a", "p"): 0, ("b", "q"): 0})])
    other = replace(market, applicant_id=market.applicant_id.reverse())
    one, every = np.arange(market.seats.size, dtype=np.int32), np.ones(market.program.size, bool)
    with pytest.raises(BadData) as refused:
        run_batches(
            [
                Batch("a", market, one, every, unfilled_to="b"),
                Batch("a", other, one, every[:-1], unfilled_to="a"),
                Batch("b", market, one * 0, every, unfilled_to="z"),
            ]
        )
    found = refused.value.findings
    assert [one.code.split("_")[1] for one in found] == [
        "twice",
        "children",
        "sizes",
        "pools",
        "target",
        "target",
    ]
    assert all(sentence(MESSAGES, one.code, one.parameters, "en") for one in found)
