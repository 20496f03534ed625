"""The school rule and the county rule: so many of the resource items, a floor for the rest, every school.

Parts of a school with several stages are units of their own. A school's item is held against its line and
against its floor in whole numbers; what is missing is worked out in the units people count in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from junheng.monitoring.assessment_checks import CENT, cents
from junheng.monitoring.assessment_frames import (
    COUNTY,
    EXCEPTION,
    RESULT,
    SLOT,
    SURENESS,
    Cell,
    cited,
    empty,
    every,
    joined,
    listed,
    mark_of,
    parameters,
    rows,
    sureness,
)
from junheng.monitoring.assessment_logic import line
from junheng.monitoring.assessment_readings import OF_SCHOOL, Readings
from junheng.monitoring.ratio import quotient
from junheng.monitoring.status import MET, NOT_COMPUTABLE, UNMET
from junheng.rules.assessment import Assessment, Item, SchoolRule

_UNIT = [COUNTY, "area", "stage"]
_ORDER = "item_order"


@dataclass(frozen=True, slots=True)
class SchoolVerdicts:
    """What the school rule found: items and verdicts by school and stage, and who stands aside."""

    items: pl.DataFrame
    results: pl.DataFrame
    exceptions: pl.DataFrame


def ruled(assessment: Assessment) -> tuple[Item, ...]:
    """The items the school rule counts."""
    rule = assessment.school_rule
    return () if rule is None else tuple(item for item in assessment.items if item.group == rule.group)


def judge_schools(assessment: Assessment, readings: Readings, pupils: pl.DataFrame) -> SchoolVerdicts:
    """Every school and stage the rule's indicators reach, with those left out and stages without pupils.

    `pupils` (county, area, stage, pupils) holds the schools and stages of the counties in order; units
    elsewhere are none of their business.
    """
    rule, items = assessment.school_rule, ruled(assessment)
    if rule is None or not items:
        return SchoolVerdicts(empty(), empty(RESULT), empty(EXCEPTION))
    asked = [part.indicator for item in items for part in item.parts]
    values = readings.at(OF_SCHOOL).filter(pl.col("indicator").is_in(asked))
    values = values.unique(["indicator", "area", "read_stage"], keep="first", maintain_order=True)
    out = readings.left_out.filter(pl.col("indicator").is_in(asked)).join(pupils, on=["area", "stage"])
    place = pl.col("indicator").replace_strict({name: n for n, name in enumerate(dict.fromkeys(asked))})
    out = out.sort(place, maintain_order=True).unique(_UNIT, keep="first", maintain_order=True)
    reached = (
        values.join(
            readings.left_out,
            left_on=["indicator", "area", "read_stage"],
            right_on=["indicator", "area", "stage"],
            how="anti",
        )
        .select("area", pl.col("read_stage").alias("stage"))
        .unique()
    )
    units = pupils.join(reached, on=["area", "stage"], how="semi", maintain_order="left")
    without = units.filter(pl.col("pupils") == 0)
    judged = units.filter(pl.col("pupils").ne_missing(0)).join(
        out, on=_UNIT, how="anti", maintain_order="left"
    )
    found = _item_rows(items, rule, readings, judged, values)
    left = rows(out.sort(_UNIT), EXCEPTION, item="", **_cites(assessment, readings))
    none = rows(without.sort(_UNIT), EXCEPTION, reason="no_pupils", pupils=0)
    return SchoolVerdicts(found, _verdicts(rule, found, judged), pl.concat([left, none]))


def _cites(assessment: Assessment, readings: Readings) -> dict[str, Cell]:
    """`rule_ids` and `verified` by the reason of an exclusion."""
    found: dict[str, Mapping[str, Cell]] = {}
    for item in ruled(assessment):
        for part in item.parts:
            for rule in readings.indicators[part.indicator].exclude:
                values = list(rule.cite.values.values()) if rule.cite else []
                found.setdefault(rule.reason, cited(values))
                if not values and rule.source is not None:
                    found[rule.reason] = {"rule_ids": rule.source.doc, "verified": rule.source.verified}
    reason = pl.col("reason")
    return {
        name: reason.replace_strict(
            {one: told[name] for one, told in found.items()}, default="", return_dtype=pl.String
        )
        for name in ("rule_ids", "verified")
    }


def _item_rows(
    items: tuple[Item, ...], rule: SchoolRule, readings: Readings, judged: pl.DataFrame, values: pl.DataFrame
) -> pl.DataFrame:
    about = [readings.unit_of(item.parts[0].indicator) for item in items]
    factors = [Fraction(readings.indicators[item.parts[0].indicator].value.factor) for item in items]
    declared = pl.DataFrame(
        {
            "item": [item.id for item in items],
            "group": [item.group for item in items],
            "indicator": [item.parts[0].indicator for item in items],
            "stages": [list(item.stages) for item in items],
            "counted": [name for name, _ in about],
            "whole": [whole for _, whole in about],
            "factor_above": [one.numerator for one in factors],
            "factor_below": [one.denominator for one in factors],
            "divided": [readings.indicators[item.parts[0].indicator].measure == "ratio" for item in items],
            _ORDER: range(len(items)),
        },
        schema_overrides={"stages": pl.List(pl.String)},
    )
    blank = judged.select(_UNIT).join(declared, how="cross", maintain_order="left")
    wanted = (pl.col("stages").list.len() == 0) | pl.col("stages").list.contains(pl.col("stage"))
    blank = blank.filter(wanted).join(
        values.with_columns(pl.col("read_stage").alias("stage")),
        on=["indicator", "area", "stage"],
        how="left",
        maintain_order="left",
    )
    blank = blank.with_columns(level=pl.lit(OF_SCHOOL), kind=pl.lit("school"))
    filled = readings.filled(blank).with_columns(
        blank.select("counted", "whole", "factor_above", "factor_below", "divided")
    )
    return _with_gaps(filled, rule)


def _with_gaps(frame: pl.DataFrame, rule: SchoolRule) -> pl.DataFrame:
    """The rows with their floor, what is missing to line and floor, and how many pupils each can hold.

    `floor_status` is that of the item itself where the rule knows no floor for the rest (they may be
    anything): then nothing is under a floor.
    """
    share = rule.floor.of() if rule.floor else None
    part = line(share.number) if share is not None else Fraction(1)
    lined, status = pl.col("line").is_not_null(), pl.col("status")
    # line / factor as a fraction, of one pupil; the floor takes its part of it
    above = pl.col("above") * pl.col("factor_below")
    below = pl.col("below") * pl.col("factor_above")
    have, heads = cents(pl.col("num")), cents(pl.col("den"))
    known = (
        lined
        & pl.col("num").is_not_null()
        & status.is_in([MET, UNMET])
        & (pl.col("den") > 0).fill_null(value=False)
    )
    gauged = known & pl.col("least") & pl.col("divided")
    to_line = above * heads - have * below
    to_floor = above * part.numerator * heads - have * below * part.denominator
    whole = pl.col("whole")
    if share is None:
        lowest: pl.Expr = pl.lit(None, pl.Float64)
        floor_status = pl.when(lined).then(pl.lit("")).otherwise(pl.lit(NOT_COMPUTABLE))
        missing_floor: pl.Expr = pl.lit(None, pl.Float64)
    else:
        least = quotient(pl.col("above") * part.numerator, pl.col("below") * part.denominator)
        lowest = pl.when(lined).then(least)
        reached = pl.when(to_floor <= 0).then(pl.lit(MET)).otherwise(pl.lit(UNMET))
        unsure = pl.when(known | (status == MET)).then(status).otherwise(pl.lit(NOT_COMPUTABLE))
        floor_status = (
            pl.when(~lined)
            .then(pl.lit(NOT_COMPUTABLE))
            .when(gauged)
            .then(reached)
            .when(~pl.col("least"))
            .then(status)
            .when(~known)
            .then(unsure)
            .otherwise(pl.lit(""))
        )
        missing_floor = pl.when(gauged).then(still_missing(to_floor, below * part.denominator, whole))
    marks = [sureness(pl.col("verified"))]
    marks += [pl.lit(SURENESS[share.verified], pl.Int8)] if share is not None else []
    ids = pl.concat_list(pl.col("rule_ids"), pl.lit(share.rule_id if share is not None else ""))
    return rows(
        frame,
        status=pl.when(lined).then(status).otherwise(pl.lit(NOT_COMPUTABLE)),
        status_reason=pl.when(lined).then(pl.col("status_reason")).otherwise(pl.lit("no_rule")),
        threshold=pl.when(lined).then(pl.col("line")).otherwise(pl.col("threshold")),
        floor=lowest,
        floor_status=floor_status,
        verified=pl.when(lined).then(mark_of(pl.max_horizontal(marks))).otherwise(pl.col("verified")),
        rule_ids=pl.when(lined).then(joined(ids)).otherwise(pl.col("rule_ids")),
        num=pl.when(gauged).then(quotient(have, pl.lit(CENT))).otherwise(pl.col("num")),
        den=pl.when(gauged).then(quotient(heads, pl.lit(CENT))).otherwise(pl.col("den")),
        missing_full=pl.when(gauged).then(still_missing(to_line, below, whole)),
        missing_floor=missing_floor,
        missing_unit=pl.when(gauged).then(pl.col("counted")).otherwise(pl.lit("")),
        most_pupils=pl.when(gauged).then(have * below // (above * CENT)),
    )


def still_missing(short: pl.Expr, below: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """What must be added, from what is short in parts of a hundredth (`below` of them): whole people and
    rooms, or hundredths, never rounded below what is needed; 0 where nothing is short."""
    people = -((-short) // (below * CENT)).cast(pl.Float64)
    rest = quotient(-((-short) // below), pl.lit(CENT))
    return pl.when(short <= 0).then(0.0).when(whole).then(people).otherwise(rest)


def school_passes(wanted: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """(status, reason) of a school from its counts of items and floors: at least `wanted` items met and every
    item at or over its floor.

    What is known decides as soon as it can: more failures than allowed, or one item under its floor, is
    `unmet` whatever is missing; with anything missing that could still change the answer it stays unknown.
    """
    n, met, failed = (pl.col(name) for name in ("n_items", "n_met", "n_unmet"))
    reason = (
        pl.when(pl.col("floors_unmet") > 0)
        .then(pl.lit("under_floor"))
        .when(failed > n - wanted)
        .then(pl.lit("too_few_items"))
        .when((met >= wanted) & pl.col("floors_met") & (failed == 0))
        .then(pl.lit("all_met"))
        .when((met >= wanted) & pl.col("floors_met"))
        .then(pl.lit("enough_items"))
        .otherwise(pl.lit("items_unknown"))
    )
    decided = pl.when(reason.is_in(["under_floor", "too_few_items"])).then(pl.lit(UNMET))
    decided = decided.when(reason.is_in(["all_met", "enough_items"])).then(pl.lit(MET))
    return decided.otherwise(pl.lit(NOT_COMPUTABLE)), reason


def _verdicts(rule: SchoolRule, items: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Whether each school and stage passes, with the items that stand against it."""
    least = rule.at_least.of() if rule.at_least else None
    status, floor = pl.col("status"), pl.col("floor_status")
    item, unmet = pl.col("item"), pl.col("status") == UNMET
    found = items.group_by(_UNIT, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("n_items"),
        (status == MET).sum().cast(pl.Int64).alias("n_met"),
        unmet.sum().cast(pl.Int64).alias("n_unmet"),
        (floor == UNMET).sum().cast(pl.Int64).alias("floors_unmet"),
        floor.is_in([MET, ""]).all().alias("floors_met"),
        item.filter(unmet).alias("failing"),
        item.filter(floor == UNMET).alias("under"),
        item.filter(~status.is_in([MET, UNMET])).alias("open"),
        sureness(pl.col("verified")).max().alias("rank"),
    )
    n, met, failed = (pl.col(name) for name in ("n_items", "n_met", "n_unmet"))
    wanted = n if least is None else pl.lit(int(least.number), pl.Int64)
    status_of, reason = school_passes(wanted)
    rank = pl.max_horizontal(pl.col("rank"), pl.lit(SURENESS[least.verified] if least else None, pl.Int8))
    told = parameters(
        unmet=listed(pl.col("failing")),
        under=listed(pl.col("under")),
        unknown=listed(pl.col("open")),
        wanted=wanted,
        of=n,
    )
    return rows(
        found.join(judged, on=_UNIT, how="left", maintain_order="left"),
        RESULT,
        level=OF_SCHOOL,
        status=status_of,
        status_reason=reason,
        reason_parameters=told,
        n_unknown=n - met - failed,
        verified=mark_of(rank),
    )


