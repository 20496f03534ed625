"""From what lies on the desk to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from junheng.report import format as fmt
from junheng.report.content import KeyFigure
from junheng.report.sections import headline as regional
from junheng.report.sections.warnings import reason_words
from junheng.web.accounts.roles import FILL, SEE
from junheng.web.desk.queries import Desk
from junheng.web.house.page import Absent, Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.jobs.presenters import JobView, job_views
from junheng.web.notices.models import Notice
from junheng.web.notices.todo import Occasion, Todo
from junheng.web.wording import reason, say

SOON = 7
WARNINGS_SHOWN = 6
DONE_SHOWN = 20
FIRST_MONTH = 9


@dataclass(frozen=True, slots=True)
class Task:
    """A to-do as it is shown."""

    when: str
    light: Light | None
    text: str
    unit: str
    href: str
    action: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the bureau's year with what falls into it."""

    name: str
    now: bool
    past: bool
    count: int


@dataclass(frozen=True, slots=True)
class Body:
    """The page's own part."""

    first: Task | None
    tasks: tuple[Task, ...]
    state: str
    unit: str
    state_href: str
    figures: tuple[KeyFigure, ...]
    counties: DataTable | None
    warnings: DataTable | None
    run_id: str
    more: Anchor | None
    jobs: tuple[JobView, ...]
    jobs_href: str
    year: str
    months: tuple[Month, ...]
    entries: tuple[tuple[str, str, str, bool], ...]
    """(date, sentence, address, whether it is past) of the year, in order."""


def home(held: Desk, crumbs: tuple[Crumb, ...], done: bool) -> Page:
    """The desk: open tasks, or those done lately."""
    scope = held.scope
    opened = [one for one in held.todos if one.state == "open"]
    closed = [one for one in held.todos if one.state == "done"]
    shown = sorted(closed, key=lambda one: one.at or date.min, reverse=True)[:DONE_SHOWN] if done else opened
    tasks = tuple(_task(one, held.today) for one in shown)
    hero = tasks[0] if tasks and not done and scope.may(FILL) else None
    state = regional.headline(held.state) if held.state is not None and held.state.stages else ""
    return Page(
        title=say("desk.title"),
        headline=headline(opened, held),
        crumbs=crumbs,
        lead="" if tasks else say("desk.none_done" if done else "desk.none_open"),
        tabs=tabs(scope, len(opened), len(closed), held.unread, "done" if done else "home"),
        body=Body(
            first=hero,
            tasks=tasks[1:] if hero else tasks,
            state=state,
            state_href=scope.url("overview:map") if state else "",
            figures=_figures(held) if state else (),
            unit=held.state.region_name if held.state is not None else "",
            counties=_counties(held),
            warnings=_warnings(held),
            run_id=held.record.run_id if held.record and held.new and scope.unit.level != "school" else "",
            more=Anchor(say("desk.all_warnings"), scope.url("forecast:seats")) if held.record else None,
            jobs=job_views(held.jobs, scope),
            jobs_href=scope.url("jobs:list"),
            year=fmt.school_year(scope.year, scope.language),
            months=_months(held),
            entries=tuple((*_entry(one, scope), one.day < held.today) for one in held.occasions),
        ),
    )


def headline(opened: Sequence[Todo], held: Desk) -> str:
    """How many things wait, how many are late; what comes next when nothing waits."""
    count = sum(one.count for one in opened)
    late = sum(one.count for one in opened if one.due is not None and one.due < held.today)
    today = sum(one.count for one in opened if one.due == held.today)
    if late:
        return say("desk.head_late", count=fmt.count(count), late=fmt.count(late))
    if today:
        return say("desk.head_today", count=fmt.count(count), today=fmt.count(today))
    if count:
        due = min((one.due for one in opened if one.due is not None), default=None)
        if due is None:
            return say("desk.head_open", count=fmt.count(count))
        return say("desk.head_due", count=fmt.count(count), day=_day(due), left=(due - held.today).days)
    following = next((one for one in held.occasions if one.day > held.today), None)
    if following is not None:
        what = reason(following.code, following.parameters)
        return say("desk.head_next", day=_day(following.day), what=what.rstrip("。."))
    return say("desk.head_none")


def tabs(scope: Scope, opened: int, closed: int, unread: int, here: str) -> tuple[tuple[Anchor, bool], ...]:
    """待办, 已办, 消息."""
    entries = (
        ("home", "desk.tab_open", opened, scope.url("desk:home")),
        ("done", "desk.tab_done", closed, scope.url("desk:home", query="show=done")),
        ("messages", "desk.tab_messages", unread, scope.url("desk:messages")),
    )
    return tuple(
        (
            Anchor(say("desk.tab_counted", name=say(code), count=count) if count else say(code), href),
            name == here,
        )
        for name, code, count, href in entries
    )


