"""Paths in the unit tree: four digits a level, so that a subtree is a range on any database and collation."""

from __future__ import annotations

STEP = 4


def child(parent: str, number: int) -> str:
    """Path of the `number`-th child of `parent` ("" for a root). ValueError beyond 9999."""
    if not 0 < number < 10**STEP:
        raise ValueError(f"child number {number}")
    return f"{parent}{number:0{STEP}d}"


def parent(path: str) -> str:
    """Path of the parent; "" for a root."""
    return path[:-STEP]


def ancestors(path: str) -> list[str]:
    """Paths from the root down to `path` itself."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


def after(path: str) -> str:
    """The first path behind the subtree of `path`: the subtree is `path <= p < after(path)`."""
    return f"{path}:"  # ":" follows "9" in every collation of digits


def holds(outer: str, inner: str) -> bool:
    """Whether `inner` lies in the subtree of `outer`."""
    return inner.startswith(outer)
