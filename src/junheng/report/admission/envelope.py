"""Personal codes of families, and the sealed envelopes their results lie in.

A code follows from the bureau's secret, the plan and the child by HMAC: it is stored nowhere and can be
printed again. 80 bits in 32 signs without I, L, O and U, and one check sign: `XXXX-XXXX-XXXX-XXXX-X`. From
the code scrypt makes a key; the envelope's name is the key's digest, its content AES-256-GCM, padded to the
length all envelopes of an edition share. So whoever serves the folder needs no database, and whoever steals
it learns neither a code, nor a child, nor an outcome.
"""

from __future__ import annotations

import zlib

from junheng.admission.receipts import Secret
from junheng.model.errors import BadData, Refused
from junheng.report.admission import envelope_lock as lock

LARGEST = 1 << 20
_GROUP = 4


def personal_code(secret: Secret, plan_id: str, applicant_id: str) -> str:
    """The code of a child under a plan, as it is printed: the same whenever it is asked for."""
    digest = secret.of("family code", plan_id, applicant_id)
    left = int.from_bytes(digest[:10], "big")
    body = "".join(lock.SIGNS[left >> shift & 31] for shift in range(75, -1, -5))
    whole = body + lock.check_sign(body)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def plain_code(text: str) -> str:
    """A code as a person typed it, in one writing (see `envelope_lock.read_code`). Refused
    `report.family.code_misread`."""
    try:
        return lock.read_code(text)
    except lock.Misread:
        raise Refused("report.family.code_misread") from None


def seal(code: str, payload: bytes, *, plan_id: str = "", size: int = 0) -> tuple[str, bytes]:
    """(name, content) of the envelope that `code` opens. The content is as long for every payload that fits
    `size` bytes packed, else for the next whole block; the same payload gives the same bytes. Refused
    `report.family.code_misread`; BadData `report.family.envelope_large` over a mebibyte."""
    packed = packed_for(payload)
    name, key = lock.name_and_key(plain_code(code), plan_id)
    return name, lock.close(name, key, packed, max(lock.room_of(packed), size))


def packed_for(payload: bytes) -> bytes:
    """A payload as it goes into an envelope. BadData `report.family.envelope_large`."""
    packed = zlib.compress(payload, lock.LEVEL)
    if len(packed) > LARGEST:
        raise BadData("report.family.envelope_large", {"bytes": len(packed), "most": LARGEST})
    return packed


def open_envelope(code: str, content: bytes, *, plan_id: str = "") -> bytes:
    """The payload. Refused `report.family.code_misread` for what is no code, `report.family.envelope_closed`
    when the code is another's or a byte of the envelope was changed."""
    name, key = lock.name_and_key(plain_code(code), plan_id)
    try:
        return lock.opened(name, key, content)
    except lock.Shut:
        raise Refused("report.family.envelope_closed") from None
