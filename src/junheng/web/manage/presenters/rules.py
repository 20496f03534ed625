"""标准与依据: every standard that is in force on a day, with its source and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from junheng.report import format as fmt
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.presenters.parts import tabs
from junheng.web.manage.presenters.run import source_of, sureness, value_of
from junheng.web.manage.queries import Rule
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Rules:
    """The day asked for and one table: the topics there are, or the values of the one asked for."""

    day: str
    topic: str
    back: str
    table: DataTable


def rules(scope: Scope, day: date, held: Sequence[Rule], digest: str, topic: str) -> Page:
    """The topics in order or, of the topic asked for, its values by key."""
    values = [value for rule in held for value in rule.here if value.value is not None]
    unsure = sum(value.verified in ("second-hand", "unverified") for value in values)
    local = sum(bool(value.region) for value in values)
    return Page(
        say("manage.tab_rules"),
        say(
            "manage.rules_headline",
            count=fmt.count(len(values)),
            day=day.isoformat(),
            unsure=fmt.count(unsure),
        ),
        crumbs=crumbs(scope, "manage:reports", Crumb(say("manage.tab_rules"))),
        lead=say("manage.rules_lead", digest=digest[:12], local=fmt.count(local)),
        tabs=tabs(scope, "rules"),
        body=Rules(
            day.isoformat(),
            topic,
            _address(scope, day),
            next((_table(scope, rule) for rule in held if rule.topic == topic), None)
            or _topics(scope, day, held),
        ),
    )


def _address(scope: Scope, day: date, topic: str = "") -> str:
    asked = f"day={day.isoformat()}"
    return scope.url("manage:rules", query=f"{asked}&topic={topic}" if topic else asked)


def _topics(scope: Scope, day: date, held: Sequence[Rule]) -> DataTable:
    """Every topic with how many values it has, how many are local and how many are yet to be checked."""
    head = (
        Head(say("manage.col_topic"), width=2),
        Head(say("manage.col_values"), "right"),
        Head(say("manage.col_local"), "right"),
        Head(say("manage.col_unsure"), "right"),
    )
    rows: list[Row] = []
    for rule in held:
        values = [value for value in rule.here if value.value is not None]
        name = rule.zh if scope.language == "zh" else rule.en
        counts = (
            len(values),
            sum(bool(value.region) for value in values),
            sum(value.verified in ("second-hand", "unverified") for value in values),
        )
        anchor = Anchor(name, _address(scope, day, rule.topic))
        rows.append(Row((anchor, *(fmt.count(count) for count in counts))))
    return DataTable("topics", say("manage.topics"), head, tuple(rows))


def _table(scope: Scope, rule: Rule) -> DataTable:
    chinese = scope.language == "zh"
    head = (
        Head(say("manage.col_applies"), width=2),
        Head(say("manage.col_value"), "right"),
        Head(say("manage.col_limit")),
        Head(say("manage.col_source")),
        Head(say("manage.col_since")),
        Head(say("manage.col_sure")),
    )
    rows = tuple(_row(scope, at_large, here) for at_large, here in zip(rule.values, rule.here, strict=True))
    return DataTable(rule.topic, rule.zh if chinese else rule.en, head, rows)


def _row(scope: Scope, at_large: Any, here: Any) -> Row:
    chinese = scope.language == "zh"
    name = (here.zh if chinese else here.en) or here.key
    if here.value is None:
        return Row((name, fmt.BLANK, fmt.BLANK, say("manage.no_rule"), fmt.BLANK, fmt.BLANK))
    stricter = here.region and at_large.value is not None and at_large.value != here.value
    note = here.note_zh if chinese else here.note_en
    return Row(
        (
            Cell(name, sub=note if here.verified != "ours" else ""),
            Cell(
                value_of(here, scope.language),
                bold=bool(here.region),
                sub=say("manage.nation", value=value_of(at_large, scope.language)) if stricter else "",
            ),
            Cell(say(f"manage.limit_{here.limit}"), tone="whole"),
            Cell(source_of(here, scope.language), sub=here.rule_id),
            Cell(here.from_date.isoformat() if here.from_date else fmt.BLANK, tone="whole"),
            sureness(here, scope.language),
        )
    )
