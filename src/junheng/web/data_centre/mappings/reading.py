"""A mapping as text, read and checked; and the little of it the editor's table can change."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from junheng.data import mapping_file
from junheng.data.mapping import FileMapping
from junheng.model.errors import BadData

LONGEST = 200_000


def content(text: str) -> dict[str, Any]:
    """The parsed TOML; BadData with line and column when it is none."""
    if len(text) > LONGEST:
        raise BadData("data_centre.mapping_too_long", {"most": LONGEST})
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadData("data_centre.mapping_not_toml", {"detail": str(error)}) from None


def mapping(text: str) -> FileMapping:
    """The mapping; BadData lists everything wrong in it at once."""
    return mapping_file.parse(content(text))


def for_any_name(draft: str, names: list[str]) -> str:
    """A draft made from a single file, reading it under any name: the mended file and next year's are called
    otherwise. A draft of several files keeps their names, by which they are told apart."""
    if len(names) != 1:
        return draft
    entries = content(draft).get("source", [])
    if any(entry.get("file") != names[0] for entry in entries if isinstance(entry, dict)):
        return draft
    return re.sub(r"(?m)^file = .*$", 'file = "*"', draft)
