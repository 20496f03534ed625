"""A plan before people: as saved, while it is edited, and where a new one may begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from junheng.rules import AdmissionPlan
from junheng.web.accounts.roles import ADMIT
from junheng.web.admission import plan_text, plans, queries, standings
from junheng.web.admission.actions.plans import EDITABLE
from junheng.web.admission.models import Child, Entry
from junheng.web.admission.plans import Reading
from junheng.web.admission.standings import Affected
from junheng.web.house.scope import Scope
from junheng.web.runs.actions import region_unit
from junheng.web.wording import say

NUMBER = "number:"
OWN, SHIPPED, FILE = "own:", "shipped:", "file:"
MOST_COMPARED = 20_000
"""Children up to which the effect of an edit is worked out while one waits."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as it was saved last, with its versions (name, moment), newest first."""

    scope: Scope
    entry: Entry
    reading: Reading
    saved: str
    versions: tuple[tuple[str, str], ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Edited:
    """A plan being edited, beside the version saved last and the shipped plan it began from."""

    scope: Scope
    entry: Entry
    reading: Reading
    saved: AdmissionPlan | None
    template: AdmissionPlan | None
    affected: Affected | None
    row_version: int


@dataclass(frozen=True, slots=True)
class Source:
    """What an entry may begin from."""

    value: str
    title: str
    about: str
    stage: str


@dataclass(frozen=True, slots=True)
class Begun:
    """Everything there is to begin from; `adopting` names the file that is taken as it is."""

    scope: Scope
    sources: tuple[Source, ...]
    adopting: str


def shown(scope: Scope, plan_id: str) -> Shown:
    """The plan for reading."""
    entry = queries.entry(scope, plan_id)
    runs = scope.user.may(ADMIT, entry.unit)
    folder = plans.folder() / plans.VERSIONS / entry.plan_id
    files = sorted((path.name for path in folder.glob(f"*{plans.FILE}")), reverse=True) if runs else []
    saved = timezone.localtime(entry.saved_at).strftime("%Y-%m-%d %H:%M")
    versions = tuple((name, _moment(name)) for name in files)
    return Shown(scope, entry, plans.of(entry), saved, versions, runs and entry.state in EDITABLE)


def _moment(name: str) -> str:
    try:
        return datetime.strptime(name[:15], "%Y%m%d-%H%M%S").strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return ""


def edited(scope: Scope, plan_id: str, posted: Mapping[str, str] | None = None) -> Edited:
    """The plan for editing: as saved, or as typed, the numbers of the form put into the text. Http404 for who
    does not run the entry."""
    entry = queries.own_entry(scope, plan_id)
    text, version = entry.plan_text, entry.row_version
    if posted is not None:
        text = posted.get("text", "").replace("\r\n", "\n")
        version = _whole(posted.get("row_version", ""))
        if posted.get("from") == "numbers":
            given = {
                name.removeprefix(NUMBER): value for name, value in posted.items() if name.startswith(NUMBER)
            }
            text = plan_text.with_numbers(text, given)
    read, saved = plans.reading(text, plan_id), plans.of(entry).plan
    shipped = plans.shipped().get(entry.template)
    template = plans.reading(shipped, entry.template).plan if shipped else None
    return Edited(scope, entry, read, saved, template, _affected(entry, saved, read.plan), version)


def _affected(entry: Entry, saved: AdmissionPlan | None, plan: AdmissionPlan | None) -> Affected | None:
    if saved is None or plan is None or saved == plan or not plan.identities:
        return None
    children = Child.objects.filter(entry=entry).exclude(state=Child.WITHDRAWN)
    if not 0 < children.count() <= MOST_COMPARED:
        return None
    return standings.affected(saved, plan, list(children))


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def begun(scope: Scope, adopting: str = "") -> Begun:
    """What an entry may begin from. Http404 unless the scope's unit is the region; PermissionDenied for who
    does not run admission there."""
    region = region_unit()
    if region is None or region.pk != scope.unit.pk:
        raise Http404
    if not scope.user.may(ADMIT, region):
        raise PermissionDenied(ADMIT)
    own = plans.own()
    if adopting and adopting not in own:
        raise Http404
    found = [_source(SHIPPED, name, text) for name, text in plans.shipped().items()]
    found = [_source(OWN, name, text) for name, text in reversed(own.items())] + found
    return Begun(scope, tuple(found), adopting)


def _source(kind: str, name: str, text: str) -> Source:
    plan = plans.reading(text, name).plan
    group = say("entry.source_own" if kind == OWN else "entry.source_shipped")
    if plan is None:
        return Source(kind + name, name, group, "")
    return Source(kind + name, plan.title, f"{group} · {name}", say(f"entry.stage_{plan.stage}"))


def source_text(value: str) -> tuple[str, str]:
    """(text, the shipped plan's id or nothing) of what was chosen; Http404 for what there is not."""
    kind, _, name = value.partition(":")
    held = plans.shipped() if f"{kind}:" == SHIPPED else plans.own() if f"{kind}:" == OWN else {}
    if name not in held:
        raise Http404
    return held[name], name if f"{kind}:" == SHIPPED else ""
