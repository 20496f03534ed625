"""Parts every page of this room has: tabs, provenance, what the figures count, what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from junheng.model import TABLES
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.sections import evidence
from junheng.rules import Value
from junheng.web.forecast import queries
from junheng.web.forecast.queries import Held, Shown
from junheng.web.house.page import Absent, Anchor, Light, Method
from junheng.web.house.scope import Scope
from junheng.web.wording import say

MOST_FINDINGS = 6
MAYBE = 0.2
"""Chance of a shortage from which it is worth a word although the median is not short."""


def tabs(scope: Scope, current: str, warnings: int | None = None) -> tuple[tuple[Anchor, bool], ...]:
    """The pages of this room; the number of warnings stands in their tab."""
    shown = ["seats", "warnings", "scenarios", "accuracy", *(["start"] if scope.may("forecast") else [])]
    found: list[tuple[Anchor, bool]] = []
    for name in shown:
        text = say(f"seats_page.tab_{name}")
        if name == "warnings" and warnings is not None:
            text = say("seats_page.tab_with_count", text=text, count=fmt.count(warnings))
        found.append((Anchor(text, scope.url(f"forecast:{name}")), name == current))
    return tuple(found)


def lights(counted: dict[str, int]) -> tuple[Light, ...]:
    """Warnings by level, in words."""
    kinds: tuple[Any, ...] = ("red", "orange", "yellow")
    found = tuple(
        Light(kind, say(f"seats_page.level_{kind}", count=fmt.count(counted[kind])))
        for kind in kinds
        if counted[kind]
    )
    return found or (Light("good", say("seats_page.level_none")),)


def stage_name(scope: Scope, stage: str) -> str:
    """Name of a stage."""
    return wording.code_name("stage", stage, scope.language)


def stage_label(scope: Scope, stage: str) -> str:
    """Name of a stage where it begins a line."""
    name = stage_name(scope, stage)
    return name[:1].upper() + name[1:]


def with_stage(scope: Scope, stage: str) -> Scope:
    """The same view of another stage."""
    return replace(scope, stage=stage)


def absent(scope: Scope, held: Held) -> Absent:
    """Why there is no forecast, and what to do."""
    data = Anchor(say("seats_page.to_data"), scope.url("data:index"))
    if not held.tables:
        return Absent(say("seats_page.none_title"), say("seats_page.none_no_data"), (data,))
    missing = [name for name in ("schools", "enrolment") if name not in held.tables]
    if missing and "area_enrolment" not in held.tables:
        names = fmt.listed([table_name(scope, name) for name in missing], scope.language)
        return Absent(say("seats_page.none_title"), say("seats_page.none_missing", tables=names), (data,))
    if scope.may("forecast"):
        start = Anchor(say("seats_page.to_start"), scope.url("forecast:start"))
        return Absent(
            say("seats_page.none_title"), say("seats_page.none_start", version=held.version), (start,)
        )
    return Absent(say("seats_page.none_title"), say("seats_page.none_published"))


def table_name(scope: Scope, name: str) -> str:
    """Name of a declared table."""
    table = TABLES.get(name)
    return name if table is None else table.zh if scope.language == "zh" else table.en


def method(shown: Shown, rule_ids: list[str | None]) -> Method:
    """What the figures of a page count, from the run and its rules."""
    scope, read = shown.scope, shown.reading
    draws = fmt.count(read.source.run.get("draws"))
    entries = [
        (say("seats_page.method_gap"), say("seats_page.method_gap_text")),
        (say("seats_page.method_seats"), wording.say("report.method.3", scope.language)),
        (say("seats_page.method_range"), wording.say("report.method.2", scope.language, draws=draws)),
        (say("seats_page.method_pupils"), wording.say("report.method.1", scope.language)),
        (say("seats_page.method_excluded"), _excluded(shown)),
        (say("seats_page.method_small"), say("seats_page.method_small_text", count=shown.protection.minimum)),
    ]
    sources = [
        (table_name(scope, name), version or fmt.BLANK, day or fmt.BLANK)
        for name, version, day in queries.sources(shown.record)
    ]
    cited = [citation(shown, one) for one in queries.standards(rule_ids)]
    return Method(tuple(entries), tuple(sources), tuple(cited))


def citation(shown: Shown, one: Value) -> tuple[str, str]:
    """A standard with its value and document, and how sure that is."""
    language = shown.scope.language
    text = say(
        "seats_page.standard",
        name=evidence.standard_name(shown.reading, one),
        value=f"{fmt.plain(one.value)} {evidence.unit(one, language)}".strip(),
        source=one.source or one.citation(language),
    )
    return text, "" if one.sure else evidence.sureness(shown.reading, one)


def _excluded(shown: Shown) -> str:
    """What was left out or repaired, and how often."""
    frame = shown.reading.base("forecast_findings")
    if frame is None:
        return say("seats_page.method_excluded_none")
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        kinds.setdefault(row["code"], []).append(row)
    ranked = sorted(kinds.values(), key=lambda rows: (-len(rows), rows[0]["code"]))
    told = [
        say(
            "seats_page.method_excluded_one",
            count=fmt.count(len(rows)),
            what=evidence.of_forecast(shown.reading, shown.protection, rows[0])["what"].rstrip("。."),
        )
        for rows in ranked[:MOST_FINDINGS]
    ]
    return say("seats_page.method_excluded_text", count=fmt.count(frame.height)) + "".join(told)
