"""Every sentence of the room: each part keeps its own in a module `…_messages`; a code is worded once."""

from __future__ import annotations

import importlib
from pathlib import Path


def _joined() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(Path(__file__).parent.glob("*_messages.py")):
        part = importlib.import_module(f"junheng.monitoring.{path.stem}").MESSAGES
        if twice := sorted(found.keys() & part.keys()):
            raise ValueError(f"worded twice, again in {path.stem}: {twice}")
        found |= part
    return found


MESSAGES: dict[str, tuple[str, str]] = _joined()
