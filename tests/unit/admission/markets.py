"""Small random markets as plain dictionaries, and many of them as one market of the engine: what has no
child and no programme in common does not meet, so one run answers all."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from junheng.admission.problem import Market


@dataclass
class Small:
    """Programmes with seats, children with lists (best first) and tickets, priorities by (child,
    programme)."""

    seats: dict[str, int]
    lists: dict[str, list[str]]
    ticket: dict[str, int]
    priority: dict[tuple[str, str], int] = field(default_factory=dict)

    def key(self, child: str, program: str) -> tuple[int, int]:
        """Lower is admitted first."""
        return self.priority[child, program], self.ticket[child]


def draw(
    rng: random.Random,
    children: int = 5,
    programs: int = 4,
    seats: int = 2,
    classes: int = 3,
    full: bool = False,
) -> Small:
    """A market of at most so many children and programmes, seats from 0, lists of any length from 0."""
    names = [f"c{i}" for i in range(rng.randint(1, children))]
    offered = [f"p{i}" for i in range(rng.randint(1, programs))]
    tickets = rng.sample(range(100), len(names))
    lists = {
        child: rng.sample(offered, len(offered) if full else rng.randint(0, len(offered))) for child in names
    }
    return Small(
        {program: rng.randint(0, seats) for program in offered},
        lists,
        dict(zip(names, tickets, strict=True)),
        {(child, program): rng.randrange(classes) for child in names for program in lists[child]},
    )


def united(markets: Sequence[Small]) -> Market:
    """All of them side by side; names carry the number of their market in front: `0007/c1`."""
    programs = sorted(
        (f"{n:05d}/{p}", seats) for n, small in enumerate(markets) for p, seats in small.seats.items()
    )
    number = {name: at for at, (name, _) in enumerate(programs)}
    children = sorted(
        (small.ticket[c], f"{n:05d}/{c}", n, c) for n, small in enumerate(markets) for c in small.lists
    )
    program: list[int] = []
    priority: list[int] = []
    start = [0]
    for _, _, n, child in children:
        for p in markets[n].lists[child]:
            program.append(number[f"{n:05d}/{p}"])
            priority.append(markets[n].priority[child, p])
        start.append(len(program))
    tickets = [ticket for ticket, *_ in children]
    return Market(
        program_id=pl.Series([name for name, _ in programs], dtype=pl.String),
        applicant_id=pl.Series([name for _, name, *_ in children], dtype=pl.String),
        ticket=pl.Series([str(ticket) for ticket in tickets], dtype=pl.String),
        drawn=pl.Series(tickets, dtype=pl.Int64).rank("dense").cast(pl.Int64).to_numpy() - 1,
        seats=np.array([seats for _, seats in programs], np.int32),
        start=np.array(start, np.int64),
        program=np.array(program, np.int32),
        priority=np.array(priority, np.int64),
    )


def split(market: Market, held: np.ndarray, count: int) -> list[dict[str, str]]:
    """What children hold, market by market; who holds nothing does not stand there."""
    found: list[dict[str, str]] = [{} for _ in range(count)]
    names, offered = market.applicant_id.to_list(), market.program_id.to_list()
    for child, row in enumerate(held.tolist()):
        if row < market.start[child + 1]:
            n, name = names[child].split("/")
            found[int(n)][name] = offered[market.program[row]].split("/")[1]
    return found
