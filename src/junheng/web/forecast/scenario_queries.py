"""What the pages of scenarios read: stored scenarios, their levers, units a lever may name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Q
from django.http import Http404

from junheng.forecast.problem import Problem
from junheng.forecast.scenarios import built_in_scenarios
from junheng.forecast.scenarios.levers import Lever, levers_of
from junheng.web.forecast import queries
from junheng.web.house.calendar import school_year
from junheng.web.house.scope import Scope
from junheng.web.jobs.models import Job
from junheng.web.runs import reading
from junheng.web.runs.actions import region_unit
from junheng.web.runs.models import RunRecord
from junheng.web.units.models import Unit
from junheng.web.workspace import book, region, workspace

MOST_LISTED = 40
MOST_COMPARED = 3
OFFERED = 12
VERB = "scenario"
YEARS, DRAWS, SEED = 15, 1000, 1
"""Settings of a first run."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored scenario as one person sees it: with the levers, if she may."""

    record: RunRecord
    name: str
    maker: str
    levers: tuple[Lever, ...]
    before: dict[str, int]
    after: dict[str, int]


def records(scope: Scope) -> list[RunRecord]:
    """Stored scenarios this person may see, newest first."""
    found = RunRecord.objects.filter(verb=VERB).select_related("made_by")
    if not scope.may("forecast"):
        found = found.filter(state__in=(RunRecord.PUBLISHED, RunRecord.SUPERSEDED))
    return list(found[:MOST_LISTED])


def listed(scope: Scope) -> list[Stored]:
    """The list of scenarios with their warnings before and after, inside the scope."""
    return [stored(scope, record) for record in records(scope)]


def stored(scope: Scope, record: RunRecord) -> Stored:
    """One stored scenario."""
    both = [_warnings(scope, record, name) for name in (reading.BASE, record.scenario)]
    maker = record.made_by.name if record.made_by else ""
    return Stored(record, record.scenario, maker, levers(scope, record), *both)


def _warnings(scope: Scope, record: RunRecord, scenario: str) -> dict[str, int]:
    frame = reading.read(scope, record, "seat_warnings", scenario=scenario)
    found = {} if frame is None else dict(frame.group_by("level").len().iter_rows())
    return {level: found.get(level, 0) for level in queries.LEVELS}


def levers(scope: Scope, record: RunRecord) -> tuple[Lever, ...]:
    """What a stored scenario was made of; empty for those who may not see the whole region."""
    if not (scope.may("forecast") or reading.sees_whole_region(scope)):
        return ()
    frame = reading.whole(record, "scenario_levers")
    return () if frame is None or frame.is_empty() else levers_of(frame)


def picked(scope: Scope, ids: Sequence[str]) -> list[RunRecord]:
    """The scenarios named, at most three, in that order; Http404 when one is not to be seen."""
    found: list[RunRecord] = []
    for run_id in list(dict.fromkeys(ids))[:MOST_COMPARED]:
        record = reading.visible(scope, run_id)
        if record is None or record.verb != VERB:
            raise Http404
        found.append(record)
    return found


def comparable(chosen: Sequence[RunRecord]) -> bool:
    """Whether the scenarios share data, origin, years, draws and seed, so that they differ by levers only."""
    kinds: set[tuple[Any, ...]] = set()
    for record in chosen:
        held = reading.run(record.run_id).record
        inputs = {name: digest for name, digest in held.inputs.items() if name != "levers"}
        options = {name: held.options.get(name) for name in ("origin_year", "years", "draws", "seed")}
        kinds.add((tuple(sorted(inputs.items())), tuple(sorted(options.items())), held.rules))
    return len(kinds) == 1


def difference(scope: Scope, record: RunRecord, name: str) -> pl.DataFrame | None:
    """A table of what a scenario changes (`scenario_comparison`, `scenario_shortage`), inside the scope."""
    return reading.read(scope, record, name, scenario=record.scenario)


