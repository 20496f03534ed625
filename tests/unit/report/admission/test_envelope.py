"""Personal codes and envelopes: what opens, what does not, and what a thief of the folder learns."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.admission.receipts import Secret
from junheng.model.errors import BadData, JunhengError, Refused
from junheng.report.admission import envelope
from junheng.report.admission import envelope_lock as lock
from junheng.report.admission.envelope import open_envelope, personal_code, plain_code, seal
from junheng.report.admission.envelope_lock import SIGNS

SECRET = Secret("5e" * 32)
CODE = personal_code(SECRET, "2027-primary", "A0001")
quick = settings(max_examples=60, deadline=None)


def refused(text: str) -> str:
    with pytest.raises(JunhengError) as caught:
        plain_code(text)
    return caught.value.code


def test_a_code_is_a_function_of_secret_plan_and_child() -> None:
    assert personal_code(SECRET, "2027-primary", "A0001") == CODE
    others = {
        personal_code(SECRET, "2027-primary", "A0002"),
        personal_code(SECRET, "2028-primary", "A0001"),
        personal_code(Secret("5f" * 32), "2027-primary", "A0001"),
    }
    assert len(others | {CODE}) == 4
    assert [len(part) for part in CODE.split("-")] == [4, 4, 4, 4, 1]
    assert len(SIGNS) == 32 and not set(SIGNS) & set("ILOU")


def test_codes_of_many_children_use_every_sign_at_every_place() -> None:
    codes = [personal_code(SECRET, "p", str(number)).replace("-", "") for number in range(2000)]
    assert len(set(codes)) == 2000
    assert all(len(set(place)) == 32 for place in zip(*codes, strict=True))


@quick
@given(st.data())
def test_what_people_write_is_understood(data: st.DataObject) -> None:
    code = personal_code(SECRET, "p", data.draw(st.text(max_size=8)))
    plain = code.replace("-", "")
    written = "".join(
        data.draw(st.sampled_from([sign, sign.lower(), f" {sign}", f"{sign}-", chr(ord(sign) + 0xFEE0)]))
        for sign in plain
    )
    assert plain_code(written) == plain
    assert plain_code(plain.replace("1", "l").replace("0", "O")) == plain


def test_every_wrong_sign_and_every_swap_is_seen() -> None:
    plain = CODE.replace("-", "")
    for place, sign in itertools.product(range(len(plain)), SIGNS):
        if sign != plain[place]:
            assert refused(plain[:place] + sign + plain[place + 1 :]) == "report.family.code_misread"
    for one, other in itertools.combinations(range(len(plain)), 2):
        signs = list(plain)
        signs[one], signs[other] = signs[other], signs[one]
        if "".join(signs) != plain:
            assert refused("".join(signs)) == "report.family.code_misread"


@pytest.mark.parametrize("text", ["", "-", "A" * 16, CODE + "0", CODE[:-1], "编号", "U" * 17, "0" * 10_000])
def test_what_is_no_code_is_refused(text: str) -> None:
    assert refused(text) == "report.family.code_misread"


@quick
@given(st.binary(max_size=5000))
def test_what_is_sealed_opens_and_says_the_same_again(payload: bytes) -> None:
    name, content = seal(CODE, payload, plan_id="p")
    assert open_envelope(CODE.lower(), content, plan_id="p") == payload
    assert seal(CODE, payload, plan_id="p") == (name, content)
    assert len(name) == 64 and name == seal(CODE, b"other", plan_id="p")[0]


@quick
@given(st.binary(min_size=1, max_size=300), st.data())
def test_one_changed_bit_closes_it(payload: bytes, data: st.DataObject) -> None:
    _, content = seal(CODE, payload)
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    for forged in (bytes(changed), content[:place], content + b"\0"):
        with pytest.raises(Refused) as caught:
            open_envelope(CODE, forged)
        assert caught.value.code == "report.family.envelope_closed"


def test_another_code_another_plan_and_another_name_do_not_open() -> None:
    name, content = seal(CODE, b"a seat", plan_id="p")
    other = personal_code(SECRET, "p", "A0002")
    for code, plan in ((other, "p"), (CODE, "q")):
        with pytest.raises(Refused) as caught:
            open_envelope(code, content, plan_id=plan)
        assert caught.value.code == "report.family.envelope_closed"
    key = lock.name_and_key(plain_code(CODE), "p")[1]
    with pytest.raises(lock.Shut):
        lock.opened("0" * 64, key, content)
    assert lock.opened(name, key, content) == b"a seat"


def test_sizes_betray_nothing() -> None:
    short, long = b"no", bytes(range(256)) * 30
    plain = {len(seal(personal_code(SECRET, "p", str(n)), bytes(n))[1]) for n in range(0, 900, 50)}
    assert len(plain) == 1
    assert len(seal(CODE, short, size=9 * lock.BLOCK)[1]) == len(seal(CODE, long, size=9 * lock.BLOCK)[1])


def test_a_stolen_envelope_holds_neither_code_nor_child_nor_outcome() -> None:
    payload = "A0001 第一小学 录取 admitted".encode() * 20
    name, content = seal(CODE, payload, plan_id="p")
    plain = CODE.replace("-", "")
    for trace in ("A0001", "录取", "admitted", CODE, plain, plain[:8]):
        assert trace.encode() not in content and trace.lower() not in name
    assert content.count(b"\0\0\0\0") == 0, "padding is sealed with the rest"


def test_equal_content_of_two_children_looks_different() -> None:
    one, other = (seal(personal_code(SECRET, "p", who), b"same") for who in ("1", "2"))
    assert one[0] != other[0] and one[1][31:] != other[1][31:]


def test_a_payload_beyond_reason_is_refused() -> None:
    import random

    with pytest.raises(BadData):
        seal(CODE, random.Random(1).randbytes(envelope.LARGEST + 10))
