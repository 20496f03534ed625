"""What taking the desk's evidence into the data changes, before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from junheng.monitoring.assessment_evidence import Examined
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.web.balance.evidence.taking import Effect, Taking
from junheng.web.balance.presenters import parts
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.jobs.presenters import JobView
from junheng.web.wording import say

KINDS = {MET: "good", UNMET: "bad"}


@dataclass(frozen=True, slots=True)
class Body:
    """The preview and the button."""

    tables: tuple[DataTable, ...]
    action: str
    base: str
    fault: str
    jobs: tuple[JobView, ...]


Names = Mapping[tuple[str, int, str], tuple[str, str]]
"""(item with its requirement, assessment) by assessment, year and code."""


def page(scope: Scope, held: Taking, names: Names, jobs: tuple[JobView, ...], fault: str = "") -> Page:
    """Rows that would be new, changed or gone, and what items come to by them."""
    counts = {"new": len(held.new), "changed": len(held.changed), "dropped": len(held.dropped)}
    headline = "balance.take_headline" if held.anything else "balance.take_headline_none"
    up = Crumb(say("balance.tab_evidence"), scope.url("balance:evidence"))
    tables = (_effects(scope, held, names), _rows(scope, held, names)) if held.anything else ()
    return Page(
        title=say("balance.take_title"),
        headline=say(headline, base=held.base, effects=len(held.effects), **counts),
        lead=say("balance.take_lead"),
        crumbs=crumbs(scope, "balance:board", up, Crumb(say("balance.take_title"))),
        tabs=parts.tabs(scope, "evidence"),
        body=Body(
            tables,
            scope.url("balance:evidence_take") if held.anything and not jobs else "",
            held.base,
            fault,
            jobs,
        ),
    )


def _effects(scope: Scope, held: Taking, names: Names) -> DataTable:
    head = (
        Head(say("balance.col_item"), width=4),
        Head(say("balance.col_unit"), width=2),
        Head(say("balance.year"), width=2),
        Head(say("balance.col_before")),
        Head(say("balance.col_after")),
    )
    rows = tuple(_effect(scope, one, names) for one in held.effects)
    return DataTable("effects", say("balance.effects"), head, rows, empty=say("balance.effects_none"))


def _effect(scope: Scope, one: Effect, names: Names) -> Row:
    return Row(
        (
            _item(names, one.assessment, one.year, one.item),
            _unit(scope, one.unit),
            fmt.school_year(one.year, scope.language),
            _light(one.before),
            _light(one.after),
        ),
        key=f"{one.item}-{one.unit}",
    )


def _light(held: Examined) -> Light:
    name = held.status if held.status in KINDS else "not_examined"
    return Light(KINDS.get(held.status, "unseen"), say(f"balance.effect_{name}"))  # type: ignore[arg-type]


def _rows(scope: Scope, held: Taking, names: Names) -> DataTable:
    head = (
        Head(say("balance.col_change")),
        Head(say("balance.col_item"), width=4),
        Head(say("balance.col_unit"), width=2),
        Head(say("balance.col_claim")),
        Head(say("balance.col_file"), width=3),
        Head(say("balance.col_reviewed"), width=2),
    )
    rows = [
        _row(scope, kind, row, names)
        for kind in ("new", "changed", "dropped")
        for row in sorted(getattr(held, kind), key=lambda row: (row["assessment"], row["item"]))
    ]
    return DataTable("rows", say("balance.take_rows_table"), head, tuple(rows), dense=True)


def _row(scope: Scope, kind: str, row: Mapping[str, Any], names: Names) -> Row:
    outcome = say(f"balance.row_{row['outcome']}") if row["outcome"] else say("balance.standing_given")
    file = str(row["file_name"] or fmt.BLANK).rpartition("/")[2]
    return Row(
        (
            say(f"balance.change_{kind}"),
            _item(names, row["assessment"], row["year"], row["item"]),
            _unit(scope, row["unit_code"]),
            say(f"balance.claim_{row['claim']}"),
            Cell(file, sub=row["evidence_id"]),
            Cell(outcome, sub=row["reviewed_by"] or ""),
        ),
        key=row["evidence_id"],
    )


def _item(names: Names, assessment: str, year: int, code: str) -> Cell:
    text, name = names.get((assessment, year, code), (code, assessment))
    return Cell(text, sub=name)


def _unit(scope: Scope, code: str) -> str:
    unit = scope.register.by_code.get(code)
    return code if unit is None else name_of(unit, scope.language)
