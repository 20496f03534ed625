"""填报: collections, who has handed in, one submission with what may be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junheng.report import format as fmt
from junheng.web.accounts.roles import COLLECT
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.collecting.queries import Standing
from junheng.web.data_centre.frame import (
    SHOWN,
    moment,
    page_number,
    paging,
    tabs,
    trail,
    unit_name,
    word,
)
from junheng.web.data_centre.models import Submission
from junheng.web.data_centre.workflow import LIGHTS
from junheng.web.house.page import (
    Absent,
    Anchor,
    Crumb,
    DataTable,
    Head,
    Island,
    KeyFigure,
    Light,
    Method,
    Page,
    Row,
)
from junheng.web.house.scope import Scope
from junheng.web.units import tree


def state_light(one: Submission, late: bool) -> Light:
    """State of a submission by shape, word and colour."""
    if late:
        return Light("bad", word(f"late_{one.state}"))
    asked = word(f"asked_{one.asked}") if one.asked else ""
    text = word(f"state_{one.state}")
    return Light(LIGHTS[one.state], f"{text} · {asked}" if asked else text)  # type: ignore[arg-type]


def progress_table(scope: Scope, standings: Sequence[Standing]) -> DataTable | None:
    """One row a collection; None without one."""
    if not standings:
        return None
    rows = []
    for one in standings:
        href = scope.url("data:collection", collection=one.collection.pk)
        late: Any = fmt.count(len(one.late))
        if one.late:
            late = Anchor(late, scope.url("data:collection", collection=one.collection.pk, query="show=late"))
        rows.append(
            Row(
                (
                    Anchor(one.collection.name, href, sub=_asked(scope, one)),
                    one.collection.due.strftime("%Y-%m-%d"),
                    fmt.count(len(one.submissions)),
                    fmt.count(one.handed_in),
                    fmt.percent(one.handed_in / len(one.submissions) if one.submissions else None),
                    late,
                )
            )
        )
    head = (
        Head(word("col_collection")),
        Head(word("col_due")),
        Head(word("col_all"), "right"),
        Head(word("col_done"), "right"),
        Head(word("col_share"), "right"),
        Head(word("col_late"), "right"),
    )
    year = fmt.school_year(scope.year, scope.language)
    return DataTable("progress", word("progress_caption", year=year), head, tuple(rows))


def _asked(scope: Scope, one: Standing) -> str:
    return fmt.listed([ours.name(name) for name in one.collection.tables], scope.language)


def progress_map(scope: Scope, standings: Sequence[Standing], polygons: str) -> Island | None:
    """Areas by how far they are with the first collection; None where there is nothing to draw."""
    if not polygons or not standings or scope.unit.level == "school":
        return None
    first = standings[0]
    values = _by_area(scope, first)
    if not values:
        return None
    words = {key: word(f"map_{key}") for key in ("none", "zoom_in", "zoom_out", "whole", "gesture", "touch")}
    title = word(
        "map_title",
        name=first.collection.name,
        done=fmt.count(first.handed_in),
        all=fmt.count(len(first.submissions)),
    )
    spec = {
        "kind": "map",
        "title": title,
        "summary": title,
        "url": polygons,
        "values": values,
        "scale": {"kind": "lights", "breaks": []},
        "words": words,
    }
    return Island("map", "progress", title, spec, note=word("map_note"), height=320)


def _by_area(scope: Scope, one: Standing) -> list[dict[str, Any]]:
    """One value an area below the scope: how many of its schools have handed in, and its light."""
    groups: dict[str, list[Submission]] = {}
    for submission in one.submissions:
        groups.setdefault(tree.parent(submission.unit.path), []).append(submission)
    found: list[dict[str, Any]] = []
    for path, some in sorted(groups.items()):
        area = one.areas.get(path)
        if area is None or area.level == "school":
            continue
        done = sum(s.state in Submission.CLOSED for s in some)
        late = any(one.is_late(s) for s in some)
        light = "unmet" if late else "met" if done == len(some) else "near" if done else "unexamined"
        found.append(
            {
                "code": area.code,
                "name": unit_name(scope, area),
                "value": done / len(some),
                "text": f"{fmt.count(done)} / {fmt.count(len(some))}",
                "light": light,
                "href": scope.on(area).url("data:collection", collection=one.collection.pk)
                if scope.unit.holds(area)
                else "",
            }
        )
    return found


def progress_page(scope: Scope, standings: Sequence[Standing], polygons: str) -> Page:
    """All collections of the year."""
    year = fmt.school_year(scope.year, scope.language)
    actions = [Anchor(word("collection_new"), scope.url("data:collection_new"))] if _may_ask(scope) else []
    absent = None
    if not standings:
        text = word("no_collection_collect" if actions else "no_collection_text")
        absent = Absent(word("no_collection_title", year=year), text, tuple(actions))
    every = sum(len(one.submissions) for one in standings)
    done = sum(one.handed_in for one in standings)
    late = sum(len(one.late) for one in standings)
    code = (
        "progress_headline_none"
        if not standings
        else "progress_headline_late"
        if late
        else "progress_headline"
    )
    return Page(
        title=word("tab_progress"),
        headline=word(
            code,
            year=year,
            count=fmt.count(len(standings)),
            all=fmt.count(every),
            done=fmt.count(done),
            late=fmt.count(late),
        ),
        crumbs=trail(scope, Crumb(word("tab_progress"))),
        tabs=tabs(scope, "progress"),
        absent=absent,
        method=method(),
        body={
            "table": progress_table(scope, standings),
            "map": progress_map(scope, standings, polygons),
            "new": actions[0] if actions and standings else None,
            "own": _own_parts(scope, standings),
        },
    )


def _may_ask(scope: Scope) -> bool:
    return scope.may(COLLECT) and scope.unit.level in ("county", "area", "city")


def _own_parts(scope: Scope, standings: Sequence[Standing]) -> DataTable | None:
    """The collecting unit's own parts, on their way to the level above."""
    own = [(one, one.own) for one in standings if one.own is not None]
    if not own:
        return None
    rows = tuple(
        Row(
            (
                Anchor(
                    word("own_part", unit=unit_name(scope, part.unit), name=one.collection.name),
                    scope.url("data:submission", submission=part.pk),
                ),
                state_light(part, False),
                moment(part.submitted_at),
            )
        )
        for one, part in own
    )
    head = (Head(word("col_own")), Head(word("col_state")), Head(word("col_submitted")))
    return DataTable("own", word("own_caption"), head, rows)


