"""An admission brought to the state a test begins from: the example's primary entry, or a small one."""

from __future__ import annotations

from typing import Any

PLAN = "2027-primary"


def begin(desk: Any, plan_id: str = PLAN, by: str = "admission_officer") -> Any:
    """The example's plan taken on as an entry."""
    from junheng.web.admission import plans
    from junheng.web.admission.actions.plans import begin as action

    return action(by=desk.person(by), plan_id=plan_id, text=plans.own()[plan_id])


def opened(desk: Any, plan_id: str = PLAN) -> Any:
    """The entry with its children taken in."""
    from junheng.web.admission.actions.registration import take_in
    from junheng.web.admission.models import Entry

    entry = begin(desk, plan_id)
    take_in(entry=entry, by=desk.person("admission_officer"))
    return Entry.objects.select_related("unit").get(pk=entry.pk)


def child_of(entry: Any, school: Any = None, **state: Any) -> Any:
    """The first child of the entry, of a school where one is named."""
    from junheng.web.admission.models import Child

    rows = Child.objects.filter(entry=entry, **state).select_related("entry__unit", "school")
    return (rows.filter(school=school) if school is not None else rows).order_by("applicant_id").first()


def given_to(entry: Any, school: Any, count: int = 3) -> list[Any]:
    """Some children made to register with this school (the example draws schools as chance has it)."""
    from junheng.web.admission.models import Child

    rows = list(Child.objects.filter(entry=entry).order_by("applicant_id")[:count])
    for child in rows:
        child.school = school
        child.save()
    return list(Child.objects.filter(pk__in=[one.pk for one in rows]).select_related("entry__unit", "school"))
