"""Reserves as pools against the choice of a programme made step by step, and what the order of reserves
does."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tests.unit.admission.markets import Small, draw, split, united

from junheng.admission.messages import MESSAGES
from junheng.admission.reserves import Reserve, assign_reserved
from junheng.model.errors import BadData
from junheng.model.reason import words

Row = tuple[str, str, int, str, str]
"""kind, trait, seats, returns, reserve id; in their order."""


def choose(
    small: Small, program: str, applied: set[str], rows: list[Row], holders: set[tuple[str, str]]
) -> dict[str, str]:
    """Child -> reserve: every reserve in turn takes the best of who is left."""
    left = sorted(applied, key=lambda child: small.key(child, program))
    got: dict[str, str] = {}
    for kind, trait, seats, _, name in rows:
        first = [c for c in left if (c, trait) in holders or kind == "open"]
        second = [c for c in left if c not in first] if kind == "soft" else []
        for child in [*first, *second][:seats]:
            got[child] = name
            left.remove(child)
    return got


def slow(
    small: Small, plan: dict[str, list[Row]], holders: set[tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """Cumulative offers: programmes choose among all who ever applied."""
    at = dict.fromkeys(small.lists, 0)
    applied: dict[str, set[str]] = {p: set() for p in small.seats}
    while True:
        chosen = {p: choose(small, p, applied[p], plan[p], holders) for p in small.seats}
        held = {child: (p, name) for p, got in chosen.items() for child, name in got.items()}
        free = [c for c, list_ in small.lists.items() if c not in held and at[c] < len(list_)]
        if not free:
            return held
        applied[small.lists[free[0]][at[free[0]]]].add(free[0])
        at[free[0]] += 1


def plan_of(rng: random.Random, small: Small) -> dict[str, list[Row]]:
    plan: dict[str, list[Row]] = {}
    for p, seats in small.seats.items():
        rows: list[Row] = []
        left = seats
        for number in range(rng.randint(0, 2)):
            part = rng.randint(0, left)
            left -= part
            returns = rng.choice(["never", "at_once"])
            rows.append((rng.choice(["hard", "soft"]), rng.choice("xy"), part, returns, f"r{number}"))
        rows.insert(rng.randint(0, len(rows)), ("open", "", left, "never", "open"))
        plan[p] = rows
    return plan


def test_pools_in_order_are_the_choice_made_step_by_step() -> None:
    rng = random.Random(21)
    markets, plans, traits = [], [], []
    for _ in range(4000):
        small = draw(rng, 7, 3, 4, 2)
        markets.append(small)
        plans.append(plan_of(rng, small))
        traits.append({(c, t) for c in small.lists for t in "xy" if rng.random() < 0.4})
    market = united(markets)
    reserves = [
        Reserve(name, market.program_id.index_of(f"{n:05d}/{p}"), at, kind, seats, trait, returns)
        for n, plan in enumerate(plans)
        for p, rows in plan.items()
        for at, (kind, trait, seats, returns, name) in enumerate(rows)
    ]
    names = market.applicant_id.to_list()
    child = market.child_of_row()
    holds = {
        t: np.array([(names[c].split("/")[1], t) in traits[int(names[c].split("/")[0])] for c in child])
        for t in "xy"
    }
    outcome = assign_reserved(market, reserves, holds)
    assert outcome.certificate.best
    found = split(market, outcome.held, len(markets))
    reserve_names = outcome.pools.names()
    pool = {names[c]: reserve_names[p] for c, p in enumerate(outcome.pool.tolist()) if p >= 0}
    for n, small in enumerate(markets):
        as_soft = {
            p: [("soft" if row[3] == "at_once" and row[0] == "hard" else row[0], *row[1:]) for row in rows]
            for p, rows in plans[n].items()
        }
        expected = slow(small, as_soft, traits[n])
        assert found[n] == {c: p for c, (p, _) in expected.items()}, (small, plans[n], traits[n])
        assert {c: pool[f"{n:05d}/{c}"] for c in found[n]} == {c: name for c, (_, name) in expected.items()}


def three(rows: list[Reserve]) -> list[str]:
    """Four children by ticket, two of them holders (a, c), at one programme of two seats: who gets in."""
    tickets = {c: n for n, c in enumerate("abcd")}
    small = Small({"p": 2}, {c: ["p"] for c in "abcd"}, tickets, {(c, "p"): 0 for c in "abcd"})
    market = united([small])
    outcome = assign_reserved(market, rows, {"t": np.array([True, False, True, False])})
    return sorted(split(market, outcome.held, 1)[0])


def test_the_position_matters_as_much_as_the_size() -> None:
    before = [Reserve("r", 0, 1, "hard", 1, "t")]
    after = [Reserve("r", 0, 2, "hard", 1, "t"), Reserve("o", 0, 1, "open")]
    assert three(before) == ["a", "b"]
    assert three(after) == ["a", "c"]


@pytest.mark.parametrize(
    ("returns", "who"), [("never", []), ("at_once", ["b", "d"]), ("after_run", ["b", "d"])]
)
def test_unfilled_seats_go_where_the_plan_says(returns: str, who: list[str]) -> None:
    small = Small({"p": 2}, {"b": ["p"], "d": ["p"]}, {"b": 1, "d": 2}, {("b", "p"): 0, ("d", "p"): 0})
    market = united([small])
    rows = [Reserve("r", 0, 1, "hard", 2, "t", returns)]
    outcome = assign_reserved(market, rows, {"t": np.array([False, False])})
    assert sorted(split(market, outcome.held, 1)[0]) == who
    assert outcome.moved.tolist() == ([2, 0] if returns == "after_run" else [0, 0])


def test_returned_seats_move_until_nothing_moves() -> None:
    """c leaves the reserve of q for a seat p gives back; q's own seat then goes to d."""
    small = Small(
        {"p": 1, "q": 1},
        {"c": ["p", "q"], "d": ["q"]},
        {"c": 1, "d": 2},
        {("c", "p"): 0, ("c", "q"): 0, ("d", "q"): 0},
    )
    market = united([small])
    rows = [Reserve("x", 0, 1, "hard", 1, "t", "after_run"), Reserve("y", 1, 1, "hard", 1, "u", "after_run")]
    traits = {"t": np.array([False] * 3), "u": np.array([False, True, False])}
    assert split(market, assign_reserved(market, rows, traits).held, 1) == [{"c": "p", "d": "q"}]


