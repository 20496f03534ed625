"""Small counts of children protected in a table that is handed out as rows.

A row about one school or town in which a count of children is from 1 to `minimum` - 1 loses all its counts:
what is derived from a hidden count would give it back. Where exactly one row of a group that is summed
elsewhere would be hidden, the next smallest goes with it. What was hidden is blank and marked in a column.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from junheng.model import Table
from junheng.model.column import Column
from junheng.report.suppression import Protection

MARK = Column(
    "suppressed",
    "flag",
    "小数目已隐去",
    "small counts hidden",
    "本行人数过小，数值已隐去",
    "Counts of this row are too small to be shown",
)
CHILDREN = "人"
"""Beginning of the unit of columns that count people."""
_UNITS = ("unit_code", "school_id", "area_code")
_DERIVED = ("人", "个", "班")
"""Units of columns that count people or follow from such a count."""
_WHOLE = "region"


def protected(
    table: Table, frame: pl.DataFrame, protection: Protection, parents: dict[str, str] | None = None
) -> tuple[Table, pl.DataFrame]:
    """The table with its mark column and the frame with small counts taken out; both as they are when nothing
    is protected or the table counts nobody. `parents` names the unit above each unit, to whose total a
    hidden row could be reckoned back."""
    counts = [
        c.name
        for c in table.columns
        if c.unit.startswith(CHILDREN) and _number(c) and c.name in frame.columns
    ]
    if not protection.active or not counts:
        return table, frame
    unit = next((name for name in _UNITS if name in frame.columns), None)
    small = pl.any_horizontal(
        (pl.col(n).abs().round() > 0) & (pl.col(n).abs().round() < protection.minimum) for n in counts
    )
    fine = pl.col("unit_kind") != _WHOLE if "unit_kind" in frame.columns else pl.lit(unit is not None)
    marked = frame.with_columns((small & fine).fill_null(False).alias(MARK.name))
    if unit is not None:
        marked = _complemented(table, marked, counts[0], unit, parents or {})
    lost = [
        c.name
        for c in table.columns
        if _number(c) and c.name not in table.key and c.unit.startswith(_DERIVED)
    ]
    texts = [
        name for name in ("reason_parameters", "lever_parameters", "parameters") if name in marked.columns
    ]
    hidden = [
        pl.when(MARK.name).then(None).otherwise(pl.col(n)).alias(n)
        for n in (*lost, *texts)
        if n in marked.columns
    ]
    return replace(table, columns=(*table.columns, MARK)), marked.with_columns(hidden)


def _number(column: Column) -> bool:
    return column.kind in ("number", "integer")


def _complemented(
    table: Table, frame: pl.DataFrame, count: str, unit: str, parents: dict[str, str]
) -> pl.DataFrame:
    """Hide a second row wherever one alone is hidden among those that add up to a known total: over the units
    of one parent, and over each other dimension of the key."""
    held = frame.with_columns(
        pl.col(unit).replace_strict(parents, default="", return_dtype=pl.String).alias("_parent"),
        pl.int_range(pl.len()).alias("_row"),
    )
    keys = [name for name in table.key if name in frame.columns]
    groups = [
        [*(k for k in keys if k != unit), "_parent"],
        *([k for k in keys if k != d] for d in keys if d != unit),
    ]
    for _ in range(3):  # a row hidden for one total may stand alone in another
        before = int(held[MARK.name].sum())
        for group in groups:
            held = _paired(held, count, group)
        if int(held[MARK.name].sum()) == before:
            break
    return held.sort("_row").drop("_parent", "_row")


def _paired(held: pl.DataFrame, count: str, group: list[str]) -> pl.DataFrame:
    lone = held.group_by(group).agg((pl.col(MARK.name).sum() == 1).alias("_lone"))
    open_rows = held.join(lone, on=group, how="left", nulls_equal=True).filter(
        pl.col("_lone") & ~pl.col(MARK.name) & (pl.col(count) > 0)
    )
    more = open_rows.sort(count, "_row").group_by(group, maintain_order=True).first()["_row"]
    return held.with_columns((pl.col(MARK.name) | pl.col("_row").is_in(more.implode())).alias(MARK.name))
