"""更正申请: the form, and the decision with both numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from junheng.report import format as fmt
from junheng.web.accounts.roles import IMPORT
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.collecting.submission_presenters import CORRECTION_LIGHTS, key_text
from junheng.web.data_centre.corrections.queries import counted
from junheng.web.data_centre.frame import moment, tabs, trail, unit_name, word
from junheng.web.data_centre.models import Correction, Submission
from junheng.web.house.page import Crumb, DataTable, Head, KeyFigure, Light, Method, Page, Row
from junheng.web.house.scope import Scope


def _trail(scope: Scope, one: Submission, last: str) -> tuple[Crumb, ...]:
    return trail(
        scope,
        Crumb(word("tab_progress"), scope.url("data:progress")),
        Crumb(unit_name(scope, one.unit), scope.url("data:submission", submission=one.pk)),
        Crumb(last),
    )


def _method() -> Method:
    return Method(entries=((word("method_correction"), word("method_correction_text")),))


def form_page(
    scope: Scope,
    one: Submission,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    fault: str = "",
    chosen: Mapping[str, str] | None = None,
) -> Page:
    """Which figure, what it should be, why."""
    held = dict(chosen or {})
    keys = ours.key_of(table)
    options = []
    for row in rows:
        key = {name: str(row[name]) for name in keys}
        value = json.dumps(key, ensure_ascii=False, sort_keys=True)
        stands = " · ".join(
            f"{ours.column_name(table, c.name)} {row[c.name]}"
            for c in counted(table)
            if row.get(c.name) is not None
        )
        options.append(
            (value, f"{key_text(table, key) or key[keys[0]]}（{stands}）", held.get("key") == value)
        )
    columns = tuple(
        (c.name, ours.column_name(table, c.name), held.get("column") == c.name) for c in counted(table)
    )
    unit = unit_name(scope, one.unit)
    return Page(
        title=word("correction_new"),
        headline=word("correction_new_headline", unit=unit, name=one.collection.name),
        lead=word("correction_new_lead"),
        crumbs=_trail(scope, one, word("correction_new")),
        tabs=tabs(scope, "progress"),
        method=_method(),
        body={
            "action": scope.url("data:correction_new", submission=one.pk),
            "tables": tuple((name, ours.name(name), name == table) for name in one.collection.tables),
            "table": table,
            "rows": tuple(options),
            "columns": columns,
            "fault": fault,
            "chosen": held,
            "back": scope.url("data:submission", submission=one.pk),
        },
    )


def page(scope: Scope, one: Correction, fault: str = "") -> Page:
    """Both numbers, why, and the decision."""
    held = one.submission
    unit = unit_name(scope, held.unit)
    figure = (
        f"{ours.name(one.table)} · {key_text(one.table, one.key)} · {ours.column_name(one.table, one.column)}"
    )
    facts = [
        (word("col_figure"), figure),
        (word("col_asked"), f"{one.asked_by.name} · {moment(one.asked_at)}"),
        (word("col_reason"), one.reason),
    ]
    if one.decided_by is not None:
        facts.append((word("col_decided"), f"{one.decided_by.name} · {moment(one.decided_at)}"))
        facts.append((word("col_opinion"), one.opinion or fmt.BLANK))
    decides = (
        one.state == Correction.ASKED
        and scope.user.may(IMPORT, held.unit)
        and one.asked_by.pk != scope.user.pk
    )
    return Page(
        title=word("correction_title"),
        headline=word(
            "correction_headline",
            unit=unit,
            figure=figure,
            before=one.before or fmt.BLANK,
            after=one.after or fmt.BLANK,
        ),
        crumbs=_trail(scope, held, word("correction_title")),
        tabs=tabs(scope, "progress"),
        lights=(Light(CORRECTION_LIGHTS[one.state], word(f"correction_{one.state}")),),
        key_figures=(
            KeyFigure(word("col_stands"), one.before or fmt.BLANK),
            KeyFigure(word("col_should"), one.after or fmt.BLANK),
            *((KeyFigure(word("col_change"), _change(one)),) if _change(one) else ()),
        ),
        method=_method(),
        body={
            "facts": DataTable(
                "facts", word("correction_facts"), (Head(""), Head("")), tuple(Row(f) for f in facts)
            ),
            "decide": scope.url("data:correction", correction=one.pk) if decides else "",
            "row_version": one.row_version,
            "fault": fault,
            "upload": scope.url("data:upload_one", upload=one.upload.pk)
            if one.upload is not None
            and one.state == Correction.APPROVED
            and scope.user.may(IMPORT, held.unit)
            else "",
        },
    )


def _change(one: Correction) -> str:
    try:
        return fmt.signed(float(one.after) - float(one.before))
    except ValueError:
        return ""
