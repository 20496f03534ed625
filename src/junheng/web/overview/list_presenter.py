"""The table of units below and the list of red warnings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from junheng.report import format as fmt
from junheng.report.sections.seats import HIDDEN
from junheng.report.sections.warnings import lever_words, reason_words
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Light, Row
from junheng.web.overview import measures
from junheng.web.overview.parts import unit_href
from junheng.web.overview.queries import Below, Overview
from junheng.web.overview.standing import Standing
from junheng.web.wording import say


def table(held: Overview, extra: str) -> DataTable:
    """The units below, one a row, with the unit itself as the last."""
    scope, own, years = held.scope, held.own, held.years
    assert own is not None and years is not None
    schools = {one.level for one in held.below}
    kind = next(iter(schools)) if len(schools) == 1 else "both"
    head = (
        Head(say("overview.col_name")),
        Head(say("overview.col_pupils"), "right"),
        Head(say("overview.col_line")),
        Head(say("overview.col_seats"), "right"),
        Head(say("overview.col_use"), "right"),
        Head(say("overview.col_balance"), "right"),
        Head(say("overview.col_change"), "right"),
        Head(say("overview.col_red"), "right"),
    )
    pupils = [held.standing[one.code].pupils for one in held.below]
    hidden = held.protection.hidden(pupils, [""] * len(pupils))
    rows = [
        Row(
            (
                Anchor(one.name, unit_href(scope, one.code, extra)),
                *(_covered(held, one) if hide else _cells(held.standing[one.code])),
            ),
            key=one.code,
        )
        for one, hide in zip(held.below, hidden, strict=True)
    ]
    if rows:
        rows.append(Row((Cell(say("overview.total"), bold=True), *_cells(own, toned=False))))
    unit = held.names[scope.unit.code]
    return DataTable(
        "below",
        say("overview.table_below", unit=unit, kinds=say(f"overview.kind_{kind}")),
        head,
        tuple(rows),
        note=say("overview.table_note", counted=years.counted, ahead=years.ahead, far=years.far),
        empty=say("overview.no_below"),
        dense=True,
    )


def _covered(held: Overview, one: Below) -> tuple[str | Cell | Light, ...]:
    """A row whose pupils are hidden: seats are shown, nothing from which the pupils follow."""
    pupils = held.standing[one.code].pupils
    mark = held.protection.mark if held.protection.small(pupils) else HIDDEN
    _, _, seats, _, _, _, red = _cells(held.standing[one.code])
    return (mark, "", seats, HIDDEN, HIDDEN, HIDDEN, red)


def _cells(one: Standing, *, toned: bool = True) -> tuple[str | Cell | Light, ...]:
    red = one.warnings.get("red", 0)
    tone = measures.scale("balance", ()).tone(measures.value("balance", one)) if toned else ""
    return (
        fmt.count(one.pupils),
        Cell("", spark=one.line, spark_actual=one.line_counted),
        fmt.count(one.seats),
        fmt.percent(one.utilisation),
        Cell(fmt.signed(one.balance), tone="" if tone == "paper" else tone.replace("-", "")),
        measures.change(one.change),
        Light("red", fmt.count(red)) if red else "",
    )


def red_table(held: Overview, most: int, *, brief: bool = False) -> DataTable:
    """Red warnings with cause and smallest remedy, the region and its towns before schools; `brief` for the
    meeting room: where and why."""
    reds = [row for row in held.warnings if row["level"] == "red"]
    rows = [_warning(held, row) for row in reds[:most]]
    head = (
        Head(say("overview.col_where")),
        Head(say("overview.col_stage")),
        Head(say("overview.col_years")),
        Head(say("overview.col_affected"), "right"),
        Head(say("overview.col_cause")),
        Head(say("overview.col_remedy")),
    )
    if brief:
        head = (head[0], head[3], head[4])
        rows = [replace(row, cells=_briefly(row)) for row in rows]
    return DataTable(
        "red",
        say("overview.red_title", count=len(reds)),
        head,
        tuple(rows),
        note=say("overview.red_total", count=len(reds) - most) if len(reds) > most else "",
        empty=say("overview.red_none"),
    )


def _briefly(row: Row) -> tuple[Any, ...]:
    where, stage, years, affected, cause, _ = row.cells
    sub = f"{stage} {years}"
    text = where.text if isinstance(where, Anchor) else str(where)
    href = where.href if isinstance(where, Anchor) else ""
    return (Anchor(text, href, sub) if href else Cell(text, sub=sub), affected, cause)


def _warning(held: Overview, row: dict[str, Any]) -> Row:
    words = held.words
    assert words is not None
    code = str(row["unit_code"])
    years = str(row["from_year"] or fmt.BLANK)
    if row["to_year"] is not None and row["to_year"] != row["from_year"]:
        years = f"{row['from_year']}–{row['to_year']}"
    name = held.names.get(code, code)
    return Row(
        (
            Anchor(name, unit_href(held.scope, code, "")) if code in held.names else name,
            words.stage(row["stage"]) if row["stage"] else fmt.BLANK,
            years,
            held.protection.count(row["pupils_affected"]),
            reason_words(words, held.protection, row),
            lever_words(words, row["lever"], row["lever_parameters"]),
        ),
        key=code,
    )
