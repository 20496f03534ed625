"""Many keyed hashes at once are those of the standard library, and so are the receipts and nonces made of
them."""

from __future__ import annotations

import hmac
import random

import polars as pl
import pytest

from junheng.admission import receipts
from junheng.admission.keyed_hashes import keyed_hashes
from junheng.admission.receipts import Secret, is_receipt, nonce_of, nonces_of, receipt_of, receipts_of


@pytest.mark.parametrize("size", [16, 32, 63, 64, 65, 200])
def test_hashes_are_those_of_the_standard_library(size: int) -> None:
    """Texts around every border of a block, in several scripts, under short and long keys."""
    rng = random.Random(size)
    key, head = rng.randbytes(size), "头" * rng.randint(0, 30)
    texts = [rng.choice("aé字𠮷") * length for length in range(140)] + ["".join(rng.choices("a1字", k=500))]
    found = keyed_hashes(key, head, pl.Series(texts))
    assert [bytes(row) for row in found] == [hmac.digest(key, (head + t).encode(), "sha256") for t in texts]
    assert keyed_hashes(key, head, pl.Series([], dtype=pl.String)).shape == (0, 32)


def test_many_children_get_the_receipts_and_nonces_of_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = Secret("5a" * 20)
    identities = [f"G{number:07d}" for number in range(300)] + ["字 甲-1", "ａｂ９"]
    one_by_one = [receipt_of(secret, "2027-primary", identity) for identity in identities]
    nonces = [nonce_of(secret, "2027-primary", one) for one in one_by_one]
    monkeypatch.setattr(receipts, "MANY", 1)
    assert receipts_of(secret, "2027-primary", identities) == one_by_one
    assert all(is_receipt(one) for one in one_by_one)
    assert nonces_of(secret, "2027-primary", one_by_one) == nonces
