"""A mapping as text, read and checked; and the little of it the editor's table can change."""

from __future__ import annotations

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
