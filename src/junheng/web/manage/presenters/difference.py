"""Two runs side by side: the first numbers of one unit, and how they moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from junheng.model.stages import STAGES
from junheng.report import format as fmt
from junheng.report import wording as report_wording
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, KeyFigure, Page, Row
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


@dataclass(frozen=True, slots=True)
class Difference:
    """The table, names of the inputs that differ, the other run."""

    table: DataTable
    inputs: tuple[str, ...]
    other: Anchor


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
    stages = [stage for stage in STAGES if stage in mine.stages or stage in theirs.stages]
    head = tuple(
        Head(say(f"manage.number_{number}", year=mine.last_year or fmt.BLANK), "right")
        for number, _ in NUMBERS
    )
    rows = tuple(
        Row(
            (
                report_wording.code_name("stage", stage, scope.language),
                *(
                    moved(
                        mine.stages.get(stage, {}).get(number), theirs.stages.get(stage, {}).get(number), kind
                    )
                    for number, kind in NUMBERS
                ),
            )
        )
        for stage in stages
    )
    table = DataTable(
        "difference",
        say("manage.difference_caption", unit=scope.unit.name),
        (Head(say("manage.col_stage")), *head),
        rows,
        note=say("manage.difference_note", one=one.run_id, other=other.run_id),
    )
    changed = tuple(table_name(name, scope.language) for name, same in inputs.items() if not same)
    return Page(
        say("manage.col_difference"),
        _headline(scope, mine, theirs, changed),
        crumbs=crumbs(
            scope,
            "manage:reports",
            Crumb(one.run_id, scope.url("manage:run", run_id=one.run_id)),
            Crumb(say("manage.col_difference")),
        ),
        tabs=tabs(scope, "runs"),
        key_figures=tuple(_warning(level, mine, theirs) for level in LEVELS),
        body=Difference(table, changed, Anchor(other.run_id, scope.url("manage:run", run_id=other.run_id))),
    )


def moved(new: Any, old: Any, kind: str) -> Cell:
    """A number with what it was before."""
    if new is None and old is None:
        return Cell(fmt.BLANK)
    if old is None:
        return Cell(_shown(new, kind), sub=say("manage.difference_appears"), bold=True)
    if new is None:
        return Cell(fmt.BLANK, sub=say("manage.difference_goes", old=_shown(old, kind)), bold=True)
    change = fmt.signed(fmt.half_up(new) - fmt.half_up(old))
    if change == "0":
        return Cell(_shown(new, kind), sub=say("manage.difference_unchanged"))
    before = say("manage.difference_from", old=_shown(old, kind), change=change)
    return Cell(_shown(new, kind), sub=before, bold=True)


def _shown(value: Any, kind: str) -> str:
    return str(value) if kind == "year" else fmt.count(value)


def _warning(level: str, mine: Headline, theirs: Headline) -> KeyFigure:
    held = moved(mine.warnings[level], theirs.warnings[level], "count")
    return KeyFigure(say(f"manage.warnings_{level}"), held.text, detail=held.sub)


def _headline(scope: Scope, mine: Headline, theirs: Headline, changed: tuple[str, ...]) -> str:
    red = mine.warnings["red"] - theirs.warnings["red"]
    code = "manage.difference_headline" if changed else "manage.difference_same"
    return say(code, unit=scope.unit.name, changed=len(changed), red=fmt.signed(red))
