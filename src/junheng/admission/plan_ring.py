"""The order of a ring draw (起始号 + 间隔): numbers are dealt to children by the tickets of the public seed
first, then the ring with its drawn start and step gives the order."""

from __future__ import annotations

import hashlib

import polars as pl

from junheng.admission.ring_draw import ring_draw
from junheng.admission.tickets import Seed
from junheng.model.errors import Refused

PREFIX = b"junheng-ring-1\n"


def from_seed(seed: Seed, draw_id: str, numbers: int) -> tuple[int, int]:
    """Start and step, each from 1 to `numbers`, where no balls are drawn for them: SHA-256 of the seed, the
    draw and the word, as a number."""

    def of(word: str) -> int:
        digest = hashlib.sha256(PREFIX + seed.digest + f"{draw_id}\n{word}".encode()).digest()
        return int.from_bytes(digest, "big") % max(numbers, 1) + 1

    return of("start"), of("step")


def ring_order(drawn: list[tuple[str, str]], start: int, step: int) -> list[tuple[int, str, str]]:
    """(number, receipt, ticket) in the order of the ring from (receipt, ticket) in the order of tickets.
    Refused `admission.ring_odd`."""
    _refuse_odd(len(drawn), start, step)
    return [(number, *drawn[number - 1]) for number in ring_draw(len(drawn), len(drawn), start, step)]


def ring_tickets(tickets: pl.DataFrame, start: int, step: int) -> pl.DataFrame:
    """`applicant_id, number, ticket` from `tickets(applicant_id, ticket)`: the number dealt to each child
    from 1 and her place in the order of the ring, by applicant. Refused `admission.ring_odd` for a start
    outside the ring or a step below 1."""
    children = tickets.height
    _refuse_odd(children, start, step)
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


def _refuse_odd(children: int, start: int, step: int) -> None:
    if children and (not 1 <= start <= children or step < 1):
        raise Refused("admission.ring_odd", {"start": start, "step": step, "numbers": children})
