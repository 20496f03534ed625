"""Items on what units report: retention by either formula. A county's figure stands before its schools'."""

from __future__ import annotations

import polars as pl

from junheng.monitoring.assessment_checks import CHOICES, Checked, outcome
from junheng.monitoring.assessment_frames import COUNTY, cited, parameters, rows
from junheng.monitoring.assessment_ground import Ground
from junheng.monitoring.assessment_logic import line
from junheng.monitoring.ratio import quotient
from junheng.rules.indicator import AllOf, Comparison, Condition, Indicator

BALANCE = "quality_balance"
GRAIN = "unit_count"
_FORMULAS = (("first_formula", "retention_a"), ("second_formula", "retention_b"))
_COUNTS = {"measure": pl.String, COUNTY: pl.String, "own": pl.Boolean, "num": pl.Int64, "den": pl.Int64}


def reported(ground: Ground) -> pl.DataFrame:
    """county, measure, own (told by the county itself, else by its schools), num, den: sums of what units
    reported."""
    frame = ground.of_year("reported_counts")
    if frame is None:
        return pl.DataFrame(schema=_COUNTS)
    schools = ground.schools.select(
        pl.col("area").alias("unit_code"), COUNTY, pl.lit(value=False).alias("own")
    )
    counties = ground.counties.select(
        pl.col(COUNTY).alias("unit_code"), COUNTY, pl.lit(value=True).alias("own")
    )
    units = pl.concat([counties, schools]).unique("unit_code", keep="first")
    return (
        frame.join(units, on="unit_code", maintain_order="left")
        .group_by("measure", COUNTY, "own", maintain_order=True)
        .agg(pl.col("numerator").sum().alias("num"), pl.col("denominator").sum().alias("den"))
    )


def twice(ground: Ground, indicators: list[Indicator]) -> pl.DataFrame:
    """county, indicator: reported measures that stand for the county itself and for its schools too. Added
    up, they would count people twice, so nothing can be said until one of the two is taken away."""
    counts = [one for one in indicators if one.grain == GRAIN]
    names = [(one.id, measure) for one in counts for measure in _measures(one.where)]
    asked = pl.DataFrame(names, schema={"indicator": pl.String, "measure": pl.String}, orient="row")
    both = reported(ground).group_by("measure", COUNTY).len().filter(pl.col("len") > 1)
    return both.join(asked, on="measure").select(COUNTY, "indicator").unique()


def _measures(where: Condition | None) -> list[str]:
    """The measures a condition on reported counts names."""
    parts = where.parts if isinstance(where, AllOf) else (where,)
    return [
        str(literal)
        for part in parts
        if isinstance(part, Comparison) and part.column == "measure"
        for literal in part.operand.literals
    ]


def retention(ground: Ground) -> Checked:
    """初中三年巩固率 by the formula the place has chosen; the other stands beside it without a say.

    With transfers the two differ: the first takes those who moved in out of the leavers, the second adds them
    to those who entered. More than all stay only by a fault of the counts, which is said.
    """
    least = ground.value(BALANCE, "retention")
    chosen = _FORMULAS[1 if ground.chosen(CHOICES, "retention_formula_b") else 0][0]
    counts = reported(ground).sort("own", descending=True, maintain_order=True)
    judged: list[pl.DataFrame] = []
    beside: list[pl.DataFrame] = []
    for part, measure in _FORMULAS:
        mine = counts.filter(pl.col("measure") == measure).unique(COUNTY, keep="first")
        held = ground.counties.with_columns(area=COUNTY).join(
            mine, on=COUNTY, how="left", maintain_order="left"
        )
        known = (pl.col("den") > 0).fill_null(value=False) & pl.lit(least is not None)
        share = quotient(pl.col("num"), pl.col("den"))
        at = line(least.number) if least is not None else line(0.0)
        enough = pl.col("num") * at.denominator >= pl.col("den") * at.numerator
        reason = pl.when(~known).then(pl.lit("no_rule" if least is None else "not_reported"))
        reason = reason.when(enough).then(pl.lit("share_enough")).otherwise(pl.lit("share_short"))
        told = pl.when(known).then(parameters(share=share, line=None if least is None else least.number))
        found = rows(
            held, level="county", part=part, op=">=", threshold=None if least is None else least.number,
            kind="check" if part == chosen else "beside",
            value=pl.when(known).then(share), num=pl.when(known).then(pl.col("num")),
            den=pl.when(known).then(pl.col("den")),
            flags=pl.when(known & (share > 1)).then(pl.lit("over_all")).otherwise(pl.lit("")),
            **outcome(reason, "share_enough", ("share_short",), told.otherwise(parameters(measure=measure))),
            **cited((least,)),
        )  # fmt: skip
        (judged if part == chosen else beside).append(found)
    return Checked(pl.concat(judged), shown=pl.concat(beside))
