"""The list of scenarios: what was tried, by whom, and what it does to the warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from junheng.forecast.scenarios.levers import Lever
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.sections.headline import LEVELS
from junheng.web.figures.unit_reading import Place, place
from junheng.web.forecast import scenario_queries
from junheng.web.forecast.lever_fields import SORTS
from junheng.web.forecast.presenters import parts
from junheng.web.forecast.scenario_queries import Stored
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Absent, Anchor, Crumb, Page
from junheng.web.house.scope import Scope
from junheng.web.jobs.presenters import JobView
from junheng.web.wording import language, say

NAMED = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A stored scenario in the list."""

    run_id: str
    name: Anchor
    levers: str
    made: str
    origin: str
    state: str
    changes: tuple[tuple[str, str, bool], ...]
    copy: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready-made scenario: its name, its form filled in."""

    key: str
    name: str
    adapt: str


@dataclass(frozen=True, slots=True)
class Body:
    """The room's own part of the page."""

    lines: tuple[Line, ...]
    underway: tuple[JobView, ...]
    ready: tuple[Ready, ...]
    new: str
    compare: str
    built_in: str


def page(
    scope: Scope,
    stored: Sequence[Stored],
    underway: Sequence[JobView],
    ready: Sequence[str],
    names: dict[str, str],
    warnings: int | None,
) -> Page:
    """Scenarios stored and under way; for those who forecast, how to make another."""
    may = scope.may("forecast")
    here = place(scope)
    headline = (
        say("seats_page.scenarios_headline", count=len(stored))
        if stored
        else say("seats_page.scenarios_none")
    )
    return Page(
        title=say("seats_page.scenarios_title", unit=here.name),
        headline=headline,
        crumbs=crumbs(scope, "forecast:seats", Crumb(say("seats_page.tab_scenarios"))),
        absent=None if stored or underway else _absent(scope, may),
        tabs=parts.tabs(scope, "scenarios", warnings),
        body=Body(
            tuple(_line(scope, one, names, here) for one in stored),
            tuple(underway),
            tuple(
                Ready(
                    name, scenario_name(name, scope), scope.url("forecast:scenario_new", query=f"like={name}")
                )
                for name in ready
            )
            if may
            else (),
            scope.url("forecast:scenario_new") if may else "",
            scope.url("forecast:compare").partition("?")[0],
            scope.url("forecast:built_in") if may else "",
        ),
    )


def _absent(scope: Scope, may: bool) -> Absent:
    title = say("seats_page.scenarios_none_title")
    if not may:
        return Absent(title, say("seats_page.scenarios_none_seen"))
    new = Anchor(say("seats_page.new_scenario"), scope.url("forecast:scenario_new"))
    return Absent(title, say("seats_page.scenarios_none_text"), (new,))


def scenario_name(name: str, scope: Scope) -> str:
    """Name of a ready-made scenario in words; others are called what they were called."""
    code = f"scenario_{name}"
    return wording.say(code, scope.language) if wording.has(code) else name


def _line(scope: Scope, one: Stored, names: dict[str, str], here: Place) -> Line:
    record = one.record
    when = timezone.localtime(record.made_at).strftime("%Y-%m-%d %H:%M")
    href = scope.url("forecast:compare", query=f"run={record.run_id}")
    changes = tuple(
        (
            level,
            say(
                "seats_page.before_after",
                before=fmt.count(one.before[level]),
                after=fmt.count(one.after[level]),
            ),
            one.before[level] != one.after[level],
        )
        for level in LEVELS
    )
    return Line(
        record.run_id,
        Anchor(scenario_name(one.name, scope), href),
        lever_list(one.levers, names, here),
        say("seats_page.made_by", who=one.maker or say("seats_page.command_line"), when=when),
        fmt.school_year(record.origin_year, scope.language),
        say(f"runs.state_{record.state}"),
        changes,
        scope.url("forecast:scenario_new", query=f"of={record.run_id}") if scope.may("forecast") else "",
    )


def lever_words(one: Lever, names: dict[str, str], here: Place) -> str:
    """A lever with where and when."""
    where = names.get(one.scope_code, one.scope_code) if one.scope_code else here.name
    details = [where, *(_value(name, value, names) for name, value in one.parameters.items())]
    return say(
        "seats_page.lever_words",
        lever=say(f"seats_page.lever_{one.kind}"),
        detail=fmt.listed(details, language()),
        year=one.from_year,
    )


def _value(name: str, value: str, names: dict[str, str]) -> str:
    """A parameter in words: per cent for shares, names for codes."""
    sort = SORTS.get(name)
    shown, unit = names.get(value, value), ""
    if sort == "percent":
        shown, unit = f"{float(value) * 100:.4g}", "%"
    elif sort == "whole":
        unit = say(f"seats_page.parameter_{name}_unit")
    elif sort == "number":
        shown = f"{float(value):.4g}"
    elif sort in ("stage", "grade"):
        shown = wording.code_name(sort, value, language())
    return say("seats_page.parameter_value", name=say(f"seats_page.parameter_{name}"), value=shown, unit=unit)


def lever_list(levers: Sequence[Lever], names: dict[str, str], here: Place) -> str:
    """The first levers in words, and how many there are."""
    told = fmt.listed([lever_words(one, names, here) for one in levers[:NAMED]], language())
    return say("seats_page.and_more", list=told, count=len(levers)) if len(levers) > NAMED else told


def codes_of(stored: Sequence[Stored]) -> set[str]:
    """Codes of the units the shown levers name."""
    return {code for one in stored for code in scenario_queries.codes_of(one.levers[:NAMED])}
