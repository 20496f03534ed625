"""Judged rows of many counties at once: one frame whose columns are those of `ItemRow`, told apart by county.

`at` is the place of a row among the rows of its county. Statuses add up by counting.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import polars as pl

from junheng.monitoring.assessment_row import NAMED_UNITS, ExceptionRow, ItemRow, ResultRow
from junheng.monitoring.status import MET, NOT_COMPUTABLE, NOT_EXAMINED, UNMET
from junheng.rules import Value

COUNTY, AT, SLOT = "county", "at", "slot"
Cell = pl.Expr | str | float | int | None
_TYPES: dict[str, Any] = {
    "str": pl.String,
    "float | None": pl.Float64,
    "int | None": pl.Int64,
    "int": pl.Int64,
}
SURENESS = {"ours": -1, "original": 0, "second-hand": 1, "unverified": 2}
"""Marks from sure to unsure; `ours` counts only where nothing of the law stands behind a row."""
PLAIN = "{}"


def _columns(kind: type[Any]) -> dict[str, Any]:
    return {one.name: _TYPES.get(str(one.type), pl.String) for one in fields(kind)}


ITEM, RESULT, EXCEPTION = (_columns(kind) for kind in (ItemRow, ResultRow, ExceptionRow))
_DEFAULTS: dict[str, Any] = {"status": NOT_EXAMINED, "reason_parameters": PLAIN}


def rows(frame: pl.DataFrame, kind: Mapping[str, Any] = ITEM, /, **cells: Cell) -> pl.DataFrame:
    """`frame`'s rows as rows of a kind: `cells` by name, else the frame's column of that name, else the
    blank. `county` is kept, and `at` and `slot` where the frame has them."""
    held = frame.schema
    kept = [name for name in (COUNTY, AT, SLOT) if name in held]
    made: list[pl.Expr] = []
    for name, type_ in kind.items():
        if name in cells:
            cell = cells[name]
            value = cell.cast(type_) if isinstance(cell, pl.Expr) else pl.lit(cell, type_)
        elif name in held:
            value = pl.col(name) if held[name] == type_ else pl.col(name).cast(type_)
        else:
            value = _blank(name, type_)
        made.append(value.alias(name))
    return frame.select(*kept, *made)


@cache
def _blank(name: str, type_: Any) -> pl.Expr:
    return pl.lit(_DEFAULTS.get(name, "" if type_ == pl.String else None), type_)


def empty(kind: Mapping[str, Any] = ITEM) -> pl.DataFrame:
    """No rows of a kind."""
    return pl.DataFrame(schema={COUNTY: pl.String, **kind})


def parameters(**values: Cell) -> pl.Expr:
    """A JSON object in order of name: numbers and constants as they are, expressions as JSON text."""
    parts: list[pl.Expr] = []
    for number, name in enumerate(sorted(values)):
        parts.append(pl.lit(f"{', ' if number else '{'}{json.dumps(name)}: "))
        value = values[name]
        if isinstance(value, pl.Expr):
            parts.append(value.cast(pl.String).fill_null("null"))
        else:
            parts.append(pl.lit(json.dumps(value, ensure_ascii=False)))
    return pl.concat_str(*parts, pl.lit("}"))


def quoted(text: pl.Expr) -> pl.Expr:
    """A text as JSON."""
    plain = text.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    return pl.concat_str(pl.lit('"'), plain, pl.lit('"'))


def listed(texts: pl.Expr) -> pl.Expr:
    """A list of texts as JSON."""
    return pl.concat_str(pl.lit("["), texts.list.eval(quoted(pl.element())).list.join(", "), pl.lit("]"))


def cited(values: Iterable[Value | None]) -> dict[str, Cell]:
    """The cells `rule_ids` and `verified` for the standards all rows rest on."""
    held = [value for value in values if value is not None and value.in_force]
    marks = [SURENESS[value.verified] for value in held]
    return {
        "rule_ids": ";".join(dict.fromkeys(value.rule_id for value in held)),
        "verified": next((name for name, rank in SURENESS.items() if rank == max(marks, default=None)), ""),
    }


def sureness(mark: pl.Expr) -> pl.Expr:
    """A mark as a number that grows with doubt; null for no mark."""
    return mark.replace_strict(SURENESS, default=None, return_dtype=pl.Int8)


def mark_of(rank: pl.Expr) -> pl.Expr:
    """The mark of such a number."""
    named = {rank: name for name, rank in SURENESS.items()}
    return rank.replace_strict(named, default="", return_dtype=pl.String)


def joined(lists: pl.Expr) -> pl.Expr:
    """Lists separated by semicolons, gathered in a column of lists, as one: each entry once, as first
    named."""
    entries = lists.list.join(";").str.split(";").list.eval(pl.element().filter(pl.element() != ""))
    return entries.list.unique(maintain_order=True).list.join(";")


COUNTS = (
    pl.len().cast(pl.Int64).alias("n"),
    (pl.col("status") == UNMET).sum().cast(pl.Int64).alias("unmet"),
    (pl.col("status") == MET).sum().cast(pl.Int64).alias("met"),
    (pl.col("status") == NOT_EXAMINED).sum().cast(pl.Int64).alias("unexamined"),
)
"""What of a group's statuses decides the status of all."""


