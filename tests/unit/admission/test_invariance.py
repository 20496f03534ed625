"""What may not matter does not, and what may not hurt does not."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.admission.markets import Small, draw, split, united
from tests.unit.admission.tables import assign, lines, write

from junheng.admission import write_folder
from junheng.admission.mechanisms import MECHANISMS, Mechanism, order_of, run

seeds = st.integers(0, 2**32)


def got(small: Small, mechanism: Mechanism, bands: tuple[int, ...] = ()) -> dict[str, int]:
    """Rank each child holds; one past her list where none."""
    market = united([small])
    [found] = split(market, run(market, mechanism, order_of(market, mechanism, bands)).held, 1)
    return {c: list_.index(found[c]) if c in found else len(list_) for c, list_ in small.lists.items()}


@settings(max_examples=25, deadline=None)
@given(seeds, st.sampled_from(MECHANISMS))
def test_the_order_of_rows_does_not_change_a_byte(seed: int, mechanism: Mechanism) -> None:
    rng = random.Random(seed)
    bands = (2,) if mechanism == "parallel" else ()
    small = draw(rng, 8, 5, 2)
    with TemporaryDirectory() as folder:
        answers: list[dict[str, bytes]] = []
        for order in (None, rng):
            paths = write(Path(folder), order, **lines(small))
            write_folder(Path(folder) / "out", assign(paths, mechanism, bands))
            answers.append({path.name: path.read_bytes() for path in (Path(folder) / "out").iterdir()})
    assert answers[0] == answers[1]
    assert sorted(answers[0]) == ["assignment.csv", "cutoffs.csv", "reasons.csv", "summary.json"]


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_other_names_change_nothing_else(seed: int) -> None:
    rng = random.Random(seed)
    small = draw(rng, 8, 5, 2)
    names = dict(zip(small.lists, rng.sample(range(1000), len(small.lists)), strict=True))
    offers = dict(zip(small.seats, rng.sample(range(1000), len(small.seats)), strict=True))
    renamed = Small(
        {f"q{offers[p]}": n for p, n in small.seats.items()},
        {f"d{names[c]}": [f"q{offers[p]}" for p in list_] for c, list_ in small.lists.items()},
        {f"d{names[c]}": t for c, t in small.ticket.items()},
        {(f"d{names[c]}", f"q{offers[p]}"): v for (c, p), v in small.priority.items()},
    )
    for mechanism in ("da", "ia", "sd", "ttc"):
        other = got(renamed, mechanism)
        assert {c: other[f"d{names[c]}"] for c in small.lists} == got(small, mechanism)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_one_more_seat_hurts_no_child(seed: int) -> None:
    rng = random.Random(seed)
    small = draw(rng, 8, 5, 2)
    more = Small({**small.seats, rng.choice(list(small.seats)): 3}, small.lists, small.ticket, small.priority)
    before, after = got(small, "da"), got(more, "da")
    assert all(after[c] <= before[c] for c in before)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_one_more_child_helps_no_other(seed: int) -> None:
    rng = random.Random(seed)
    small = draw(rng, 8, 5, 2)
    gone = rng.choice(list(small.lists))
    fewer = Small(
        small.seats, {c: list_ for c, list_ in small.lists.items() if c != gone}, small.ticket, small.priority
    )
    if not fewer.lists:
        return
    before, after = got(fewer, "da"), got(small, "da")
    assert all(before[c] <= after[c] for c in before)


@settings(max_examples=150, deadline=None)
@given(seeds, st.sampled_from(["da", "ia", "sd", "ttc"]))
def test_a_better_ticket_or_class_never_hurts(seed: int, mechanism: Mechanism) -> None:
    rng = random.Random(seed)
    small = draw(rng, 8, 5, 2)
    child = rng.choice(list(small.lists))
    better = Small(
        small.seats,
        small.lists,
        {**small.ticket, child: -1},
        {pair: v - (rng.random() < 0.5 and pair[0] == child) for pair, v in small.priority.items()},
    )
    assert got(better, mechanism)[child] <= got(small, mechanism)[child]


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_bands_lead_from_immediate_to_deferred_acceptance(seed: int) -> None:
    small = draw(random.Random(seed), 8, 5, 2)
    assert got(small, "parallel", (1,)) == got(small, "ia")
    assert got(small, "parallel", (5,)) == got(small, "da")


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_a_common_order_is_serial_dictatorship(seed: int) -> None:
    small = draw(random.Random(seed), 8, 5, 2, classes=1)
    assert got(small, "da") == got(small, "sd") == got(small, "ttc")


@pytest.mark.parametrize("mechanism", ["da", "ia", "ttc"])
def test_wide_and_narrow_keys_agree(mechanism: Mechanism) -> None:
    rng = random.Random(9)
    for stretch in (10**9, 10**17):  # 64-bit words, then dense ranks
        markets = [draw(rng, 8, 5, 2) for _ in range(500)]
        narrow = united(markets)
        wide = united(
            [
                Small(m.seats, m.lists, m.ticket, {pair: v * stretch - 5 for pair, v in m.priority.items()})
                for m in markets
            ]
        )
        one, other = order_of(narrow, mechanism), order_of(wide, mechanism)
        assert (one.words.dtype, other.words.dtype) == ("int32", "int64" if stretch == 10**9 else "int32")
        assert (other.ranked is not None) == (stretch == 10**17)
        assert (run(narrow, mechanism, one).held == run(wide, mechanism, other).held).all()
        level = other.words >> 24
        assert (other.fields(level)[1] == wide.priority).all()
        assert (one.fields(one.words >> 24)[1] == narrow.priority).all()
