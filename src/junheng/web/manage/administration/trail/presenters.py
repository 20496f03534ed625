"""The page of the audit trail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.web.audit.models import AuditCheck, AuditEvent, AuditHead
from junheng.web.audit.verbs import named
from junheng.web.house.navigation import name_of
from junheng.web.house.page import Cell, Crumb, DataTable, Head, Light, Page, Paging, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.administration.frame import moment, tabs, where
from junheng.web.units.models import Unit
from junheng.web.wording import catalogue, say

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class TrailBody:
    """State of the chain and its events."""

    state: Light
    checked: str
    head: str
    table: DataTable


def trail(
    scope: Scope,
    shown: Sequence[AuditEvent],
    units: Mapping[str, Unit],
    head: AuditHead | None,
    check: AuditCheck | None,
    paging: Paging,
    *,
    sought: bool,
) -> Page:
    """Events with the state of the chain."""
    columns = ("seq", "at", "actor", "verb", "object", "unit", "detail")
    table = DataTable(
        "trail",
        say("admin.trail_caption"),
        tuple(Head(say(f"admin.head_{name}"), "right" if name == "seq" else "left") for name in columns),
        tuple(_row(scope, event, units) for event in shown),
        empty=say("admin.trail_none_found" if sought else "admin.trail_none"),
        paging=paging,
        dense=False,
    )
    body = TrailBody(
        state=_state(check),
        checked=say("admin.checked_at", at=moment(check.at), events=fmt.count(check.events)) if check else "",
        head=f"{head.seq}:{head.hash}" if head and head.seq else fmt.BLANK,
        table=table,
    )
    return Page(
        say("admin.tab_trail"),
        _headline(head, check),
        crumbs=where(scope, "trail"),
        tabs=tabs(scope, "trail"),
        body=body,
    )


def _headline(head: AuditHead | None, check: AuditCheck | None) -> str:
    events = fmt.count(head.seq if head else 0)
    if check is None:
        return say("admin.trail_headline_unchecked", events=events)
    if check.broken_at is None:
        return say("admin.trail_headline", events=events, at=moment(check.at))
    return say("admin.trail_headline_broken", cause=_cause(check))


def _state(check: AuditCheck | None) -> Light:
    if check is None:
        return Light("unseen", say("admin.chain_unchecked"))
    if check.broken_at is None:
        return Light("good", say("admin.chain_sound"))
    return Light("bad", _cause(check))


def _cause(check: AuditCheck) -> str:
    return say(f"audit.cause_{check.cause}", seq=fmt.count(check.broken_at))


def _row(scope: Scope, event: AuditEvent, units: Mapping[str, Unit]) -> Row:
    unit = units.get(event.unit_path)
    roles = fmt.listed((say(f"accounts.role_{role}") for role in event.roles.split()), scope.language)
    return Row(
        (
            fmt.count(event.seq),
            Cell(moment(event.at), sub=event.ip),
            Cell(event.actor, sub=roles),
            named(event.verb),
            event.object or fmt.BLANK,
            name_of(unit, scope.language) if unit else fmt.BLANK,
            Cell(event.reason or ("" if event.diff else fmt.BLANK), sub=_detail(event.diff)),
        ),
        key=str(event.seq),
    )


def _detail(diff: Mapping[str, Any]) -> str:
    """What was changed, as it stands in the trail, cut to a line or two."""
    held = diff["after"] if diff.keys() == {"after"} else diff
    text = " · ".join(f"{_key(key)} {_value(value, key)}" for key, value in held.items() if value != "")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _key(key: str) -> str:
    code = f"admin.key_{key}"
    return say(code) if code in catalogue() else key


def _value(value: Any, key: str = "") -> str:
    if isinstance(value, dict):
        if value.keys() == {"before", "after"}:
            return f"{_value(value['before'], key)} → {_value(value['after'], key)}"
        return " ".join(f"{_key(name)} {_value(one, name)}" for name, one in value.items() if one != "")
    if key == "role" and f"accounts.role_{value}" in catalogue():
        return say(f"accounts.role_{value}")
    if key == "state" and f"privacy.grant_{value}" in catalogue():
        return say(f"privacy.grant_{value}")
    if key == "field" and f"admin.key_{value}" in catalogue():
        return say(f"admin.key_{value}")
    if isinstance(value, bool):
        return say("admin.yes" if value else "admin.no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def export(scope: Scope, count: int) -> Page:
    """Taking the trail out."""
    return Page(
        say("admin.act_export"),
        say("admin.question_export", count=fmt.count(count)),
        crumbs=where(scope, "trail", Crumb(say("admin.act_export"))),
        lead=say("admin.follows_export"),
    )
