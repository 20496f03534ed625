"""What goes into the way to pass: money, years, and each way with its price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.report import wording
from junheng.web.balance.presenters import parts
from junheng.web.balance.way_form import EDITED, FARTHEST
from junheng.web.balance.way_queries import Begun
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Crumb, Page
from junheng.web.jobs.presenters import JobView
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Box:
    """A number to type."""

    name: str
    label: str
    value: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class LeverRow:
    """A way with its price and its most units."""

    kind: str
    note: str
    where: str
    raises: str
    per_unit: str
    lead: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The form."""

    action: str
    budget: Box
    until: Box
    years: tuple[tuple[str, str], ...]
    levers: tuple[LeverRow, ...]
    table: Anchor
    faults: tuple[Anchor, ...]
    jobs: tuple[JobView, ...]


def page(held: Begun, typed: Mapping[str, str], faults: Mapping[str, str]) -> Page:
    """The form with what was typed."""
    scope = held.scope
    boxes = {
        name: Box(name, _label(name, held), value, faults.get(name, "")) for name, value in typed.items()
    }
    rows = tuple(_lever(held, place, boxes) for place in range(len(held.levers)))
    years = range(held.year + 1, held.year + FARTHEST + 1)
    return Page(
        title=say("balance.start_title"),
        headline=say("balance.start_headline", assessment=held.assessment_name, year=held.year),
        lead=say("balance.start_lead") if rows else say("balance.start_no_levers"),
        crumbs=crumbs(
            scope,
            "balance:pass",
            Crumb(say("balance.tab_pass"), scope.url("balance:pass")),
            Crumb(say("balance.start_title")),
        ),
        tabs=parts.tabs(scope, "pass"),
        body=Body(
            action=scope.url("balance:pass_start"),
            budget=boxes["budget"],
            until=boxes["until"],
            years=(("", say("balance.this_year")), *((str(year), str(year)) for year in years)),
            levers=rows,
            table=Anchor(say("balance.start_table"), scope.url("data:table", table="improvement_levers")),
            faults=tuple(
                Anchor(f"{boxes[name].label}: {text}", f"#f-{name}") for name, text in faults.items()
            ),
            jobs=held.underway,
        ),
    )


def _label(name: str, held: Begun) -> str:
    field, _, place = name.partition("-")
    if not place:
        return say(f"balance.field_{field}")
    lever = held.levers[int(place)]
    kind = wording.code_name("improvement_kind", lever["kind"], held.scope.language)
    return say(f"balance.field_{field}", way=f"{lever['lever_id']} {kind}")


def _lever(held: Begun, place: int, boxes: Mapping[str, Box]) -> LeverRow:
    lever, language = held.levers[place], held.scope.language
    raises = [say(f"balance.raises_{one}") for one in str(lever["raises"]).split(";") if one]
    stage = (
        wording.code_name("stage", lever["stage"], language) if lever["stage"] else say("balance.every_stage")
    )
    unit = held.scope.register.by_code.get(lever["unit_code"] or "")
    where = unit.name if unit is not None else say("balance.every_school")
    lead = lever["lead_years"]
    return LeverRow(
        kind=wording.code_name("improvement_kind", lever["kind"], language),
        note=f"{lever['lever_id']} {lever['note'] or ''}".strip(),
        where=f"{where} · {stage}",
        raises=fmt.listed(raises, language),
        per_unit=fmt.plain(lever["per_unit"]),
        lead=fmt.BLANK if lead is None else fmt.count(lead),
        boxes=tuple(boxes[f"{name}-{place}"] for name in EDITED),
    )
