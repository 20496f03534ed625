"""Why something was decided or doubted: a code with parameters, worded from a zh/en catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Language = Literal["zh", "en"]
Severity = Literal["error", "warning", "note"]
Catalogue = Mapping[str, tuple[str, str]]
"""Code -> (Chinese, English) templates in `str.format` syntax; each room keeps its own in `messages.py`."""


def words(catalogue: Catalogue, code: str, parameters: Mapping[str, Any], language: Language = "zh") -> str:
    """The sentence for `code` with `parameters` filled in. KeyError names a code the catalogue lacks."""
    chinese, english = catalogue[code]
    return (chinese if language == "zh" else english).format(**parameters)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or doubt about a table, placed where its owner can find it.

    `row` counts as the user's program does: the first line of the sheet is 1. `action` is what Junheng did
    about it and `mend` is how to put it right; both are catalogue codes with the same parameters.
    """

    code: str
    severity: Severity
    table: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
