"""The model's tables turned into what `market` reads: facts wide, scores in whole units, own names.

Facts a plan only orders by, or reserves for, have no type in the plan; theirs follows from their values: yes
and no, days, whole numbers, or the school (or programme) they hold at, as 兄姐在校 does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import polars as pl

from junheng.admission.plan_facts import kinds
from junheng.model import INPUTS
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules.admission_plan import OWN_FIELDS, AdmissionPlan, Score

TOTAL = "total"
TOTAL_WORDS = ("总分", "总成绩", TOTAL)
"""How tables write the sum of all subjects; 合计 would be taken for a row of totals."""
NINE_YEAR = ("312", "345")
"""Kinds of schools that keep a child nine years or more."""
RURAL = ("210", "220")
"""Urban-rural codes of townships and villages."""
_YES, _NO = ("是", "yes", "true"), ("否", "no", "false")
_NAMES = {
    "admission_programs": "programs",
    "admission_reserves": "reserves",
    "applicant_families": "families",
    "zone_programs": "zone_programs",
    "admission_travel": "travel",
    "admission_quotas": "quotas",
}
_WHERE_THERE_ARE_ROWS = ("reserves", "families", "quotas")
"""Tables whose absence means something else than their being empty."""


def inputs(
    tables: Mapping[str, pl.DataFrame], plan: AdmissionPlan, plan_id: str | None = None
) -> dict[str, pl.DataFrame]:
    """The tables of `market` from those of a workspace or a pinned folder, for the plan `plan_id` (its own id
    unless named).

    A fact nobody has is unknown for everybody. Raises BadData `admission.bad_facts` where the values of a
    fact are of no common type, `admission.bad_scores` for points off the plan's unit.
    """
    named = plan_id or plan.id
    held = {name: _rows(tables, name, named) for name in (*_NAMES, *_OTHERS)}
    found = {
        own: held[name].drop("plan_id")
        for name, own in _NAMES.items()
        if held[name].height or own not in _WHERE_THERE_ARE_ROWS
    }
    if "quotas" in found:
        found["quotas"] = found["quotas"].rename({"origin_id": "origin_school_id"})
    facts = held["applicant_facts"]
    people = held["applicants"].drop("plan_id")
    wide, places = _wide(people, facts, plan, found["programs"])
    found["applicants"] = wide
    found["applications"] = _with_places(held["applications"].drop("plan_id"), places, found["programs"])
    found["fact_checks"] = facts.filter(pl.col("state") != "verified").select("applicant_id", "fact", "state")
    schools = tables.get("schools", INPUTS["schools"].empty())
    if plan.address is not None:
        found["address_uses"] = _uses(tables, people, schools)
    if plan.score is not None:
        found["exam_scores"] = _scores(held["exam_scores"], plan.score)
        rural = pl.col("urban_rural").is_in(RURAL).fill_null(False)
        found["origin_schools"] = schools.select("school_id", rural.alias("rural"))
    return found


_OTHERS = ("applicants", "applicant_facts", "applications", "exam_scores")


def _rows(tables: Mapping[str, pl.DataFrame], name: str, plan_id: str) -> pl.DataFrame:
    declared = INPUTS[name]
    return declared.conform(tables.get(name, declared.empty()).filter(pl.col("plan_id") == plan_id))


def _wide(
    people: pl.DataFrame, facts: pl.DataFrame, plan: AdmissionPlan, programs: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Children with a column for each fact of the plan, and for each fact that holds at a school the rows
    `applicant_id, place`."""
    typed, wanted = kinds(plan), list(plan.facts())
    loose = [one for one in _ordering(plan) if one not in typed and one not in people.columns]
    wanted = [one for one in dict.fromkeys([*wanted, *loose]) if one not in people.columns]
    there = facts.filter(pl.col("fact").is_in(wanted) & pl.col("value").is_not_null())
    wide = people
    if there.height:
        wide = people.join(
            there.pivot("fact", index="applicant_id", values="value", aggregate_function="first"),
            on="applicant_id",
            how="left",
            maintain_order="left",
        )
    blank = [pl.lit(None, pl.String).alias(name) for name in wanted if name not in wide.columns]
    wide = wide.with_columns(blank)
    places: dict[str, pl.DataFrame] = {}
    faults: list[Finding] = []
    at = pl.concat([programs["program_id"], programs["school_id"]]).unique()
    flags = {one.trait for one in plan.reserves}
    for name in loose:
        column = wide[name]
        if column.is_in(at.implode()).any():
            strange = wide.filter(pl.col(name).is_not_null() & ~pl.col(name).is_in(at.implode()))
            faults += _mixed(strange, name)
            kept = there.filter((pl.col("fact") == name) & (pl.col("state") != "rejected"))
            places[name] = kept.select("applicant_id", place="value")
            wide = wide.with_columns(pl.col(name).is_not_null().alias(name))
            continue
        read = _loose(column, name in flags)
        strange = wide.filter(read.is_null() & column.is_not_null())
        faults += _mixed(strange, name)
        wide = wide.with_columns(read.alias(name))
    if faults:
        raise BadData("admission.bad_facts", {"count": len(faults)}, faults)
    return wide, places


