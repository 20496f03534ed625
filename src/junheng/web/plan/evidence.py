"""Files that show a task is done, on the shelf of this room."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from junheng.web.house.shelf import BEGINNINGS, CHANGED, INTACT, LIMIT_BYTES, MISSING, Shelf

__all__ = ["BEGINNINGS", "CHANGED", "INTACT", "LIMIT_BYTES", "MISSING"]
_SHELF = Shelf("evidence", "plan")


def place(folder: str, name: str) -> Path:
    """Where a file lies."""
    return _SHELF.place(folder, name)


def acceptable(file: Any) -> str:
    """The file's name as it is kept; Refused for what is not taken in."""
    return _SHELF.acceptable(file)


def keep(file: Any, name: str) -> tuple[str, str]:
    """Write an acceptable file; returns its folder and its digest."""
    folder = uuid.uuid4().hex
    return folder, _SHELF.keep(file, name, folder)


def forget(folder: str) -> None:
    """Take away a file whose report did not come about."""
    _SHELF.forget(folder)


def standing(folder: str, name: str, sha256: str) -> str:
    """Whether the file is still the one that came: intact, changed or missing."""
    return _SHELF.standing(folder, name, sha256)
