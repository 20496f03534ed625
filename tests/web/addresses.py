"""Every address of the application, as the resolver knows them, and what `matrix.yaml` says of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, URLResolver, get_resolver, reverse

MATRIX = Path(__file__).with_name("matrix.yaml")


@dataclass(frozen=True)
class Address:
    """One address: its name and the names that stand in its path."""

    name: str
    parts: tuple[str, ...]

    @property
    def scoped(self) -> bool:
        """Whether it lies under a unit and a year."""
        return {"unit", "year"} <= set(self.parts)


@cache
def matrix() -> dict[str, Any]:
    """What `matrix.yaml` holds."""
    return yaml.safe_load(MATRIX.read_text(encoding="utf-8"))


@cache
def addresses() -> tuple[Address, ...]:
    """All named addresses; the API's are walked by its schema."""
    return tuple(sorted(_walk(get_resolver(), "", ()), key=lambda one: one.name))


def _walk(resolver: URLResolver, space: str, parts: tuple[str, ...]) -> Iterator[Address]:
    for one in resolver.url_patterns:
        here = (*parts, *one.pattern.converters)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one, inner, here)
        elif isinstance(one, URLPattern):
            yield Address(f"{space}{one.name}", here)


def rows(kind: str) -> dict[str, Any]:
    """Rows of one kind: `open`, `signed_in` or `scoped`."""
    return matrix()[kind] or {}


def path_of(name: str, unit: str, year: int, objects: dict[str, Any]) -> str:
    """The path of a scoped address with real objects where it names some."""
    row = rows("scoped")[name]
    given = {part: objects[made] for part, made in (row.get("with") or {}).items()}
    return reverse(name, kwargs={"unit": unit, "year": row.get("year", year), **given})
