"""The page of publication."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.web.house.page import Absent, Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.jobs.presenters import JobView, job_views
from junheng.web.publication.queries import Shown
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Body:
    """The page's own part."""

    run_id: str
    made: tuple[str, ...]
    editions: DataTable
    others: tuple[tuple[str, str], ...]
    current: str
    jobs: tuple[JobView, ...]
    fault: str


def page(scope: Scope, held: Shown, crumbs: tuple[Crumb, ...], fault: str = "") -> Page:
    """What everyone sees now, what may be published, what was published before."""
    current = next((one for one in held.editions if one.current), None)
    if current is not None:
        headline = say("publication.head_shown", day=current.published, run=current.run)
    elif held.editions:
        headline = say("publication.head_withdrawn")
    else:
        headline = say("publication.head_none")
    absent = None
    if held.run is None:
        runs = Anchor(say("publication.to_runs"), scope.url("manage:reports"))
        absent = Absent(say("publication.no_run_title"), say("publication.no_run"), (runs,))
    return Page(
        title=say("publication.title"),
        headline=headline,
        lead=say("publication.lead"),
        crumbs=crumbs,
        absent=absent,
        body=Body(
            run_id=held.run.run_id if held.run else "",
            made=_made(held),
            editions=_editions(held),
            others=tuple((one.name, one.published) for one in held.editions if not one.current),
            current=current.name if current else "",
            jobs=job_views(held.jobs, scope),
            fault=fault,
        ),
    )


def _made(held: Shown) -> tuple[str, ...]:
    """What an edition holds, line by line, so that who publishes knows."""
    lines = [say(f"publication.holds_{one}") for one in ("pupils", "seats", "tight", "schools")]
    if not held.has_map:
        lines.append(say("publication.holds_no_map_file"))
    elif held.map_approval:
        lines.append(say("publication.holds_map", number=held.map_approval))
    else:
        lines.append(say("publication.holds_no_map"))
    return (*lines, say("publication.holds_nothing_else"))


def _editions(held: Shown) -> DataTable:
    head = (
        Head(say("publication.col_edition")),
        Head(say("publication.col_state")),
        Head(say("publication.col_day")),
        Head(say("publication.col_run")),
        Head(say("publication.col_files"), "right"),
        Head(say("publication.col_head")),
    )
    rows = tuple(
        Row(
            (
                one.name,
                Light("good", say("publication.state_shown"))
                if one.current
                else say("publication.state_kept"),
                one.published,
                one.run,
                str(one.files),
                Cell(one.head[:16]),
            )
        )
        for one in held.editions
    )
    empty = say("publication.no_editions")
    return DataTable("editions", say("publication.editions"), head, rows, empty=empty, dense=True)
