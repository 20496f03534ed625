"""The queue of checks: children in a filter, what is open of each, the identity the plan gives."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from junheng.report import format as fmt
from junheng.web.admission import states
from junheng.web.admission.child_queries import AT_SCHOOL, SHOWN, Queue
from junheng.web.admission.models import Child
from junheng.web.admission.presenters import index, parts
from junheng.web.house.navigation import name_of
from junheng.web.house.page import Anchor, KeyFigure, Light, Page, Paging
from junheng.web.privacy import masking
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Line:
    """One child in the queue. `simple`: nothing is open, so the next check can be passed with others."""

    number: int
    applicant: str
    name: str
    href: str
    school: str
    identity: str
    against: str
    facts: str
    light: Light
    opinion: str
    simple: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter."""

    value: str
    text: str
    chosen: bool


def page(queue: Queue, fault: str = "") -> Page:
    """The queue."""
    held, entry, scope = queue.held, queue.held.entry, queue.held.scope
    lines = tuple(_line(queue, one) for one in queue.children)
    open_now = entry.state in states.CASEWORK
    free = open_now and (queue.job is None or not queue.job.living)
    return Page(
        title=say("child.children"),
        headline=_headline(queue),
        crumbs=parts.trail(scope, entry, (say("entry.tab_children"), "")),
        tabs=parts.tabs(scope, entry, "children"),
        key_figures=_figures(queue),
        method=parts.method("counts", "checks", "identity", "names"),
        body={
            "filters": _filters(queue),
            "q": queue.wanted.text,
            "lines": lines,
            "paging": _paging(queue),
            "pass_href": scope.url(
                "admission:pass_many", plan_id=entry.plan_id, query=queue.wanted.query() or None
            ),
            "may_pass": free and any(one.simple for one in lines),
            "may_pass_all": free
            and held.runs
            and queue.wanted.state == Child.SCHOOL_CHECKED
            and queue.found > len(lines),
            "all": fmt.count(queue.found),
            "new": Anchor(say("child.new"), scope.url("admission:child_new", plan_id=entry.plan_id))
            if open_now and (held.runs or scope.unit.level == "school")
            else None,
            "fault": fault,
            "job": queue.job,
            "batch": _batch(queue) if free and queue.batch is not None else None,
        },
    )


@dataclass(frozen=True, slots=True)
class LastBatch:
    """One's own last check of many, and where it is taken back."""

    told: str
    button: str
    action: str


def _batch(queue: Queue) -> LastBatch:
    last, held = queue.batch, queue.held
    assert last is not None
    left = fmt.count(last.untouched)
    when = timezone.localtime(last.at).strftime("%m-%d %H:%M")
    return LastBatch(
        say("child.batch_told", when=when, count=fmt.count(last.count), left=left),
        say("child.take_back", count=left),
        held.scope.url("admission:take_back", plan_id=held.entry.plan_id, query=queue.wanted.query() or None),
    )


def _headline(queue: Queue) -> str:
    counts = queue.held.counts
    at_school = counts.get(Child.REGISTERED, 0) + counts.get(Child.PAPERS_MISSING, 0)
    at_bureau = counts.get(Child.SCHOOL_CHECKED, 0)
    if not queue.held.staying:
        return say("child.headline_none")
    if at_school + at_bureau == 0:
        return say("child.headline_done", count=fmt.count(queue.held.staying))
    return say(
        "child.headline",
        count=fmt.count(queue.held.staying),
        school=fmt.count(at_school),
        bureau=fmt.count(at_bureau),
    )


def _figures(queue: Queue) -> tuple[KeyFigure, ...]:
    return tuple(
        KeyFigure(
            say(f"child.state_{state}"),
            fmt.count(queue.held.counts.get(state, 0)),
            say("entry.children_unit"),
        )
        for state in (*index.COUNTED, Child.WITHDRAWN)
    )


def _filters(queue: Queue) -> tuple[tuple[str, str, tuple[Choice, ...]], ...]:
    def options(listed: list[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
        every = [("", say("entry.all")), *listed]
        return tuple(Choice(value, text, value == chosen) for value, text in every)

    listed = [(AT_SCHOOL, say("child.group_at_school"))]
    listed += [(state, say(f"child.state_{state}")) for state in Child.STATES]
    found = [("state", say("entry.col_state"), options(listed, queue.wanted.state))]
    if queue.schools:
        found.append(("school", say("child.school"), options(list(queue.schools), queue.wanted.school)))
    return tuple(found)


def _line(queue: Queue, child: Child) -> Line:
    scope, entry = queue.held.scope, queue.held.entry
    given = queue.given.get(child.applicant_id)
    identity = ""
    if given is not None and queue.plan is not None:
        identity = queue.plan.identity(given.identity).name if given.identity else say("entry.nobody")
    against = "" if given is None or not given.code else say(f"child.against_{given.rule}")
    total, pending = len(child.facts), len(child.pending)
    rejected = sum(one.get("state") == Child.REJECTED for one in child.facts.values())
    facts = say("child.facts_line", done=total - pending, total=total)
    if rejected:
        facts = say("child.facts_rejected", line=facts, count=rejected)
    school = name_of(child.school, scope.language) if child.school is not None else say("child.no_school")
    return Line(
        child.pk,
        child.applicant_id,
        masking.name(child.name),
        scope.url("admission:child", plan_id=entry.plan_id, child=child.pk),
        school,
        identity,
        against,
        facts,
        Light(parts.CHILD_LIGHTS[child.state], say(f"child.state_{child.state}")),
        child.opinion,
        _simple(queue, child),
    )


def _simple(queue: Queue, child: Child) -> bool:
    if child.pending or child.missing:
        return False
    if child.state == Child.SCHOOL_CHECKED:
        return queue.held.runs
    return child.state in (Child.REGISTERED, Child.PAPERS_MISSING)


def _paging(queue: Queue) -> Paging:
    pages = max(1, -(-queue.found // SHOWN))
    at = queue.wanted.number

    def href(number: int) -> str:
        return f"?{queue.wanted.query(number)}"

    return Paging(at, pages, queue.found, href(at - 1) if at > 1 else "", href(at + 1) if at < pages else "")
