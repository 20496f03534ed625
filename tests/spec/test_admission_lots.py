"""公开派位的三种办法: one ticket a child, a ring with start and step, a ticket for each programme; and
children who come late. Reads as the manual."""

from __future__ import annotations

import hashlib
import random

from tests.unit.admission import draws
from tests.unit.admission.markets import Small, draw

from junheng.admission.public_draw import PublicDraw
from junheng.report.admission.publication import proofs_of

TEN = [f"c{n}" for n in range(10)]


def for_one_school(**said: object) -> PublicDraw:
    """Ten children of one class, all for one school of three seats."""
    small = Small({"p": 3}, {one: ["p"] for one in TEN}, {}, {(one, "p"): 0 for one in TEN})
    return draws.held(small, **said)


def admitted(held: PublicDraw) -> set[str]:
    rows = held.result.tables["assignment"].iter_rows()
    return {receipt for receipt, program, _ in rows if program is not None}


def test_the_smallest_tickets_are_admitted() -> None:
    held = for_one_school()
    assert admitted(held) == {receipt for receipt, _ in held.tickets[:3]}


def test_in_a_ring_tickets_only_deal_numbers() -> None:
    """From the start every step-th number still in the ring."""
    held = for_one_school(ring=True)
    assert held.seed.ring is not None
    start, step = held.seed.ring
    number = {receipt: at for at, (receipt, _) in enumerate(held.tickets, start=1)}
    left, at, order = list(range(1, 11)), start - 1, list[int]()
    while left:
        at %= len(left)
        order.append(left.pop(at))
        at += step - 1
    assert {number[receipt] for receipt in admitted(held)} == set(order[:3])
    assert order[:3] != [1, 2, 3]


def test_a_ticket_for_each_programme_counts_there_alone() -> None:
    """A child may stand first at one school and last at another."""
    held = draws.held(draw(random.Random(3), 20, 3, 3, 1, full=True), lottery="programme")
    families = dict(proofs_of(held, draws.changes_of(held), 1))
    assert len(families) == len(held.frozen.receipts)
    tickets = held.result.market.tickets
    assert tickets is not None
    assert tickets.n_unique() == tickets.len()


def test_a_late_child_has_the_ticket_of_a_receipt_published_before_the_draw() -> None:
    """SHA-256 of seed, draw and receipt: nobody could choose it, everybody can work it out."""
    held = for_one_school()
    seed = hashlib.sha256(held.seed.seed.canonical.encode()).digest()
    for receipt, ticket in held.spare:
        text = f"{held.announced.draw_id}\n\n{receipt}".encode()
        assert ticket == hashlib.sha256(b"junheng-ticket-1\n" + seed + text).hexdigest()
    assert [receipt for receipt, _ in held.spare] == list(held.announced.spare_receipts)
