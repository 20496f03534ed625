"""Fills the standards of a declaration with the values of one day and region, and gives it its version."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from junheng.rules.assessment import Assessment
from junheng.rules.indicator import Indicator, Standard
from junheng.rules.value import Value

Look = Callable[[Standard], "dict[str, Value]"]
Declared = TypeVar("Declared", Indicator, Assessment)
_PLACE = ("file", "line", "rule_version")
_VERSION_LENGTH = 16


def resolved(declared: Declared, look: Look) -> Declared:
    """`declared` with the values of every standard it names and its `rule_version`."""
    filled = cast(Declared, _filled(declared, look))
    return dataclasses.replace(filled, rule_version=_version(filled))


def standards_of(thing: Any) -> Iterator[Standard]:
    """Every reference to standards within a declaration, in order of its fields."""
    if isinstance(thing, Standard):
        yield thing
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type | Value):
        for field in dataclasses.fields(thing):
            yield from standards_of(getattr(thing, field.name))
    elif isinstance(thing, tuple):
        for part in cast("tuple[Any, ...]", thing):
            yield from standards_of(part)


def _filled(thing: Any, look: Look) -> Any:
    if isinstance(thing, Standard):
        return dataclasses.replace(thing, values=look(thing))
    if isinstance(thing, tuple):
        return tuple(_filled(part, look) for part in cast("tuple[Any, ...]", thing))
    if not dataclasses.is_dataclass(thing) or isinstance(thing, type):
        return thing
    parts = {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing)}
    changed = {name: _filled(part, look) for name, part in parts.items()}
    return dataclasses.replace(thing, **changed) if changed != parts else thing


def _version(declared: Indicator | Assessment) -> str:
    """First 16 hex digits of SHA-256 over the declaration in canonical JSON, standards by entry and value."""
    text = json.dumps(_canonical(declared), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_LENGTH]


def _canonical(thing: Any) -> Any:
    if isinstance(thing, Value):
        return [thing.rule_id, thing.value, thing.unit, thing.limit, thing.verified]
    if isinstance(thing, tuple):
        return [_canonical(part) for part in cast("tuple[Any, ...]", thing)]
    if isinstance(thing, dict):
        return {name: _canonical(part) for name, part in cast("dict[str, Any]", thing).items()}
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        kept = {
            field.name: _canonical(getattr(thing, field.name))
            for field in dataclasses.fields(thing)
            if field.name not in _PLACE
        }
        return {"": type(thing).__name__, **kept}
    return thing if thing is None or isinstance(thing, bool | int | float | str) else str(thing)
