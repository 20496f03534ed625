"""Receipts: one a child whatever happens, nothing to be read from them, no slip of the pen unseen."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.admission.receipts import (
    BODY,
    SIGNS,
    Secret,
    check_sign,
    is_receipt,
    nonce_of,
    receipt_of,
    receipts_of,
    spare_receipts,
)
from junheng.model.errors import BadData, Refused

SECRET = Secret("00112233445566778899aabbccddeeff")


@given(st.lists(st.text("0123456789X", min_size=1, max_size=6), unique=True), st.randoms())
def test_registering_again_in_any_order_gives_the_same_receipt(
    identities: list[str], rng: random.Random
) -> None:
    before = dict(zip(identities, receipts_of(SECRET, "2027-primary", identities), strict=True))
    again = rng.sample(identities, len(identities))
    assert dict(zip(again, receipts_of(SECRET, "2027-primary", again), strict=True)) == before
    assert all(is_receipt(receipt) for receipt in before.values())


@pytest.mark.parametrize(
    "written", ["11010119900307451x", "１１０１０１１９９００３０７４５１Ｘ", " 110101-19900307-451X "]
)
def test_one_identity_however_it_is_written(written: str) -> None:
    assert receipt_of(SECRET, "s", written) == receipt_of(SECRET, "s", "11010119900307451X")


def test_secret_season_and_identity_each_change_it() -> None:
    mine = receipt_of(SECRET, "2027-primary", "A")
    other = Secret("ff112233445566778899aabbccddeeff")
    assert mine not in {
        receipt_of(other, "2027-primary", "A"),
        receipt_of(SECRET, "2027-junior", "A"),
        receipt_of(SECRET, "2027-primary", "B"),
    }
    assert nonce_of(SECRET, "s", mine) != nonce_of(other, "s", mine)
    assert nonce_of(SECRET, "s", mine) not in receipt_of(SECRET, "s", mine).encode()


def test_every_wrong_sign_and_every_swap_is_seen() -> None:
    rng = random.Random(3)
    for _ in range(200):
        body = "".join(rng.choices(SIGNS, k=BODY))
        whole = body + check_sign(body)
        assert is_receipt(whole) and is_receipt(f"{whole[:4]}-{whole[4:8]}-{whole[8:]}")
        for at in range(BODY + 1):
            wrong = rng.choice([sign for sign in SIGNS if sign != whole[at]])
            assert not is_receipt(whole[:at] + wrong + whole[at + 1 :])
            for to in range(at):
                signs = list(whole)
                signs[at], signs[to] = signs[to], signs[at]
                assert whole[at] == whole[to] or not is_receipt("".join(signs))
    assert not is_receipt("") and not is_receipt("0" * 13) and not is_receipt(whole[:-1])


def test_signs_of_receipts_are_spread_evenly() -> None:
    """Chi-square over 31 signs of the last place of 31,000 receipts; 30 degrees, p = 0.001: 59.7."""
    boxes = dict.fromkeys(SIGNS, 0)
    for n in range(31_000):
        boxes[receipt_of(SECRET, "s", str(n))[BODY - 1]] += 1
    assert sum((n - 1000) ** 2 / 1000 for n in boxes.values()) < 59.7


def test_a_child_registered_twice_is_a_fault_for_a_clerk() -> None:
    with pytest.raises(BadData) as refused:
        receipts_of(SECRET, "s", ["A", "B", " a", ""], [2, 3, 7, 9])
    assert [(f.code, f.row, dict(f.parameters)) for f in refused.value.findings] == [
        ("admission.identity_twice", 7, {"first": 2}),
        ("admission.identity_empty", 9, {}),
    ]


def test_spare_receipts_are_fixed_beforehand() -> None:
    five = spare_receipts(SECRET, "s", 5)
    assert spare_receipts(SECRET, "s", 3) == five[:3] and len(set(five)) == 5
    assert spare_receipts(SECRET, "s", 2, [five[0]]) == five[1:3]
    assert all(is_receipt(one) for one in five)


@pytest.mark.parametrize("text", ["", "0011", "zz" * 16, "00" * 15])
def test_a_short_or_odd_secret_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        Secret(text)
    assert refused.value.code == "admission.secret_short"
