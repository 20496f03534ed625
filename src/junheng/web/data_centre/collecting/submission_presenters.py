"""One unit's part of a collection: where it stands, what may be done about it, its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from junheng.report import format as fmt
from junheng.web.accounts.roles import COLLECT, FILL, PUBLISH
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.collecting.presenters import method, state_light
from junheng.web.data_centre.collecting.queries import Detail
from junheng.web.data_centre.frame import SHOWN, moment, tabs, trail, unit_name, upload_href, word
from junheng.web.data_centre.models import Correction, Submission
from junheng.web.data_centre.rows import frame_table, value_word
from junheng.web.house.page import Anchor, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.wording import reason


def submission_page(scope: Scope, held: Detail, names: Mapping[str, str], stale: str = "") -> Page:
    """One unit's part: where it stands, what is in it against the year before, what may be done, its
    history."""
    one = held.submission
    late = one.state in (Submission.FILLING, Submission.RETURNED) and held.today > one.collection.due
    unit = unit_name(scope, one.unit)
    light = state_light(one, late)
    return Page(
        title=word("submission_title", unit=unit, name=one.collection.name),
        headline=word(
            f"submission_headline_{one.state}",
            unit=unit,
            name=one.collection.name,
            due=one.collection.due.strftime("%Y-%m-%d"),
            who=one.changed_by.name if one.changed_by else "",
            at=moment(one.changed_at),
        ),
        crumbs=trail(
            scope,
            Crumb(word("tab_progress"), scope.url("data:progress")),
            Crumb(one.collection.name, scope.url("data:collection", collection=one.collection_id)),
            Crumb(unit),
        ),
        tabs=tabs(scope, "progress"),
        lights=(light,),
        method=method(),
        body={
            "submission": one,
            "complete": held.complete,
            "stale": stale,
            "counts": _counts(scope, held),
            "opinions": _opinions(scope, one),
            "rows": tuple(_rows(scope, held, names)),
            "steps": steps(scope, held),
            "tables": tuple((name, ours.name(name)) for name in one.collection.tables),
            "upload": upload_href(scope.on(one.unit))
            if one.state not in Submission.CLOSED and not one.upward and scope.user.may(FILL, one.unit)
            else "",
            "template": scope.on(one.unit).url(
                "data:template_all", query="&".join(f"table={name}" for name in one.collection.tables)
            )
            if not one.upward
            else "",
            "events": _events(held),
            "corrections": _corrections(scope, held),
            "correct": scope.url("data:correction_new", submission=one.pk)
            if one.state in Submission.CLOSED and not one.upward and scope.user.may(FILL, one.unit)
            else "",
            "schools": tuple(
                (word(f"state_{state}"), fmt.count(count)) for state, count in held.schools.items()
            ),
        },
    )


def steps(scope: Scope, held: Detail) -> tuple[dict[str, Any], ...]:
    """What this person may do now, in order; `reason` where a text must be given. What the action would
    refuse is not offered; the action checks again."""
    one, collects, user = held.submission, held.decides, scope.user
    unit, above = one.unit, one.upward
    found: list[str] = []
    if one.state in (Submission.FILLING, Submission.RETURNED) and user.may(COLLECT if above else FILL, unit):
        found.append("submit")
    if one.state == Submission.SUBMITTED and collects and one.submitted_by_id != user.pk:
        found.append("accept")
    if one.state in (Submission.SUBMITTED, Submission.ACCEPTED) and collects:
        found.append("return")
    second = collects or (user.may(PUBLISH, unit) and not above)
    for verb, state in (("lock", Submission.ACCEPTED), ("unlock", Submission.LOCKED)):
        if one.state == state and one.asked == verb and second and one.asked_by_id != user.pk:
            found.append(verb)
        if one.state == state and not one.asked and collects:
            found.append(f"ask_{verb}")
    return tuple(
        {
            "verb": verb,
            "href": scope.url("data:step", submission=one.pk, verb=verb),
            "text": word(f"step_{verb}"),
            "note": word(f"step_{verb}_note"),
            "primary": verb in ("accept", "lock") or (verb == "submit" and held.complete),
            "reason": verb == "ask_unlock",
            "opinions": verb == "return",
        }
        for verb in found
    )


def _counts(scope: Scope, held: Detail) -> DataTable:
    """Rows and pupils now, as handed in, and of the year before."""
    one = held.submission
    rows: list[Row] = []
    for name in one.collection.tables:
        now, before, handed = held.now.get(name, {}), held.before.get(name, {}), one.handed_in.get(name, {})
        for what in ("rows", "pupils"):
            if what in now or what in before:
                current, last = now.get(what), before.get(what)
                has_years = what == "pupils" or ours.has_year(name)
                rows.append(
                    Row(
                        (
                            f"{ours.name(name)} · {word(f'count_{what}')}",
                            fmt.count(current),
                            fmt.count(handed.get(what)),
                            fmt.count(last) if has_years else fmt.BLANK,
                            fmt.signed(current - last)
                            if has_years and current and last is not None
                            else fmt.BLANK,
                        )
                    )
                )
    head = (
        Head(word("col_what")),
        Head(word("col_now"), "right"),
        Head(word("col_handed_in"), "right"),
        Head(word("col_year_before"), "right"),
        Head(word("col_change"), "right"),
    )
    return DataTable("counts", word("counts_caption"), head, tuple(rows))


def _opinions(scope: Scope, one: Submission) -> DataTable | None:
    if not one.opinions or one.state != Submission.RETURNED:
        return None
    rows = tuple(
        Row(
            (
                ours.name(said["table"]) if said["table"] else word("whole"),
                said["row"] or word("whole"),
                said["text"],
            )
        )
        for said in one.opinions
    )
    head = (Head(word("col_table")), Head(word("col_row")), Head(word("col_opinion")))
    return DataTable("opinions", word("opinions_caption"), head, rows)


def _rows(scope: Scope, held: Detail, names: Mapping[str, str]) -> list[DataTable]:
    return [
        frame_table(name, frame.head(SHOWN), scope, names, caption=ours.name(name))
        for name, frame in held.rows.items()
        if frame.height
    ]


def _events(held: Detail) -> DataTable:
    rows = tuple(
        Row((moment(one.at), one.by.name, word(f"did_{one.verb}"), one.text or fmt.BLANK))
        for one in held.events
    )
    head = tuple(Head(word(f"col_{name}")) for name in ("at", "who", "did", "said"))
    return DataTable("events", word("events_caption"), head, rows, empty=word("events_none"))


CORRECTION_LIGHTS: dict[str, Any] = {
    Correction.ASKED: "near",
    Correction.APPROVED: "yellow",
    Correction.REFUSED: "none",
    Correction.DONE: "good",
}


def _corrections(scope: Scope, held: Detail) -> DataTable | None:
    if not held.corrections:
        return None
    rows = tuple(
        Row(
            (
                Anchor(
                    f"{ours.name(one.table)} · {ours.column_name(one.table, one.column)}",
                    scope.url("data:correction", correction=one.pk),
                    sub=key_text(one.table, one.key),
                ),
                one.before or fmt.BLANK,
                one.after or fmt.BLANK,
                Light(CORRECTION_LIGHTS[one.state], word(f"correction_{one.state}")),
                one.asked_by.name,
                moment(one.asked_at),
            )
        )
        for one in held.corrections
    )
    head = (
        Head(word("col_figure")),
        Head(word("col_stands"), "right"),
        Head(word("col_should"), "right"),
        Head(word("col_state")),
        Head(word("col_who")),
        Head(word("col_at")),
    )
    return DataTable("corrections", word("corrections_caption"), head, rows)


def key_text(table: str, key: Mapping[str, Any]) -> str:
    """Which row: its key with names of the columns, without the unit."""
    return " · ".join(value_word(table, name, value) for name, value in key.items() if name != "school_id")


def explained(code: str, parameters: Mapping[str, Any]) -> str:
    """A refusal in words, with states named."""
    shown = {
        name: word(f"state_{value}") if name in ("state", "yours") and value in Submission.STATES else value
        for name, value in parameters.items()
    }
    return reason(code, shown)