def method() -> Method:
    """What the states mean and who moves them."""
    states = tuple((word(f"state_{state}"), word(f"state_{state}_text")) for state in Submission.STATES)
    return Method(entries=(*states, (word("method_late"), word("method_late_text"))))


def collection_page(scope: Scope, one: Standing, asked: Mapping[str, str], polygons: str) -> Page:
    """Units × states of one collection, those late first; reminders and steps for all."""
    show = asked.get("show", "")
    kept = [
        s for s in one.submissions if _shown(one, s, show) and asked.get("area", "") in ("", one.area_code(s))
    ]
    kept.sort(key=lambda s: (not one.is_late(s), s.unit.path))
    number = page_number(asked.get("page", ""), len(kept))
    today = one.today
    unreminded = [s for s in one.waiting if s.reminded_on != today]
    may = scope.may(COLLECT)
    rows = tuple(
        Row(
            (
                Anchor(
                    unit_name(scope, s.unit), scope.url("data:submission", submission=s.pk), sub=s.unit.code
                ),
                one.area_name(s, scope),
                state_light(s, one.is_late(s)),
                moment(s.submitted_at),
                _handed(s, "rows"),
                _handed(s, "pupils"),
                s.reminded_on.strftime("%Y-%m-%d") if s.reminded_on else fmt.BLANK,
            ),
            key=s.unit.code,
        )
        for s in kept[(number - 1) * SHOWN : number * SHOWN]
    )
    head = (
        Head(word("col_unit")),
        Head(word("col_area")),
        Head(word("col_state")),
        Head(word("col_submitted")),
        Head(word("col_rows"), "right"),
        Head(word("col_pupils"), "right"),
        Head(word("col_reminded")),
    )
    query = "&".join(f"{name}={asked[name]}" for name in ("show", "area") if asked.get(name))
    base = scope.url("data:collection", collection=one.collection.pk)
    href = base + (f"?{query}&" if query else "?")
    counts = one.counts
    name = one.collection.name
    code = (
        "collection_headline_late"
        if one.late
        else "collection_headline_open"
        if one.waiting
        else "collection_headline_done"
    )
    return Page(
        title=name,
        headline=word(
            code,
            name=name,
            all=fmt.count(len(one.submissions)),
            done=fmt.count(one.handed_in),
            waiting=fmt.count(len(one.waiting)),
            late=fmt.count(len(one.late)),
            due=one.collection.due.strftime("%Y-%m-%d"),
        ),
        links=("", f"{base}?show=late") if one.late else (),
        lead=word(
            "collection_lead",
            tables=_asked(scope, one),
            opens=one.collection.opens.strftime("%Y-%m-%d"),
            due=one.collection.due.strftime("%Y-%m-%d"),
        ),
        crumbs=trail(scope, Crumb(word("tab_progress"), scope.url("data:progress")), Crumb(name)),
        tabs=tabs(scope, "progress"),
        key_figures=tuple(
            KeyFigure(word(f"state_{state}"), fmt.count(counts[state]), word("unit_schools"))
            for state in Submission.STATES
        )
        if len(one.submissions) > 1
        else (),
        method=method(),
        body={
            "table": DataTable(
                "submissions",
                word("submissions_caption", count=fmt.count(len(kept))),
                head,
                rows,
                empty=word("submissions_none"),
                paging=paging(href, number, len(kept)),
            ),
            "map": progress_map(scope, (one,), polygons),
            "filters": _filters(one, scope, asked),
            "remind": {
                "href": scope.url("data:remind", collection=one.collection.pk),
                "text": word(
                    "remind_late" if one.late else "remind",
                    count=fmt.count(len([s for s in unreminded if not one.late or one.is_late(s)])),
                ),
                "idle": not [s for s in unreminded if not one.late or one.is_late(s)],
                "note": word("remind_note"),
            }
            if may and one.waiting
            else None,
            "all": _for_all(scope, one) if may else (),
            "move": scope.url("data:collection_due", collection=one.collection.pk)
            if scope.user.may(COLLECT, one.collection.unit)
            else "",
            "due": one.collection.due.isoformat(),
            "own": Anchor(word("own_open"), scope.url("data:submission", submission=one.own.pk))
            if one.own is not None
            else None,
        },
    )


