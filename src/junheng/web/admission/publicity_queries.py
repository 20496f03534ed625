"""The publicity list, objections, and what stands in the way of the freeze."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404

from junheng.model.errors import BadData
from junheng.rules import AdmissionPlan
from junheng.web.accounts.roles import REGISTER
from junheng.web.admission import child_queries, plans, queries, standings
from junheng.web.admission.child_form import Program
from junheng.web.admission.models import Child, Objection
from junheng.web.admission.queries import Held
from junheng.web.admission.readiness import Readiness, readiness
from junheng.web.admission.standings import Given
from junheng.web.house.scope import Scope
from junheng.web.workspace import book, region

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Posted:
    """The list as it may hang out: `children` of this page; `sums` by identity of the whole entry, protected
    ones and small counts are dealt with where it is shown. `least`: the least number that may be shown."""

    held: Held
    plan: AdmissionPlan | None
    children: Sequence[Child]
    found: int
    number: int
    given: Mapping[str, Given]
    sums: Mapping[str, int]
    least: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Objected:
    """Objections of an entry, open ones first; `programs` for choosing what they are about."""

    held: Held
    plan: AdmissionPlan | None
    objections: Sequence[Objection]


@dataclass(frozen=True, slots=True)
class Ready:
    """What stands in the way of the freeze, and the programmes it is about."""

    held: Held
    points: Readiness
    programs: Mapping[str, Program]


def posted(scope: Scope, plan_id: str, number: int, *, everything: bool = False) -> Posted:
    """The list of an entry. Whole for who runs it; a school sees those who register with it; others the sums
    alone."""
    held = queries.held(scope, queries.entry(scope, plan_id))
    plan = plans.of(held.entry).plan
    rows = Child.objects.none()
    if held.runs or scope.user.may(REGISTER, scope.unit):
        rows = Child.objects.for_user(scope.user).filter(entry=held.entry, state=Child.BUREAU_CHECKED)
        rows = queries.within(scope, rows)
    count = rows.count()
    pages = max(1, -(-count // SHOWN))
    at = min(max(number, 1), pages)
    chosen = rows.select_related("school").order_by("applicant_id")
    children = list(chosen if everything else chosen[(at - 1) * SHOWN : at * SHOWN])
    whole = list(Child.objects.filter(entry=held.entry, state=Child.BUREAU_CHECKED))
    every = _given(plan, whole)
    sums = Counter(one.identity for one in every.values())
    least = int(book().at(held.entry.saved_at.date(), region())["small_counts"]["min_n"].number)
    return Posted(held, plan, children, count, at, every, dict(sums), least, held.runs)


def _given(plan: AdmissionPlan | None, children: Sequence[Child]) -> Mapping[str, Given]:
    if plan is None:
        return {}
    try:
        return standings.given(plan, children)
    except BadData:
        return {}


def objected(scope: Scope, plan_id: str) -> Objected:
    """Objections, for who runs the entry."""
    entry = queries.own_entry(scope, plan_id)
    rows = Objection.objects.filter(entry=entry).select_related("child__school", "by", "answered_by")
    found = sorted(rows, key=lambda one: (one.state != Objection.OPEN, -one.pk))
    return Objected(queries.held(scope, entry), plans.of(entry).plan, found)


def objection(scope: Scope, plan_id: str, number: int) -> Objection:
    """One of them; Http404 when there is none."""
    entry = queries.own_entry(scope, plan_id)
    found = Objection.objects.filter(entry=entry, pk=number).select_related("entry__unit", "child").first()
    if found is None:
        raise Http404
    return found


def ready(scope: Scope, plan_id: str) -> Ready:
    """Everything, looked at now."""
    entry = queries.own_entry(scope, plan_id)
    programs = child_queries.programs(scope, entry)
    return Ready(queries.held(scope, entry), readiness(entry), programs)
