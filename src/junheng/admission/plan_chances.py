"""Chances before the draw: the whole plan run on many drawn orders, or counted exactly where a pool stands
alone.

Every draw has random numbers of its own (seed and number of the draw), so the answer depends on nothing
but the lists, the seed and how many draws there are. A chance is no promise: it holds while lists stay as
they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from junheng.admission.families import settle
from junheng.admission.plan_market import PlanMarket, with_twins
from junheng.admission.plan_one_list import OneList, one_list
from junheng.admission.plan_programme import apart, drawn_words
from junheng.model.errors import Refused

Whole = NDArray[np.int64]
_Z = 1.959963984540054
"""Normal quantile of a 95 % interval (Wilson 1927)."""


def chances(problem: PlanMarket, draws: int = 1000, seed: int = 7) -> pl.DataFrame:
    """`applicant_id, program_id, share, low, high, draws, band_tenths` of every programme a child may get by
    her lists (blank: none of them; 统筹 comes after): share of draws, its 95 % interval, and the share in
    tenths for people. Where a programme shares no applicant with another the share is exact and `draws` is 0.

    Refused `admission.no_lists` for plans without lists, `admission.chances_siblings` where elder siblings
    lift younger ones in the run; ValueError below one draw.
    """
    if draws < 1:
        raise ValueError(f"{draws} draws")
    ids = problem.standing.select("applicant_id").sort("applicant_id").with_row_index("drawn")
    order = ids.select("applicant_id", pl.lit("").alias("ticket"), pl.col("drawn").cast(pl.Int64))
    if problem.plan.zone_lists is not None and problem.plan.zone_lists.lifts:
        raise Refused("admission.chances_siblings", {"plan": problem.plan.title})
    one = one_list(problem, with_twins(problem, order))
    counts, none = counted(one, draws, seed, apart=apart(problem.plan))
    return _told(one, counts, none, draws)


def counted(one: OneList, draws: int, seed: int, *, apart: bool = False) -> tuple[Whole, Whole]:
    """How often each row of the lists was held, and how often each child held none; `apart` with a ticket
    for each programme."""
    counts, none = np.zeros(one.pool.size, np.int64), np.zeros(one.start.size - 1, np.int64)
    if apart:
        order = np.arange(none.size)
        for number in range(draws):
            held = one.settled(words=drawn_words(one, seed, number)).held
            _tally(order, one.start, one.start, held, counts, none)
        return counts, none
    for order, begin, held in runs(one, draws, seed):
        _tally(order, one.start, begin, held, counts, none)
    return counts, none


def runs(one: OneList, draws: int, seed: int) -> Iterator[tuple[Whole, Whole, Whole]]:
    """For every draw the order of children, where their rows begin in that order, and the rows they hold."""
    children = one.start.size - 1
    partner = np.full(children, -1, np.int64)
    for a, b in one.pairs:
        partner[a], partner[b] = b, a
    gives = one.gives if bool((one.gives >= 0).any()) else None
    order = np.empty(children, np.int64)
    begin = np.zeros(children + 1, np.int64)
    words = np.empty_like(one.words)
    marks = None if one.marks is None else np.empty_like(one.marks)
    linked = bool(one.pairs or one.blocks)
    for number in range(draws):
        _shuffle(order, partner, seed, number)
        dealt(order, one.start, one.words, begin, words)
        if one.marks is not None and marks is not None:
            dealt(order, one.start, one.marks, begin, marks)
        place = {int(child): at for at, child in enumerate(order)} if linked else {}
        pairs = [(min(place[a], place[b]), max(place[a], place[b])) for a, b in one.pairs]
        found = settle(
            one.seats, begin, words,
            program=one.program, gives=gives, pairs=pairs, last_seat=one.last_seat, first=one.private,
            rule=one.rule, marks=marks,
            blocks=[tuple(sorted(place[c] for c in family)) for family in one.blocks],
        )  # fmt: skip
        yield order, begin, found.held


@njit(cache=True)
def _mixed(state: Any) -> Any:
    """One step of SplitMix64 (Steele, Lea & Flood 2014)."""
    z = state
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True)
def _shuffle(order: Whole, partner: Whole, seed: int, number: int) -> None:
    """A drawn order of children (Fisher & Yates); a bound twin follows her twin."""
    children = order.size
    step = np.uint64(0x9E3779B97F4A7C15)
    state = _mixed(np.uint64(seed) * step + np.uint64(number) + np.uint64(1))
    drawn = np.arange(children)
    for last in range(children - 1, 0, -1):
        state += step
        at = np.int64((_mixed(state) >> np.uint64(11)) * (1.0 / (1 << 53)) * (last + 1))
        drawn[last], drawn[at] = drawn[at], drawn[last]
    placed = np.zeros(children, np.bool_)
    count = 0
    for child in drawn:
        if placed[child]:
            continue
        order[count] = child
        placed[child] = True
        count += 1
        if partner[child] >= 0:
            order[count] = partner[child]
            placed[partner[child]] = True
            count += 1


@njit(cache=True)
def dealt(order: Whole, start: Whole, words: Any, begin: Whole, out: Any) -> None:
    """The lists with children in another order."""
    at = 0
    for place in range(order.size):
        child = order[place]
        begin[place] = at
        for row in range(start[child], start[child + 1]):
            out[at] = words[row]
            at += 1
    begin[order.size] = at


@njit(cache=True)
def _tally(order: Whole, start: Whole, begin: Whole, held: Whole, counts: Whole, none: Whole) -> None:
    for place in range(order.size):
        child = order[place]
        if held[place] < begin[place + 1]:
            counts[start[child] + held[place] - begin[place]] += 1
        else:
            none[child] += 1


def exact(one: OneList) -> NDArray[np.float64]:
    """Chance of each row whose pool only children with no other choice ask for, NaN of all others."""
    share = np.full(one.pool.size, np.nan)
    if one.pairs or one.blocks or one.rule is not None:
        return share
    child, offered = one.child_of_row(), one.seats[one.pool] > 0
    if bool((one.gives >= 0).any()):
        return share
    lengths = np.bincount(child[offered], minlength=one.start.size - 1)
    alone = (lengths <= 1)[child]
    mixed = np.zeros(one.seats.size, bool)
    mixed[one.pool[~alone]] = True
    share[alone & ~offered] = 0.0
    rows = np.flatnonzero(alone & offered & ~mixed[one.pool])
    share[np.isin(child, child[np.flatnonzero(alone & offered & mixed[one.pool])])] = np.nan
    pool, level = one.pool[rows].astype(np.int64), one.level[rows]
    frame = pl.DataFrame({"pool": pool, "level": level})
    by = frame.group_by("pool", "level").len("same").sort("pool", "level")
    by = by.with_columns((pl.col("same").cum_sum().over("pool") - pl.col("same")).alias("better"))
    joined = frame.join(by, on=["pool", "level"], how="left", maintain_order="left")
    left = one.seats[pool] - joined["better"].to_numpy().astype(np.int64)
    share[rows] = np.clip(left / joined["same"].to_numpy(), 0.0, 1.0)
    return share


def _told(one: OneList, counts: Whole, none: Whole, draws: int) -> pl.DataFrame:
    child = one.child_of_row()
    known = exact(one)
    sure: dict[str, str] = dict(one.sure.iter_rows())
    rows = pl.DataFrame(
        {
            "child": child,
            "applicant_id": one.applicant_id.gather(child),
            "program_id": one.program_id.gather(one.pool),
            "times": counts,
            "exact": known,
        }
    )
    without = pl.DataFrame(
        {
            "child": np.arange(none.size),
            "applicant_id": one.applicant_id,
            "program_id": [sure.get(name, "") for name in one.applicant_id],
            "times": none,
            "exact": np.where(np.diff(one.start) == 0, 1.0, np.nan),
        }
    )
    found = rows.filter(pl.col("exact").is_not_nan()).group_by("child", "applicant_id", maintain_order=True)
    single = found.agg(pl.col("times").sum(), (1 - pl.col("exact").sum()).alias("exact"))
    names = [sure.get(name, "") for name in single["applicant_id"]]
    single = single.select(
        *("child", "applicant_id"), pl.Series("program_id", names, dtype=pl.String), "times", "exact"
    )
    without = pl.concat([without.join(single, on="child", how="anti"), single], how="vertical_relaxed")
    n = float(draws)
    share = pl.when(pl.col("exact").is_not_nan()).then("exact").otherwise(pl.col("times") / n)
    middle, width = pl.col("share") + _Z**2 / (2 * n), pl.col("share") * (1 - pl.col("share")) / n
    half = _Z * (width + _Z**2 / (4 * n**2)).sqrt()
    spread = 1 + _Z**2 / n
    simulated = pl.col("exact").is_nan()
    return (
        pl.concat([rows, without], how="vertical_relaxed")
        .group_by("applicant_id", "program_id", maintain_order=True)
        .agg(pl.col("times").sum(), pl.col("exact").sum())
        .with_columns(share.alias("share"))
        .select(
            "applicant_id",
            "program_id",
            "share",
            pl.min_horizontal("share", pl.when(simulated).then((middle - half) / spread)).alias("low"),
            pl.max_horizontal("share", pl.when(simulated).then((middle + half) / spread)).alias("high"),
            pl.when(simulated).then(pl.lit(draws)).otherwise(0).cast(pl.Int64).alias("draws"),
            (pl.col("share") * 10).round().cast(pl.Int64).alias("band_tenths"),
        )
        .sort("applicant_id", "program_id")
    )
