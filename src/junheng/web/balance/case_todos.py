"""Evidence to bring and to examine, and rounds whose next step is a person's, as they wait on the desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from junheng.rules.assessment import Assessment
from junheng.web.accounts.roles import EXAMINE, FILL, IMPORT
from junheng.web.balance.evidence import pieces, taking
from junheng.web.balance.evidence.demands import demands, reaches
from junheng.web.balance.evidence.pieces import Piece
from junheng.web.balance.evidence.queries import stages_of
from junheng.web.balance.models import AssessmentRound, Evidence
from junheng.web.balance.rounds import workflow
from junheng.web.notices.todo import Todo
from junheng.web.runs import reading
from junheng.web.workspace import book, region


def mine(scope: Any, today: date) -> Iterator[Todo]:
    """What was sent back to the unit, what it still owes to a round that collects, what waits to be examined,
    what has not entered the data, and steps of rounds."""
    if not (scope.may(FILL) or scope.may(EXAMINE)):
        return
    county = scope.register.by_code.get(region().code)
    if county is None:
        return
    rounds = list(AssessmentRound.objects.filter(unit=county))
    found = pieces.inside(scope.unit.path, current=True)
    if scope.may(FILL):
        yield from _to_bring(scope, rounds, found)
    if scope.may(EXAMINE):
        yield from _to_review(scope, found)
        yield from _steps(scope, county, rounds)
    if scope.may(IMPORT) and reading.sees_whole_region(scope) and found:
        yield from _to_take(scope)


def _to_bring(scope: Any, rounds: Sequence[AssessmentRound], found: Sequence[Piece]) -> Iterator[Todo]:
    own = [one for one in found if one.row.unit_id == scope.unit.pk]
    for one in own:
        if one.row.state == Evidence.RETURNED:
            row = one.row
            query = f"assessment={row.assessment}&year={row.year}"
            place = scope.url("balance:evidence_item", item=row.item, query=query)
            yield Todo(
                "balance.todo_returned", place, parameters={"item": row.item}, action="balance.todo_bring"
            )
    table = reading.table(scope, "evidence") if rounds else None
    stages = stages_of(scope)
    for round_ in rounds:
        law = _law(round_)
        if law is None or not _collects(law, round_.state):
            continue
        brought = {one.row.item for one in own if (one.row.assessment, one.row.year) == _about(round_)}
        if table is not None:
            rows = table.select("assessment", "item", "unit_code", "year").iter_rows()
            brought |= {
                row[1] for row in rows if (row[0], row[3], row[2]) == (*_about(round_), scope.unit.code)
            }
        level = "school" if scope.unit.level == "school" else "county"
        indicators = book().at(date(round_.year, 9, 1), region()).indicators
        if stages is not None and not reaches(law, indicators, stages):
            continue
        owed = [
            one for one in demands(law) if one.level == level and not one.measured and one.code not in brought
        ]
        if owed and (level == "school" or scope.unit.code == region().code):
            query = f"assessment={round_.assessment}&year={round_.year}&state=missing"
            yield Todo(
                "balance.todo_provide",
                scope.url("balance:evidence", query=query),
                parameters={"count": len(owed), "assessment": law.name(scope.language)},
                unit=scope.unit.name,
                action="balance.todo_bring",
                count=len(owed),
            )


def _to_review(scope: Any, found: Sequence[Piece]) -> Iterator[Todo]:
    waiting = [one for one in found if one.awaits and one.row.by_id != scope.user.pk]
    for name, year in sorted({(one.row.assessment, one.row.year) for one in waiting}):
        count = sum((one.row.assessment, one.row.year) == (name, year) for one in waiting)
        query = f"assessment={name}&year={year}&state=given"
        yield Todo(
            "balance.todo_review",
            scope.url("balance:evidence", query=query),
            parameters={"count": count},
            unit=scope.unit.name,
            action="balance.todo_examine",
            count=count,
        )


def _to_take(scope: Any) -> Iterator[Todo]:
    held = taking.taking()
    count = len(held.new) + len(held.changed) + len(held.dropped)
    if count:
        yield Todo(
            "balance.todo_take",
            scope.url("balance:evidence_take"),
            parameters={"count": count},
            action="balance.todo_taking",
        )


def _steps(scope: Any, county: Any, rounds: Sequence[AssessmentRound]) -> Iterator[Todo]:
    """Rounds whose usual next step is this person's; a state that is its own next asks for nothing today."""
    if not reading.sees_whole_region(scope):
        return
    for round_ in rounds:
        law = _law(round_)
        here = workflow.state_of(law, round_.state) if law is not None else None
        following = workflow.following(law, round_.state) if law is not None else ()
        if law is None or here is None or not following or following[0].id == here.id:
            continue
        level = workflow.office(here, following[0])
        if workflow.may(scope.user, scope.register, county, level) is not None:
            told = {
                "assessment": law.name(scope.language),
                "year": round_.year,
                "state": here.name(scope.language),
            }
            place = scope.url("balance:round", round=round_.pk)
            yield Todo(
                "balance.todo_round", place, parameters=told, unit=county.name, action="balance.todo_step"
            )


def _collects(law: Assessment, state: str) -> bool:
    """Whether the county still puts its papers together: the round lies with it and goes up from here."""
    here = workflow.state_of(law, state)
    following = workflow.following(law, state)
    if here is None or not following:
        return False
    return not here.by and not here.entered_by and following[0].id != here.id


def _law(round_: AssessmentRound) -> Assessment | None:
    return book().at(date(round_.year, 9, 1), region()).assessments.get(round_.assessment)


def _about(round_: AssessmentRound) -> tuple[str, int]:
    return round_.assessment, round_.year