def under_way(scope: Scope) -> list[Job]:
    """Scenarios being computed that this person may see."""
    waiting = Q(state=Job.WAITING) | Q(state=Job.RUNNING)
    return list(Job.objects.for_user(scope.user).filter(waiting, verb__in=(VERB, "run"))[:5])


def find_unit(typed: str) -> tuple[str, str] | None:
    """A unit of the region by what was typed: its code, code and name, or its whole name."""
    own = region_unit()
    if own is None or not typed.strip():
        return None
    inside = Unit.objects.within([own.path])
    code = typed.split(maxsplit=1)[0]
    found = inside.filter(code=code).first()
    if found is None:
        named = list(inside.filter(name=typed.strip())[:2])
        found = named[0] if len(named) == 1 else None
    if found is None:
        return None
    return ("region" if found.pk == own.pk else "school" if found.level == "school" else "area"), found.code


def names(codes: Iterable[str], language: str) -> dict[str, str]:
    """Names of units by code."""
    found = Unit.objects.filter(code__in=set(codes))
    return {unit.code: unit.name_en if language == "en" and unit.name_en else unit.name for unit in found}


def all_codes(scope: Scope, chosen: Sequence[RunRecord]) -> set[str]:
    """Codes of every unit the levers of these scenarios name."""
    return {code for record in chosen for code in codes_of(levers(scope, record))}


def options(scope: Scope) -> dict[str, int]:
    """Settings of the run shown now, which a scenario should share; the usual ones when there is none."""
    record = reading.current(scope)
    held: dict[str, Any] = dict(reading.run(record.run_id).record.options) if record else {}
    newest = origins()
    origin = held.get("origin_year") or (newest[0] if newest else school_year() - 1)
    usual = {"years": YEARS, "draws": DRAWS, "seed": SEED}
    return {"origin": int(origin), **{name: int(held.get(name) or value) for name, value in usual.items()}}


def offered(asked: str) -> list[tuple[str, str]]:
    """(code, name) of units of the region whose name, code or initials match."""
    own = region_unit()
    if own is None or not asked.strip():
        return []
    text = asked.strip()[:60]
    match = Q(name__icontains=text) | Q(code__startswith=text) | Q(initials__contains=text.lower())
    found = Unit.objects.within([own.path]).exclude(pk=own.pk).filter(match)[:OFFERED]
    return [(unit.code, unit.name) for unit in found]


def named(levers: Iterable[Lever], language: str) -> Callable[[str], str]:
    """Code → the unit as it is typed, code and name, for every unit these levers name."""
    known = names(codes_of(levers), language)
    return lambda code: f"{code} {known[code]}" if code in known else code


def codes_of(levers: Iterable[Lever]) -> set[str]:
    """Codes of the units levers name, among other words."""
    return {code for one in levers for code in (one.scope_code, *one.parameters.values()) if code}


def built_in(name: str) -> tuple[Lever, ...]:
    """Levers of a ready-made scenario, from the newest tables; Http404 when the tables do not allow it."""
    problem = Problem.from_tables(workspace().tables(), book(), region())
    found = built_in_scenarios.built_in(problem).get(name)
    if found is None:
        raise Http404
    return found.levers


def ready_made() -> tuple[str, ...]:
    """Names of ready-made scenarios the tables allow, as far as that is seen without computing."""
    newest = reading.newest_version()
    tables = set(newest.tables) if newest else set[str]()
    needs = {"housing_late": "housing", "no_new_capacity": "seats"}
    wanted = [name for name in built_in_scenarios.NAMES if name != "plan_as_approved"]
    return tuple(name for name in wanted if needs.get(name, "schools") in tables)


def origins() -> list[int]:
    """School years counted, newest first, that a run may start from."""
    newest = reading.newest_version()
    if newest is None:
        return []
    tables = workspace().store
    for name in ("enrolment", "area_enrolment"):
        if name in newest.tables:
            return sorted(tables.table(name, newest.tables[name])["year"].unique().to_list(), reverse=True)
    return []
