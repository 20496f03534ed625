"""The order of a ring draw (起始号 + 间隔) as tickets of a plan: numbers are dealt to children by the tickets
of the public seed first, then the ring with its drawn start and step gives the order."""

from __future__ import annotations

import polars as pl

from junheng.admission.ring_draw import ring_draw
from junheng.model.errors import Refused


def ring_tickets(tickets: pl.DataFrame, start: int, step: int) -> pl.DataFrame:
    """`applicant_id, number, ticket` from `tickets(applicant_id, ticket)`: the number dealt to each child
    from 1 and her place in the order of the ring, by applicant. Refused `admission.ring_odd` for a start
    outside the ring or a step below 1."""
    children = tickets.height
    if children and (not 1 <= start <= children or step < 1):
        raise Refused("admission.ring_odd", {"start": start, "step": step, "numbers": children})
    order = ring_draw(children, children, start, step)
    places = pl.DataFrame(
        {"number": order, "place": range(1, children + 1)}, schema={"number": pl.Int64, "place": pl.Int64}
    )
    return (
        tickets.sort("ticket", "applicant_id")
        .with_row_index("number", 1)
        .select("applicant_id", pl.col("number").cast(pl.Int64))
        .join(places, on="number")
        .rename({"place": "ticket"})
        .sort("applicant_id")
    )
