"""What an official assessment is: items, a school rule, a county rule, preconditions, vetoes, a workflow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from junheng.model.reason import Language
from junheng.rules.indicator import Exclusion, Source, Standard

Level = Literal["school", "county"]
LEVELS: tuple[Level, ...] = ("school", "county")
OFFICES = ("county", "city", "province")
"""Levels of government that act in the official procedure, the lowest first."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing an item asks: an `indicator` (by id), an `evidence` (by its own id, with what to show), or a
    `check`, a method of the monitoring room by name, for what no verb says.

    An item is met when all its parts are met; evidence nobody examined is never met.
    """

    indicator: str = ""
    evidence: str = ""
    check: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the official list. `stages` empty: judged once; else once for each stage named."""

    id: str
    group: str
    level: Level
    zh: str
    en: str
    parts: tuple[Part, ...]
    stages: tuple[str, ...] = ()
    source: Source | None = None
    line: int = 0

    def name(self, language: Language = "zh") -> str:
        """Its name in a language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the official list (资源配置, 政府保障 ...)."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SchoolRule:
    """When a school passes: of the items of `group` at least `at_least` are met (None: all of them), and
    each of the rest reaches `floor` times its line (None: the rest may be anything)."""

    group: str
    at_least: Standard | None = None
    floor: Standard | None = None
    exclude: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class CountyRule:
    """When the county passes: the share of schools that pass (None: every one) and all items of `groups`."""

    groups: tuple[str, ...]
    schools: Standard | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A precondition or a veto: by an indicator, or `found`/`not_found` by evidence of the same id."""

    id: str
    zh: str
    en: str
    indicator: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A state of the official procedure; a `frozen` one keeps its run as it was; `then`: states after it.

    `by` is the level of government whose office takes a case on from here, `entered_by` that which alone may
    put a case into it; "" for the county itself, and for whoever takes the case on.
    """

    id: str
    zh: str
    en: str
    then: tuple[str, ...] = ()
    frozen: bool = False
    by: str = ""
    entered_by: str = ""

    def name(self, language: Language = "zh") -> str:
        """Its name in a language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Assessment:
    """An official assessment, resolved on one day in one region; verbs know nothing of it."""

    id: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    source: Source
    items: tuple[Item, ...]
    groups: tuple[Group, ...]
    school_rule: SchoolRule | None = None
    county_rule: CountyRule | None = None
    preconditions: tuple[Condition, ...] = ()
    vetoes: tuple[Condition, ...] = ()
    workflow: tuple[State, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    file: str = ""
    line: int = 0
    rule_version: str = ""

    def name(self, language: Language = "zh") -> str:
        """Its name in a language."""
        return self.zh if language == "zh" else self.en

    def indicators(self) -> tuple[str, ...]:
        """Ids of every indicator it asks for, in order of items, then preconditions and vetoes."""
        asked = [part.indicator for item in self.items for part in item.parts]
        asked += [one.indicator for one in (*self.preconditions, *self.vetoes)]
        return tuple(dict.fromkeys(one for one in asked if one))

    def valid_on(self, day: date) -> bool:
        """Whether the assessment is in force on `day`; both ends belong to it."""
        return not (self.valid_from and day < self.valid_from) and not (
            self.valid_until and day > self.valid_until
        )
