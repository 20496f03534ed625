"""An entry plan as one list a child: the pools of the private draw first, then those of the zone lists.

A child who asks for a private school comes to the zone lists only after losing there, so the class of a
loser is known beforehand; private and public programmes differ, so their pools never compare keys. The whole
plan up to 统筹 is therefore one deferred acceptance, equal to running its stages one after the other. On it
rest the public draw, chances, second rounds and what would have been enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, TAIL, Words
from junheng.admission.eligibility import REFUSED
from junheng.admission.families import LastSeat, Settled, settle, twin_faults
from junheng.admission.meritorious import Meritorious
from junheng.admission.plan_lists import StageProblem, private_lists, twin_rules, zone_lists
from junheng.admission.plan_stage import Pooled, pooled
from junheng.model.errors import BadData, Refused

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanMarket

Whole = NDArray[np.int64]
_NARROW = 1 << (31 - TAIL)


@dataclass(frozen=True)
class OneList:
    """Children in the order of tickets; child `c` applies in rows `start[c]:start[c + 1]` to `pool[row]` at
    `level[row]` (lower first, then the child's number). By pool: `seats`, `program_id`, `reserve_id`,
    `program` (a number, the same for pools of one programme), the pool it `gives` unfilled seats to (-1:
    none) and whether it is `private`. Row `row` is application `source[row]` of stage `part[row]` of
    `stages`. `sure` children (applicant_id, program_id) are never refused there. `rule` with `marks` by row:
    pools choose by overlapping reserves; `blocks`: families who want one school before their own ranks."""

    applicant_id: pl.Series
    start: Whole
    pool: NDArray[np.int32]
    level: Whole
    choice_rank: Whole
    part: Whole
    source: Whole
    seats: NDArray[np.int32]
    program_id: pl.Series
    reserve_id: pl.Series
    program: Whole
    gives: Whole
    private: NDArray[np.bool_]
    stages: tuple[Pooled, ...]
    pairs: tuple[tuple[int, int], ...]
    last_seat: LastSeat
    sure: pl.DataFrame
    rule: Meritorious | None = None
    marks: Whole | None = None
    blocks: tuple[tuple[int, ...], ...] = ()

    @cached_property
    def words(self) -> Words:
        """For the kernel, 32 bits where levels are few."""
        if self.level.size == 0 or int(self.level.max()) < _NARROW:
            return self.pool | (self.level << TAIL).astype(np.int32)
        return self.pool | (self.level << TAIL)

    def child_of_row(self) -> Whole:
        """Child of every row."""
        return np.repeat(np.arange(self.start.size - 1), np.diff(self.start))

    def settled(self, seats: NDArray[np.int32] | None = None, words: Words | None = None) -> Settled:
        """What each child holds, with twins and returned seats, on these lists or on other words of them."""
        return settle(
            self.seats if seats is None else seats,
            self.start,
            self.words if words is None else words,
            program=self.program,
            gives=self.gives if bool((self.gives >= 0).any()) else None,
            pairs=self.pairs,
            last_seat=self.last_seat,
            first=self.private,
            rule=self.rule,
            marks=self.marks,
            blocks=self.blocks,
        )


def one_list(problem: PlanMarket, order: pl.DataFrame) -> OneList:
    """The lists of an entry plan over children in the `order` of tickets (`plan_market.order_of`). Refused
    `admission.no_lists` for a plan without lists (batches by score, placement alone); BadData
    `admission.bad_families`, `admission.bad_reserves`."""
    plan, tables = problem.plan, problem.tables
    if plan.zone_lists is None and plan.private is None:
        raise Refused("admission.no_lists", {"plan": plan.title})
    children = problem.standing.filter(pl.col("identity_no") != REFUSED)
    twins = twin_rules(plan, tables, order)
    found: list[StageProblem] = []
    lost = pl.Series("applicant_id", [], dtype=pl.String)
    private = private_lists(plan, tables, children, order, twins)
    if private is not None:
        found.append(private)
        lost = private.held.rows["applicant_id"].unique()
    lists = zone_lists(plan, tables, children, lost, order, twins)
    sure = pl.DataFrame(schema={"applicant_id": pl.String, "program_id": pl.String})
    if lists is not None:
        found.append(lists)
        sure = sure if lists.rules.guaranteed is None else lists.rules.guaranteed
    stages = tuple(pooled(one.held, one.rules) for one in found)
    joined = _joined(order["applicant_id"], stages)
    one = OneList(
        **joined,
        private=np.repeat(
            [one.held.stage_id == "private" for one in found], [one.seats.size for one in stages]
        ),
        stages=stages,
        pairs=tuple(twins.numbered(order["applicant_id"])),
        last_seat=twins.last_seat,
        sure=sure,
        blocks=tuple(twins.families(order["applicant_id"])),
    )
    if faults := twin_faults(one.applicant_id, one.start, one.words, one.pairs, one.marks):
        raise BadData("admission.bad_families", {"count": len(faults)}, faults)
    return one


def _joined(applicant_id: pl.Series, stages: tuple[Pooled, ...]) -> dict[str, Any]:
    """Rows and pools of the stages side by side, each child's rows in the order of the stages."""
    children = applicant_id.len()
    child = np.concatenate([np.repeat(np.arange(children), np.diff(one.start)) for one in stages])
    part = np.repeat(np.arange(len(stages)), [one.words.size for one in stages])
    source = np.concatenate([np.arange(one.words.size) for one in stages])
    before = np.cumsum([0, *(one.seats.size for one in stages)])
    offered = np.cumsum([0, *(one.held.market.seats.size for one in stages)])
    pool = np.concatenate(
        [(one.words & LOW) + at for one, at in zip(stages, before, strict=False)], dtype=np.int64
    )
    level = np.concatenate([one.words.astype(np.int64) >> TAIL for one in stages])
    rank = np.concatenate([one.held.rows["choice_rank"].cast(pl.Int64).to_numpy()[one.row] for one in stages])
    order = np.lexsort((source, part, child))
    gives = [
        np.full(one.seats.size, -1) if one.gives is None else np.where(one.gives >= 0, one.gives + at, -1)
        for one, at in zip(stages, before, strict=False)
    ]
    rule, marks = _chosen(stages)
    return {
        "rule": rule,
        "marks": None if marks is None else marks[order],
        "applicant_id": applicant_id,
        "start": np.searchsorted(child[order], np.arange(children + 1)).astype(np.int64),
        "pool": pool[order].astype(np.int32),
        "level": level[order],
        "choice_rank": rank[order],
        "part": part[order],
        "source": source[order],
        "seats": np.concatenate([one.seats for one in stages]).astype(np.int32),
        "program_id": pl.concat([one.held.market.program_id.gather(one.of_pool) for one in stages]),
        "reserve_id": pl.Series([name for one in stages for name in one.names], dtype=pl.String),
        "program": np.concatenate([one.of_pool + at for one, at in zip(stages, offered, strict=False)]),
        "gives": np.concatenate(gives).astype(np.int64),
    }


def _chosen(stages: tuple[Pooled, ...]) -> tuple[Meritorious | None, Whole | None]:
    """The rule over the pools of all stages, and the marks of their rows side by side; None where no stage
    has one. Only the last stage, the zone lists, can."""
    if all(one.rule is None for one in stages):
        return None, None
    *before, last = stages
    assert last.rule is not None and last.marks is not None
    marks = [np.zeros(one.words.size, np.int64) for one in before]
    return last.rule.after(sum(one.seats.size for one in before)), np.concatenate([*marks, last.marks])
