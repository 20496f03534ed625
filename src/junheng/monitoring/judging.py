"""From group sums to result rows: the value by one division, its bounds, its line, its status and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.monitoring import boundary, quantile, theil
from junheng.monitoring.bounds import Sums, bounds, by_bounds, value_of
from junheng.monitoring.gathering import Batch, q_of
from junheng.monitoring.gini import GROUP
from junheng.monitoring.grouping import told_apart
from junheng.monitoring.operands import exact
from junheng.monitoring.ratio import quotient
from junheng.monitoring.status import (
    MET,
    NO_THRESHOLD,
    NOT_COMPUTABLE,
    NOT_EXAMINED,
    UNMET,
    holds,
    rounded_line,
)
from junheng.monitoring.used_rows import COUNTING, Compiled
from junheng.rules.indicator import Indicator, Op
from junheng.rules.value import Value

DISPERSION = ("cv", "gini", "theil")
SURENESS = ("original", "ours", "second-hand", "unverified")
"""From sure to unsure: a result is as sure as the less sure of its definition and its line."""

STATUSES = (MET, UNMET, NOT_COMPUTABLE, NOT_EXAMINED, NO_THRESHOLD)
REASONS = (
    "compared", "no_line", "by_bounds", "missing", "weight_unknown", "no_value", "no_rows", "several_results",
    "not_examined",
)  # fmt: skip
MARKS = ("boundary", "incomplete", "single_unit", "small_count")
FLAGS = tuple(
    ";".join(name for place, name in enumerate(MARKS) if marks >> place & 1)
    for marks in range(1 << len(MARKS))
)
"""Every set of MARKS, as it is written."""

_UNWEIGHED = "unweighed"
_NUMBERS = (
    "value", "num", "den", "n_used", "weight_used", "n_missing", "weight_missing", _UNWEIGHED, "low", "high",
)  # fmt: skip
"""What the sums of an indicator say in numbers; rows whose weight is unknown only decide."""

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Met = NDArray[np.int8]
"""1 met, 0 unmet, -1 undecided, by group."""


def judged(ones: Sequence[Compiled], batch: Batch, sums: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Result rows of each indicator: g and the columns of `indicator_values` from value to flags, one row a
    row of `sums`."""
    asked = [
        expression.alias(f"{one.cells.prefix}.{name}")
        for one in ones
        for name, expression in zip(_NUMBERS, (*_numbers(one), *bounds(one)), strict=True)
    ]
    numbers = sums.select(asked)
    for one in ones:
        prefix = one.cells.prefix
        frame = {name: numbers[f"{prefix}.{name}"].alias(name) for name in _NUMBERS}
        yield _judged(Sums(one, batch, sums), frame)


def _judged(held: Sums, frame: Mapping[str, pl.Series]) -> pl.DataFrame:
    indicator, count = held.one.indicator, held.frame.height
    lines = _lines(indicator, held.batch)
    status, reason, threshold, margin, flags = _decided(held, frame, lines)
    verified = [_sureness(indicator, value) for value in lines.values]
    operator = indicator.threshold.op if indicator.threshold else ""
    return pl.DataFrame(
        [
            held.frame[GROUP],
            *(frame[name] for name in _NUMBERS if name != _UNWEIGHED),
            pl.Series("threshold", threshold, nan_to_null=True),
            pl.Series("op", [operator], dtype=pl.String).new_from_index(0, count),
            pl.Series("margin", margin, nan_to_null=True),
            _named("status", STATUSES, status),
            _named("status_reason", REASONS, reason),
            _named("verified", verified, lines.which),
            _named("flags", FLAGS, flags),
        ]
    )


def _named(column: str, names: Sequence[str], which: NDArray[np.integer[Any]]) -> pl.Series:
    """A column of texts of which there are few, by their place among them."""
    return pl.Series(column, names, dtype=pl.String)[which.astype(np.int64)]


def _numbers(one: Compiled) -> list[pl.Expr]:
    cells, verb = one.cells, one.indicator.measure
    all_w = pl.col(cells.all_w) if one.has_w else pl.col(cells.rows)
    reported = pl.col(cells.all_v) if one.own_weight else all_w
    used = pl.col(cells.rows)
    any_used = used > 0
    den = None if verb in COUNTING else quotient(all_w, pl.lit(10**one.w_decimals))
    return [
        value_of(one),
        pl.when(any_used).then(quotient(pl.col(cells.all_m), pl.lit(10**one.m_decimals))),
        pl.when(any_used).then(pl.lit(None, pl.Float64) if den is None else den),
        used,
        quotient(reported, pl.lit(10**one.v_decimals)),
        pl.col(cells.missing),
        quotient(pl.col(cells.weight_missing), pl.lit(10**one.v_decimals)),
        pl.col(cells.missing) - pl.col(cells.weighed),
    ]


