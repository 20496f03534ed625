"""The bureau's secret of an entry: receipts, nonces and personal codes follow from it."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings

from junheng.admission.receipts import Secret
from junheng.data.atomic import lock, write_bytes

FOLDER = "admission"
BYTES = 32


def secret_of(plan_id: str) -> Secret:
    """The secret of an entry, made when it is asked for first. It never leaves the desk's folder."""
    path = Path(settings.DESK) / FOLDER / f"{plan_id}.secret"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock(path.parent / ".lock"):
        if not path.is_file():
            write_bytes(path, secrets.token_hex(BYTES).encode(), private=True)
    return Secret(path.read_text(encoding="ascii"))
