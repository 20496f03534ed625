"""What stands in the way of the freeze, each point with where it is mended."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.web.admission.models import Entry
from junheng.web.admission.presenters import parts
from junheng.web.admission.publicity_queries import SHOWN, Ready
from junheng.web.admission.readiness import Point, Readiness
from junheng.web.house.page import Anchor, DataTable, Head, KeyFigure, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.wording import reason, say

_MENDED = {
    "plan": ("entry.go_plan", "admission:plan", ""),
    "publicity": ("entry.go_entry", "admission:entry", ""),
    "children": ("entry.go_entry", "admission:entry", ""),
    "checked": ("entry.go_children", "admission:children", "state=school_checked"),
    "facts": ("entry.go_children", "admission:children", "state=at_school"),
    "objections": ("entry.go_objections", "admission:objections", ""),
    "twice": ("entry.go_children", "admission:children", "q={first}"),
}
"""By condition: word of the button, page, filter."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One condition as it stands in the list."""

    text: str
    light: Light
    detail: str
    link: Anchor | None = None


def page(ready: Ready) -> Page:
    """The list on its own page, with the faults of the tables below it."""
    held, entry, scope = ready.held, ready.held.entry, ready.held.scope
    left = len(ready.points.open)
    code = "entry.headline_not_ready" if left else "entry.headline_ready"
    figures = (
        KeyFigure(say("entry.children"), fmt.count(held.staying), say("entry.children_unit")),
        KeyFigure(say("entry.programs"), fmt.count(len(ready.programs)), say("entry.programs_unit")),
    )
    return Page(
        title=say("entry.tab_readiness"),
        headline=say(code, title=entry.title, count=left),
        crumbs=parts.trail(scope, entry, (say("entry.tab_readiness"), "")),
        tabs=parts.tabs(scope, entry, "readiness"),
        key_figures=figures,
        method=parts.method("checks", "objections", "tables"),
        body={"points": points(scope, entry, ready.points), "tables": tables(ready.points)},
    )


def points(scope: Scope, entry: Entry, ready: Readiness) -> tuple[Shown, ...]:
    """Every condition in a sentence, an open one with the way to where it is mended."""
    return tuple(_point(scope, entry, ready, one) for one in ready.points)


def _point(scope: Scope, entry: Entry, ready: Readiness, one: Point) -> Shown:
    detail = one.day.isoformat() if one.day is not None else ""
    if one.code == "tables" and ready.unreadable:
        detail = reason(ready.unreadable, {"count": one.count})
    if one.code == "twice":
        detail = fmt.listed(list(ready.twice[:5]), scope.language)
    word = "entry.point_{}" if one.met else "entry.point_{}_open"
    if one.code == "publicity" and one.day is None:
        word = "entry.point_{}_none"
    text = say(word.format(one.code), count=fmt.count(one.count), day=detail or fmt.BLANK)
    if one.met:
        return Shown(text, Light("good", say("entry.point_met")), "")
    if one.code == "tables":
        link = Anchor(say("entry.go_data"), scope.url("data:index"))
    else:
        word, view, query = _MENDED[one.code]
        query = query.format(first=ready.twice[0] if ready.twice else "")
        link = Anchor(say(word), scope.url(view, plan_id=entry.plan_id, query=query or None))
    return Shown(text, Light("bad", say("entry.point_open")), "" if one.code == "publicity" else detail, link)


def tables(ready: Readiness) -> tuple[DataTable, ...]:
    """Faults of the tables, where there are any."""
    if not ready.faults:
        return ()
    head = (Head(say("entry.col_table")), Head(say("entry.col_what"), width=4))
    shown = ready.faults[:SHOWN]
    rows = tuple(
        Row((one.table or fmt.BLANK, reason(one.code, one.parameters)), key=str(at))
        for at, one in enumerate(shown)
    )
    more = len(ready.faults) - len(shown)
    note = say("entry.faults_more", count=fmt.count(more)) if more else ""
    return (DataTable("faults", say("entry.table_faults"), head, rows, note=note),)
