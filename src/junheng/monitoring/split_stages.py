"""Splits what several stages of a school share, by pupils times a weight, in exact hundredths.

Parts are rounded half up to hundredths and the last stage takes what is left, so that they sum to the whole.
A stage without pupils gets nothing; where a stage's pupils are unknown nothing can be split. Both are listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import polars as pl

from junheng.model.reason import Finding
from junheng.model.stages import STAGES
from junheng.monitoring.ratio import quotient
from junheng.rules import Standards

TOPIC, SECONDARY = "split_weights", "secondary_"
HUNDREDTHS = 100
_SHARE, _ALL, _LAST = "share_weight", "share_all", "share_last"


def weights(law: Standards) -> dict[tuple[str, bool], Fraction]:
    """(stage, whether the school has a primary stage) -> weight, of the standards in force that day."""
    topic = law[TOPIC]
    found: dict[tuple[str, bool], Fraction] = {}
    for stage in STAGES:
        through = topic.values.get(stage)
        secondary = topic.values.get(f"{SECONDARY}{stage}", through)
        for value, has_primary in ((through, True), (secondary, False)):
            if value is not None and value.value is not None:
                found[(stage, has_primary)] = Fraction(repr(value.number))
    return found


def split(
    units: pl.DataFrame,
    shared: pl.DataFrame,
    columns: Sequence[str],
    stage_weights: Mapping[tuple[str, bool], Fraction],
) -> tuple[pl.DataFrame, list[Finding]]:
    """`units` with each of `columns` raised by its part of the school's `shared` row, and the exceptions.

    units: school_id, stage, pupils and `columns` (natural units, at most two decimals), one row a stage.
    shared: school_id and `columns`, one row a school. A stage without a weight takes no part. A column blank
    in the shared row leaves the stages' own figures; blank in a stage it counts as all held in the shared
    row.
    """
    if shared.is_empty():
        return units, []
    joined = _weighed(units, stage_weights).join(
        shared.select("school_id", *(pl.col(name).alias(f"{name}_shared") for name in columns)),
        on="school_id",
        how="left",
        maintain_order="left",
    )
    held = [name for name in columns if shared[name].null_count() < shared.height]
    rounded = joined.with_columns(_rounded(name).alias(f"{name}_part") for name in held)
    sums = rounded.group_by("school_id").agg(
        pl.col(f"{name}_part").sum().alias(f"{name}_all") for name in held
    )
    summed = rounded.join(sums, on="school_id", how="left", maintain_order="left")
    raised = summed.select(
        _raised(name, shared=name in held) if name in columns else name for name in units.columns
    )
    return raised, _exceptions(joined, shared)


def _weighed(units: pl.DataFrame, stage_weights: Mapping[tuple[str, bool], Fraction]) -> pl.DataFrame:
    """units with each stage's weight as a whole number (null: takes no part), the school's sum, and the
    last."""
    below = 1
    for value in stage_weights.values():
        below = below * value.denominator // _common(below, value.denominator)
    table = pl.DataFrame(
        [(stage, primary, int(value * below)) for (stage, primary), value in stage_weights.items()],
        schema={"stage": pl.String, "has_primary": pl.Boolean, "per_pupil": pl.Int64},
        orient="row",
    )
    order = pl.col("stage").replace_strict(list(STAGES), list(range(len(STAGES))), default=len(STAGES))
    taking = (pl.col("per_pupil") * pl.col("pupils")).alias(_SHARE)
    rank = pl.when(pl.col(_SHARE) > 0).then(order)
    unknown = (pl.col("per_pupil").is_not_null() & pl.col("pupils").is_null()).any().over("school_id")
    return (
        units.with_columns((pl.col("stage") == STAGES[1]).any().over("school_id").alias("has_primary"))
        .join(table, on=["stage", "has_primary"], how="left", maintain_order="left")
        .with_columns(taking)
        .with_columns(
            pl.when(~unknown).then(pl.col(_SHARE).sum().over("school_id")).alias(_ALL),
            (rank == rank.max().over("school_id")).fill_null(False).alias(_LAST),
        )
    )


def _common(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one


def _whole(name: str) -> pl.Expr:
    return (pl.col(f"{name}_shared") * HUNDREDTHS).round(0).cast(pl.Int64)


def _rounded(name: str) -> pl.Expr:
    """A stage's part in hundredths before the last stage takes what is left."""
    share, total = pl.col(_SHARE).fill_null(0), pl.col(_ALL)
    return pl.when(total > 0).then((2 * _whole(name) * share + total) // (2 * total))


def _raised(name: str, *, shared: bool) -> pl.Expr:
    own = (pl.col(name) * HUNDREDTHS).round(0).cast(pl.Int64)
    if not shared:
        return quotient(own, pl.lit(HUNDREDTHS)).alias(name)
    whole, rounded = _whole(name), pl.col(f"{name}_part")
    rest = whole - (pl.col(f"{name}_all") - rounded)
    part = pl.when(pl.col(_LAST)).then(rest).otherwise(rounded)
    takes_part = pl.col("per_pupil").is_not_null()
    raised = pl.when(takes_part & whole.is_not_null()).then(own.fill_null(0) + part).otherwise(own)
    return quotient(raised, pl.lit(HUNDREDTHS)).alias(name)


def _exceptions(joined: pl.DataFrame, shared: pl.DataFrame) -> list[Finding]:
    sharing = joined.join(shared.select("school_id"), on="school_id", how="semi").filter(
        pl.col("per_pupil").is_not_null()
    )
    found: list[Finding] = []
    for row in sharing.filter(pl.col("pupils").fill_null(0) == 0).iter_rows(named=True):
        code = "monitoring.split_unknown" if row["pupils"] is None else "monitoring.split_nothing"
        about = {"school": row["school_id"], "stage": row["stage"]}
        found.append(Finding(code, "warning", "school_years", column="pupils", parameters=about))
    stages = set(joined["school_id"].to_list())
    for school in shared["school_id"].to_list():
        if school not in stages:
            about = {"school": school}
            found.append(Finding("monitoring.split_homeless", "warning", "school_years", parameters=about))
    return found
