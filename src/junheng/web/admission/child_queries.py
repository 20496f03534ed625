"""Children of an entry: the queue of checks, and one child with everything that is to be looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Q
from django.http import Http404

from junheng.model.errors import BadData
from junheng.rules import AdmissionPlan
from junheng.web.accounts.roles import ADMIT, REGISTER
from junheng.web.admission import casework, plans, queries, standings, states
from junheng.web.admission.actions import batches
from junheng.web.admission.child_form import Around, Program
from junheng.web.admission.models import Child, ChildStep, Entry, Objection
from junheng.web.admission.names import name_keys
from junheng.web.admission.queries import Held
from junheng.web.admission.standings import Given, Tested
from junheng.web.house.navigation import name_of
from junheng.web.house.scope import Scope
from junheng.web.jobs.models import Job
from junheng.web.jobs.presenters import JobView, job_view

SHOWN = 50
AT_SCHOOL = "at_school"
GROUPS: dict[str, tuple[str, ...]] = {
    AT_SCHOOL: (Child.REGISTERED, Child.PAPERS_MISSING),
    **{state: (state,) for state in Child.STATES},
}
"""What the filter by state may ask for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the queue is filtered."""

    state: str = ""
    school: str = ""
    text: str = ""
    number: int = 1

    def plain(self) -> dict[str, str]:
        """The filter without its page, as `asked` takes it."""
        return {"state": self.state, "school": self.school, "q": self.text}

    def query(self, number: int = 1) -> str:
        """The same as a query string, at another page."""
        pairs = [f"{name}={quote(value)}" for name, value in self.plain().items() if value]
        return "&".join([*pairs, *([f"page={number}"] if number > 1 else [])])


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of children in the filter; `schools` are those to filter by (code, name); `simple` how many of
    the shown may pass as they are."""

    held: Held
    plan: AdmissionPlan | None
    wanted: Wanted
    children: Sequence[Child]
    found: int
    given: Mapping[str, Given]
    schools: tuple[tuple[str, str], ...]
    programs: Mapping[str, Program]
    job: JobView | None
    batch: Batch | None


@dataclass(frozen=True, slots=True)
class Batch:
    """One's own last check of many: when, how many passed, how many nobody has touched since."""

    at: datetime
    count: int
    untouched: int


@dataclass(frozen=True, slots=True)
class One:
    """One child with what the plan makes of her. `checker` made the school's check."""

    held: Held
    plan: AdmissionPlan
    child: Child
    given: Given | None
    tested: Sequence[Tested]
    batches: Mapping[str, bool]
    around: Around
    steps: Sequence[ChildStep]
    objections: Sequence[Objection]
    checker: int | None
    others: int

    @property
    def open(self) -> bool:
        """Whether anything may be changed now."""
        return self.held.entry.state in states.CASEWORK


def asked(query: Mapping[str, str]) -> Wanted:
    """The filter as asked for; what there is not is left out."""
    state, number = query.get("state", ""), query.get("page", "")
    page = int(number) if number.isdecimal() and 0 < len(number) < 6 else 1
    return Wanted(
        state if state in GROUPS else "",
        query.get("school", "")[:20],
        query.get("q", "").strip()[:40],
        max(page, 1),
    )


