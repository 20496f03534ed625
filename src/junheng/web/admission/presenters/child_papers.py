"""The form for one child, and the note of what is still to be brought."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from junheng.report import format as fmt
from junheng.web.admission import child_form
from junheng.web.admission.child_form import Around
from junheng.web.admission.child_queries import One
from junheng.web.admission.models import Child
from junheng.web.admission.presenters import parts
from junheng.web.admission.queries import Held
from junheng.web.house.navigation import name_of
from junheng.web.house.page import Page
from junheng.web.privacy import masking
from junheng.web.wording import say


def form(
    held: Held,
    around: Around,
    child: Child | None,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    fault: str = "",
) -> Page:
    """The form for one child."""
    scope = held.scope
    made = child_form.fields(typed, around, child, faults)
    title = say("child.correct" if child is not None else "child.new")
    up = [(say("entry.tab_children"), scope.url("admission:children", plan_id=held.entry.plan_id))]
    if child is not None:
        up.append(
            (child.applicant_id, scope.url("admission:child", plan_id=held.entry.plan_id, child=child.pk))
        )
    groups = [
        (say(f"child.part_{name}"), fields)
        for name, fields in made.items()
        if name in ("who", "own", "facts")
    ]
    lists = [
        (_list_title(around, name.removeprefix("list-")), fields, name)
        for name, fields in made.items()
        if name.startswith("list-")
    ]
    labels = {one.name: one.label for fields in made.values() for one in fields}
    return Page(
        title=title,
        headline=say(
            "child.headline_correct" if child is not None else "child.headline_new", title=held.entry.title
        ),
        lead=say("child.form_lead"),
        crumbs=parts.trail(scope, held.entry, *up, (title, "")),
        tabs=parts.tabs(scope, held.entry, "children"),
        body={
            "groups": groups,
            "lists": lists,
            "programs": program_lists(around),
            "fault": fault,
            "faults": [(name, labels.get(name, name), text) for name, text in faults.items()],
            "row_version": child.row_version if child is not None else 0,
            "save": say("child.save" if child is not None else "child.register"),
        },
    )


def program_lists(around: Around) -> list[tuple[str, list[child_form.Program]]]:
    """Programmes to choose from, a list for each kind of field."""
    found = [("programs", list(around.programs.values()))]
    for batch in child_form.batches(around.plan):
        found.append((f"programs-{batch}", list(child_form.listed(around, batch).values())))
    return found


def title_of(around: Around, part: str) -> str:
    """Title of a part of the form."""
    if part.startswith("list-"):
        return _list_title(around, part.removeprefix("list-"))
    return say(f"child.part_{part}")


def list_of(part: str) -> str:
    """The programmes a part of the form chooses from."""
    return f"programs-{part.removeprefix('list-')}" if part.startswith("list-") else "programs"


def _list_title(around: Around, batch: str) -> str:
    most = child_form.batches(around.plan)[batch]
    name = next((one.name for one in around.plan.batches if one.id == batch), "") or say(
        f"child.list_{batch}"
    )
    lists = around.plan.zone_lists
    first = batch == "public" and lists is not None and lists.first_choice == "registering_school"
    return say("child.list_title_first" if first else "child.list_title", name=name, most=most)


def slip(one: One) -> Page:
    """补件通知: what is still to be brought, for the family."""
    scope, child = one.held.scope, one.child
    up = (say("entry.tab_children"), scope.url("admission:children", plan_id=one.held.entry.plan_id))
    back = (child.applicant_id, scope.url("admission:child", plan_id=one.held.entry.plan_id, child=child.pk))
    school = name_of(child.school, scope.language) if child.school is not None else one.held.entry.unit.name
    lines = []
    for name in child.missing:
        fact = child.facts.get(name) or {}
        lines.append((one.plan.words.get(name, name), fact.get("paper") or fmt.BLANK, fact.get("note") or ""))
    return Page(
        title=say("child.slip"),
        headline=say("child.slip_title", title=one.held.entry.title),
        crumbs=parts.trail(scope, one.held.entry, up, back, (say("child.slip"), "")),
        body={
            "to": say("child.slip_to", child=child.applicant_id, name=masking.name(child.name) or fmt.BLANK),
            "lines": lines,
            "where": say("child.slip_where", school=school),
            "day": say("child.slip_day", day=timezone.localdate().isoformat(), school=school),
        },
    )
