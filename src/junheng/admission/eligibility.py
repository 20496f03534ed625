"""资格: from checked facts to an identity, the first that is met, and the rules that stand against a child.

Address occupancy (六年一学位): an address used by another family is locked while year − first year is below
the years of the rule. The reason names the year, never the family.
"""

from __future__ import annotations

import polars as pl

from junheng.admission.plan_facts import checked, meets, typed
from junheng.model.errors import BadData
from junheng.rules.admission_plan import AddressRule, AdmissionPlan, Condition

REFUSED = -1
"""Identity number of a child the plan does not admit at all."""


def standing(
    applicants: pl.DataFrame,
    plan: AdmissionPlan,
    *,
    checks: pl.DataFrame | None = None,
    address_uses: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Where each child stands: `applicant_id, identity_no` (from 0, `REFUSED`), `identity` (its id), `to`,
    `code` (blank, INELIGIBLE or ADDRESS_LOCKED), `rule`, `fact`, `cite`, `first_year`, `years`, and the facts
    of the plan as they count.

    Needs applicant_id, birth_date where the plan has an age, address_id and family_id where it has an address
    rule, and each fact. Raises BadData `admission.bad_facts` with every fault, `admission.facts_pending`.
    """
    frame, faults = typed(applicants, plan)
    if faults:
        raise BadData("admission.bad_facts", {"count": len(faults)}, faults)
    frame, waiting = checked(frame, checks, plan)
    number = pl.lit(REFUSED)
    for at, one in reversed(list(enumerate(plan.identities))):
        number = pl.when(meets(one.when)).then(pl.lit(at)).otherwise(number)
    frame = frame.with_columns(number.cast(pl.Int64).alias("identity_no"))
    if plan.pending != "stop":
        at = _number(plan, plan.pending)
        frame = frame.with_columns(
            pl.when(waiting).then(pl.lit(at)).otherwise(pl.col("identity_no")).alias("identity_no")
        )
    frame = frame.with_columns(
        pl.lit("").alias("code"),
        pl.lit("").alias("rule"),
        pl.lit("").alias("fact"),
        pl.lit("").alias("cite"),
        pl.lit(None, pl.Int64).alias("first_year"),
        pl.lit(None, pl.Int64).alias("years"),
    )
    frame = _no_identity(frame)
    frame = _address(frame, plan, address_uses)
    frame = _age(frame, plan)
    return _named(frame, plan)


def _number(plan: AdmissionPlan, name: str) -> int:
    return [one.id for one in plan.identities].index(name)


def _no_identity(frame: pl.DataFrame) -> pl.DataFrame:
    none = pl.col("identity_no") == REFUSED
    return frame.with_columns(
        pl.when(none).then(pl.lit("INELIGIBLE")).otherwise("code").alias("code"),
        pl.when(none).then(pl.lit("identities")).otherwise("rule").alias("rule"),
    )


def _age(frame: pl.DataFrame, plan: AdmissionPlan) -> pl.DataFrame:
    if plan.age is None:
        return frame
    born = pl.col("birth_date")
    out = born.is_null()
    if plan.age.born_from is not None:
        out = out | (born < plan.age.born_from)
    if plan.age.born_to is not None:
        out = out | (born > plan.age.born_to)
    span = f"{plan.age.born_from or ''}–{plan.age.born_to or ''}"
    return frame.with_columns(
        pl.when(out).then(pl.lit(REFUSED)).otherwise("identity_no").alias("identity_no"),
        pl.when(out).then(pl.lit("INELIGIBLE")).otherwise("code").alias("code"),
        pl.when(out).then(pl.lit("age")).otherwise("rule").alias("rule"),
        pl.when(out)
        .then(pl.format("{} ∉ {}", born.cast(pl.String).fill_null("–"), pl.lit(span)))
        .otherwise("fact")
        .alias("fact"),
        pl.when(out).then(pl.lit(plan.age.rule.cite)).otherwise("cite").alias("cite"),
    )


def _address(frame: pl.DataFrame, plan: AdmissionPlan, uses: pl.DataFrame | None) -> pl.DataFrame:
    rule = plan.address
    if rule is None or uses is None:
        return frame
    locks = locked(frame.select("applicant_id", "family_id", "address_id"), uses, rule, plan.year)
    frame = frame.join(locks, on="applicant_id", how="left", maintain_order="left")
    bound = [
        at
        for at, one in enumerate(plan.identities)
        if one.to in ("own_school", "zone_lists") and not one.protected and one.id != rule.effect
    ]
    hit = pl.col("locked_since").is_not_null() & pl.col("identity_no").is_in(bound)
    after = REFUSED if rule.effect == "refused" else _number(plan, rule.effect)
    return frame.with_columns(
        pl.when(hit).then(pl.lit(after)).otherwise("identity_no").alias("identity_no"),
        pl.when(hit).then(pl.lit("ADDRESS_LOCKED")).otherwise("code").alias("code"),
        pl.when(hit).then(pl.lit("address")).otherwise("rule").alias("rule"),
        pl.when(hit).then(pl.lit(rule.rule.cite)).otherwise("cite").alias("cite"),
        pl.when(hit).then("locked_since").alias("first_year"),
        pl.when(hit).then("locked_years").alias("years"),
    ).drop("locked_since", "locked_years")


def locked(children: pl.DataFrame, uses: pl.DataFrame, rule: AddressRule, year: int) -> pl.DataFrame:
    """`applicant_id, locked_since, locked_years` of children (applicant_id, family_id, address_id) whose
    address is locked in `year`; of several uses the latest is named. `uses`: address_id, family_id,
    first_year, and `nine_year`, `rented` where known."""
    for flag in ("nine_year", "rented"):
        if flag not in uses.columns:
            uses = uses.with_columns(pl.lit(False).alias(flag))
    used = uses.select("address_id", "first_year", "nine_year", "rented", used_by="family_id")
    nine = rule.years if rule.nine_year_schools is None else rule.nine_year_schools
    is_nine = pl.col("nine_year").fill_null(False) & (pl.col("first_year") >= (rule.nine_year_from or 0))
    years = pl.when(is_nine).then(pl.lit(nine)).otherwise(pl.lit(rule.years))
    other = pl.lit(True) if not rule.exempt_siblings else ~pl.col("family_id").eq_missing(pl.col("used_by"))
    counts = other & (pl.col("first_year") >= (rule.counts_from or 0)) & (pl.col("first_year") < year)
    if not rule.include_rented:
        counts = counts & ~pl.col("rented").fill_null(False)
    return (
        children.join(used, on="address_id")
        .with_columns(years.alias("locked_years"))
        .filter(counts & (pl.lit(year) - pl.col("first_year") < pl.col("locked_years")))
        .sort("first_year", "locked_years")
        .group_by("applicant_id", maintain_order=True)
        .agg(pl.col("first_year").last().alias("locked_since"), pl.col("locked_years").last().cast(pl.Int64))
    )


def _named(frame: pl.DataFrame, plan: AdmissionPlan) -> pl.DataFrame:
    names = [one.id for one in plan.identities]
    going = [one.to for one in plan.identities]
    at = list(range(len(names)))
    number = pl.col("identity_no")
    return frame.with_columns(
        number.replace_strict(at, names, default="", return_dtype=pl.String).alias("identity")
        if names
        else pl.lit("").alias("identity"),
        number.replace_strict(at, going, default="refused", return_dtype=pl.String).alias("to")
        if names
        else pl.lit("refused").alias("to"),
    )


def holds(condition: Condition, facts: pl.DataFrame) -> pl.Series:
    """Which rows of typed facts meet a condition."""
    return facts.select(meets(condition).alias("met"))["met"].cast(pl.Boolean)
