"""The school rule and the county rule: so many of the resource items, a floor for the rest, every school.

Parts of a school with several stages are units of their own. A school's item is held against its line and
against its floor by exact fractions; what is missing is worked out in the units people count in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from junheng.monitoring.assessment_logic import (
    exact,
    less_sure,
    line,
    most_pupils,
    school_passes,
    still_missing,
)
from junheng.monitoring.assessment_readings import OF_COUNTY, OF_SCHOOL, Readings
from junheng.monitoring.assessment_row import ExceptionRow, ItemRow, ResultRow, cited, every, joined
from junheng.monitoring.status import MET, NOT_COMPUTABLE, UNMET
from junheng.rules import Value
from junheng.rules.assessment import Assessment, Item, SchoolRule

Unit = tuple[str, str]
"""(school, stage)."""


@dataclass(frozen=True, slots=True)
class SchoolVerdicts:
    """What the school rule found: items and verdicts by school and stage, and who stands aside."""

    items: tuple[ItemRow, ...]
    results: tuple[ResultRow, ...]
    exceptions: tuple[ExceptionRow, ...]


def ruled(assessment: Assessment) -> tuple[Item, ...]:
    """The items the school rule counts."""
    rule = assessment.school_rule
    return () if rule is None else tuple(item for item in assessment.items if item.group == rule.group)


def judge_schools(
    assessment: Assessment, readings: Readings, pupils: Mapping[Unit, int | None]
) -> SchoolVerdicts:
    """Every school and stage the rule's indicators reach, with those left out and stages without pupils.

    `pupils` holds the schools and stages of the county; units of other counties are none of its business.
    """
    rule, items = assessment.school_rule, ruled(assessment)
    if rule is None or not items:
        return SchoolVerdicts((), (), ())
    units: dict[Unit, None] = {}
    left_out: dict[Unit, str] = {}
    for item in items:
        for part in item.parts:
            for unit in readings.units(part.indicator):
                if unit in pupils:
                    units[unit] = None
            for unit, (reason, _) in readings.left_out(part.indicator).items():
                if unit in pupils:
                    left_out.setdefault(unit, reason)
    empty = [unit for unit in units if pupils.get(unit) == 0]
    judged = sorted(unit for unit in units if unit not in left_out and unit not in empty)
    rows: list[ItemRow] = []
    results: list[ResultRow] = []
    for school, stage in judged:
        mine = [
            _item_row(item, rule, readings, school, stage)
            for item in items
            if not item.stages or stage in item.stages
        ]
        rows += mine
        results.append(_verdict(rule, mine, school, stage, pupils.get((school, stage))))
    cites = _cites(assessment, readings)
    exceptions = [
        ExceptionRow(reason, school, stage, "", pupils.get((school, stage)), **cites.get(reason, {}))
        for (school, stage), reason in sorted(left_out.items())
    ]
    exceptions += [ExceptionRow("no_pupils", school, stage, "", 0) for school, stage in sorted(empty)]
    return SchoolVerdicts(tuple(rows), tuple(results), tuple(exceptions))


def _cites(assessment: Assessment, readings: Readings) -> dict[str, dict[str, str]]:
    """Reason of an exclusion -> the standards behind it."""
    found: dict[str, dict[str, str]] = {}
    for item in ruled(assessment):
        for part in item.parts:
            for rule in readings.indicators[part.indicator].exclude:
                values = list(rule.cite.values.values()) if rule.cite else []
                found.setdefault(rule.reason, cited(values))
                if not values and rule.source is not None:
                    found[rule.reason] = {"rule_ids": rule.source.doc, "verified": rule.source.verified}
    return found


def _item_row(item: Item, rule: SchoolRule, readings: Readings, school: str, stage: str) -> ItemRow:
    indicator = item.parts[0].indicator
    blank = ItemRow(
        item=item.id, group=item.group, level=OF_SCHOOL, area=school, stage=stage, kind="school",
        indicator=indicator,
    )  # fmt: skip
    held = readings.of(indicator, OF_SCHOOL, school, stage)
    row = readings.filled(blank, held[0] if held else None)
    bound = readings.line(indicator, stage)
    share = rule.floor.of() if rule.floor else None
    if bound is None:
        return replace(row, status=NOT_COMPUTABLE, status_reason="no_rule", floor_status=NOT_COMPUTABLE)
    return _with_gaps(row, readings, bound, share)


def _with_gaps(row: ItemRow, readings: Readings, bound: Value, share: Value | None) -> ItemRow:
    """The row with its floor, what is missing to line and floor, and how many pupils it can hold.

    `floor_status` is that of the item itself where the rule knows no floor for the rest (they may be
    anything): then nothing is under a floor.
    """
    indicator = readings.indicators[row.indicator]
    full = line(bound.number)
    lowest = full if share is None else full * line(share.number)
    row = replace(
        row,
        threshold=bound.number,
        floor=None if share is None else float(lowest),
        verified=less_sure([row.verified, *([share.verified] if share else [])]),
        rule_ids=joined([row.rule_ids, share.rule_id if share else ""]),
    )
    known = row.num is not None and row.den is not None and row.status in (MET, UNMET) and row.den > 0
    if share is None or bound.limit != "min":
        row = replace(row, floor_status="" if share is None else row.status)
    elif not known:
        row = replace(row, floor_status=row.status if row.status == MET else NOT_COMPUTABLE)
    if not known or bound.limit != "min" or indicator.measure != "ratio":
        return row
    assert row.num is not None
    assert row.den is not None
    factor = Fraction(indicator.value.factor)
    have, heads = exact(row.num), exact(row.den)
    name, whole = readings.unit_of(row.indicator)
    if share is not None:
        reached = have * factor >= lowest * heads
        short = still_missing(have, heads, lowest / factor, whole=whole)
        row = replace(row, floor_status=MET if reached else UNMET, missing_floor=float(short))
    missing = still_missing(have, heads, full / factor, whole=whole)
    return replace(
        row,
        num=float(have),
        den=float(heads),
        missing_full=float(missing),
        missing_unit=name,
        most_pupils=most_pupils(have, full / factor),
    )


def _verdict(
    rule: SchoolRule, rows: Sequence[ItemRow], school: str, stage: str, pupils: int | None
) -> ResultRow:
    least = rule.at_least.of() if rule.at_least else None
    wanted = len(rows) if least is None else int(least.number)
    floors = [row.floor_status or MET for row in rows]
    status, reason = school_passes([row.status for row in rows], floors, wanted)
    under = [row.item for row in rows if row.floor_status == UNMET]
    unmet = [row.item for row in rows if row.status == UNMET]
    unknown = [row.item for row in rows if row.status not in (MET, UNMET)]
    return ResultRow(
        level=OF_SCHOOL,
        area=school,
        stage=stage,
        status=status,
        status_reason=reason,
        reason_parameters={
            "unmet": unmet,
            "under": under,
            "unknown": unknown,
            "wanted": wanted,
            "of": len(rows),
        },
        pupils=pupils,
        n_items=len(rows),
        n_met=sum(row.status == MET for row in rows),
        n_unmet=len(unmet),
        n_unknown=len(unknown),
        floors_unmet=len(under),
        verified=less_sure([*(row.verified for row in rows), *([least.verified] if least else [])]),
    )


def of_county(
    item: Item, stage: str, county: str, rows: Iterable[ItemRow], results: Mapping[Unit, ResultRow]
) -> ItemRow:
    """A resource item over all schools of a stage: met where every school that falls short of it passes all
    the same. A school that does not pass stands against each item it fails; so all items together are met
    exactly when all schools pass."""
    mine = [row for row in rows if row.item == item.id and row.stage == stage]
    decided: list[ItemRow] = []
    for row in mine:
        verdict = results[row.area, row.stage].status
        if MET in (verdict, row.status):
            decided.append(replace(row, status=MET))
        elif verdict == UNMET:
            decided.append(replace(row, status=UNMET if row.status == UNMET else NOT_COMPUTABLE))
        else:
            decided.append(replace(row, status=NOT_COMPUTABLE))
    summary = ItemRow(
        item=item.id, group=item.group, level=OF_COUNTY, area=county, stage=stage, kind="school",
        indicator=item.parts[0].indicator,
    )  # fmt: skip
    first = next((row for row in mine if row.threshold is not None), None)
    if first is not None:
        summary = replace(summary, threshold=first.threshold, op=first.op, floor=first.floor)
    whole = every(decided, summary)
    return replace(
        whole,
        n_unmet=sum(row.status == UNMET for row in mine),
        n_unknown=sum(row.status not in (MET, UNMET) for row in mine),
        missing_full=_total(row.missing_full for row in mine),
        missing_floor=_total(row.missing_floor for row in mine),
        missing_unit=next((row.missing_unit for row in mine if row.missing_unit), ""),
    )


def _total(amounts: Iterable[float | None]) -> float | None:
    """The sum of what is known to be missing; None where nothing is known."""
    held = [amount for amount in amounts if amount is not None]
    return float(sum((exact(amount) for amount in held), Fraction(0))) if held else None