def of_counties(slots: pl.DataFrame, schools: SchoolVerdicts) -> pl.DataFrame:
    """Resource items (`slots`: county, slot, item, stage) over all schools of a stage: met where every school
    that falls short of one passes all the same. A school that does not pass stands against each item it
    fails; so all items together are met exactly when all schools pass."""
    verdict = schools.results.select(*_UNIT, pl.col("status").alias("verdict"))
    mine = schools.items.join(verdict, on=_UNIT, how="left", maintain_order="left").join(
        slots.select(COUNTY, "item", "stage", SLOT), on=[COUNTY, "item", "stage"], maintain_order="left"
    )
    known, status = pl.col("verdict"), pl.col("status")
    passing = (known == MET) | (status == MET)
    decided = (
        pl.when(passing).then(pl.lit(MET)).when((known == UNMET) & (status == UNMET)).then(pl.lit(UNMET))
    )
    whole = every(slots, mine.with_columns(decided.otherwise(pl.lit(NOT_COMPUTABLE)).alias("status")))
    lined = pl.col("threshold").is_not_null()
    hundredths = [
        pl.when(pl.col(name).count() > 0)
        .then(quotient(cents(pl.col(name)).sum(), pl.lit(CENT)))
        .alias(f"all_{name}")
        for name in ("missing_full", "missing_floor")
    ]
    totals = mine.group_by(COUNTY, SLOT).agg(
        *hundredths,
        *(pl.col(name).filter(lined).first().alias(f"first_{name}") for name in ("threshold", "op", "floor")),
        (status == UNMET).sum().alias("failing"),
        (~status.is_in([MET, UNMET])).sum().alias("open"),
        pl.col("missing_unit").filter(pl.col("missing_unit") != "").first().alias("first_unit"),
    )
    return rows(
        whole.join(totals, on=[COUNTY, SLOT], how="left", maintain_order="left"),
        threshold=pl.col("first_threshold"),
        op=pl.col("first_op").fill_null(""),
        floor=pl.col("first_floor"),
        n_unmet=pl.col("failing").fill_null(0),
        n_unknown=pl.col("open").fill_null(0),
        missing_full=pl.col("all_missing_full"),
        missing_floor=pl.col("all_missing_floor"),
        missing_unit=pl.col("first_unit").fill_null(""),
    )
