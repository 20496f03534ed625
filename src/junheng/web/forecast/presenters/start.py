"""Starting a run: what goes in, what is missing, the few settings in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.sections.evidence import WANTED
from junheng.web.forecast.presenters import parts
from junheng.web.forecast.presenters.scenario_form import Field
from junheng.web.forecast.queries import Held
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.jobs.presenters import JobView
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Body:
    """The room's own part of the page."""

    fields: tuple[Field, ...]
    summary: tuple[Anchor, ...]
    tables: DataTable
    underway: tuple[JobView, ...]
    action: str


def page(
    scope: Scope,
    held: Held,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    origins: Sequence[int],
    underway: Sequence[JobView],
    warnings: int | None,
) -> Page:
    """The form of a run. Without pupils there is no form, only what is missing."""
    ready = bool(origins)
    fields = (
        _origin(typed, faults, origins),
        *(_number(name, typed, faults) for name in ("years", "draws", "seed")),
    )
    summary = tuple(
        Anchor(say("seats_page.fault_at", field=one.label, fault=text), f"#{one.id}")
        for one in fields
        for text in one.faults
    )
    return Page(
        title=say("seats_page.start_title"),
        headline=say("seats_page.start_headline", version=held.version)
        if ready
        else say("seats_page.none_headline", unit=held.place.name),
        crumbs=crumbs(scope, "forecast:seats", Crumb(say("seats_page.start_title"))),
        lead=say("seats_page.start_then") if ready else "",
        absent=None if ready else parts.absent(scope, held),
        tabs=parts.tabs(scope, "start", warnings),
        body=Body(
            fields if ready else (),
            summary,
            _tables(scope, held),
            tuple(underway),
            scope.url("forecast:start"),
        ),
    )


def _origin(typed: Mapping[str, str], faults: Mapping[str, str], origins: Sequence[int]) -> Field:
    options = tuple((str(year), say("seats_page.start_origin_year", year=year)) for year in origins)
    return Field(
        "origin",
        say("seats_page.start_origin"),
        typed.get("origin", ""),
        hint=say("seats_page.start_origin_hint"),
        needed=True,
        options=options,
        faults=_faults("origin", faults),
    )


def _number(name: str, typed: Mapping[str, str], faults: Mapping[str, str]) -> Field:
    return Field(
        name,
        say(f"seats_page.setting_{name}"),
        typed.get(name, ""),
        hint=say(f"seats_page.setting_{name}_hint"),
        needed=True,
        numeric=True,
        faults=_faults(name, faults),
    )


def _faults(name: str, faults: Mapping[str, str]) -> tuple[str, ...]:
    return (faults[name],) if name in faults else ()


def _tables(scope: Scope, held: Held) -> DataTable:
    """Each table a forecast can use: there or missing, and what it gives."""
    data = scope.url("data:index")
    rows = tuple(
        Row(
            (
                parts.table_name(scope, name)
                if name in held.tables
                else Anchor(parts.table_name(scope, name), data),
                Light("good", say("seats_page.table_there"))
                if name in held.tables
                else Light("none", say("seats_page.start_missing")),
                Cell(wording.say(f"report.use.{name}", scope.language)),
            )
        )
        for name in WANTED
    )
    head = (
        Head(say("house.method_table")),
        Head(say("seats_page.col_state")),
        Head(say("seats_page.col_use_of")),
    )
    return DataTable(
        "tables",
        say("seats_page.start_tables", version=held.version or fmt.BLANK),
        head,
        rows,
        note=say("seats_page.start_missing_note"),
    )
