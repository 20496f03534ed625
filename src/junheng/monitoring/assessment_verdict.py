"""The verdict on each county, and what must hold of any set of judged rows."""

from __future__ import annotations

import polars as pl

from junheng.monitoring.assessment_frames import (
    AT,
    COUNTS,
    COUNTY,
    RESULT,
    conjunction,
    listed,
    mark_of,
    parameters,
    rows,
    sureness,
)
from junheng.monitoring.assessment_items import PRECONDITION, VETO
from junheng.monitoring.assessment_logic import line
from junheng.monitoring.assessment_readings import OF_COUNTY, OF_SCHOOL
from junheng.monitoring.status import MET, NOT_COMPUTABLE, NOT_EXAMINED, UNMET
from junheng.rules.assessment import Assessment

_WHOLE = (pl.col("level") == OF_COUNTY) & (pl.col("part") == "") & (pl.col("kind") != "beside")
_KNOWN = [MET, UNMET]


def verdicts(
    assessment: Assessment, counties: pl.DataFrame, items: pl.DataFrame, schools: pl.DataFrame, state: str,
    data_version: str,
) -> pl.DataFrame:  # fmt: skip
    """One result row a county: schools, items of the county rule, conditions, vetoes. Items are counted as
    the list of the assessment does, two stages once; variation coefficients belong to their resource item."""
    told_of = (COUNTY, AT, "group", "item", "stage", "kind", "status", "verified")
    own = items.lazy().filter(_WHOLE).select(told_of).collect()
    whole, rule = own.sort(AT, maintain_order=True), assessment.county_rule
    groups = [*rule.groups, PRECONDITION, VETO] if rule is not None else []
    asked = whole.filter(pl.col("group").is_in(groups)) if groups else whole
    statuses = [asked.select(COUNTY, "status")]
    if assessment.school_rule is not None:
        statuses.append(_of_schools(assessment, counties, schools))
    named = pl.when(pl.col("stage") == "").then("item").otherwise(pl.concat_str("item", pl.lit(":"), "stage"))
    failing, veto = pl.col("status") == UNMET, pl.col("group") == VETO
    counted = whole.filter(~pl.col("group").is_in([PRECONDITION, VETO]) & (pl.col("kind") != "balance"))
    by_item = counted.group_by(COUNTY, "item").agg(*COUNTS).with_columns(conjunction().alias("status"))
    parts = (
        pl.concat(statuses).group_by(COUNTY).agg(*COUNTS),
        whole.group_by(COUNTY, maintain_order=True).agg(
            pl.col("item").filter(veto & failing).alias("vetoes"),
            sureness(pl.col("verified")).max().alias("rank"),
        ),
        asked.group_by(COUNTY, maintain_order=True).agg(
            named.filter(failing & ~veto).alias("failing"),
            named.filter(~pl.col("status").is_in(_KNOWN)).alias("open"),
        ),
        by_item.group_by(COUNTY).agg(
            pl.len().cast(pl.Int64).alias("n_items"),
            (pl.col("status") == MET).sum().alias("n_met"),
            failing.sum().alias("n_unmet"),
            (~pl.col("status").is_in(_KNOWN)).sum().alias("n_unknown"),
        ),
        schools.group_by(COUNTY).agg(
            pl.col("area").filter(failing).n_unique().alias("weak"),
            pl.col("pupils").fill_null(0).sum().alias("pupils"),
        ),
    )
    held = counties
    for part in parts:
        held = held.join(part, on=COUNTY, how="left", maintain_order="left")
    none = pl.lit([], pl.List(pl.String))
    vetoes = pl.col("vetoes").fill_null(none)
    reason = (
        pl.when(vetoes.list.len() > 0).then(pl.lit("veto_found"))
        .when(conjunction() == UNMET).then(pl.lit("county_unmet"))
        .when(conjunction() != MET).then(pl.lit("county_unknown"))
        .otherwise(pl.lit("all_met"))
    )  # fmt: skip
    told = parameters(
        vetoes=listed(vetoes), items=listed(pl.col("failing").fill_null(none)),
        schools=pl.col("weak").fill_null(0), unknown=listed(pl.col("open").fill_null(none)),
    )  # fmt: skip
    counts = {name: pl.col(name).fill_null(0) for name in ("n_items", "n_met", "n_unmet", "n_unknown")}
    return rows(
        held, RESULT, level=OF_COUNTY, area=pl.col(COUNTY), status=conjunction(), status_reason=reason,
        reason_parameters=told, floors_unmet=None, state=state, rule_version=assessment.rule_version,
        data_version=data_version, verified=mark_of(pl.col("rank")), **counts,
    )  # fmt: skip


