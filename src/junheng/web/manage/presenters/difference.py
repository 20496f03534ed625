"""Two runs side by side: the first numbers of one unit, and how they moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from junheng.model.stages import STAGES
from junheng.report import format as fmt
from junheng.report import wording as report_wording
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.presenters.parts import table_name, tabs
from junheng.web.manage.queries import LEVELS, Headline
from junheng.web.runs.models import RunRecord
from junheng.web.wording import say

NUMBERS = (
    ("peak_demand", "count"),
    ("peak_year", "year"),
    ("first_short_year_p50", "year"),
    ("peak_gap", "count"),
    ("last", "count"),
)


def difference(
    scope: Scope,
    one: RunRecord,
    other: RunRecord,
    mine: Headline,
    theirs: Headline,
    inputs: Mapping[str, bool],
) -> Page:
    """`mine` is the run's, `theirs` the one it is held against; `inputs` says of each input whether it is the
    same in both."""
    rows: list[Row] = []
    for stage in (stage for stage in STAGES if stage in mine.stages or stage in theirs.stages):
        here, there = mine.stages.get(stage, {}), theirs.stages.get(stage, {})
        name = report_wording.code_name("stage", stage, scope.language)
        rows += [
            _row(name if place == 0 else "", number, kind, here, there, mine)
            for place, (number, kind) in enumerate(NUMBERS)
        ]
    rows += [
        Row(
            (
                say("manage.warnings") if place == 0 else "",
                say(f"manage.level_{level}"),
                fmt.count(theirs.warnings[level]),
                fmt.count(mine.warnings[level]),
                fmt.signed(mine.warnings[level] - theirs.warnings[level]),
            )
        )
        for place, level in enumerate(LEVELS)
    ]
    table = DataTable(
        "difference",
        say("manage.difference_caption", unit=scope.unit.name),
        (
            Head(say("manage.col_stage")),
            Head(say("manage.col_number")),
            Head(other.run_id, "right"),
            Head(one.run_id, "right"),
            Head(say("manage.col_change"), "right"),
        ),
        tuple(rows),
        note=say("manage.difference_note"),
    )
    return Page(
        say("manage.col_difference"),
        _headline(mine, theirs, inputs, scope),
        crumbs=crumbs(
            scope,
            "manage:reports",
            Crumb(one.run_id, scope.url("manage:run", run_id=one.run_id)),
            Crumb(say("manage.col_difference")),
        ),
        tabs=tabs(scope, "runs"),
        lead=_lead(inputs),
        body=(
            table,
            _inputs(scope, inputs),
            Anchor(other.run_id, scope.url("manage:run", run_id=other.run_id)),
        ),
    )


def _row(
    stage: str, number: str, kind: str, here: Mapping[str, Any], there: Mapping[str, Any], held: Headline
) -> Row:
    new, old = here.get(number), there.get(number)
    label = say(f"manage.number_{number}", year=held.last_year or fmt.BLANK)
    return Row((stage, label, _shown(old, kind), _shown(new, kind), _moved(new, old, kind)))


def _shown(value: Any, kind: str) -> str:
    if value is None:
        return fmt.BLANK
    return str(value) if kind == "year" else fmt.count(value)


def _moved(new: Any, old: Any, kind: str) -> str | Cell:
    if new is None and old is None:
        return fmt.BLANK
    if new is None or old is None:
        return Cell(say("manage.appears" if old is None else "manage.goes"), bold=True)
    moved = fmt.signed(new - old) if kind == "count" else fmt.signed(int(new) - int(old))
    return Cell(moved, bold=moved != "0")


def _headline(mine: Headline, theirs: Headline, inputs: Mapping[str, bool], scope: Scope) -> str:
    red = mine.warnings["red"] - theirs.warnings["red"]
    code = "manage.difference_same" if all(inputs.values()) else "manage.difference_headline"
    changed = sum(not same for same in inputs.values())
    return say(code, unit=scope.unit.name, changed=changed, red=fmt.signed(red))


def _lead(inputs: Mapping[str, bool]) -> str:
    return "" if all(inputs.values()) else say("manage.difference_lead")


def _inputs(scope: Scope, inputs: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(table_name(name, scope.language) for name, same in inputs.items() if not same)