def conjunction() -> pl.Expr:
    """Kleene's and, from COUNTS: one `unmet` decides, `met` needs all; of what is unknown a figure that
    cannot be computed is named before evidence nobody examined. Nothing to judge is `not_examined`."""
    n, unmet, met = (pl.col(name).fill_null(0) for name in ("n", "unmet", "met"))
    rest = n - met - pl.col("unexamined").fill_null(0)
    return (
        pl.when(unmet > 0)
        .then(pl.lit(UNMET))
        .when((n > 0) & (met == n))
        .then(pl.lit(MET))
        .when(rest > 0)
        .then(pl.lit(NOT_COMPUTABLE))
        .otherwise(pl.lit(NOT_EXAMINED))
    )


def every(slots: pl.DataFrame, units: pl.DataFrame, untouched: pl.DataFrame | None = None) -> pl.DataFrame:
    """Each slot (county, slot and cells of its row) judged by all its units: met when each is.

    Where no unit is concerned and the county and slot are among `untouched`, which says that this is a known
    fact, nothing stands against the slot and it is met; otherwise nothing was judged.
    """
    unmet, unknown = pl.col("status") == UNMET, pl.col("status").is_in([NOT_COMPUTABLE, NOT_EXAMINED])
    area = pl.col("area")
    found = units.group_by(COUNTY, SLOT, maintain_order=True).agg(
        *COUNTS,
        area.n_unique().alias("of"),
        area.filter(unmet).unique(maintain_order=True).alias("failing"),
        area.filter(unknown).unique(maintain_order=True).alias("open"),
        pl.col("rule_ids").unique(maintain_order=True).alias("lists"),
        sureness(pl.col("verified")).max().alias("rank"),
    )
    sure = slots.clear() if untouched is None else untouched
    held = slots.join(found, on=[COUNTY, SLOT], how="left", maintain_order="left").join(
        sure.select(COUNTY, SLOT, pl.lit(value=True).alias("sure")), on=[COUNTY, SLOT], how="left",
        maintain_order="left",
    )  # fmt: skip
    n, failed = pl.col("n").fill_null(0), pl.col("unmet").fill_null(0)
    passing, none = pl.col("met").fill_null(0) == n, n == 0
    certain = none & pl.col("sure").is_not_null()
    named = pl.when(failed > 0).then(pl.col("failing")).otherwise(pl.col("open"))
    told = parameters(count=named.list.len(), of=pl.col("of"), units=listed(named.list.head(NAMED_UNITS)))
    choice = pl.when(certain).then(pl.lit("none_concerned")).when(none).then(pl.lit("nothing_to_judge"))
    choice = choice.when(failed > 0).then(pl.lit("units_unmet"))
    return rows(
        held,
        status=pl.when(certain).then(pl.lit(MET)).otherwise(conjunction()),
        status_reason=choice.when(~passing).then(pl.lit("units_unknown")).otherwise(pl.lit("all_met")),
        reason_parameters=pl.when(none).then(pl.lit(PLAIN)).otherwise(told),
        n_units=n,
        n_unmet=failed,
        n_unknown=n - failed - pl.col("met").fill_null(0),
        rule_ids=pl.when(none).then(pl.lit("")).otherwise(joined(pl.col("lists"))),
        verified=mark_of(pl.col("rank")),
    )