def _ordering(plan: AdmissionPlan) -> list[str]:
    """Facts the plan orders by or reserves for."""
    named = [one.trait for one in plan.reserves if one.trait]
    if plan.zone_lists is not None:
        named += [one.removeprefix("-") for one in plan.zone_lists.order]
    return [one for one in dict.fromkeys(named) if one not in OWN_FIELDS]


def _loose(column: pl.Series, flag: bool) -> pl.Series:
    """A column of words in the one type that reads most of them: yes or no, days, whole numbers."""
    low = column.str.strip_chars().str.to_lowercase()
    frame = pl.DataFrame({"low": low})
    yes = frame.select(
        pl.when(pl.col("low").is_in(_YES))
        .then(True)
        .when(pl.col("low").is_in(_NO))
        .then(False)
        .otherwise(None)
        .alias("read")
    )["read"]
    if flag or not column.drop_nulls().len():
        return yes
    days = low.str.to_date("%Y-%m-%d", strict=False)
    whole = low.cast(pl.Int64, strict=False)
    return min((yes, days, whole), key=lambda read: read.null_count())


def _mixed(rows: pl.DataFrame, name: str) -> Iterator[Finding]:
    for applicant, value in rows.select("applicant_id", name).iter_rows():
        about = {"applicant": applicant, "field": name, "value": value}
        yield Finding("admission.fact_mixed", "error", "applicant_facts", value=applicant, parameters=about)


def _with_places(
    applications: pl.DataFrame, places: Mapping[str, pl.DataFrame], programs: pl.DataFrame
) -> pl.DataFrame:
    """Applications with `at_<fact>`: whether the fact holds at the school, or the programme, applied to."""
    school = programs.select("program_id", "school_id").unique("program_id")
    rows = applications
    for name, held in places.items():
        rows = (
            rows.join(held, on="applicant_id", how="left", maintain_order="left")
            .join(school, on="program_id", how="left", maintain_order="left")
            .with_columns(
                ((pl.col("place") == pl.col("program_id")) | (pl.col("place") == pl.col("school_id")))
                .fill_null(False)
                .alias(f"at_{name}")
            )
            .drop("place", "school_id")
        )
    return rows


def _uses(tables: Mapping[str, pl.DataFrame], people: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """Earlier uses of the children's addresses; `nine_year` from the kind of the school."""
    uses = INPUTS["address_uses"].conform(tables.get("address_uses", INPUTS["address_uses"].empty()))
    lived = people["address_id"].unique().implode()
    kind = schools.select("school_id", pl.col("kind").is_in(NINE_YEAR).alias("nine_year"))
    return (
        uses.filter(pl.col("address_id").is_in(lived))
        .join(kind.unique("school_id"), on="school_id", how="left", maintain_order="left")
        .with_columns(pl.col("nine_year", "rented").fill_null(False), pl.col("first_year").cast(pl.Int64))
    )


def _scores(scores: pl.DataFrame, score: Score) -> pl.DataFrame:
    """Points as whole numbers of the plan's unit."""
    unit = score.unit
    whole = (pl.col("points") * float(1 / unit)).round().cast(pl.Int64)
    rows = scores.with_columns(
        pl.when(pl.col("subject").is_in(TOTAL_WORDS))
        .then(pl.lit(TOTAL))
        .otherwise("subject")
        .alias("subject"),
        whole.alias("units"),
    )
    off = rows.filter((pl.col("units") * float(unit) - pl.col("points")).abs() > _LEAST)
    if off.height:
        faults = [
            Finding(
                "admission.score_off_unit",
                "error",
                "exam_scores",
                value=one["applicant_id"],
                parameters={
                    "applicant": one["applicant_id"],
                    "subject": one["subject"],
                    "value": one["points"],
                    "unit": _plain(unit),
                },
            )
            for one in off.iter_rows(named=True)
        ]
        raise BadData("admission.bad_scores", {"count": len(faults)}, faults)
    return rows.select(
        "applicant_id", "subject", pl.col("units").alias("points"), pl.lit(str(unit)).alias("unit")
    )


_LEAST = 1e-6
"""Points kept to two decimals differ from a whole number of units by far more than this, or not at all."""


def _plain(number: Fraction) -> str:
    return f"{float(number):g}"
