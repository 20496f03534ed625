"""Quota seats an origin does not fill, shared again among the origins that still ask for the programme."""

from __future__ import annotations

import polars as pl

from junheng.admission.apportionment import apportion
from junheng.admission.plan_stage import StageOutcome


def share_again(pools: pl.DataFrame, done: StageOutcome) -> pl.DataFrame | None:
    """`pools` (program_id: the pool, real: its programme, origin, seats, …) with the seats left over of each
    programme apportioned over its pools by how many wait there, none getting more than wait; None where no
    seat is left that anybody waits for. Seats nobody took move only, so no child is worse off in the run that
    follows."""
    waits = dict(done.waiting.group_by("program_id").agg(pl.col("applicant_id").n_unique()).iter_rows())
    seats = dict(pools.select("program_id", "seats").iter_rows())
    moved = False
    for program in pools["real"].unique(maintain_order=True):
        mine = pools.filter(pl.col("real") == program)["program_id"].sort().to_list()
        left = {one: max(seats[one] - done.filled.get(one, 0), 0) for one in mine}
        asks = [one for one in mine if waits.get(one, 0)]
        total = min(sum(left.values()), sum(waits[one] for one in asks))
        if not total:
            continue
        moved = True
        weights = [waits[one] for one in asks]
        for row in apportion(total, weights, "largest_remainder", codes=asks, caps=weights).rows:
            seats[row.code] += row.seats
        for one in mine:
            given = min(left[one], total)
            seats[one] -= given
            total -= given
    if not moved:
        return None
    now = pl.Series("seats", [seats[one] for one in pools["program_id"]], dtype=pl.Int64)
    return pools.with_columns(now)
