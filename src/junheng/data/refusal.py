"""How a file is refused: one BadData carrying one finding, which the preview gathers with all others."""

from __future__ import annotations

from typing import Any

from junheng.model import Finding
from junheng.model.errors import BadData


def refuse(code: str, file: str, *, sheet: str = "", row: int | None = None, **parameters: Any) -> BadData:
    """The error to raise when a whole file or sheet cannot be used."""
    filled = {"file": file, "sheet": sheet, **parameters}
    return BadData(code, filled, [Finding(code, "error", file=file, sheet=sheet, row=row, parameters=filled)])
