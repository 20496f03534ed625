"""One process at a time: several run the tests side by side."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(name: str, folder: Path | None = None) -> Iterator[None]:
    """Wait until no other process of these tests is inside the block of this name."""
    place = (folder or Path(tempfile.gettempdir())) / f"junheng-tests-{name}.lock"
    with place.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
