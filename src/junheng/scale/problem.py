"""What is asked of each county and what comes back: verbs, work, outcomes, failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol

import polars as pl

from junheng import rules
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.rules import RuleBook, Standards

Tables = Mapping[str, pl.DataFrame]
Made = dict[str, pl.DataFrame]
"""Result tables of one county by name; names that begin with HIDDEN feed the totals and are not published."""
HIDDEN = "_"
Kind = Literal["kept", "made", "failed"]


@dataclass(frozen=True)
class Law:
    """The rules of the day wherever a county lies; regions nobody has rules for share the nation's."""

    day: date
    folders: tuple[Path, ...] = ()

    def of(self, code: str = "") -> Standards:
        """The standards in force in a region by its division code, "" for the nation."""
        return _standards(self.day, self.folders, code)

    def digest(self) -> str:
        """Digest of every rule a run goes by."""
        return _book(self.folders).digest()


@cache
def _book(folders: tuple[Path, ...]) -> RuleBook:
    return rules.load(*folders)


@cache
def _with_rules(folders: tuple[Path, ...]) -> frozenset[str]:
    return frozenset(entry.value.region for entry in _book(folders).entries())


@cache
def _standards(day: date, folders: tuple[Path, ...], code: str) -> Standards:
    known = _with_rules(folders)
    nearest = next((one for one in reversed(Region(code, code).lineage) if one in known), "")
    return _standards(day, folders, nearest) if nearest != code else _book(folders).at(day, code or None)


class Verb(Protocol):
    """A room's verb over counties. Frozen and picklable: it travels to other processes and machines.

    together: whether several counties may be given at once and come out as if each had been alone.
    """

    @property
    def name(self) -> str:
        """How results and folders are called."""
        ...

    @property
    def together(self) -> bool:
        """See the class."""
        ...

    def version(self, law: Standards) -> str:
        """Digest of everything the verb reads of the rules, and of its own options."""
        ...

    def counties(
        self, asked: Mapping[str, Tables], year: int, law: Law, names: Mapping[str, str]
    ) -> dict[str, Made]:
        """The result tables of each county; raises when one of them cannot be had."""
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """Counties of one province that go to a worker together."""

    province: str
    counties: tuple[str, ...]
    attempt: int = 1


@dataclass(frozen=True)
class Work:
    """What a worker must know. known: fingerprint of the checkpoint held for each county."""

    verb: Verb
    year: int
    law: Law
    names: Mapping[str, str]
    known: Mapping[str, str]
    retries: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one county: kept as it was, made anew (packed tables), or failed with a reason."""

    county: str
    province: str
    kind: Kind
    fingerprint: str = ""
    packed: bytes = b""
    code: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A county without a result, and why: a code of the catalogue with its parameters."""

    county: str
    province: str
    name: str
    code: str
    parameters: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()


def batches(counties: Mapping[str, Sequence[str]], size: int) -> list[Task]:
    """Tasks of at most `size` counties, provinces and counties in order."""
    return [
        Task(province, tuple(held[first : first + size]))
        for province, held in counties.items()
        for first in range(0, len(held), size)
    ]