def _shown(one: Standing, part: Submission, show: str) -> bool:
    if show == "late":
        return one.is_late(part)
    return not show or part.state == show


def _handed(one: Submission, what: str) -> str:
    found = [counts[what] for counts in one.handed_in.values() if what in counts]
    return fmt.count(sum(found)) if found else fmt.BLANK


def _filters(one: Standing, scope: Scope, asked: Mapping[str, str]) -> tuple[dict[str, Any], ...]:
    states = {state: word(f"state_{state}") for state in Submission.STATES}
    shown = asked.get("show", "")
    options = [("", word("all"), not shown), ("late", word("only_late"), shown == "late")]
    options += [(state, text, shown == state) for state, text in states.items()]
    areas = {one.area_code(s): one.area_name(s, scope) for s in one.submissions}
    chosen = asked.get("area", "")
    by_area = [("", word("all"), not chosen), *((code, name, code == chosen) for code, name in areas.items())]
    found = [{"name": "show", "label": word("col_state"), "options": tuple(options)}]
    if len(areas) > 1:
        found.append({"name": "area", "label": word("col_area"), "options": tuple(by_area)})
    return tuple(found)


def _for_all(scope: Scope, one: Standing) -> tuple[dict[str, str], ...]:
    """Steps one may take with all parts at once."""
    found: list[dict[str, str]] = []
    submitted = [
        s for s in one.submissions if s.state == Submission.SUBMITTED and s.submitted_by_id != scope.user.pk
    ]
    accepted = [s for s in one.submissions if s.state == Submission.ACCEPTED]
    proposed = [s for s in accepted if s.asked == "lock" and s.asked_by_id != scope.user.pk]
    unasked = [s for s in accepted if not s.asked]
    href = scope.url("data:collection_all", collection=one.collection.pk)
    for verb, some in (("accept", submitted), ("lock", proposed), ("ask_lock", [] if proposed else unasked)):
        if some:
            found.append(
                {"href": href, "verb": verb, "text": word(f"all_{verb}", count=fmt.count(len(some)))}
            )
    return tuple(found)


def new_page(scope: Scope, form: Any) -> Page:
    """Asking the schools for tables."""
    return Page(
        title=word("collection_new"),
        headline=word(
            "collection_new_headline",
            unit=unit_name(scope, scope.unit),
            year=fmt.school_year(scope.year, scope.language),
        ),
        lead=word("collection_new_lead"),
        crumbs=trail(
            scope, Crumb(word("tab_progress"), scope.url("data:progress")), Crumb(word("collection_new"))
        ),
        tabs=tabs(scope, "progress"),
        body={"form": form, "back": scope.url("data:progress")},
    )