def _task(one: Todo, today: date) -> Task:
    light: Light | None = None
    when = say("desk.no_due")
    if one.state == "done":
        when = _day(one.at) if one.at else fmt.BLANK
    elif one.due is not None:
        left = (one.due - today).days
        when = _day(one.due)
        if left < 0:
            light = Light("bad", say("desk.late", days=-left))
        elif left == 0:
            light = Light("near", say("desk.due_today"))
        elif left <= SOON:
            light = Light("near", say("desk.due_in", days=left))
    action = one.action or ("desk.look" if one.state == "done" else "desk.open")
    return Task(when, light, reason(one.code, one.parameters), one.unit, one.href, say(action))


def _day(day: date) -> str:
    return say("desk.day", year=day.year, month=day.month, day=day.day)


def _warnings(held: Desk) -> DataTable | None:
    if held.record is None or held.state is None:
        return None
    words = held.state
    head = (
        Head(say("desk.col_level")),
        Head(say("desk.col_where")),
        Head(say("desk.col_cause")),
    )

    def row(one: dict[str, Any]) -> Row:
        level = one["level"] if one["level"] in regional.LEVELS else "yellow"
        code = one["unit_code"]
        stage = words.stage(one["stage"]) if one["stage"] else ""
        where = Anchor(words.unit(code), held.scope.url("overview:map", unit=code), stage)
        return Row(
            (Cell(say(f"desk.level_{level}"), light=level), where, reason_words(words, held.protection, one))
        )

    urgent = [one for one in held.new if one["level"] in ("red", "orange")]
    shown = urgent[:WARNINGS_SHOWN]
    caption = "desk.warnings_new" if held.seen else "desk.warnings_first"
    quiet = len(held.new) - len(urgent)
    note = say("desk.warnings_more", urgent=len(urgent) - len(shown), yellow=quiet) if held.new else ""
    return DataTable(
        "warnings",
        say(caption, count=len(urgent)),
        head,
        tuple(row(one) for one in shown),
        note=note,
        empty=say("desk.warnings_none_new" if held.seen else "desk.warnings_none"),
    )


def _counties(held: Desk) -> DataTable | None:
    if not held.counties:
        return None
    head = (
        Head(say("desk.col_county")),
        *(Head(say(f"desk.level_{level}"), "right") for level in regional.LEVELS),
        Head(say("desk.col_run")),
    )
    run = held.record.run_id if held.record else fmt.BLANK
    rows = tuple(
        Row(
            (
                Anchor(name, held.scope.url("overview:map", unit=code)),
                *(fmt.count(tally[level]) for level in regional.LEVELS),
                run,
            ),
            key=code,
        )
        for code, name, tally in held.counties
    )
    return DataTable("counties", say("desk.counties"), head, rows)


def _figures(held: Desk) -> tuple[KeyFigure, ...]:
    """The region's six figures; their words speak of a whole region, so smaller units go without."""
    if held.state is None or held.scope.unit.level in ("area", "school"):
        return ()
    return regional.key_figures(held.state)


def _months(held: Desk) -> tuple[Month, ...]:
    """September to August, each with its dates."""
    year = held.scope.year
    spans = [(year if month >= FIRST_MONTH else year + 1, month) for month in (*range(9, 13), *range(1, 9))]
    now = (held.today.year, held.today.month)
    return tuple(
        Month(
            say("desk.month", month=month),
            (y, month) == now,
            (y, month) < now,
            sum((one.day.year, one.day.month) == (y, month) for one in held.occasions),
        )
        for y, month in spans
    )


def _entry(one: Occasion, scope: Scope) -> tuple[str, str, str]:
    href = one.href if scope.may(SEE) else ""
    when = say("desk.month_and_day", month=one.day.month, day=one.day.day)
    return when, reason(one.code, one.parameters), href


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is shown."""

    number: int
    when: str
    text: str
    href: str
    unread: bool


def messages(
    scope: Scope, rows: Sequence[Notice], waiting: tuple[int, int], crumbs: tuple[Crumb, ...]
) -> Page:
    """The list of messages; `waiting` are the numbers of open and done tasks for the tabs."""
    unread = sum(one.read_at is None for one in rows)
    shown = tuple(
        Message(
            one.pk,
            timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M"),
            reason(one.code, one.parameters),
            one.link,
            one.read_at is None,
        )
        for one in rows
    )
    head = say("desk.messages_unread", count=unread) if unread else say("desk.messages_read")
    absent = None if rows else Absent(say("desk.messages_none_title"), say("desk.messages_none"))
    return Page(
        title=say("desk.messages_title"),
        headline=head if rows else say("desk.messages_none_title"),
        crumbs=crumbs,
        tabs=tabs(scope, *waiting, unread, "messages"),
        absent=absent,
        body={"messages": shown, "unread": unread},
    )
