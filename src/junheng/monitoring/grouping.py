"""How groups are named in the results: level, area, stage, and whatever else they are told apart by."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from junheng.rules.grains import AREAS

WHOLE = "nation"
"""Level of a group that takes all rows together."""
UNIT_LEVELS = {
    "unit_code": "unit",
    "school_id": "school",
    "class_id": "class",
    "room_id": "room",
    "teacher_id": "teacher",
    "area_code": "area",
}
"""Columns of single units, which name a group more closely than any area, and what such a level is called."""
STAGE = "stage"
LABELS = ("level", "area", "stage", "group")


def told_apart(name: str) -> str:
    """The name under which a column that tells groups apart stands beside the labels; it may be `group`."""
    return f"by:{name}"


def labelled(groups: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """`groups` (columns `told_apart` by `by`, texts) with level, area, stage and group, sorted by them and by
    whatever else tells them apart."""
    units = [name for name in UNIT_LEVELS if name in by]
    areas = [name for name in AREAS if name in by]
    if units:
        level, area = UNIT_LEVELS[units[-1]], units[-1]
    elif areas:
        level, area = areas[-1], areas[-1]
    else:
        level, area = WHOLE, ""
    rest = [name for name in by if name not in (area, STAGE, *areas)]
    group = pl.concat_str(
        [pl.format(f"{name}={{}}", pl.col(told_apart(name))) for name in rest], separator=";"
    )
    return groups.with_columns(
        pl.lit(level).alias("level"),
        (pl.col(told_apart(area)) if area else pl.lit("")).alias("area"),
        (pl.col(told_apart(STAGE)) if STAGE in by else pl.lit("")).alias("stage"),
        (group if rest else pl.lit("")).alias("group"),
    ).sort(*LABELS, *(name for name in groups.columns if not name.startswith(told_apart(""))))