def test_empty_reserves_change_nothing() -> None:
    rng = random.Random(4)
    markets = [draw(rng, 7, 4, 2) for _ in range(300)]
    market = united(markets)
    none = np.zeros(market.program.size, bool)
    rows = [Reserve(f"r{p}", p, 1, "hard", 0, "t") for p in range(market.seats.size)]
    with_rows = assign_reserved(market, rows, {"t": none})
    assert (with_rows.held == assign_reserved(market, [], {}).held).all()


def test_every_fault_of_reserves_at_once() -> None:
    market = united([Small({"p": 2}, {"a": ["p"]}, {"a": 1}, {("a", "p"): 0})])
    rows = [
        Reserve("r1", 7, 1, "hard", 1, "t"),
        Reserve("r2", 0, 1, "hard", -1, "t"),
        Reserve("r3", 0, 2, "soft", 1, "nobody"),
        Reserve("r4", 0, 2, "hard", 3, "t"),
        Reserve("r5", 0, 3, "open"),
        Reserve("r6", 0, 4, "open"),
    ]
    with pytest.raises(BadData) as refused:
        assign_reserved(market, rows, {"t": np.array([True])})
    found = refused.value.findings
    assert [(one.value, one.code.split("_")[1]) for one in found] == [
        ("r1", "program"), ("r2", "negative"), ("r3", "trait"), ("r4", "position"), ("r4", "over"), ("r5",
        "over"), ("r6", "open"), ("r6", "over"),
    ]  # fmt: skip
    assert all(words(MESSAGES, one.code, one.parameters, "en") for one in found)