def _of_schools(assessment: Assessment, counties: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """county, status: whether the schools pass, all or at least the share asked for; decided as soon as it
    can be."""
    rule = assessment.county_rule
    share = rule.schools.of() if rule is not None and rule.schools else None
    counted = counties.join(
        schools.group_by(COUNTY).agg(*COUNTS), on=COUNTY, how="left", maintain_order="left"
    )
    if share is None:
        return counted.select(COUNTY, conjunction().alias("status"))
    least = line(share.number)
    n, passing, failing = pl.col("n"), pl.col("met") * least.denominator, pl.col("unmet")
    wanted = n * least.numerator
    decided = pl.when(n.is_null()).then(pl.lit(NOT_EXAMINED)).when(passing >= wanted).then(pl.lit(MET))
    decided = decided.when((n - failing) * least.denominator < wanted).then(pl.lit(UNMET))
    # too few are known to fail: what is open decides, whoever fails
    rest = pl.when(n - pl.col("met") - failing > pl.col("unexamined")).then(pl.lit(NOT_COMPUTABLE))
    return counted.select(COUNTY, decided.otherwise(rest.otherwise(pl.lit(NOT_EXAMINED))).alias("status"))


def failed_checks(assessment: Assessment, items: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """county, check: what does not hold: an item judged twice or never, a verdict its rows do not bear."""
    found: list[pl.DataFrame] = []

    def broken(rows: pl.DataFrame, name: str) -> None:
        found.append(rows.select(COUNTY, pl.lit(name).alias("check")).unique(maintain_order=True))

    key = ["item", "part", "level", "area", "stage"]
    broken(items.filter(pl.struct(COUNTY, *key).is_duplicated()), "rows_twice")
    rule = assessment.school_rule
    schools = results.filter(pl.col("level") == OF_SCHOOL)
    if rule is not None:
        codes = [item for item in assessment.items if item.group == rule.group]
        mine = items.filter((pl.col("level") == OF_SCHOOL) & (pl.col("group") == rule.group))
        unit = [COUNTY, "area", "stage"]
        held = schools.select(unit).join(
            mine.group_by(unit).agg(pl.col("item").unique().sort().alias("held")), on=unit, how="left"
        )
        for (stage,), part in held.partition_by("stage", as_dict=True).items():
            wanted = sorted(item.id for item in codes if not item.stages or stage in item.stages)
            text = pl.col("held").list.join(";").fill_null("")
            broken(part.filter(text != ";".join(wanted)), "school_without_items")
    own = items.filter(pl.col("level") == OF_COUNTY)
    counties = results.filter(pl.col("level") == OF_COUNTY).select(COUNTY, pl.col("status").alias("verdict"))
    declared = pl.DataFrame({"item": [item.id for item in assessment.items]}, schema={"item": pl.String})
    broken(counties.join(declared, how="cross").join(own, on=[COUNTY, "item"], how="anti"), "item_not_judged")
    borne = counties.join(items.filter(_WHOLE).group_by(COUNTY).agg(*COUNTS), on=COUNTY, how="left")
    verdict, whole = pl.col("verdict"), conjunction()
    unborne = ((verdict == MET) & (whole != MET)) | ((verdict == UNMET) != (whole == UNMET))
    broken(borne.filter(unborne), "verdict_not_borne")
    return pl.concat(found).unique(maintain_order=True)
