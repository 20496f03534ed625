"""What would have been enough for a choice that was refused: the last ticket, the nearest class, the fewest
points with which the child would hold it or a better one, all others as they are.

Found by bisection on the plan as one list a child (entry) or on the batch (scores): deferred acceptance never
answers a better ticket, class or score with a worse place (Balinski & Sönmez 1999). Where families look for
one school first that may fail: then only what a run showed is said.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import TAIL
from junheng.admission.families import settle
from junheng.admission.messages import MESSAGES
from junheng.admission.plan_chances import dealt
from junheng.admission.plan_market import order_of
from junheng.admission.plan_one_list import OneList, one_list
from junheng.admission.plan_programme import FIELD as LOTTERY
from junheng.admission.plan_programme import apart
from junheng.admission.plan_stage import Pooled, StageOutcome
from junheng.admission.plan_stage_tables import components
from junheng.admission.plan_what_if import moved_to, together
from junheng.model.errors import Refused
from junheng.model.reason import Language, words

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanResult

Whole = NDArray[np.int64]
Fact = tuple[str, Mapping[str, Any]]
"""Code of the catalogue and its parameters."""
REFUSED_THERE = ("BELOW_CUTOFF", "RESERVE_FULL", "NO_OPEN_SEATS")
"""Codes of choices a better ticket, class or score might have won."""
TOTAL = "total"
_LISTS = "_one_list"


def enough(result: PlanResult, applicant_id: str, language: Language = "zh") -> list[str]:
    """A line for every refused choice, in their order, each saying that others are unchanged. Refused
    `admission.applicant_unknown`."""
    return worded(result, facts(result, applicant_id), language)


def worded(result: PlanResult, found: Sequence[Fact], language: Language) -> list[str]:
    """Facts as lines of a language."""
    names = {one.id: one.name for one in result.problem.plan.batches}
    said: list[str] = []
    for code, about in found:
        batch = names.get(about["batch"]) or words(
            MESSAGES, f"admission.stage.{about['batch']}", {}, language
        )
        shown = {**about, "batch": batch}
        if about.get("field") == TOTAL:
            shown["field"] = words(MESSAGES, "admission.total", {}, language)
        said.append(words(MESSAGES, code, shown, language))
    return said


def facts(result: PlanResult, applicant_id: str) -> list[Fact]:
    """What the lines say, in no language: code and parameters, `batch` by its id. Worked out once for all
    languages, since every fact runs the lists many times. Refused `admission.applicant_unknown`."""
    if applicant_id not in result.problem.standing["applicant_id"]:
        raise Refused("admission.applicant_unknown", {"applicant": applicant_id})
    refused = result.application_reasons.filter(
        (pl.col("applicant_id") == applicant_id) & pl.col("code").is_in(REFUSED_THERE)
    )
    rows = refused.unique(["batch", "choice_rank", "program_id"], keep="last", maintain_order=True)
    order = {one.stage_id: at for at, one in enumerate(result.stages)}
    if rows.is_empty():
        return []
    found: list[Fact] = []
    told = sorted(rows.iter_rows(named=True), key=lambda row: (order[row["batch"]], row["choice_rank"]))
    entry = _Entry(result, applicant_id) if result.problem.plan.score is None else None
    for row in told:
        batch = row["batch"]
        about = {"batch": batch, "rank": row["choice_rank"], "program": row["program_id"]}
        if entry is not None:
            found += entry.told(batch, row["choice_rank"], about)
        else:
            stage = next(one for one in result.stages if one.stage_id == batch)
            found.append(_by_score(result, stage, applicant_id, row["choice_rank"], about))
    return found


def _last(most: int, suffices: Callable[[int], bool]) -> int:
    """The largest number up to `most` that suffices where every smaller one does too; 0 where none does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if suffices(middle):
            low = middle
        else:
            high = middle - 1
    return low


