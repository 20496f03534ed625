"""A trial before the day: who would be in by school, class, zone and choice; another mechanism beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.report.content import KeyFigure
from junheng.web.admission.draws import plans
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.draws.queries import Tried
from junheng.web.admission.draws.sums import PLACES
from junheng.web.house.page import Absent, Cell, DataTable, Head, Page, Row
from junheng.web.wording import reason, say


@dataclass(frozen=True, slots=True)
class Form:
    """What a trial is asked with."""

    action: str
    seed: str
    compare: tuple[parts.Choice, ...]
    others: tuple[parts.Choice, ...]
    mark: str


def page(held: Tried, fault: str = "", sent: Mapping[str, str] | None = None) -> Page:
    """The newest trial of an entry, marked as one on every line."""
    scope, entry, job = held.scope, held.entry, held.job
    result = job.result if job is not None else {}
    return Page(
        title=say("draws.trial_title", title=entry.title),
        headline=_headline(result) if result else say("draws.trial_none_headline"),
        lead=say("draws.trial_lead"),
        crumbs=parts.trail(scope, entry, say("draws.tab_trial")),
        tabs=parts.tabs(scope, entry, "trial"),
        key_figures=_figures(result["base"]["total"]) if result else (),
        method=parts.method(
            "draws.about_trial", "draws.about_seed_trial", "draws.about_chance", "draws.about_small"
        ),
        absent=None if result else Absent(say("draws.trial_none"), say("draws.trial_none_text")),
        body=parts.Body(
            jobs=held.jobs,
            tables=_tables(held, result) if result else (),
            fault=fault,
            more=_form(held, sent or {}),
        ),
    )


def _headline(result: Mapping[str, Any]) -> str:
    whole = result["base"]["total"]
    inside = whole["children"] - whole["waiting"] - whole["without"]
    return say(
        "draws.trial_headline",
        seed=result["seed"],
        children=fmt.count(whole["children"]),
        inside=fmt.count(inside),
        first=fmt.percent(whole["first"] / whole["children"] if whole["children"] else None),
        without=fmt.count(whole["without"] + whole["waiting"]),
    )


def _figures(whole: Mapping[str, Any]) -> tuple[KeyFigure, ...]:
    unit = say("draws.unit_children")
    share = {one: fmt.percent(whole[one] / whole["children"]) if whole["children"] else "" for one in PLACES}
    return tuple(
        KeyFigure(
            say("draws.trial_mark") + " " + say(f"draws.place_{one}"), fmt.count(whole[one]), unit, share[one]
        )
        for one in ("first", "second", "later", "sure", "placed", "without")
    )


def _form(held: Tried, sent: Mapping[str, str]) -> Form:
    asked = sent.get("compare", "none")
    chosen = sent.get("plan", "")
    mechanism = (
        held.plan.zone_lists.mechanism if held.plan is not None and held.plan.zone_lists is not None else ""
    )
    values = [one for one in plans.COMPARISONS if one != mechanism and (one != "plan" or held.others)]
    if not mechanism:
        values = [one for one in values if one in ("none", "plan")]
    return Form(
        held.scope.url("admission:trial", plan_id=held.entry.plan_id),
        sent.get("seed", "2027"),
        tuple(parts.Choice(one, say(f"draws.compare_{one}"), one == asked) for one in values),
        tuple(parts.Choice(one, one, one == chosen) for one in held.others),
        say("draws.trial_mark"),
    )


def _tables(held: Tried, result: Mapping[str, Any]) -> tuple[DataTable, ...]:
    base = result["base"]
    found = [_schools(held, base), _by(held, base, "classes"), _by(held, base, "zones"), _ranks(base)]
    if base["unplaced"]:
        found.append(_unplaced(held, base))
    if result.get("other"):
        found += [_compared(result), *_moved(held, result)]
    if result.get("chances"):
        found.append(_chances(held, result["chances"]))
    if base["total"]["failed"]:
        found.append(failed(base["total"]["failed"]))
    return tuple(found)


def _marked(code: str) -> str:
    return f"{say('draws.trial_mark')} {say(code)}"


def _mark() -> Head:
    return Head(say("draws.col_mark"))


def _schools(held: Tried, base: Mapping[str, Any]) -> DataTable:
    names = ("seats", "first", "wished", "taken", "left")
    head = (
        _mark(),
        Head(say("draws.col_program"), width=3),
        *(Head(say(f"draws.col_{one}"), "right") for one in names),
    )
    demand: dict[str, list[str]] = {}
    for one in base["demand"]:
        label = one["class"] or say("draws.other_classes")
        demand.setdefault(one["program_id"], []).append(f"{label} {fmt.count(one['children'])}")
    rows = tuple(
        Row(
            (
                say("draws.trial_mark"),
                Cell(
                    held.names.get(one["school_id"]) or one["program_id"],
                    sub=fmt.listed(demand.get(one["program_id"], ()), held.scope.language),
                ),
                *(fmt.count(one[name]) for name in names),
            ),
            key=one["program_id"],
        )
        for one in base["schools"]
    )
    return DataTable("schools", _marked("draws.by_school"), head, rows, note=say("draws.by_school_note"))


def _by(held: Tried, base: Mapping[str, Any], what: str) -> DataTable:
    rows = tuple(
        Row(
            (
                say("draws.trial_mark"),
                one["of"] or say("draws.other_classes"),
                fmt.count(one["children"]),
                *(fmt.count(one[place]) for place in PLACES),
            ),
            key=one["of"],
        )
        for one in base[what]
    )
    head = (
        _mark(),
        Head(say(f"draws.col_{what}"), width=2),
        Head(say("draws.col_children"), "right"),
        *(Head(say(f"draws.place_{place}"), "right") for place in PLACES),
    )
    return DataTable(what, _marked(f"draws.by_{what}"), head, rows, note=say("draws.protected_note"))


def _ranks(base: Mapping[str, Any]) -> DataTable:
    whole = base["total"]["children"]
    rows = tuple(
        Row(
            (
                say("draws.trial_mark"),
                say("draws.choice", rank=rank),
                fmt.count(n),
                fmt.percent(n / whole if whole else None),
            )
        )
        for rank, n in base["ranks"].items()
    )
    head = (
        _mark(),
        Head(say("draws.col_choice")),
        Head(say("draws.col_children"), "right"),
        Head(say("draws.col_share"), "right"),
    )
    return DataTable("ranks", _marked("draws.by_rank"), head, rows)


def _unplaced(held: Tried, base: Mapping[str, Any]) -> DataTable:
    schools = {one["program_id"]: one["school_id"] for one in base["schools"]}
    rows = tuple(
        Row(
            (
                say("draws.trial_mark"),
                one["zone"] or fmt.BLANK,
                fmt.count(one["children"]),
                fmt.listed([_near(held, schools, near) for near in one["nearest"]], held.scope.language)
                or say("draws.nowhere"),
            )
        )
        for one in base["unplaced"]
    )
    head = (
        _mark(),
        Head(say("draws.col_zones")),
        Head(say("draws.col_children"), "right"),
        Head(say("draws.col_nearest"), width=4),
    )
    return DataTable("unplaced", _marked("draws.unplaced"), head, rows, note=say("draws.unplaced_note"))


def _near(held: Tried, schools: Mapping[str, str], one: Mapping[str, Any]) -> str:
    name = parts.program(held.names, schools, one["program_id"])
    return say("draws.near", name=name, left=fmt.count(one["left"]), metres=fmt.count(one["metres"]))


def _compared(result: Mapping[str, Any]) -> DataTable:
    one, other = result["base"]["total"], result["other"]["total"]
    rows = [
        Row(
            (
                say("draws.trial_mark"),
                say(f"draws.place_{place}"),
                fmt.count(one[place]),
                fmt.count(other[place]),
                fmt.signed(other[place] - one[place]),
            )
        )
        for place in PLACES
    ]
    rows += [
        Row(
            (
                say("draws.trial_mark"),
                say(f"draws.compared_{name}"),
                fmt.count(mine),
                fmt.count(its),
                fmt.signed(its - mine),
            )
        )
        for name, mine, its in result.get("pairs", ())
    ]
    head = (
        _mark(),
        Head("", width=2),
        Head(
            say(f"draws.compare_{result['mechanism']}")
            if result["mechanism"]
            else say("draws.compare_plan_own"),
            "right",
        ),
        Head(say(f"draws.compare_{result['compare']}"), "right"),
        Head(say("draws.col_difference"), "right"),
    )
    return DataTable(
        "compared", _marked("draws.compared"), head, tuple(rows), note=say("draws.compared_note")
    )


def _moved(held: Tried, result: Mapping[str, Any]) -> list[DataTable]:
    rows = tuple(
        Row(
            (
                say("draws.trial_mark"),
                one["of"] or say("draws.other_classes"),
                *(fmt.count(one[name]) for name in ("children", "better", "worse", "same")),
            )
        )
        for one in result.get("moved", ())
    )
    names = ("children", "better", "worse", "same")
    head = (
        _mark(),
        Head(say("draws.col_classes"), width=2),
        *(Head(say(f"draws.col_{one}"), "right") for one in names),
    )
    return (
        [DataTable("moved", _marked("draws.moved"), head, rows, note=say("draws.moved_note"))] if rows else []
    )


def _chances(held: Tried, found: Sequence[Mapping[str, Any]]) -> DataTable:
    rows = tuple(
        Row(
            (
                say("draws.trial_mark"),
                parts.program(held.names, {one["program_id"]: one["school_id"]}, one["program_id"]),
                *(fmt.count(one["bands"].get(str(band), 0)) for band in BANDS),
            )
        )
        for one in found
    )
    head = (
        _mark(),
        Head(say("draws.col_program"), width=3),
        *(Head(say(f"draws.band_{band}"), "right") for band in BANDS),
    )
    return DataTable("chances", _marked("draws.chances"), head, rows, note=say("draws.chances_note"))


BANDS = (0, 2, 4, 6, 8)
"""Lower ends, in tenths, of the bands in which chances are counted."""


def failed(found: Sequence[str]) -> DataTable:
    """What a check found wrong."""
    rows = tuple(Row((reason("draws.check_failed", {"what": one}),)) for one in found)
    return DataTable("failed", say("draws.failed"), (Head(say("draws.col_failed")),), rows)
