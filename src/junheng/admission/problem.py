"""The market as numbers: who may be admitted where, in which order, frozen before anybody is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import TAIL
from junheng.admission.priority import Keys, keys
from junheng.admission.programme_keys import keys_apart


@dataclass(frozen=True, slots=True)
class Market:
    """Children are numbered by ticket (lowest first, equal tickets by id), programmes by id.

    `seats` by programme; child `c` applies in rows `start[c]:start[c + 1]` to `program[row]`, best first,
    with `priority[row]` (lower first). `ticket` is the text of each child's ticket as it was given,
    `drawn` its dense rank (equal tickets share one). `tickets` by application where every programme has
    tickets of its own: then these decide between equals, not the child's.
    """

    program_id: pl.Series
    applicant_id: pl.Series
    ticket: pl.Series
    drawn: NDArray[np.int64]
    seats: NDArray[np.int32]
    start: NDArray[np.int64]
    program: NDArray[np.int32]
    priority: NDArray[np.int64]
    tickets: pl.Series | None = None

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
        if self.tickets is not None and self.program.size:
            places = self.tickets.rank("dense").cast(pl.Int64).to_numpy()
            return keys_apart(self.program, band, None if by_ticket_alone else self.priority, places)
        return keys(self.program, band, None if by_ticket_alone else self.priority)

    def ticket_of(self, child: NDArray[np.int64], row: NDArray[np.int64]) -> pl.Series:
        """Ticket by which applications are ordered; any row where each child has one."""
        return self.ticket.gather(child) if self.tickets is None else self.tickets.gather(row)

    def standing(self) -> NDArray[np.int64]:
        """Priority of every application; with tickets of programmes its place by priority and ticket."""
        return self.priority if self.tickets is None else self.keys().words.astype(np.int64) >> TAIL

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
