"""The market as numbers: who may be admitted where, in which order, frozen before anybody is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.priority import Keys, keys


@dataclass(frozen=True, slots=True)
class Market:
    """Children are numbered by ticket (lowest first, equal tickets by id), programmes by id.

    `seats` by programme; child `c` applies in rows `start[c]:start[c + 1]` to `program[row]`, best first,
    with `priority[row]` (lower first). `ticket` is the text of each child's ticket as it was given,
    `drawn` its dense rank (equal tickets share one).
    """

    program_id: pl.Series
    applicant_id: pl.Series
    ticket: pl.Series
    drawn: NDArray[np.int64]
    seats: NDArray[np.int32]
    start: NDArray[np.int64]
    program: NDArray[np.int32]
    priority: NDArray[np.int64]

    @property
    def children(self) -> int:
        """How many applicants, with or without a list."""
        return self.start.size - 1

    @property
    def longest(self) -> int:
        """Length of the longest list."""
        return int(np.diff(self.start).max()) if self.children else 0

    def child_of_row(self) -> NDArray[np.int64]:
        """Child of every application."""
        return np.repeat(np.arange(self.children, dtype=np.int64), np.diff(self.start))

    def choice(self) -> NDArray[np.int64]:
        """Rank of every application in its child's list, from 1."""
        return (
            np.arange(self.program.size, dtype=np.int64) - np.repeat(self.start[:-1], np.diff(self.start)) + 1
        )

    def keys(self, bands: NDArray[np.int64] | None = None, *, by_ticket_alone: bool = False) -> Keys:
        """Keys of all applications; `bands` gives the band of choice 1, 2, …"""
        band = None if bands is None else bands[self.choice() - 1]
        return keys(self.program, band, None if by_ticket_alone else self.priority)

    def undecided(self, used: Keys) -> NDArray[np.int64]:
        """Rows of applications to one programme that nothing orders: equal level and equal ticket;
        grouped, in the order of children."""
        shared = np.flatnonzero(np.bincount(self.drawn, minlength=1)[self.drawn] > 1) if self.children else []
        if len(shared) == 0:
            return np.zeros(0, np.int64)
        child = self.child_of_row()
        row = np.flatnonzero(np.isin(child, shared))
        frame = pl.DataFrame(
            {"row": row, "word": used.words[row].astype(np.int64), "ticket": self.drawn[child[row]]}
        )
        tied = frame.filter(pl.len().over("word", "ticket") > 1).sort("word", "ticket", "row")
        return tied["row"].to_numpy()
