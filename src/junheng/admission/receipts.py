"""Receipts (受理编号): one for each child, season and secret, so that cancelling and registering again gives
the same one and nobody can choose a ticket.

A receipt is the keyed hash (HMAC-SHA256) of the child's identity, written in 31 signs without I, L, O, 0
and 1, twelve of them and a check sign. Without the secret nobody finds the child of a receipt or the
receipt of a child. Nonces and spare receipts come from the same secret under names of their own.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.commitment import NONCE
from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BODY = 12
MANY = 2_000
"""So many texts are hashed together; for fewer it does not pay to load what does it."""
PREFIX = "junheng-admission-1"
LEAST_SECRET = 16
"""Bytes a secret has at least."""
_BLANK = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\u00ad-]")


class Secret:
    """The bureau's secret of one season. It is never shown: a receipt reveals nothing of it."""

    __slots__ = ("_key",)

    def __init__(self, text: str) -> None:
        """Hexadecimal text, as a file holds it. Refused `admission.secret_short` for other text or fewer than
        16 bytes."""
        try:
            key = bytes.fromhex(text.strip())
        except ValueError:
            key = b""
        if len(key) < LEAST_SECRET:
            raise Refused("admission.secret_short", {"bytes": LEAST_SECRET, "signs": 2 * LEAST_SECRET})
        self._key = key

    def of(self, purpose: str, *about: str) -> bytes:
        """32 bytes that follow from the secret, a purpose and what it is about."""
        text = "\n".join((PREFIX, purpose, *about))
        return hmac.digest(self._key, text.encode(), "sha256")

    def of_each(self, purpose: str, about: str, texts: Sequence[str]) -> NDArray[np.uint8]:
        """What `of` gives for each text, which comes last, a row of 32 bytes each."""
        from junheng.admission.keyed_hashes import keyed_hashes  # noqa: PLC0415 - the kernel, for many alone

        head = "\n".join((PREFIX, purpose, about, ""))
        return keyed_hashes(self._key, head, pl.Series(texts, dtype=pl.String))


def plain_identity(identity: str) -> str:
    """An identity as it is hashed: one writing (NFKC), no blanks or hyphens, capitals."""
    if identity.isascii() and identity.isalnum():
        return identity.upper()
    return _BLANK.sub("", unicodedata.normalize("NFKC", identity)).upper()


def receipt_of(secret: Secret, season: str, identity: str) -> str:
    """The receipt of a child: a function of secret, season (stage and year) and identity alone."""
    return _written(secret.of("receipt", season, plain_identity(identity)))


def receipts_of(
    secret: Secret, season: str, identities: Sequence[str], rows: Sequence[int] = ()
) -> list[str]:
    """Receipts of all children, whose rows in their file may be given. BadData `admission.bad_identities`
    when one identity stands twice (a child registered twice), is empty, or two happen to give one receipt
    (another secret is needed)."""
    plain = [plain_identity(identity) for identity in identities]
    drawn = _receipts(secret, season, plain)
    if all(plain) and len(set(drawn)) == len(drawn):
        return drawn
    found: list[Finding] = []
    seen: dict[str, int] = {}
    for at, receipt in enumerate(drawn):
        row = rows[at] if rows else at + 1
        first = seen.setdefault(receipt, at)
        if not plain[at]:
            found.append(Finding("admission.identity_empty", "error", row=row, column="identity"))
        elif first != at:
            code = "admission.identity_twice" if plain[first] == plain[at] else "admission.receipts_collide"
            about = {"first": rows[first] if rows else first + 1}
            found.append(Finding(code, "error", row=row, column="identity", parameters=about))
    raise BadData("admission.bad_identities", {"count": len(found)}, found)


def _receipts(secret: Secret, season: str, plain: Sequence[str]) -> list[str]:
    if len(plain) < MANY:
        return [_written(secret.of("receipt", season, identity)) for identity in plain]
    from junheng.admission.keyed_hashes import written  # noqa: PLC0415 - the kernel, for many alone

    signs = np.frombuffer(SIGNS.encode(), np.uint8)
    text = written(secret.of_each("receipt", season, plain), signs, BODY).tobytes().decode()
    return [text[at : at + BODY + 1] for at in range(0, len(text), BODY + 1)]


def spare_receipts(secret: Secret, season: str, count: int, taken: Sequence[str] = ()) -> list[str]:
    """Receipts for late arrivals, to be used in this order and published before the draw, so that nobody can
    choose one by its ticket; none of `taken`."""
    used = set(taken)
    found: list[str] = []
    number = 0
    while len(found) < count:
        number += 1
        receipt = _written(secret.of("spare", season, str(number)))
        if receipt not in used:
            used.add(receipt)
            found.append(receipt)
    return found


def nonce_of(secret: Secret, season: str, receipt: str) -> bytes:
    """What keeps the line of a receipt from being guessed."""
    return secret.of("nonce", season, receipt)[:NONCE]


def nonces_of(secret: Secret, season: str, receipts: Sequence[str]) -> list[bytes]:
    """`nonce_of` each receipt."""
    if len(receipts) < MANY:
        return [nonce_of(secret, season, receipt) for receipt in receipts]
    joined = secret.of_each("nonce", season, receipts)[:, :NONCE].tobytes()
    return [joined[at : at + NONCE] for at in range(0, len(joined), NONCE)]


def check_sign(body: str) -> str:
    """The sign after a body: the sum of its signs weighted by place, over the prime 31, by which every single
    wrong sign and every swap of two is seen. KeyError for a sign that is none."""
    number = {sign: at for at, sign in enumerate(SIGNS)}
    total = sum(place * number[sign] for place, sign in enumerate(body, start=1))
    return SIGNS[total % len(SIGNS)]


def is_receipt(text: str) -> bool:
    """Whether text is a receipt with its right check sign (hyphens may part it)."""
    plain = text.replace("-", "")
    right = len(plain) == BODY + 1 and set(plain) <= set(SIGNS)
    return right and check_sign(plain[:BODY]) == plain[BODY]


def _written(digest: bytes) -> str:
    """Digest as a receipt: its lowest twelve digits to the base of 31, which is far below two to the 256th,
    so that no sign is favoured, and the check sign."""
    left = int.from_bytes(digest, "big")
    body = ""
    for _ in range(BODY):
        left, digit = divmod(left, len(SIGNS))
        body += SIGNS[digit]
    return body + check_sign(body)
