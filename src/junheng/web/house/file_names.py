"""Names of files that people send: what may stay of them on our disk and on our pages."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 100
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
"""Separators, signs no file system takes everywhere, and marks that turn or hide the reading of a name."""


def safe_name(sent: str) -> str:
    """A file's own name without anything that leads elsewhere or deceives the eye."""
    name = unicodedata.normalize("NFC", sent.replace("\\", "/").rpartition("/")[2])
    name = _UNSAFE.sub("_", name).strip(" .") or "file"
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 10:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
