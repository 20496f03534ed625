"""The workspace this installation serves, and a cache of its frames.

Files in a workspace are immutable and named by their digest, so a frame once read stays right; the cache is
bounded by bytes and shared by the threads of a process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from junheng import rules
from junheng.data import Workspace
from junheng.model import Region
from junheng.rules import RuleBook

CACHE_BYTES = 512 * 1024 * 1024


def workspace() -> Workspace:
    """The workspace; its region is read again when region.toml changes."""
    path = Path(settings.WORKSPACE)
    return _opened(path, (path / "region.toml").stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _opened(path: Path, _changed: int) -> Workspace:
    return Workspace.open(path)


def region() -> Region:
    """The region served."""
    return workspace().region


def book() -> RuleBook:
    """The rules in force here: the packaged ones and the region's own."""
    folders = workspace().rule_folders()
    stamp = tuple(
        (str(path), path.stat().st_mtime_ns)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
    return _book(tuple(folders), stamp)


@lru_cache(maxsize=2)
def _book(folders: tuple[Path, ...], _stamp: tuple[Any, ...]) -> RuleBook:
    return rules.load(*folders)


class FrameCache:
    """Frames by key, the one used longest ago leaving first when the bytes run over."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._held: OrderedDict[tuple[str, ...], tuple[Any, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...], make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The frame under `key`, read by `make` when it is not held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]
        frame = make()
        size = int(frame.estimated_size())
        with self._lock:
            if key not in self._held and size <= self._limit:
                self._held[key] = (frame, size)
                self._size += size
                while self._size > self._limit:
                    _, (_, gone) = self._held.popitem(last=False)
                    self._size -= gone
        return frame


class Recent:
    """What was worked out lately, by key; of more than `most` the one used longest ago leaves first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is held under `key`, made by `make` when nothing is."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return made


FRAMES = FrameCache()
READINGS = Recent(most=384)
