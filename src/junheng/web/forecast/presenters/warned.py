"""A warning in words: why, what helps, what is left, by which standard."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.sections.headline import LEVELS
from junheng.report.sections.warnings import lever_words, reason_words
from junheng.web.forecast import queries
from junheng.web.forecast.presenters import parts
from junheng.web.forecast.presenters.parts import stage_name
from junheng.web.forecast.queries import Shown
from junheng.web.house.page import Anchor, Light
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Told:
    """One warning. `rule` is the standard it rests on, `sure` its mark where that was not checked."""

    light: Light
    kind: str
    unit: Anchor
    stage: str
    years: str
    chance: str
    pupils: str
    reason: str
    remedy: str
    left: str
    by: str
    rule: str
    sure: str


def told(shown: Shown, row: dict[str, Any]) -> Told:
    """A row of `seat_warnings` in the reader's language."""
    read, scope = shown.reading, shown.scope
    level: Any = row["level"] if row["level"] in LEVELS else LEVELS[-1]
    rules = queries.standards([row["rule_id"]])
    rule, sure = parts.citation(shown, rules[0]) if rules else ("", "")
    stage = row["stage"] or ""
    href = (parts.with_stage(scope, stage) if stage else scope).url("forecast:unit", code=row["unit_code"])
    return Told(
        Light(level, wording.say(f"report.level.{level}", scope.language)),
        kind_name(shown, row["kind"] or ""),
        Anchor(read.name(row["unit_kind"], row["unit_code"]), href),
        stage_name(scope, stage) if stage else "",
        years(row),
        fmt.percent(row["probability"]),
        shown.protection.count(row["pupils_affected"]),
        reason_words(read, shown.protection, row),
        lever_words(read, row["lever"], row["lever_parameters"]),
        fmt.percent(row["residual_p"]) if row["lever"] else "",
        deadline_words(shown, row),
        rule,
        sure,
    )


def kind_name(shown: Shown, kind: str) -> str:
    """Name of a kind of warning."""
    code = f"report.kind.{kind}"
    return wording.say(code, shown.scope.language) if wording.has(code) else kind


def years(row: dict[str, Any]) -> str:
    """First to last year of a warning."""
    first, last = row["from_year"], row["to_year"]
    if first is None:
        return fmt.BLANK
    return f"{first}–{last}" if last is not None and last != first else str(first)


def deadline(row: dict[str, Any]) -> int | None:
    """The last year in which the remedy can be begun in time: the first year less the remedy's lead time."""
    lead = wording.parameters_of(row["reason_parameters"]).get("lead_time")
    if row["kind"] != "shortage" or not isinstance(lead, int | float) or row["from_year"] is None:
        return None
    return int(row["from_year"]) - math.ceil(lead)


def deadline_words(shown: Shown, row: dict[str, Any]) -> str:
    """By when the remedy must be decided, or that it is too late for the first year."""
    year, origin = deadline(row), shown.reading.origin
    if year is None:
        return ""
    return say(
        "seats_page.by_late" if origin is not None and year <= origin else "seats_page.by_year", year=year
    )
