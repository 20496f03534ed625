"""The catalogue of stored fields: what each is, why it is kept, on what ground and for how long."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from junheng.model.errors import Refused
from junheng.model.reason import Language

_HERE = Path(__file__).resolve().parent
OVERRIDE = "privacy.toml"
"""A region's own periods, in its workspace."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field is. `retention` names a period and `basis` a ground; both are empty for fields not about a
    person. `purpose` is (Chinese, English)."""

    name: str
    sensitivity: str
    purpose: tuple[str, str]
    retention: str = ""
    basis: str = ""

    @property
    def personal(self) -> bool:
        """Whether such a field says something of a person."""
        return self.sensitivity != "none"


@dataclass(frozen=True, slots=True)
class Basis:
    """A ground of processing with how sure we are of it."""

    name: str
    text: tuple[str, str]
    sure: str


@dataclass(frozen=True, slots=True)
class Period:
    """How long something stays: `days` after `begins` it is due for `act`; 0 days is no limit of time."""

    name: str
    days: int
    least: int
    begins: tuple[str, str]
    act: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A stored field: `place` is model (an application's table) or table (the data model's)."""

    place: str
    table: str
    name: str
    kind: Kind


@cache
def kinds() -> Mapping[str, Kind]:
    """Kinds by name."""
    return {
        name: Kind(
            name,
            held["sensitivity"],
            (held["zh"], held["en"]),
            held.get("retention", ""),
            held.get("basis", ""),
        )
        for name, held in _read("kinds.toml")["kinds"].items()
    }


@cache
def bases() -> Mapping[str, Basis]:
    """Grounds by name."""
    return {
        name: Basis(name, (held["zh"], held["en"]), held["sure"])
        for name, held in _read("kinds.toml")["bases"].items()
    }


@cache
def fields() -> tuple[Field, ...]:
    """Every field of the catalogue, tables in its order."""
    content = _read("fields.toml")
    return tuple(
        Field(place, table, name, kinds()[kind])
        for place, part in (("model", "models"), ("table", "tables"))
        for table, listed in content[part].items()
        for kind, names in listed.items()
        for name in names
    )


def periods(workspace: Path | None = None) -> dict[str, Period]:
    """Periods by name, with the days a region has set. Refused when it sets fewer than the least, or a period
    there is not."""
    own = _own_days(workspace) if workspace is not None else {}
    held = {name: _period(name, part) for name, part in _read("periods.toml")["periods"].items()}
    if unknown := own.keys() - held.keys():
        raise Refused("privacy.unknown_period", {"name": ", ".join(sorted(unknown))})
    for name, days in own.items():
        if type(days) is not int or days < max(held[name].least, 1):
            raise Refused("privacy.period_too_short", {"name": name, "least": max(held[name].least, 1)})
    return {
        name: Period(name, own.get(name, one.days), one.least, one.begins, one.act)
        for name, one in held.items()
    }


def limit(name: str) -> int:
    """A limit or span of days that is not a period of keeping."""
    return _read("periods.toml")["limits"][name]


def pick(text: tuple[str, str], language: Language) -> str:
    """One of a pair of texts."""
    return text[0] if language == "zh" else text[1]


def personal() -> Iterator[Field]:
    """Fields about persons."""
    return (field for field in fields() if field.kind.personal)


def _period(name: str, part: Mapping[str, Any]) -> Period:
    return Period(
        name,
        part["days"],
        part.get("least", 0),
        (part["from_zh"], part["from_en"]),
        (part["act_zh"], part["act_en"]),
    )


def _own_days(workspace: Path) -> dict[str, int]:
    path = workspace / OVERRIDE
    if not path.is_file():
        return {}
    try:
        return dict(tomllib.loads(path.read_text(encoding="utf-8-sig")).get("days", {}))
    except (OSError, ValueError) as error:
        raise Refused("privacy.override_unreadable", {"path": str(path), "detail": str(error)}) from error


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))
