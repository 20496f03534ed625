"""达标路径: what to add at which school, what it costs, how surely nothing is cheaper, what breaks first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from junheng.monitoring.status import MET
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.content import KeyFigure
from junheng.web.balance.pages import ROWS, asked_page, paging
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.way_queries import Way
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Absent, Anchor, Cell, Crumb, DataTable, Download, Head, Light, Page, Row
from junheng.web.wording import say

BREAKS_SHOWN = 40
INFEASIBLE, PROVED = "infeasible", "proved"
_UNDER = ("under_line", "under_floor")
NOW = "now"


def page(held: Way, asked: str) -> Page:
    """The newest plan; what to do where there is none."""
    scope = held.scope
    about = (Crumb(say("balance.tab_pass")),)
    start = Anchor(
        say("balance.way_again" if held.job else "balance.way_begin"), scope.url("balance:pass_start")
    )
    actions = (start,) if held.may_start else ()
    if held.job is None:
        text = say("balance.way_none_text" if held.allowed else "balance.way_not_yours")
        return Page(
            title=say("balance.way_none"),
            headline=say("balance.way_none"),
            crumbs=crumbs(scope, "balance:pass", *about),
            tabs=parts.tabs(scope, "pass"),
            absent=Absent(say("balance.way_none"), text, actions),
        )
    return Page(
        title=say("balance.tab_pass"),
        headline=_headline(held),
        lead=_newer(held),
        crumbs=crumbs(scope, "balance:pass", *about),
        key_figures=_figures(held) if held.whole else (),
        downloads=_downloads(held, actions),
        tabs=parts.tabs(scope, "pass"),
        body=(
            *_balance(held),
            Section("measures", tables=(_measures(held, asked),)),
            *_breaks(held),
            Section("told", lines=tuple(_told(held))),
        ),
    )


def _downloads(held: Way, actions: tuple[Anchor, ...]) -> tuple[Download, ...]:
    scope = held.scope
    found = [Download(one.text, one.href) for one in actions]
    if scope.may("export"):
        found.append(Download(say("balance.take_xlsx"), scope.url("balance:pass_file")))
    return tuple(found)


def _newer(held: Way) -> str:
    made = str(held.job.args.get("version", "")) if held.job is not None else ""
    return say("balance.way_newer", made=made, newest=held.newest) if made != held.newest else ""


def money(value: float | None, language: str) -> str:
    """Yuan as shown: 万元 with two decimals in Chinese."""
    if value is None:
        return fmt.BLANK
    return say("balance.money", amount=_amount(value, language))


def _amount(value: float, language: str) -> str:
    return fmt.decimal(value / 10_000, 2) if language == "zh" else fmt.count(value)


def _cost(held: Way, name: str) -> str:
    """A cost of the summary: yuan, or where nothing is priced teachers, ㎡, rooms and yuan."""
    amounts = [float(one) for one in held.summary[name]]
    if held.summary["priced"]:
        return money(amounts[0], held.scope.language)
    return say("balance.unpriced", amounts=" · ".join(fmt.decimal(one, 1) for one in amounts))


def _name(held: Way) -> str:
    law = held.law
    assessment = str(held.summary["assessment"])
    known = law is not None and assessment in law.assessments
    return law.assessments[assessment].name(held.scope.language) if known and law is not None else assessment


def _headline(held: Way) -> str:
    told, unit = held.summary, name_of(held.scope.unit, held.scope.language)
    named = {"unit": unit, "assessment": _name(held)}
    if not held.whole:
        if held.measures.is_empty():
            return say("balance.way_school_none", **named)
        spent = float(held.measures["cost"].sum() or 0)
        cost = money(spent, held.scope.language)
        return say("balance.way_school", **named, measures=held.measures.height, cost=cost)
    if told["status"] == INFEASIBLE:
        return say("balance.way_infeasible", **named, count=len(told["out_of_reach"]))
    if not told["measures"]:
        return say("balance.way_nothing", **named)
    schools = held.measures["area"].n_unique()
    return say(
        "balance.way_headline" if told["status"] == PROVED else "balance.way_headline_within",
        **named,
        cost=_cost(held, "cost"),
        measures=told["measures"],
        schools=schools,
        sure=_sure(held),
    )


def _sure(held: Way) -> str:
    told = held.summary
    if told["status"] == PROVED:
        return say("balance.way_proved")
    return say("balance.way_within", bound=_cost(held, "bound"), gap=fmt.percent(told["gap"], 1))


def _figures(held: Way) -> tuple[KeyFigure, ...]:
    told = held.summary
    over = sum(one["before"] is not None and one["before"] > one["limit"] for one in told["coefficients"])
    found = [
        _figure_of(held, "cost", ""),
        _figure_of(held, "bound", say("balance.way_bound_is")),
        KeyFigure(
            say("balance.way_short"),
            fmt.count(told["schools_short"]),
            detail=say("balance.way_of_schools", count=told["schools"]),
        ),
        KeyFigure(
            say("balance.way_over"),
            fmt.count(over),
            detail=say("balance.figure_of", of=len(told["coefficients"])),
        ),
    ]
    if held.job is not None and held.job.args.get("budget") is not None:
        found.append(
            KeyFigure(
                say("balance.way_funded"),
                fmt.count(told["funded_schools"]),
                detail=say("balance.way_spent", spent=money(told["spent"], held.scope.language)),
            )
        )
    return tuple(found)


def _figure_of(held: Way, name: str, detail: str) -> KeyFigure:
    """A cost as a large number with its unit; unpriced plans in words."""
    label = say(f"balance.way_{name}")
    if not held.summary["priced"]:
        return KeyFigure(label, fmt.BLANK, detail=_cost(held, name))
    scale = 10_000 if held.scope.language == "zh" else 1_000_000
    amount = fmt.decimal(float(held.summary[name][0]) / scale, 2)
    return KeyFigure(label, amount, say("balance.money_unit"), detail)


def _item(held: Way, code: str) -> str:
    law = held.law
    assessment = law.assessments.get(str(held.summary["assessment"])) if law is not None else None
    named = (
        next((one for one in assessment.items if one.id == code), None) if assessment is not None else None
    )
    return f"{code} {named.name(held.scope.language)}" if named is not None else code


def _stage(held: Way, stage: str | None) -> str:
    return wording.code_name("stage_or_shared", stage, held.scope.language) if stage else fmt.BLANK


def _school(held: Way, code: str) -> Any:
    unit = held.scope.register.by_code.get(code)
    name = held.names.get(code, code)
    if unit is None or not held.scope.unit.holds(unit):
        return name
    return Anchor(name, held.scope.on(unit).url("balance:pass"))


def _balance(held: Way) -> tuple[Section, ...]:
    """Each coefficient before and after; for those who see the county."""
    rows = held.summary["coefficients"]
    if not held.whole or not rows:
        return ()
    head = (
        Head(say("balance.col_item")),
        Head(say("balance.col_stage")),
        Head(say("balance.col_before"), "right"),
        Head(say("balance.col_after"), "right"),
        Head(say("balance.col_line"), "right"),
        Head(say("balance.col_change")),
        Head(say("balance.col_driver")),
    )
    table = DataTable(
        "coefficients", say("balance.way_coefficients"), head, tuple(_row(held, one) for one in rows)
    )
    return (Section("before", tables=(table,)),)


def _row(held: Way, one: Mapping[str, Any]) -> Row:
    before, after = _judged(one["before"], one["limit"]), _judged(one["after"], one["limit"])
    driver = fmt.BLANK
    if one.get("driver"):
        driver = say(
            "balance.driver",
            school=held.names.get(one["driver"], one["driver"]),
            direction=say(f"balance.direction_{one['direction']}"),
            share=fmt.percent(one["share"]),
        )
    change = say(f"balance.change_{before}_{after}")
    return Row(
        (
            _item(held, one["item"]),
            _stage(held, one["stage"]),
            fmt.decimal(one["before"], 3),
            fmt.decimal(one["after"], 3),
            f"≤{fmt.plain(one['limit'])}",
            Light("good" if after == "within" else "bad" if after == "over" else "none", change),
            Cell(driver),
        )
    )


def _judged(value: float | None, limit: float) -> str:
    return "unknown" if value is None else "within" if value <= limit else "over"


def _measures(held: Way, asked: str) -> DataTable:
    head = (
        Head(say("balance.col_school")),
        Head(say("balance.col_place"), "right"),
        Head(say("balance.col_stage")),
        Head(say("balance.col_way")),
        Head(say("balance.col_adds"), "right"),
        Head(say("balance.col_cost"), "right"),
        Head(say("balance.col_ready")),
        Head(say("balance.col_for")),
        Head(say("balance.col_funded")),
    )
    ordered = (
        held.measures.sort("place", "area", "stage", "lever_id") if held.measures.height else held.measures
    )
    number = asked_page(asked, ordered.height)
    shown = ordered.slice((number - 1) * ROWS, ROWS).to_dicts()

    def place(page: int) -> str:
        return held.scope.url("balance:pass", query=f"page={page}")

    return DataTable(
        "measures",
        say("balance.way_measures", count=ordered.height),
        head,
        tuple(_measure(held, row) for row in shown),
        paging=paging(number, ordered.height, place),
        note=say("balance.way_order"),
        empty=say("balance.way_no_measures"),
    )


def _measure(held: Way, row: Mapping[str, Any]) -> Row:
    language = held.scope.language
    raised = str(row["raises"] or "")
    kinds = [say(f"balance.raises_{one}") for one in raised.split(";") if one]
    givers = [one.partition(":") for one in str(row["from_schools"] or "").split(";") if one]
    seen = [f"{held.names[code]} {count}" for code, _, count in givers if code in held.names]
    more = say("balance.given_by", schools=fmt.listed(seen, language)) if seen else ""
    digits = 0 if float(row["adds"]).is_integer() else 1
    late = say("balance.late") if row["late"] else ""
    return Row(
        (
            _school(held, row["area"]),
            fmt.count(row["place"]),
            _stage(held, row["stage"]),
            Cell(wording.code_name("improvement_kind", row["kind"], language), sub=more),
            Cell(fmt.decimal(row["adds"], digits), sub=fmt.listed(kinds, language)),
            money(row["cost"], language),
            Cell(str(row["ready_year"]), sub=late),
            say(f"balance.for_{row['reason']}"),
            say("balance.yes" if row["funded"] else "balance.no"),
        )
    )


def _breaks(held: Way) -> tuple[Section, ...]:
    """What falls under its line first when nothing is done, by the forecast."""
    gaps = held.gaps
    if gaps.is_empty() or not (gaps["path"] != NOW).any():
        return ()
    keys = ["area", "stage", "item"]
    now = gaps.filter(pl.col("path") == NOW, pl.col("status") == MET).select(keys)
    under = gaps.filter(pl.col("path") != NOW, pl.col("status").is_in(_UNDER))
    first = (
        under.join(now, on=keys, how="semi")
        .group_by(keys)
        .agg(
            pl.col("year").filter(pl.col("path") == "central").min().alias("central"),
            pl.col("year").filter(pl.col("path") == "upper").min().alias("upper"),
        )
        .with_columns(pl.min_horizontal("central", "upper").alias("first"))
        .sort("first", *keys)
    )
    if first.is_empty():
        return ()
    head = (
        Head(say("balance.col_school")),
        Head(say("balance.col_stage")),
        Head(say("balance.col_item")),
        Head(say("balance.col_central")),
        Head(say("balance.col_upper")),
    )
    rows = tuple(
        Row(
            (
                _school(held, row["area"]),
                _stage(held, row["stage"]),
                _item(held, row["item"]),
                str(row["central"] or fmt.BLANK),
                str(row["upper"] or fmt.BLANK),
            )
        )
        for row in first.head(BREAKS_SHOWN).to_dicts()
    )
    note = say("balance.breaks_note", count=first.height, shown=len(rows))
    table = DataTable("breaks", say("balance.breaks"), head, rows, note=note)
    return (Section("breaks", say("balance.breaks_fold", count=first.height), tables=(table,)),)


def _told(held: Way) -> list[tuple[str, str]]:
    """How sure the plan is, what it leaves open, and what it was worked out from."""
    told, job = held.summary, held.job
    found: list[tuple[str, str]] = []
    if held.whole and told["status"] != INFEASIBLE:
        found.append((say("balance.told_proof"), _sure(held)))
        if told["verified"] == MET:
            found.append((say("balance.told_verified"), say("balance.way_verified")))
        if told["pupils_fixed"]:
            found.append(
                (say("balance.told_pupils"), say("balance.way_pupils", bound=_cost(held, "schools_only")))
            )
    if held.whole and told["out_of_reach"]:
        texts = [
            say(
                "balance.out_of_reach",
                school=held.names.get(one["school"], one["school"]),
                stage=_stage(held, one["stage"]),
                item=one["item"],
                missing=fmt.decimal(one["missing"], 2),
            )
            for one in told["out_of_reach"][:12]
        ]
        found.append((say("balance.told_reach"), fmt.listed(texts, held.scope.language)))
    if held.whole and told["unmet_schools"]:
        named = [held.names.get(one, one) for one in told["unmet_schools"][:12]]
        text = say(
            "balance.budget_leaves",
            count=len(told["unmet_schools"]),
            schools=fmt.listed(named, held.scope.language),
            coefficients=len(told["unmet_coefficients"]),
        )
        found.append((say("balance.told_budget"), text))
    if job is not None:
        budget = job.args.get("budget")
        text = say(
            "balance.way_from",
            year=fmt.school_year(told["year"], held.scope.language),
            version=job.args.get("version", ""),
            horizon=str(job.args.get("horizon") or "").replace(",", "–") or say("balance.this_year"),
            budget=money(budget, held.scope.language) if budget is not None else say("balance.no_budget"),
            job=fmt.count(job.pk),
        )
        found.append((say("balance.told_from"), text))
    return found
