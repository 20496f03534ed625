"""Where the shared data lies: beside the checkout, never inside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(path: str) -> Path:
    """Path of a shared data file; fails in CI when it is missing and skips with one line elsewhere."""
    found = SHARED / path
    if not found.exists():
        message = f"shared data {path} is not beside the checkout"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found