class _Entry:
    """One child on the lists of an entry plan."""

    def __init__(self, result: PlanResult, applicant_id: str) -> None:
        self.result, self.child = result, applicant_id
        held: dict[str, Any] = vars(result)
        if _LISTS not in held:  # the same for every child
            held[_LISTS] = one_list(result.problem, order_of(result.problem, result.tickets))
        self.one: OneList = held[_LISTS]
        self.order = self.one.applicant_id.to_list()
        self.bound = [one for one in together(result.problem, applicant_id) if one in self.order]
        self.at = self.order.index(applicant_id)
        self.place = min(self.order.index(one) for one in self.bound) + 1

    def told(self, batch: str, rank: int, about: Mapping[str, Any]) -> list[Fact]:
        target = self._target(batch, rank)
        said: list[Fact] = []
        if apart(self.result.problem.plan):
            said += [] if self.one.blocks else self._by_lot(batch, target, about)
            place = 0
        else:
            place = _last(self.place - 1, lambda place: self._held_at(place) <= target)
        if place:
            numbers = {**about, "place": place, "mine": self.place, "of": len(self.order)}
            draw = self.result.problem.plan.draw
            ring = draw is not None and draw.ring
            code = "admission.enough_ring" if ring else "admission.enough_ticket"
            said.append(("admission.enough_place" if self.one.blocks else code, numbers))
        name = self._class(batch, target)
        if name:
            said.append(("admission.enough_class", {**about, "identity": name}))
        unsure = self.one.blocks  # a heuristic may answer a better ticket with a worse place
        return said or [("admission.enough_block" if unsure else "admission.enough_nothing", about)]

    def _by_lot(self, batch: str, target: int, about: Mapping[str, Any]) -> Iterator[Fact]:
        """The place among the tickets of the programme with which the child would hold it or better."""
        one = self.one
        part = [stage.held.stage_id for stage in one.stages].index(batch)
        last = one.start[self.at] + target
        rows = self._rows(self.at)
        rows = rows[one.program[one.pool[rows]] == one.program[one.pool[last]]]
        places = components(one.stages[part])[LOTTERY]
        mine = int(places[one.source[last]])

        def suffices(place: int) -> bool:
            level = _with_field(one, part, rows, LOTTERY, np.full(rows.size, 2 * place - 1), scale=2)
            wide = one.pool.astype(np.int64) | (level << TAIL)
            return int(one.settled(words=wide).held[self.at] - one.start[self.at]) <= target

        if place := _last(mine - 1, suffices):
            tickets = self.result.problem.tables[LOTTERY]
            of = tickets.filter(pl.col("program_id") == about["program"]).height
            yield "admission.enough_lottery", {**about, "place": place, "mine": mine, "of": of}

    def _target(self, batch: str, rank: int) -> int:
        """Last row, from the child's first, of a choice."""
        one, rows = self.one, self._rows(self.at)
        part = [stage.held.stage_id for stage in one.stages].index(batch)
        of = (one.part[rows] == part) & (one.choice_rank[rows] == rank)
        return int(np.flatnonzero(of).max())

    def _rows(self, child: int) -> Whole:
        return np.arange(self.one.start[child], self.one.start[child + 1])

    def _held_at(self, place: int) -> int:
        """Row held, from the child's first, with the ticket at another place."""
        number = {name: at for at, name in enumerate(self.order)}
        now = [number[name] for name in moved_to(self.order, self.bound, place)]
        twin = {a: b for pair in self.one.pairs for a, b in (pair, pair[::-1])}
        side: dict[int, None] = {}  # a place between two twins is behind both
        for child in now:
            side |= dict.fromkeys((child, twin.get(child, child)))
        order = np.array(list(side), np.int64)
        begin = np.zeros(order.size + 1, np.int64)
        out = np.empty_like(self.one.words)
        dealt(order, self.one.start, self.one.words, begin, out)
        marks = None
        if self.one.marks is not None:
            marks = np.empty_like(self.one.marks)
            dealt(order, self.one.start, self.one.marks, begin, marks)
        where = {int(child): at for at, child in enumerate(order)}
        one = self.one
        pairs = [tuple(sorted((where[a], where[b]))) for a, b in one.pairs]
        found = settle(
            one.seats,
            begin,
            out,
            program=one.program,
            gives=one.gives if bool((one.gives >= 0).any()) else None,
            pairs=[(a, b) for a, b in pairs],
            last_seat=one.last_seat,
            first=one.private,
            rule=one.rule,
            marks=marks,
            blocks=[tuple(sorted(where[child] for child in family)) for family in one.blocks],
        )
        mine = where[self.at]
        return int(found.held[mine] - begin[mine])

    def _class(self, batch: str, target: int) -> str:
        """Name of the nearest better identity that would have been enough; empty where none would."""
        one, plan = self.one, self.result.problem.plan
        part = [stage.held.stage_id for stage in one.stages].index(batch)
        if "class" not in one.stages[part].held.fields:
            return ""
        mine = [self.order.index(name) for name in self.bound]
        rows = np.concatenate([self._rows(child) for child in mine])
        rows = rows[one.part[rows] == part]
        own = components(one.stages[part])["class"][one.source[rows]]
        for better in range(int(own.max()) // 2 - 1, -1, -1):
            if plan.identities[better].to == "refused":
                continue
            level = _with_field(one, part, rows, "class", 2 * better + own % 2)
            wide = one.pool.astype(np.int64) | (level << TAIL)
            found = one.settled(words=wide)
            if int(found.held[self.at] - one.start[self.at]) <= target:
                return plan.identities[better].name
        return ""


def _with_field(one: OneList, part: int, rows: Whole, name: str, values: Whole, scale: int = 1) -> Whole:
    """Levels of all rows with one field changed in some; twice as many, to fit in between. The field of all
    others is taken `scale` times."""
    mine = np.flatnonzero(one.part == part)
    ranks, found = _between(one.stages[part], one.source[rows], name, values, scale)
    level = 2 * one.level + 1
    level[mine] = ranks[one.source[mine]]
    level[rows] = found
    return level


def _between(stage: Pooled, rows: Whole, name: str, values: Whole, scale: int = 1) -> tuple[Whole, Whole]:
    """(odd number of every row's key in the order of keys, number of the keys of `rows` with a field
    changed: odd where there is such a key, even between two)."""
    parts = {field: column for field, column in components(stage).items() if field != "ticket"}
    table = np.stack(list(parts.values()), axis=1)
    table[:, list(parts).index(name)] *= scale
    keys, inverse = np.unique(table, axis=0, return_inverse=True)
    changed = table[rows].copy()
    changed[:, list(parts).index(name)] = values
    known: list[tuple[int, ...]] = [tuple(one) for one in keys.tolist()]
    found: list[int] = []
    for key in (tuple(one) for one in changed.tolist()):
        at = bisect_left(known, key)
        found.append(2 * at + (1 if at < len(known) and known[at] == key else 0))
    return 2 * inverse.reshape(-1).astype(np.int64) + 1, np.array(found, np.int64)


def _by_score(
    result: PlanResult,
    stage: StageOutcome,
    applicant_id: str,
    rank: int,
    about: Mapping[str, Any],
) -> Fact:
    """Fewest points more in the first part of the chain, within its batch."""
    score = result.problem.plan.score
    assert score is not None
    one = stage.run.pools
    child = one.held.market.applicant_id.index_of(applicant_id)
    assert child is not None
    rows = np.arange(one.start[child], one.start[child + 1])
    ranks = one.held.rows["choice_rank"].cast(pl.Int64).to_numpy()[one.row[rows]]
    target = int(np.flatnonzero(ranks == rank).max())
    field = one.held.fields[0]
    own = components(one)[field][rows]
    most = int(score.total / score.unit) - int(-own[0])

    def held(more: int) -> int:
        level, changed = _between(one, rows, field, own - more)
        level[rows] = changed
        pool = one.words.astype(np.int64) & ((1 << TAIL) - 1)
        found = settle(one.seats, one.start, pool | (level << TAIL), program=one.of_pool, gives=one.gives)
        return int(found.held[child] - one.start[child])

    if most < 1 or held(most) > target:
        return "admission.enough_nothing", about
    spare = _last(most - 1, lambda less: held(most - less) <= target)
    more = Fraction(most - spare) * score.unit
    mine = Fraction(int(-own[0])) * score.unit
    numbers = {**about, "field": field, "points": _plain(mine + more), "more": _plain(more)}
    return "admission.enough_score", numbers


def _plain(points: Fraction) -> str:
    return f"{float(points):g}"
