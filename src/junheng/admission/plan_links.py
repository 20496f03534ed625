"""What a family link is worth before the draw: the same drawn orders with the links and without any, so that
both outcomes can be shown to a family before it asks to be linked (a link can hurt)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.plan_chances import runs
from junheng.admission.plan_market import PlanMarket, with_twins
from junheng.admission.plan_one_list import OneList, one_list
from junheng.admission.plan_programme import apart, drawn_words
from junheng.model.errors import Refused

Whole = NDArray[np.int64]


def link_chances(problem: PlanMarket, draws: int = 1000, seed: int = 7) -> pl.DataFrame:
    """`family_id, applicant_id, draws` of every linked child and, as shares of the draws: `together`,
    `together_alone` (the family at one programme, with the links and without), `seated`, `seated_alone` (the
    child has a seat by her lists), `better`, `worse` (with the links she holds an earlier or a later choice
    than without). All links of the plan stand or fall together.

    Refused `admission.no_lists`, `admission.links_none` for a plan that links nobody,
    `admission.chances_siblings`; ValueError below one draw.
    """
    if draws < 1:
        raise ValueError(f"{draws} draws")
    plan = problem.plan
    if plan.zone_lists is not None and plan.zone_lists.lifts:
        raise Refused("admission.chances_siblings", {"plan": plan.title})
    ids = problem.standing.select("applicant_id").sort("applicant_id").with_row_index("drawn")
    order = ids.select("applicant_id", pl.lit("").alias("ticket"), pl.col("drawn").cast(pl.Int64))
    one = one_list(problem, with_twins(problem, order))
    families = [*one.pairs, *one.blocks]
    if not families:
        raise Refused("admission.links_none", {"plan": plan.title})
    alone = replace(one, pairs=(), blocks=())
    kin = np.array([child for family in families for child in family])
    counts = {name: np.zeros(kin.size, np.int64) for name in _COUNTED}
    every = (_places(lists, draws, seed, apart(plan)) for lists in (one, alone))
    for places in zip(*every, strict=True):
        sits = [place < np.diff(one.start) for place in places]
        for at, name in enumerate(("together", "together_alone")):
            counts[name] += np.concatenate(
                [np.full(len(family), _together(one, places[at], family)) for family in families]
            )
        counts["seated"] += sits[0][kin]
        counts["seated_alone"] += sits[1][kin]
        counts["better"] += (places[0] < places[1])[kin]
        counts["worse"] += (places[0] > places[1])[kin]
    names = dict(
        problem.tables["families"]
        .filter(pl.col("link") == "twins")
        .select("applicant_id", "family_id")
        .iter_rows()
    )
    who = [one.applicant_id[child] for child in kin.tolist()]
    shares = {name: values / draws for name, values in counts.items()}
    return pl.DataFrame(
        {
            "family_id": [names[child] for child in who],
            "applicant_id": who,
            "draws": [draws] * len(who),
            **shares,
        }
    ).sort("family_id", "applicant_id")


_COUNTED = ("together", "together_alone", "seated", "seated_alone", "better", "worse")


def _places(one: OneList, draws: int, seed: int, apart: bool) -> Iterator[Whole]:
    """For every draw the place of what each child holds on her own list, its length where nothing."""
    if apart:
        for number in range(draws):
            yield one.settled(words=drawn_words(one, seed, number)).held - one.start[:-1]
        return
    for order, begin, held in runs(one, draws, seed):
        places = np.empty(order.size, np.int64)
        places[order] = held - begin[:-1]
        yield places


def _together(one: OneList, places: Whole, family: tuple[int, ...]) -> bool:
    rows = [int(one.start[child] + places[child]) for child in family]
    if any(row >= one.start[child + 1] for row, child in zip(rows, family, strict=True)):
        return False
    return len({int(one.program[one.pool[row]]) for row in rows}) == 1
