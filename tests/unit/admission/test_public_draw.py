"""Seeds, tickets and commitments: published answers, and one changed bit that shows."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import shared

from junheng.admission.commitment import Path, Tree, leads_to, leaf
from junheng.admission.tickets import Seed, order_of_draw, ticket, tickets
from junheng.model.errors import BadData, Refused


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    return json.loads(shared("admission/known_answers.json").read_text(encoding="utf-8"))


def test_the_canonical_line_is_that_of_rfc_3797(known: dict[str, Any]) -> None:
    """Section 6: its key from its numbers, and its first digests and selections from that key."""
    seed = Seed.from_lotteries([[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]])
    assert seed.canonical == known["rfc3797"]["key"]
    left, chosen = list(range(1, known["rfc3797"]["pool"] + 1)), []
    for n in range(len(known["rfc3797"]["selected"])):
        digest = hashlib.md5(
            n.to_bytes(2, "big") + seed.canonical.encode() + n.to_bytes(2, "big")
        ).hexdigest()
        if n < 3:
            assert digest.upper() == known["rfc3797"]["first_md5"][n]
        chosen.append(left.pop(int(digest, 16) % len(left)))
    assert chosen == known["rfc3797"]["selected"]


def test_rounds_of_drand(known: dict[str, Any]) -> None:
    for one in known["drand"]:
        seed = Seed.from_drand(one["round"], one["signature"], one["randomness"])
        assert one["randomness"] in seed.canonical
        for changed in (
            {"signature": "00" + one["signature"][2:]},
            {"signature": "zz"},
            {"randomness": "00" * 32},
        ):
            with pytest.raises(Refused) as refused:
                Seed.from_drand(**{"round_number": one["round"], "signature": one["signature"],
                                   "randomness": one["randomness"], **changed})  # fmt: skip
            assert refused.value.code == "admission.seed_drand"


SEED = Seed.from_canonical("1./2.3./")


@given(
    st.lists(
        st.text(st.characters(categories=["Lu", "Nd"]), min_size=1, max_size=8), unique=True, max_size=20
    ),
    st.randoms(),
)
def test_neither_order_nor_company_changes_a_ticket(receipts: list[str], rng: random.Random) -> None:
    receipts = [r for r in receipts if r.isascii()]
    before = dict(zip(receipts, tickets(SEED, "d", receipts), strict=True))
    shuffled = rng.sample(receipts, len(receipts))
    some = shuffled[: len(shuffled) // 2]
    assert dict(zip(some, tickets(SEED, "d", some), strict=True)) == {r: before[r] for r in some}
    assert order_of_draw(SEED, "d", shuffled) == order_of_draw(SEED, "d", receipts)
    assert order_of_draw(SEED, "d", receipts) == sorted(receipts, key=lambda r: (before[r], r))
    assert all(ticket(SEED, "d", "", r) == value.hex() for r, value in before.items())


def test_a_ticket_is_what_the_page_says() -> None:
    """By hand, as a stranger would compute it from the published description."""
    said = b"junheng-ticket-1\n" + hashlib.sha256(b"1./2.3./").digest() + b"2027\nzone-7\nR001"
    assert ticket(SEED, "2027", "zone-7", "R001") == hashlib.sha256(said).hexdigest()


@pytest.mark.parametrize("change", [("e", "", "R1"), ("d", "z", "R1"), ("d", "", "R2")])
def test_draw_scope_and_receipt_each_change_it(change: tuple[str, str, str]) -> None:
    assert ticket(SEED, *change) != ticket(SEED, "d", "", "R1")
    assert ticket(Seed.from_canonical("1./2.4./"), "d", "", "R1") != ticket(SEED, "d", "", "R1")


def test_tickets_are_spread_evenly() -> None:
    """Chi-square of the first byte over 64 boxes, 64,000 tickets of one fixed seed; 63 degrees, p = 0.001:
    103.4."""
    boxes = [0] * 64
    for drawn in tickets(SEED, "d", [f"R{n:06d}" for n in range(64_000)]):
        boxes[drawn[0] >> 2] += 1
    assert sum((n - 1000) ** 2 / 1000 for n in boxes) < 103.4


@pytest.mark.parametrize("receipts", [["R1", "R1"], [""], ["R\n1"], ["e\u0301"], ["R\t1"]])
def test_odd_receipts_are_refused(receipts: list[str]) -> None:
    with pytest.raises(BadData) as refused:
        tickets(SEED, "d", receipts)
    assert refused.value.findings[0].code in ("admission.receipt_twice", "admission.receipt_odd")


@pytest.mark.parametrize("results", [[], [[1], []], [[-1]]])
def test_a_seed_needs_all_its_numbers(results: list[list[int]]) -> None:
    with pytest.raises(Refused):
        Seed.from_lotteries(results)


def recursive(digests: list[bytes]) -> bytes:
    """The tree hash as RFC 6962 writes it."""
    if not digests:
        return hashlib.sha256(b"").digest()
    if len(digests) == 1:
        return digests[0]
    half = 1
    while half * 2 < len(digests):
        half *= 2
    return hashlib.sha256(b"\x01" + recursive(digests[:half]) + recursive(digests[half:])).digest()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 13, 100])
def test_the_root_is_that_of_rfc_6962_and_every_line_leads_to_it(count: int) -> None:
    lines = [f"1\tR{n}\tfacts {n}" for n in range(count)]
    nonces = [hashlib.sha256(bytes([n])).digest()[:16] for n in range(count)]
    tree = Tree(lines, nonces)
    assert tree.root == recursive([leaf(*pair) for pair in zip(lines, nonces, strict=True)])
    for n in range(count):
        assert leads_to(tree.root, lines[n], nonces[n], tree.path(n))
        assert not leads_to(tree.root, lines[n] + " ", nonces[n], tree.path(n))
        assert not leads_to(tree.root, lines[n], bytes(16), tree.path(n))


def test_one_flipped_bit_breaks_a_path() -> None:
    lines, nonces = [f"R{n}" for n in range(11)], [bytes([n]) * 16 for n in range(11)]
    tree = Tree(lines, nonces)
    path = tree.path(6)
    for step, (digest, side) in enumerate(path.siblings):
        for bit in range(256):
            flipped = bytearray(digest)
            flipped[bit // 8] ^= 1 << bit % 8
            changed = [*path.siblings]
            changed[step] = (bytes(flipped), side)
            assert not leads_to(tree.root, lines[6], nonces[6], Path(6, tuple(changed)))


def test_a_doubled_last_leaf_is_another_tree() -> None:
    lines, nonces = ["a", "b", "c"], [bytes(16)] * 3
    assert Tree(lines, nonces).root != Tree([*lines, "c"], [bytes(16)] * 4).root
    with pytest.raises(BadData):
        Tree(["a\nb"], [bytes(16)])
    with pytest.raises(BadData):
        Tree(["a"], [bytes(3)])
    with pytest.raises(IndexError):
        Tree(lines, nonces).path(3)
