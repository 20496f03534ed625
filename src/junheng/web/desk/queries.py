"""What the desk gathers: to-dos, warnings that are new, jobs, the year, messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from junheng.report.reading import Reading
from junheng.report.suppression import Protection
from junheng.web.accounts.roles import COLLECT, SEE
from junheng.web.desk.models import SeenRun
from junheng.web.figures.unit_reading import unit_reading
from junheng.web.files.protection import audience
from junheng.web.house.scope import Scope
from junheng.web.jobs import queries as jobs
from junheng.web.jobs.models import Job
from junheng.web.notices import todo
from junheng.web.notices.context import unread
from junheng.web.notices.models import Notice
from junheng.web.notices.todo import Occasion, Todo
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.units.models import Unit

JOBS_SHOWN = 4
MESSAGES_SHOWN = 50
LEVELS = ("red", "orange", "yellow")
KINDS = ("region", "area", "school")


BUREAU = Protection()


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the desk. `new` are the warnings of the run shown that the last run read did not have;
    `seen` names that run, "" when none was read. `state` reads the unit as the report reads the region."""

    scope: Scope
    today: date
    todos: tuple[Todo, ...]
    occasions: tuple[Occasion, ...]
    jobs: tuple[Job, ...]
    unread: int
    record: RunRecord | None = None
    warnings: tuple[dict[str, Any], ...] = ()
    new: tuple[dict[str, Any], ...] = ()
    seen: str = ""
    state: Reading | None = None
    protection: Protection = BUREAU
    counties: tuple[tuple[str, str, dict[str, int]], ...] = ()
    """(code, name, warnings by level) of the counties below."""


def desk(scope: Scope) -> Desk:
    """Everything for this person at this unit, today."""
    today = timezone.localdate()
    held = Desk(
        scope,
        today,
        tuple(todo.todos(scope, today)),
        tuple(todo.occasions(scope, today)),
        tuple(jobs.mine(scope.user, JOBS_SHOWN)),
        unread(scope.user),
    )
    if not scope.may(SEE):
        return held
    return _with_run(held, reading.current_once(scope))


def _with_run(held: Desk, record: RunRecord | None) -> Desk:
    scope = held.scope
    if record is None:
        return held
    state = unit_reading(scope, record)
    rows = _warnings(scope, record)
    seen = "" if scope.unit.level == "school" else _seen(scope)
    before = reading.visible(scope, seen) if seen and seen != record.run_id else None
    known = {_key(row) for row in (rows if seen == record.run_id else [])}
    if before is not None:
        known = {_key(row) for row in _warnings(scope, before)}
    new = tuple(row for row in rows if _key(row) not in known)
    return Desk(
        scope,
        held.today,
        held.todos,
        held.occasions,
        held.jobs,
        held.unread,
        record,
        tuple(rows),
        new,
        seen,
        state,
        Protection(audience(scope, SEE)),
        _counties(scope, rows),
    )


def _seen(scope: Scope) -> str:
    return SeenRun.objects.filter(user=scope.user).values_list("run_id", flat=True).first() or ""


def _warnings(scope: Scope, record: RunRecord) -> list[dict[str, Any]]:
    frame = reading.read(scope, record, "seat_warnings")
    rows = [] if frame is None else list(frame.iter_rows(named=True))
    return sorted(rows, key=_rank)


def _rank(row: dict[str, Any]) -> tuple[Any, ...]:
    level = LEVELS.index(row["level"]) if row["level"] in LEVELS else len(LEVELS)
    kind = KINDS.index(row["unit_kind"]) if row["unit_kind"] in KINDS else len(KINDS)
    return (level, kind, row["from_year"] or 0, -(row["pupils_affected"] or 0), row["unit_code"])


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    """A warning is the same one when unit, stage, kind and level are."""
    return (row["unit_kind"], row["unit_code"], row["stage"], row["kind"], row["level"])


def _counties(scope: Scope, rows: Sequence[dict[str, Any]]) -> tuple[tuple[str, str, dict[str, int]], ...]:
    """For those above a county: the counties below with their warnings by level."""
    if scope.unit.level not in ("province", "city") or not scope.may(COLLECT):
        return ()
    units = list(
        Unit.objects.within([scope.unit.path]).values_list("code", "path", "level", "name", "name_en")
    )
    paths = {code: path for code, path, _, _, _ in units}
    found: list[tuple[str, str, dict[str, int]]] = []
    for code, path, level, zh, en in units:
        if level != "county":
            continue
        inside = [row["level"] for row in rows if paths.get(row["unit_code"], "").startswith(path)]
        name = en if scope.language == "en" and en else zh
        found.append((code, name, {one: inside.count(one) for one in LEVELS}))
    return tuple(found)


def messages(scope: Scope) -> list[Notice]:
    """The person's messages, newest first."""
    return list(Notice.objects.filter(to=scope.user)[:MESSAGES_SHOWN])


def waiting(scope: Scope) -> tuple[int, int]:
    """Numbers of open and of done tasks, for the tabs."""
    found = todo.todos(scope, timezone.localdate())
    opened = sum(one.state == "open" for one in found)
    return opened, len(found) - opened
