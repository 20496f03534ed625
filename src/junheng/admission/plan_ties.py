"""A batch whose ties at the line are admitted or refused together (末位同分), as the outcome of a stage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from junheng.admission.bands import band_of_choice
from junheng.admission.certificate import certify
from junheng.admission.families import Settled
from junheng.admission.plan_stage import NO_RULES, Stage, StageOutcome, StageRun, outcome, pooled
from junheng.admission.score_limits import GroupRule, assign_groups, check_groups


def run_ties(held: Stage, rule: GroupRule, max_over: int | None = None) -> StageOutcome:
    """Run a stage by whole groups of equal keys; tickets decide nothing. Seats of a programme that let in
    more count as added, those a refused group leaves are no seats of this run. Refused
    `admission.over_limit`."""
    market = held.market
    key = market.priority
    if held.bands:
        band = band_of_choice(held.bands, market.longest)[market.choice() - 1]
        key = band * (int(key.max(initial=0)) + 1) + key
    grouped = replace(market, priority=key, drawn=np.zeros(market.children, np.int64))
    limits = assign_groups(grouped, rule, max_over=max_over)
    one = pooled(held, NO_RULES)
    rows = limits.held[limits.held < market.start[1:]]
    filled = np.bincount(market.program[rows], minlength=market.seats.size)
    turned = limits.barred <= int(limits.group.max(initial=-1))
    seats = np.where(turned, filled, np.maximum(market.seats, filled)).astype(np.int32)
    added = np.maximum(filled - market.seats, 0).astype(np.int64)
    found = Settled(limits.held, seats, added, limits.held)
    proof = certify(seats, one.start, one.words, limits.held)
    failed = check_groups(grouped, rule, limits)
    if proof.over.size:
        failed = (*failed, "seats")
    return outcome(StageRun(one, NO_RULES, found, proof), failed)
