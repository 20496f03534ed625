"""Codes read, names and keys made, envelopes closed and opened: what the public server needs of envelopes.

Only the standard library and `cryptography` are loaded with this module; faults are its own, plain ones
(`envelope` words them). How codes and envelopes are made is told there.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY = 16
"""Signs of a code before its check sign: 16 of 5 bits."""
BLOCK = 1024
"""Envelopes are padded to a multiple of this many bytes."""
LEVEL = 6
"""How hard a payload is packed."""
_MAGIC = b"junheng-envelope-1\n"
_NONCE, _LENGTH = 12, 4
_POLYNOMIAL = 0b100101
_READ_AS = str.maketrans("ILO", "110")
_BLANK = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\u00ad\u2010-\u2015\u2212-]")
_MOST = 200


class Misread(ValueError):
    """A text that is no code with its check sign."""


class Shut(ValueError):
    """An envelope that a key does not open: another's, or changed."""


def read_code(text: str) -> str:
    """A code as a person typed it, in one writing: small letters, blanks, hyphens, full width, and I, L, O
    for 1, 1, 0 are all understood. Misread unless it is a code with its check sign, by which any one wrong
    sign and any two swapped signs are seen."""
    read = _BLANK.sub("", unicodedata.normalize("NFKC", text[:_MOST])).upper().translate(_READ_AS)
    if len(read) != BODY + 1 or not set(read) <= set(SIGNS) or check_sign(read[:BODY]) != read[BODY]:
        raise Misread
    return read


def check_sign(body: str) -> str:
    """The signs as a polynomial over the field of 32 elements, at its generator: place after place another
    factor, so that one changed sign or two swapped ones change it."""
    total = 0
    for sign in body:
        total = _doubled(total) ^ SIGNS.index(sign)
    return SIGNS[_doubled(total)]


def name_and_key(code: str, plan_id: str) -> tuple[str, bytes]:
    """Name (64 hexadecimal digits) and key of the envelope of a code as `read_code` gives it. Slow on purpose
    (about a millisecond and half a mebibyte), so that a stolen folder cannot be searched."""
    salt = b"junheng-family-1\n" + plan_id.encode()
    key = hashlib.scrypt(code.encode(), salt=salt, n=512, r=8, p=1, dklen=32)
    return hashlib.sha256(b"junheng-envelope-name-1\n" + key).hexdigest(), key


def room_of(packed: bytes) -> int:
    """Bytes an envelope needs inside for content packed already, in whole blocks."""
    return -(-(len(packed) + _LENGTH) // BLOCK) * BLOCK


def close(name: str, key: bytes, packed: bytes, room: int) -> bytes:
    """An envelope with content packed by zlib, `room` bytes inside. The nonce follows from key and content,
    so that it is never the same for two contents, and the same content gives the same bytes."""
    inner = (len(packed).to_bytes(_LENGTH, "big") + packed).ljust(room, b"\0")
    nonce = hmac.digest(key, inner, hashlib.sha256)[:_NONCE]
    return _MAGIC + nonce + AESGCM(key).encrypt(nonce, inner, _MAGIC + name.encode())


def opened(name: str, key: bytes, content: bytes) -> bytes:
    """What lies in an envelope. Shut when name and key are another's or a byte was changed."""
    start = len(_MAGIC)
    nonce, sealed = content[start : start + _NONCE], content[start + _NONCE :]
    if content[:start] != _MAGIC or len(nonce) != _NONCE:
        raise Shut
    try:
        inner = AESGCM(key).decrypt(nonce, sealed, _MAGIC + name.encode())
        length = int.from_bytes(inner[:_LENGTH], "big")
        return zlib.decompress(inner[_LENGTH : _LENGTH + length])
    except (InvalidTag, ValueError, zlib.error):
        raise Shut from None


def _doubled(value: int) -> int:
    return value << 1 ^ (_POLYNOMIAL if value & 16 else 0)
