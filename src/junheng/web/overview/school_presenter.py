"""The card of one school: facts, pupils by grade, seats, warnings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.report.sections.seats import HIDDEN
from junheng.report.sections.warnings import lever_words, reason_words
from junheng.report.wording import code_name
from junheng.web.figures import charts
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Island, Page, Provenance, Row
from junheng.web.overview import measures
from junheng.web.overview.asked import Asked
from junheng.web.overview.presenters import headline, key_figures, method
from junheng.web.overview.queries import Overview
from junheng.web.overview.school_queries import School
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Card:
    """The page's own part."""

    facts: tuple[tuple[str, str], ...]
    grades: DataTable
    seats: DataTable
    warnings: DataTable
    charts: tuple[Island, ...]
    up: Anchor | None


def page(held: Overview, card: School, crumbs: tuple[Crumb, ...], about: Provenance | None, _: Asked) -> Page:
    """The school's page."""
    up = next((crumb for crumb in reversed(crumbs[:-1]) if crumb.href), None)
    figures = tuple(one for one in key_figures(held) if one.label != say("overview.key_schools"))
    return Page(
        say("overview.title_school"),
        headline(held),
        crumbs=crumbs,
        key_figures=figures,
        method=method(held),
        provenance=about,
        links=(about.href,) if about else (),
        body=Card(
            _facts(held, card),
            _grades(held, card),
            _seats(held, card),
            _warnings(held),
            _charts(held, card),
            Anchor(say("overview.up"), up.href) if up else None,
        ),
    )


def _facts(held: Overview, card: School) -> tuple[tuple[str, str], ...]:
    facts, language = card.facts, held.scope.language
    boarding = facts.get("boarding")
    pairs = [
        ("code", held.scope.unit.code),
        ("kind", code_name("school_kind", facts.get("kind"), language)),
        ("area", held.names.get(card.area, card.area)),
        ("ownership", code_name("ownership", facts.get("ownership"), language)),
        ("urban", code_name("urban_rural", facts.get("urban_rural"), language)),
        ("opened", str(facts["opened_year"]) if facts.get("opened_year") else ""),
        ("boarding", "" if boarding is None else say("overview.yes" if boarding else "overview.no")),
        ("campuses", fmt.listed(card.campuses, language)),
    ]
    return tuple((say(f"overview.fact_{name}"), text) for name, text in pairs if text and text != fmt.BLANK)


def _grades(held: Overview, card: School) -> DataTable:
    language, years = held.scope.language, (*card.counted, *card.ahead)
    head = (Head(say("overview.col_grade")), *(Head(str(year), "right") for year in years))
    shown = {year: _column(held, card, year) for year in years}
    rows = [
        Row((code_name("grade", grade, language), *(shown[year][at] for year in years)))
        for at, grade in enumerate(card.grades)
    ]
    rows.append(
        Row(
            (
                Cell(say("overview.all_grades"), bold=True),
                *(Cell(shown[year][-1], bold=True) for year in years),
            )
        )
    )
    last = card.counted[-1] if card.counted else fmt.BLANK
    return DataTable(
        "grades",
        say("overview.grades"),
        head,
        tuple(rows),
        note=say("overview.grades_note", last=last),
        dense=True,
    )


def _column(held: Overview, card: School, year: int) -> list[str]:
    """A year's pupils by grade with their sum last; small ones hidden from who only looks down, and one more
    where the sum would give it away."""
    values = [card.pupils.get((grade, year)) for grade in card.grades]
    hidden = held.protection.hidden(values, [year] * len(values))
    cells = [
        (held.protection.mark if held.protection.small(value) else HIDDEN) if hide else fmt.count(value)
        for value, hide in zip(values, hidden, strict=True)
    ]
    known = [value for value in values if value is not None]
    return [*cells, held.protection.count(sum(known)) if known else fmt.BLANK]


def _seats(held: Overview, card: School) -> DataTable:
    words = held.words
    assert words is not None and held.years is not None
    head = (
        Head(say("overview.col_stage")),
        Head(say("overview.key_ahead"), "right"),
        Head(say("overview.col_seats"), "right"),
        Head(say("overview.col_use"), "right"),
        Head(say("overview.col_balance"), "right"),
        Head(say("overview.chart_range"), "right"),
    )
    scale = measures.scale("balance", ())

    def row(one: dict[str, Any]) -> Row:
        seats, gap = words.capacity(one), one["gap_p50"]
        share = gap / seats if gap is not None and seats else None
        tone = scale.tone(share if share is None or share != 0 else -1e-9)
        return Row(
            (
                words.stage(one["stage"]),
                fmt.count(one["demand_p50"]),
                fmt.count(seats),
                fmt.percent(one["utilisation"]),
                Cell(fmt.signed(gap), tone="" if tone == "paper" else tone.replace("-", "")),
                fmt.between(one["gap_p10"], one["gap_p90"]),
            )
        )

    wanted = [one for one in card.seats if not held.scope.stage or one["stage"] == held.scope.stage]
    year = fmt.school_year(held.years.ahead, held.scope.language)
    return DataTable(
        "seats", say("overview.seats_of", year=year), head, tuple(row(one) for one in wanted), dense=True
    )


def _warnings(held: Overview) -> DataTable:
    words = held.words
    assert words is not None
    head = (
        Head(say("overview.col_level")),
        Head(say("overview.col_stage")),
        Head(say("overview.col_years")),
        Head(say("overview.col_cause")),
        Head(say("overview.col_remedy")),
    )
    rows: list[Row] = []
    for one in held.warnings:
        level = one["level"] if one["level"] in ("red", "orange") else "yellow"
        same = one["to_year"] is None or one["to_year"] == one["from_year"]
        rows.append(
            Row(
                (
                    Cell(say(f"overview.level_{level}"), light=level),
                    words.stage(one["stage"]) if one["stage"] else fmt.BLANK,
                    str(one["from_year"] or fmt.BLANK) if same else f"{one['from_year']}–{one['to_year']}",
                    reason_words(words, held.protection, one),
                    lever_words(words, one["lever"], one["lever_parameters"]),
                )
            )
        )
    caption, empty = say("overview.school_warnings"), say("overview.school_no_warnings")
    return DataTable("warnings", caption, head, tuple(rows), empty=empty)


def _charts(held: Overview, card: School) -> tuple[Island, ...]:
    scope = held.scope
    return tuple(
        Island(
            "chart",
            f"fan-{stage}",
            figure.title,
            charts.fan(figure),
            fallback=scope.url("overview:school_picture", stage_code=stage),
            height=300,
        )
        for stage, figure in card.figures
    )
