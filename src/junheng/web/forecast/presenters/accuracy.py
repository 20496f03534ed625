"""How good past forecasts were: all of them, good or bad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.model.stages import STAGES
from junheng.report import format as fmt
from junheng.web.figures import charts
from junheng.web.forecast.presenters import parts
from junheng.web.forecast.presenters.parts import stage_name
from junheng.web.forecast.queries import Shown
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Absent, Cell, Crumb, DataTable, Head, Island, Light, Page, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

MOST_ROWS = 60
KINDS = ("region", "area", "school")


@dataclass(frozen=True, slots=True)
class Body:
    """The room's own part of the page."""

    table: DataTable | None
    bars: Island | None


def page(shown: Shown, warnings: int) -> Page:
    """Coverage and errors of every past forecast that can be checked inside the scope."""
    scope, read = shown.scope, shown.reading
    frame = read.base("forecast_accuracy")
    frame = (
        None
        if frame is None
        else frame.filter(pl.col("actual").is_not_null() & pl.col("forecast").is_not_null())
    )
    if frame is not None and scope.stage:
        frame = frame.filter(pl.col("stage") == scope.stage)
    known = frame is not None and not frame.is_empty()
    return Page(
        title=say("seats_page.accuracy_title", unit=read.place.name),
        headline=_sentence(frame) if known and frame is not None else say("seats_page.accuracy_none"),
        crumbs=crumbs(scope, "forecast:seats", Crumb(say("seats_page.tab_accuracy"))),
        absent=None
        if known
        else Absent(say("seats_page.accuracy_none_title"), say("seats_page.accuracy_none_text")),
        method=parts.method(shown, []),
        provenance=provenance(scope, shown.record),
        tabs=parts.tabs(scope, "accuracy", warnings),
        body=Body(_table(shown, frame), _bars(shown, frame))
        if known and frame is not None
        else Body(None, None),
    )


def _sentence(frame: pl.DataFrame) -> str:
    judged = frame.filter(pl.col("inside_80").is_not_null())
    inside = int(judged["inside_80"].sum())
    counted, forecast = float(frame["actual"].sum()), float(frame["forecast"].sum())
    bias = (forecast - counted) / counted if counted else None
    sign = "+" if bias is not None and bias > 0 else ""
    return say(
        "seats_page.accuracy_headline",
        count=fmt.count(judged.height),
        inside=fmt.count(inside),
        share=fmt.percent(inside / judged.height if judged.height else None),
        bias=sign + fmt.decimal(None if bias is None else bias * 100, 1) + "%",
    )


def _ordered(frame: pl.DataFrame) -> list[dict[str, Any]]:
    rows = list(frame.iter_rows(named=True))
    rows.sort(
        key=lambda row: (
            KINDS.index(row["unit_kind"]) if row["unit_kind"] in KINDS else len(KINDS),
            -row["target_year"],
            row["lead"],
            row["unit_code"],
            STAGES.index(row["stage"]) if row["stage"] in STAGES else len(STAGES),
        )
    )
    return rows


def _table(shown: Shown, frame: pl.DataFrame) -> DataTable:
    rows = _ordered(frame)
    body = tuple(
        Row(
            (
                Cell(shown.reading.name(row["unit_kind"], row["unit_code"]), sub=row["past_run"]),
                stage_name(shown.scope, row["stage"]) if row["stage"] else fmt.BLANK,
                str(row["target_year"]),
                fmt.count(row["lead"]),
                fmt.count(row["forecast"]),
                fmt.count(row["actual"]),
                Cell(fmt.signed(row["forecast"] - row["actual"]), sub=_share(row)),
                Light("none", fmt.BLANK)
                if row["inside_80"] is None
                else Light("good", say("seats_page.inside_yes"))
                if row["inside_80"]
                else Light("bad", say("seats_page.inside_no")),
            ),
            key=f"{row['unit_code']}-{row['stage']}",
        )
        for row in rows[:MOST_ROWS]
    )
    head = (
        Head(say("seats_page.col_unit")),
        Head(say("seats_page.col_stage")),
        Head(say("seats_page.col_target"), "right"),
        Head(say("seats_page.col_lead"), "right", say("seats_page.unit_years")),
        Head(say("seats_page.col_forecast"), "right", say("figures.pupils")),
        Head(say("seats_page.col_actual"), "right", say("figures.pupils")),
        Head(say("seats_page.col_error"), "right", say("figures.pupils")),
        Head(say("seats_page.col_inside")),
    )
    left = len(rows) - MOST_ROWS
    note = say("seats_page.accuracy_note")
    if left > 0:
        note += say("seats_page.more_rows", count=fmt.count(left))
    return DataTable("accuracy", say("seats_page.accuracy_caption"), head, body, note=note)


def _share(row: dict[str, Any]) -> str:
    if not row["actual"]:
        return ""
    share = (row["forecast"] - row["actual"]) / row["actual"] * 100
    return ("+" if share > 0 else "") + fmt.decimal(share, 1) + "%"


def _bars(shown: Shown, frame: pl.DataFrame) -> Island | None:
    """Errors one year ahead of the unit's stages."""
    place = shown.reading.place
    own = frame.filter(
        (pl.col("unit_kind") == place.kind) & (pl.col("unit_code") == place.code) & (pl.col("lead") == 1)
    )
    rows = _ordered(own)
    if len(rows) < 2:
        return None
    title = say("seats_page.accuracy_bars")
    items = [
        {
            "label": f"{row['target_year']} {stage_name(shown.scope, row['stage'])}",
            "key": f"{row['unit_code']}-{row['stage']}",
            **charts.change(row["forecast"] - row["actual"]),
        }
        for row in rows
    ]
    spec = {
        "kind": "bars", "title": title, "unit": say("figures.pupils"), "summary": title, "tones": "plain",
        "items": items, "words": {"range": say("figures.range")},
    }  # fmt: skip
    return Island("chart", "errors", title, spec, height=40 + 24 * len(items))
