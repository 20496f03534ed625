"""Tickets (随机号) that depend on nothing but the public seed, the draw, its scope and the child's receipt.

Seed = SHA-256 of one canonical line of public results, announced before they exist (the form of RFC 3797:
numbers sorted within a source, `.` after each, `/` after each source). Ticket = SHA-256 of seed, draw,
scope and receipt: neither the order of a file nor the time of registration can change it, and a clash
falls to the receipt.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding

PREFIX = b"junheng-ticket-1\n"


@dataclass(frozen=True, slots=True)
class Seed:
    """The canonical line and its digest."""

    canonical: str
    digest: bytes

    @staticmethod
    def from_canonical(canonical: str) -> Seed:
        """Seed of a canonical line as it was announced."""
        return Seed(canonical, hashlib.sha256(canonical.encode()).digest())

    @staticmethod
    def from_lotteries(results: Sequence[Sequence[int]]) -> Seed:
        """Seed of the numbers of several named draws, in the announced order. Refused `admission.seed_absent`
        when a source has no numbers, `admission.seed_number` for a negative one."""
        if not results or not all(results):
            raise Refused("admission.seed_absent")
        for number in (number for numbers in results for number in numbers):
            if number < 0:
                raise Refused("admission.seed_number", {"value": number})
        return Seed.from_canonical("".join(_line(numbers) for numbers in results))

    @staticmethod
    def from_drand(round_number: int, signature: str, randomness: str) -> Seed:
        """Seed of a round of drand. Refused `admission.seed_drand` unless the randomness is the SHA-256 of
        the signature; that the signature is the network's own is for a pairing check elsewhere."""
        try:
            found = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
        except ValueError:
            found = ""
        if found != randomness.lower():
            raise Refused("admission.seed_drand", {"round": round_number})
        return Seed.from_canonical(f"drand/{round_number}/{found}/")


def _line(numbers: Iterable[int]) -> str:
    return ".".join(str(number) for number in sorted(numbers)) + "./"


def ticket(seed: Seed, draw_id: str, scope: str, receipt: str) -> str:
    """Ticket of one receipt, 64 hexadecimal digits; smaller is earlier."""
    return _head(seed, draw_id, scope, receipt).hex()


def _head(seed: Seed, draw_id: str, scope: str, receipt: str) -> bytes:
    rest = f"{draw_id}\n{scope}\n{receipt}".encode()
    return hashlib.sha256(PREFIX + seed.digest + rest).digest()


def tickets(seed: Seed, draw_id: str, receipts: Sequence[str], scope: str = "") -> list[bytes]:
    """Tickets of all receipts of a draw. BadData `admission.bad_receipts` for a receipt that stands twice,
    is empty or holds a line break; `draw_id` and `scope` must not hold one either."""
    _refuse_odd(receipts, (draw_id, scope))
    base = hashlib.sha256(PREFIX + seed.digest + f"{draw_id}\n{scope}\n".encode())
    found: list[bytes] = []
    for receipt in receipts:
        state = base.copy()
        state.update(receipt.encode())
        found.append(state.digest())
    return found


def programme_tickets(seed: Seed, draw_id: str, receipts: pl.Series, programs: pl.Series) -> pl.Series:
    """Ticket of each receipt at the programme beside it, in 64 hexadecimal digits: the programme is the
    scope. Refused as `tickets` does."""
    pairs = pl.DataFrame({"receipt": receipts, "program": programs})
    found: list[pl.DataFrame] = []
    for (program,), rows in pairs.unique().group_by("program"):
        held = tickets(seed, draw_id, rows["receipt"].to_list(), str(program))
        found.append(rows.with_columns(pl.Series("ticket", [one.hex() for one in held], dtype=pl.String)))
    known = pl.concat([pairs.clear().with_columns(ticket=pl.lit("")), *found])
    return pairs.join(known, on=["receipt", "program"], how="left", maintain_order="left")["ticket"]


def order_of_draw(seed: Seed, draw_id: str, receipts: Sequence[str], scope: str = "") -> list[str]:
    """Receipts in the order of their tickets, a clash by receipt."""
    found = tickets(seed, draw_id, receipts, scope)
    return list(map(receipts.__getitem__, _places(found, receipts)))


def drawn(seed: Seed, draw_id: str, receipts: Sequence[str], scope: str = "") -> list[tuple[str, str]]:
    """(receipt, ticket) in the order of tickets, a clash by receipt; tickets in 64 hexadecimal digits."""
    found = tickets(seed, draw_id, receipts, scope)
    return [(receipts[at], found[at].hex()) for at in _places(found, receipts)]


def _places(found: Sequence[bytes], receipts: Sequence[str]) -> list[int]:
    """Places of tickets in ascending order."""
    heads = np.frombuffer(b"".join(found), ">u8")[::4].astype(np.uint64)
    order = np.argsort(heads)
    sorted_heads = heads[order]
    if bool((sorted_heads[1:] == sorted_heads[:-1]).any()):  # equal in the first eight bytes: the whole
        return sorted(range(len(found)), key=lambda at: (found[at], receipts[at]))
    places: list[int] = order.tolist()
    return places


def _refuse_odd(receipts: Sequence[str], names: Sequence[str]) -> None:
    joined = "".join((*receipts, *names))
    plain = joined.isascii() and "\n" not in joined and "\t" not in joined
    if plain and all(receipts) and len(set(receipts)) == len(receipts):
        return
    seen: dict[str, int] = {}
    found: list[Finding] = []
    for row, receipt in enumerate(receipts, start=1):
        if not receipt or not unicodedata.is_normalized("NFC", receipt) or "\n" in receipt or "\t" in receipt:
            found.append(Finding("admission.receipt_odd", "error", row=row, value=receipt))
        elif receipt in seen:
            about = {"first": seen[receipt]}
            found.append(
                Finding("admission.receipt_twice", "error", row=row, value=receipt, parameters=about)
            )
        seen.setdefault(receipt, row)
    found += [Finding("admission.receipt_odd", "error", value=name) for name in names if "\n" in name]
    if found:
        raise BadData("admission.bad_receipts", {"count": len(found)}, found)