def parts_of(one: Compiled, sums: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Theil's parts between and within the classes of `split`, as result rows without a line."""
    total, between = theil.value(one.cells), theil.between(one.cells)
    verified = one.indicator.source.verified
    return {
        name: sums.select(
            GROUP,
            value.alias("value"),
            pl.col(one.cells.rows).alias("n_used"),
            pl.lit("").alias("op"),
            pl.when(value.is_null())
            .then(pl.lit(NOT_COMPUTABLE))
            .otherwise(pl.lit(NO_THRESHOLD))
            .alias("status"),
            pl.when(value.is_null())
            .then(pl.lit("no_value"))
            .otherwise(pl.lit("no_line"))
            .alias("status_reason"),
            pl.lit(verified).alias("verified"),
            pl.lit("part").alias("flags"),
        )
        for name, value in (("between", between), ("within", total - between))
    }


def without_rows(indicator: Indicator, groups: pl.DataFrame) -> pl.DataFrame:
    """Result rows of groups for which nobody reported anything."""
    looked_up = indicator.measure == "lookup"
    threshold = indicator.threshold
    lines: list[float | None] = []
    for group in groups.iter_rows(named=True):
        by = threshold.standard.by if threshold else ""
        line = threshold.of(str(group.get(told_apart(by), ""))) if threshold else None
        lines.append(None if line is None else line.number)
    return groups.select(
        GROUP,
        pl.lit(0, pl.Int64).alias("n_used"),
        pl.lit(0, pl.Int64).alias("n_missing"),
        pl.Series("threshold", lines, dtype=pl.Float64),
        pl.lit(threshold.op if threshold else "").alias("op"),
        pl.lit(NOT_EXAMINED if looked_up else NOT_COMPUTABLE).alias("status"),
        pl.lit("not_examined" if looked_up else "no_rows").alias("status_reason"),
        pl.lit(indicator.source.verified).alias("verified"),
        pl.lit("").alias("flags"),
    )


@dataclass(frozen=True)
class Lines:
    """The cited lines of a batch's groups: the different values, and which one each group has."""

    values: tuple[Value | None, ...]
    which: NDArray[np.intp]


def _lines(indicator: Indicator, batch: Batch) -> Lines:
    groups = batch.groups
    threshold = indicator.threshold
    if threshold is None:
        return Lines((None,), np.zeros(groups.height, dtype=np.intp))
    by = threshold.standard.by
    if not by or told_apart(by) not in groups.columns:
        value = None if by else threshold.of()
        return Lines((value,), np.zeros(groups.height, dtype=np.intp))
    names = sorted(set(groups[told_apart(by)].to_list()))
    which = (
        groups[told_apart(by)]
        .replace_strict(names, list(range(len(names))), return_dtype=pl.Int64)
        .to_numpy()
    )
    return Lines(tuple(threshold.of(name) for name in names), which.astype(np.intp))


def _sureness(indicator: Indicator, line: Value | None) -> str:
    known = [indicator.source.verified, *([line.verified] if line is not None else [])]
    return max(known, key=SURENESS.index)


def _decided(
    held: Sums, frame: Mapping[str, pl.Series], lines: Lines
) -> tuple[Places, Places, Floats, Floats, Places]:
    """(status, reason, threshold, margin, flags) by group; texts by their place among STATUSES and so on."""
    count, indicator = held.frame.height, held.one.indicator
    values = frame["value"].fill_null(np.nan).to_numpy().astype(np.float64)
    empty = np.isnan(values)
    missing = frame["n_missing"].to_numpy() > 0
    used = frame["n_used"].to_numpy()
    too_much = _too_much_missing(indicator, frame)
    threshold, margin = np.full(count, np.nan), np.full(count, np.nan)
    met = np.full(count, -1, dtype=np.int8)
    displayed = np.full(count, -1, dtype=np.int8)
    early_known = np.zeros(count, dtype=np.bool_)
    lined = np.zeros(count, dtype=np.bool_)
    for number, line in enumerate(lines.values):
        rows = np.flatnonzero(lines.which == number)
        if line is None or line.value is None or indicator.threshold is None or not len(rows):
            continue
        op, at = indicator.threshold.op, exact(line.value)
        lined[rows], threshold[rows] = True, float(at)
        sided = values[rows] - float(at)
        margin[rows] = -sided if op in ("<=", "<") else sided if op in (">=", ">") else -np.abs(sided)
        met[rows], displayed[rows] = _held_against(held, values, rows, op, at)
        early = by_bounds(held, rows[missing[rows]], op, at)
        for row, answer in early.items():
            met[row], early_known[row] = answer, True
    reasons = np.full(count, REASONS.index("compared"), dtype=np.int64)

    def says(where: NDArray[np.bool_], name: str) -> None:
        reasons[where] = REASONS.index(name)

    says(~lined, "no_line")
    unknown = (empty | too_much) & ~early_known
    says(early_known, "by_bounds")
    says(unknown & too_much, "missing")
    says(unknown & (frame["unweighed"].to_numpy() > 0), "weight_unknown")
    says(unknown & empty, "no_value")
    says(unknown & (used == 0), "no_rows")
    says(unknown & (used == 0) & missing, "missing")
    status = np.where(met == 1, STATUSES.index(MET), STATUSES.index(UNMET))
    status[~lined] = STATUSES.index(NO_THRESHOLD)
    status[unknown] = STATUSES.index(NOT_COMPUTABLE)
    if indicator.measure == "lookup":
        says(unknown & (used > 1), "several_results")
        says(unknown & (used == 0), "not_examined")
        status[unknown & (used == 0)] = STATUSES.index(NOT_EXAMINED)
    boundary_hit = lined & ~unknown & ~early_known & (displayed >= 0) & (displayed != met)
    flags = _flags(held, frame, boundary_hit, missing)
    return status, reasons, threshold, margin, flags


def _too_much_missing(indicator: Indicator, frame: Mapping[str, pl.Series]) -> NDArray[np.bool_]:
    """Whether more than the allowed share of the weight is missing, or rows of unknown weight are."""
    used, gone = frame["weight_used"].to_numpy(), frame["weight_missing"].to_numpy()
    return (gone > indicator.missing.max_share_of_weight * (used + gone)) | (
        frame["unweighed"].to_numpy() > 0
    )


def _held_against(
    held: Sums, values: Floats, rows: NDArray[np.intp], op: Op, line: Fraction
) -> tuple[Met, Met]:
    """(met, met as displayed) of the rows that have a value."""
    indicator = held.one.indicator
    with np.errstate(invalid="ignore"):
        plain = _compared(held, values, rows, op, line, indicator.compare_at)
        shown = _compared(held, values, rows, op, line, indicator.display.decimals)
    return plain, shown


def _compared(
    held: Sums, values: Floats, rows: NDArray[np.intp], op: Op, line: Fraction, decimals: int | None
) -> Met:
    if decimals is not None:
        moved = rounded_line(op, line, decimals)
        if moved is None:
            unit = 10.0**decimals
            near = np.abs(np.floor(values[rows] * unit + 0.5) / unit - float(line)) < boundary.NEAR
            return np.where(np.isnan(values[rows]), -1, near).astype(np.int8)
        op, line = moved
    side = boundary.signs(values[rows], line, lambda row: exact_sign(held, int(rows[row]), line))
    answers = np.array([holds(op, one) for one in (-1, 0, 1)], dtype=np.int8)[side.astype(np.intp) + 1]
    return np.where(np.isnan(values[rows]), -1, answers).astype(np.int8)


def exact_sign(held: Sums, group: int, line: Fraction) -> int | None:
    """Sign of a group's value less the line, without floats; None where the verb leaves only the float."""
    one, indicator = held.one, held.one.indicator
    if not one.by_unit:
        cells = one.cells
        num = held.frame[cells.all_m][group]
        den = (
            1
            if indicator.measure in COUNTING
            else held.frame[cells.all_w if one.has_w else cells.rows][group]
        )
        return boundary.of_sums(num, den, one.scale.factor, line) if den else None
    m, w = held.rows_of(group)
    if not m:
        return None
    weighted = bool(indicator.weight)
    match indicator.measure:
        case "cv":
            return boundary.of_cv(m, w, line)
        case "gini":
            return boundary.of_gini(m, w, line)
        case "theil":
            return boundary.of_theil(m, w, line)
        case "quantile":
            value = boundary.quantile(m, w, q_of(indicator), weighted=weighted) * one.scale.factor
            return boundary.sign(value - line)
        case _:
            kind = indicator.range or "max_min"
            value = boundary.range_of(
                m, w, kind, weighted=weighted, tenth=quantile.TENTH, fifth=quantile.FIFTH
            )
            return None if value is None else boundary.sign(value - line)


def _flags(
    held: Sums, frame: Mapping[str, pl.Series], boundary_hit: NDArray[np.bool_], missing: NDArray[np.bool_]
) -> Places:
    marks = {"boundary": boundary_hit, "incomplete": missing, "small_count": _small(held, frame)}
    if held.one.by_unit:
        marks["single_unit"] = frame["n_used"].to_numpy() == 1
    flags = np.zeros(held.frame.height, dtype=np.int64)
    for name, where in marks.items():
        flags[where] += 1 << MARKS.index(name)
    return flags


def _small(held: Sums, frame: Mapping[str, pl.Series]) -> NDArray[np.bool_]:
    """Groups whose pupils or teachers could be told one by one: a count or its complement under the least
    number that may be shown, or all or none of a group that small. Marked here, protected by the report."""
    indicator = held.one.indicator
    none = np.zeros(held.frame.height, dtype=np.bool_)
    least = indicator.privacy.min_n.of() if indicator.privacy.min_n else None
    if indicator.privacy.subject == "none" or least is None:
        return none
    num = frame["num"].fill_null(np.nan).to_numpy()
    den = frame["den"].fill_null(np.nan).to_numpy()
    with np.errstate(invalid="ignore"):
        found = (num > 0) & (num < least.number)
        if indicator.measure == "share":
            rest = den - num
            found |= (rest > 0) & (rest < least.number)
            found |= ((num == 0) | (rest == 0)) & (den < least.number)
    return found
