"""Personal codes of families, and the sealed envelopes their results lie in.

A code follows from the bureau's secret, the plan and the child by HMAC: it is stored nowhere and can be
printed again. 80 bits in 32 signs without I, L, O and U, and one check sign: `XXXX-XXXX-XXXX-XXXX-X`. From
the code scrypt makes a key; the envelope's name is the key's digest, its content AES-256-GCM, padded to the
length all envelopes of an edition share. So whoever serves the folder needs no database, and whoever steals
it learns neither a code, nor a child, nor an outcome. Nothing else of the house is loaded with this module.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
import zlib
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from junheng.model.errors import BadData, Refused

if TYPE_CHECKING:
    from junheng.admission.receipts import Secret

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY = 16
"""Signs of a code before its check sign: 16 of 5 bits."""
BLOCK = 1024
"""Envelopes are padded to a multiple of this many bytes."""
LARGEST = 1 << 20
LEVEL = 6
"""How hard a payload is packed."""
_MAGIC = b"junheng-envelope-1\n"
_NONCE, _LENGTH = 12, 4
_GROUP = 4
_POLYNOMIAL = 0b100101
_READ_AS = str.maketrans("ILO", "110")
_BLANK = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\u00ad\u2010-\u2015\u2212-]")


def personal_code(secret: Secret, plan_id: str, applicant_id: str) -> str:
    """The code of a child under a plan, as it is printed: the same whenever it is asked for."""
    digest = secret.of("family code", plan_id, applicant_id)
    left = int.from_bytes(digest[:10], "big")
    body = "".join(SIGNS[left >> shift & 31] for shift in range(75, -1, -5))
    whole = body + _check(body)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def plain_code(text: str) -> str:
    """A code as a person typed it, in one writing: small letters, blanks, hyphens, full width, and I, L, O
    for 1, 1, 0 are all understood. Refused `report.family.code_misread` unless it is a code with its check
    sign, by which any one wrong sign and any two swapped signs are seen."""
    read = _BLANK.sub("", unicodedata.normalize("NFKC", text[:200])).upper().translate(_READ_AS)
    if len(read) != BODY + 1 or not set(read) <= set(SIGNS) or _check(read[:BODY]) != read[BODY]:
        raise Refused("report.family.code_misread")
    return read


def seal(code: str, payload: bytes, *, plan_id: str = "", size: int = 0) -> tuple[str, bytes]:
    """(name, content) of the envelope that `code` opens. The content is as long for every payload that fits
    `size` bytes packed, else for the next whole block; the same payload gives the same bytes. Refused
    `report.family.code_misread`; BadData `report.family.envelope_large` over a mebibyte."""
    packed = zlib.compress(payload, LEVEL)
    if len(packed) > LARGEST:
        raise BadData("report.family.envelope_large", {"bytes": len(packed), "most": LARGEST})
    name, key = name_and_key(code, plan_id)
    room = max(packed_size(packed), size)
    inner = (len(packed).to_bytes(_LENGTH, "big") + packed).ljust(room, b"\0")
    nonce = hmac.digest(key, inner, hashlib.sha256)[:_NONCE]  # of key and content: never the same for two
    return name, _MAGIC + nonce + AESGCM(key).encrypt(nonce, inner, _MAGIC + name.encode())


def open_envelope(code: str, content: bytes, *, plan_id: str = "") -> bytes:
    """The payload. Refused `report.family.code_misread` for what is no code, `report.family.envelope_closed`
    when the code is another's or a byte of the envelope was changed."""
    name, key = name_and_key(code, plan_id)
    return opened(name, key, content)


def opened(name: str, key: bytes, content: bytes) -> bytes:
    """The payload by name and key that are known already; see `open_envelope`."""
    start = len(_MAGIC)
    nonce, sealed = content[start : start + _NONCE], content[start + _NONCE :]
    if content[:start] != _MAGIC or len(nonce) != _NONCE:
        raise Refused("report.family.envelope_closed")
    try:
        inner = AESGCM(key).decrypt(nonce, sealed, _MAGIC + name.encode())
        length = int.from_bytes(inner[:_LENGTH], "big")
        return zlib.decompress(inner[_LENGTH : _LENGTH + length])
    except (InvalidTag, ValueError, zlib.error):
        raise Refused("report.family.envelope_closed") from None


def name_and_key(code: str, plan_id: str = "") -> tuple[str, bytes]:
    """Name (64 hexadecimal digits) and key of a code's envelope. Slow on purpose (about a millisecond and
    half a mebibyte), so that a stolen folder cannot be searched. Refused `report.family.code_misread`."""
    salt = b"junheng-family-1\n" + plan_id.encode()
    key = hashlib.scrypt(plain_code(code).encode(), salt=salt, n=512, r=8, p=1, dklen=32)
    return hashlib.sha256(b"junheng-envelope-name-1\n" + key).hexdigest(), key


def packed_size(packed: bytes) -> int:
    """Bytes an envelope needs inside for content packed already, in whole blocks."""
    return -(-(len(packed) + _LENGTH) // BLOCK) * BLOCK


def _check(body: str) -> str:
    """The signs as a polynomial over the field of 32 elements, at its generator: place after place another
    factor, so that one changed sign or two swapped ones change it."""
    total = 0
    for sign in body:
        total = _doubled(total) ^ SIGNS.index(sign)
    return SIGNS[_doubled(total)]


def _doubled(value: int) -> int:
    return value << 1 ^ (_POLYNOMIAL if value & 16 else 0)