def queue(scope: Scope, plan_id: str, wanted: Wanted) -> Queue:
    """The queue of an entry, for whoever registers or checks in it."""
    held = queries.held(scope, queries.entry(scope, plan_id))
    plan = plans.of(held.entry).plan
    rows = _filtered(held, wanted)
    count = rows.count()
    pages = max(1, -(-count // SHOWN))
    first = (min(wanted.number, pages) - 1) * SHOWN
    children = list(rows.select_related("school", "entry__unit")[first : first + SHOWN])
    return Queue(
        held,
        plan,
        Wanted(wanted.state, wanted.school, wanted.text, min(wanted.number, pages)),
        children,
        count,
        _given(plan, children),
        _schools(held) if held.runs else (),
        programs(held.scope, held.entry),
        _job(held),
        batch(held),
    )


def _job(held: Held) -> JobView | None:
    """One's own newest check of many, until it came through."""
    rows = Job.objects.filter(verb=batches.VERB, owner=held.scope.user, args__entry=held.entry.pk)
    newest = rows.select_related("owner", "unit").order_by("-pk").first()
    return None if newest is None or newest.state == Job.DONE else job_view(newest, held.scope)


def batch(held: Held) -> Batch | None:
    """One's own last check of several children at one moment, while it can be taken back."""
    if held.entry.state not in states.CASEWORK:
        return None
    steps = ChildStep.objects.filter(child__entry=held.entry, by=held.scope.user, verb__in=batches.CHECKS)
    last = steps.order_by().values("at").annotate(n=Count("pk")).filter(n__gt=1).order_by("-at").first()
    if last is None:
        return None
    left = batches.untouched(held.entry, held.scope.user, last["at"]).count()
    return Batch(last["at"], last["n"], left) if left else None


def numbers(scope: Scope, entry: Entry, wanted: Wanted) -> list[int]:
    """Every child of the filter, for a check of all of them."""
    held = queries.held(scope, entry)
    return list(_filtered(held, wanted).values_list("pk", flat=True))


def _filtered(held: Held, wanted: Wanted) -> Any:
    rows = Child.objects.for_user(held.scope.user).filter(entry=held.entry)
    rows = queries.within(held.scope, rows)
    if wanted.state:
        rows = rows.filter(state__in=GROUPS[wanted.state])
    if wanted.school:
        rows = rows.filter(school__code=wanted.school)
    if wanted.text:
        rows = rows.filter(Q(applicant_id__icontains=wanted.text) | Q(name_key__in=name_keys(wanted.text)))
    return rows.order_by("applicant_id")


def _given(plan: AdmissionPlan | None, children: Sequence[Child]) -> Mapping[str, Given]:
    """What the plan gives the children; those whose facts cannot be read are left out."""
    if plan is None:
        return {}
    try:
        return standings.given(plan, children)
    except BadData:
        return {}


def _schools(held: Held) -> tuple[tuple[str, str], ...]:
    rows = Child.objects.filter(entry=held.entry, school__isnull=False).order_by("school__path")
    codes = rows.values_list("school__code", flat=True).distinct()
    known, language = held.scope.register.by_code, held.scope.language
    return tuple((code, name_of(known[code], language)) for code in codes if code in known)


def programs(scope: Scope, entry: Entry) -> dict[str, Program]:
    """Programmes of the plan, by id, with the names of their schools."""
    known = scope.register.by_code
    found: dict[str, Program] = {}
    for row in casework.table("admission_programs", entry.plan_id).iter_rows(named=True):
        unit = known.get(row["school_id"] or "")
        name = name_of(unit, scope.language) if unit is not None else row["program_id"]
        track = row["track"] or ""
        found[row["program_id"]] = Program(
            row["program_id"], f"{name} {track}".strip(), row["ownership"] or ""
        )
    return found


def around(scope: Scope, entry: Entry, plan: AdmissionPlan) -> Around:
    """What a registration is filled in against."""
    zones = casework.table("zone_programs", entry.plan_id)["zone_id"].unique().sort().to_list()
    if scope.unit.level == "school":
        schools: tuple[Any, ...] = (scope.unit,)
    else:
        inside = scope.register.within(entry.unit.path)
        schools = tuple(one for one in inside if one.level == "school" and one.valid_to is None)
    return Around(plan, programs(scope, entry), tuple(zones), schools)


def registering(scope: Scope, plan_id: str) -> tuple[Held, Around]:
    """(entry, what is filled in against) for a new child. Http404 while there is no plan to read, and for
    areas, which register nobody."""
    held = queries.held(scope, queries.entry(scope, plan_id))
    plan = plans.of(held.entry).plan
    if plan is None or not (scope.unit.level == "school" or held.runs):
        raise Http404
    return held, around(scope, held.entry, plan)


def child(scope: Scope, plan_id: str, number: int) -> Child:
    """One child this person may handle; Http404 for every other."""
    entry = queries.entry(scope, plan_id)
    rows = Child.objects.for_user(scope.user, REGISTER).filter(entry=entry, pk=number)
    found = queries.within(scope, rows).select_related("entry__unit", "school", "by").first()
    if found is None:
        raise Http404
    return found


def one(scope: Scope, plan_id: str, number: int) -> One:
    """A child with everything that is to be looked at."""
    found = child(scope, plan_id, number)
    held = queries.held(scope, found.entry, {})
    plan = plans.of(found.entry).plan
    if plan is None:
        raise Http404
    steps = list(ChildStep.objects.filter(child=found).select_related("by")[:50])
    runs = scope.user.may(ADMIT, found.entry.unit)
    objections = list(Objection.objects.filter(child=found)) if runs else []
    family = found.row.get("family_id")
    siblings = Child.objects.filter(entry=found.entry, row__family_id=family).exclude(pk=found.pk)
    return One(
        held,
        plan,
        found,
        _given(plan, [found]).get(found.applicant_id),
        standings.tested(plan, found),
        standings.batches(plan, found) if plan.batches else {},
        around(scope, found.entry, plan),
        steps,
        objections,
        next((one.by_id for one in steps if one.verb == "school_check"), None),
        siblings.count() if family else 0,
    )
