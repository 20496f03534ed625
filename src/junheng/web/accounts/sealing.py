"""Personal values at rest, sealed with an authenticated cipher.

A sealed value is `key id.cipher.nonce.text` in base64: any key named in `FIELD_KEYS` opens it, the key named
in `FIELD_KEY` seals. The key id, the cipher and the field's name are authenticated with the text, so a value
moved to another field does not open. AES-256-GCM, or SM4-GCM where `FIELD_CIPHER` says so.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import unicodedata
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from junheng.model.errors import Refused

AES, SM4 = "aes256gcm", "sm4gcm"
CIPHERS = (AES, SM4)
_KEY_BYTES = {AES: 32, SM4: 16}
_NONCE_BYTES, _TAG_BYTES = 12, 16
_ALGORITHM: Mapping[str, Callable[[bytes], algorithms.AES | algorithms.SM4]] = {
    AES: algorithms.AES,
    SM4: algorithms.SM4,
}


def seal(value: str, *, field: str) -> str:
    """`value` sealed for `field` with the present key; an empty value stays empty."""
    if not value:
        return ""
    key_id, cipher = settings.FIELD_KEY, settings.FIELD_CIPHER
    nonce = secrets.token_bytes(_NONCE_BYTES)
    worker = Cipher(_ALGORITHM[cipher](_key(key_id, cipher)), modes.GCM(nonce)).encryptor()
    worker.authenticate_additional_data(_bound(key_id, cipher, field))
    text = worker.update(value.encode()) + worker.finalize() + worker.tag
    return ".".join((key_id, cipher, _encoded(nonce), _encoded(text)))


def unseal(sealed: str, *, field: str) -> str:
    """The value. Refused `accounts.sealed_unknown_key` when its key is not among ours,
    `accounts.sealed_broken` when the key is wrong or the value was altered or moved."""
    if not sealed:
        return ""
    key_id, cipher, nonce, content = _parts(sealed)
    if key_id not in settings.FIELD_KEYS:
        raise Refused("accounts.sealed_unknown_key", {"key": key_id})
    text, tag = content[:-_TAG_BYTES], content[-_TAG_BYTES:]
    try:
        worker = Cipher(_ALGORITHM[cipher](_key(key_id, cipher)), modes.GCM(nonce, tag)).decryptor()
        worker.authenticate_additional_data(_bound(key_id, cipher, field))
        return (worker.update(text) + worker.finalize()).decode()
    except (InvalidTag, ValueError) as error:
        raise Refused("accounts.sealed_broken", {"key": key_id}) from error


def digests(value: str, *, field: str) -> list[str]:
    """What an exact value is found by without being opened: a keyed digest under each of our keys, the
    present one first; none for an empty value. Values are compared in one writing, without blanks."""
    plain = "".join(unicodedata.normalize("NFKC", value).split())
    keys = [settings.FIELD_KEY, *(one for one in settings.FIELD_KEYS if one != settings.FIELD_KEY)]
    bound = f"junheng find {field}".encode()
    return [_digest(settings.FIELD_KEYS[one], bound, plain) for one in keys] if plain else []


def _digest(key: str, bound: bytes, plain: str) -> str:
    own = HKDF(algorithm=SHA256(), length=32, salt=None, info=bound).derive(key.encode())
    return hmac.new(own, plain.encode(), "sha256").hexdigest()


def key_of(sealed: str) -> str:
    """Id of the key a value is sealed with; empty for an empty value."""
    return _parts(sealed)[0] if sealed else ""


def is_current(sealed: str) -> bool:
    """Whether the value is sealed with the present key and cipher."""
    return not sealed or _parts(sealed)[:2] == (settings.FIELD_KEY, settings.FIELD_CIPHER)


def _key(key_id: str, cipher: str) -> bytes:
    purpose = f"junheng seal {cipher}".encode()
    kdf = HKDF(algorithm=SHA256(), length=_KEY_BYTES[cipher], salt=None, info=purpose)
    return kdf.derive(settings.FIELD_KEYS[key_id].encode())


def _bound(key_id: str, cipher: str, field: str) -> bytes:
    return f"{key_id}.{cipher}.{field}".encode()


def _parts(sealed: str) -> tuple[str, str, bytes, bytes]:
    try:
        key_id, cipher, nonce, text = sealed.split(".")
        if cipher not in _KEY_BYTES:
            raise ValueError(cipher)
        return key_id, cipher, base64.b64decode(nonce), base64.b64decode(text)
    except ValueError as error:
        raise Refused("accounts.sealed_broken", {"key": ""}) from error


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
