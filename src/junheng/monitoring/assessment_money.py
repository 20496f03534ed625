"""Items about money: small schools' funds, special schools' funds, teachers' pay, training."""

from __future__ import annotations

import polars as pl

from junheng.monitoring.assessment_basis import COMPULSORY
from junheng.monitoring.assessment_checks import CENT, Checked, cents, of_schools, outcome
from junheng.monitoring.assessment_frames import COUNTY, PLAIN, cited, parameters, rows
from junheng.monitoring.assessment_ground import BUDGET, Ground
from junheng.monitoring.assessment_logic import line
from junheng.monitoring.ratio import quotient
from junheng.monitoring.status import MET

_SMALL_KINDS = ("211", "218", "219")
"""Primary schools, teaching points and attached primary classes: the 村小 and 教学点 of the rule."""
_BOTH = ("funds_short",)


def small_school_funds(ground: Ground) -> Checked:
    """不足 100 人的村小、教学点: public funds of the budget at least those of a school with 100 pupils.

    The norm a pupil is the local one of the standards; without it nothing can be said.
    """
    small = ground.value("small_school", "small")
    norm = ground.value("public_funds", "primary")
    public = ~pl.col("ownership").str.starts_with("private")
    schools = ground.compulsory.filter(pl.col("kind_of_school").is_in(_SMALL_KINDS) & public)
    doubted = schools.filter(pl.col("pupils").is_null())[COUNTY] if small else ground.counties[COUNTY]
    if small is None:
        return Checked(of_schools(schools.clear()), doubted)
    held = schools.filter(pl.col("pupils") < small.number)
    if norm is None:
        reason = outcome(pl.lit("no_norm"), MET, (), pl.lit(PLAIN))
        return Checked(of_schools(held, den=pl.col("pupils"), op=">=", **reason, **cited((small,))), doubted)
    wanted = line(norm.number) * line(small.number)
    held = held.join(_of_school(ground, "public_funds"), on="area", how="left", maintain_order="left")
    have = pl.col("public_funds")
    # wanted and have in parts of a hundredth of the denominator
    short = (wanted.numerator * CENT - cents(have) * wanted.denominator).clip(lower_bound=0)
    told = parameters(have=have, needed=float(wanted), pupils=pl.col("pupils"))
    found = of_schools(
        held,
        den=pl.col("pupils"),
        op=">=",
        threshold=float(wanted),
        missing_unit="yuan",
        value=have,
        num=have,
        missing_full=quotient(short, pl.lit(wanted.denominator * CENT)),
        **_judged(have.is_not_null(), short == 0, told),
        **cited((small, norm)),
    )
    return Checked(found, doubted)


def _of_school(ground: Ground, item: str) -> pl.DataFrame:
    return ground.amounts(item, basis=BUDGET).rename({"unit": "area"})


def _judged(known: pl.Expr, enough: pl.Expr, told: pl.Expr) -> dict[str, pl.Expr | str | float | int | None]:
    reason = pl.when(~known).then(pl.lit("funds_unknown")).when(enough).then(pl.lit("funds_enough"))
    reason = reason.otherwise(pl.lit("funds_short"))
    return outcome(reason, "funds_enough", _BOTH, pl.when(known).then(told).otherwise(pl.lit(PLAIN)))


def special_school_funds(ground: Ground) -> Checked:
    """特殊教育学校生均公用经费: funds over pupils of special schools, school by school where reported so."""
    norm = ground.value("special_needs_funds", "per_pupil")
    amounts = ground.amounts("special_needs_funds").rename({"unit": "area", "special_needs_funds": "have"})
    heads = ground.total("pupils", ("special",)).alias("heads")
    schools = ground.schools.filter("special").select(COUNTY, "area", heads, pl.lit("school").alias("level"))
    schools = schools.join(amounts, on="area", how="left", maintain_order="left")
    together = schools.group_by(COUNTY, maintain_order=True).agg(
        pl.when(pl.col("heads").null_count() == 0).then(pl.col("heads").sum()).alias("heads"),
        pl.col("have").is_null().all().alias("silent"),
    )
    whole = together.filter("silent").select(
        COUNTY, pl.col(COUNTY).alias("area"), "heads", pl.lit("county").alias("level")
    )
    whole = whole.join(amounts.filter(pl.col("have").is_not_null()), on="area", maintain_order="left")
    told_apart = schools.join(whole, on=COUNTY, how="anti", maintain_order="left")
    units = pl.concat([told_apart, whole]).filter(pl.col("heads").ne_missing(0))
    part = pl.when(pl.col("level") == "county").then(pl.lit("special")).otherwise(pl.lit(""))
    have, pupils = pl.col("have"), pl.col("heads")
    if norm is None:
        reason = outcome(pl.lit("no_rule"), MET, (), pl.lit(PLAIN))
        return Checked(rows(units, part=part, op=">=", num=have, den=pupils, **reason))
    per = line(norm.number)
    known = have.is_not_null() & pupils.is_not_null()
    value = quotient(have, pupils)
    missing = pupils * per.numerator * CENT - cents(have) * per.denominator
    reason = pl.when(have.is_null()).then(pl.lit("funds_unknown")).when(pupils.is_null())
    reason = reason.then(pl.lit("pupils_unknown")).when(missing <= 0).then(pl.lit("per_pupil_enough"))
    told = pl.when(known).then(parameters(have=value, needed=norm.number)).otherwise(pl.lit(PLAIN))
    return Checked(
        rows(
            units,
            part=part,
            op=">=",
            num=have,
            den=pupils,
            threshold=norm.number,
            missing_unit="yuan",
            value=pl.when(known).then(value),
            missing_full=_hundredths(missing, per.denominator),
            **outcome(
                reason.otherwise(pl.lit("per_pupil_short")), "per_pupil_enough", ("per_pupil_short",), told
            ),
            **cited((norm,)),
        )
    )


def _hundredths(missing: pl.Expr, below: int) -> pl.Expr:
    """What is missing (in parts of a hundredth, `below` of them) rounded up to whole hundredths, as a float;
    0 where nothing is."""
    whole = -((-missing) // below)
    return quotient(whole.clip(lower_bound=0), pl.lit(CENT))


def teacher_pay(ground: Ground) -> Checked:
    """教师平均工资收入不低于当地公务员: both averages of the year before."""
    year = ground.year - 1
    held = ground.counties.with_columns(area=COUNTY)
    for item in ("teacher_pay_average", "civil_servant_pay_average"):
        held = held.join(
            ground.amounts(item, year).rename({"unit": "area"}), on="area", how="left", maintain_order="left"
        )
    have, needed = pl.col("teacher_pay_average"), pl.col("civil_servant_pay_average")
    known = have.is_not_null() & needed.is_not_null()
    short = cents(needed) - cents(have)
    reason = pl.when(~known).then(pl.lit("pay_unknown")).when(short > 0).then(pl.lit("pay_below"))
    told = pl.when(known).then(parameters(have=have, needed=needed, pay_year=year))
    return Checked(
        rows(
            held,
            level="county",
            op=">=",
            value=have,
            num=have,
            threshold=needed,
            missing_full=pl.when(known).then(quotient(short.clip(lower_bound=0), pl.lit(CENT))),
            missing_unit=pl.when(known).then(pl.lit("yuan")).otherwise(pl.lit("")),
            **outcome(
                reason.otherwise(pl.lit("pay_enough")),
                "pay_enough",
                ("pay_below",),
                told.otherwise(parameters(pay_year=year)),
            ),
        )
    )


def training_funds(ground: Ground) -> Checked:
    """教师培训经费: school by school at least a share of the public funds of the school's budget."""
    share = ground.value("training", "funds_share")
    taught = pl.any_horizontal([pl.col(f"has_{one}") for one in COMPULSORY])
    held = ground.compulsory.filter(taught)
    if share is None:
        reason = outcome(pl.lit("no_rule"), MET, (), pl.lit(PLAIN))
        return Checked(of_schools(held, op=">=", missing_unit="yuan", **reason))
    for item in ("public_funds", "training_funds"):
        held = held.join(_of_school(ground, item), on="area", how="left", maintain_order="left")
    funds, training, least = pl.col("public_funds"), pl.col("training_funds"), line(share.number)
    known = funds.is_not_null() & training.is_not_null()
    missing = cents(funds) * least.numerator - cents(training) * least.denominator
    needed = quotient(cents(funds) * least.numerator, pl.lit(least.denominator * CENT))
    return Checked(
        of_schools(
            held,
            op=">=",
            missing_unit="yuan",
            num=training,
            den=funds,
            threshold=share.number,
            value=pl.when(known).then(quotient(training, funds)),
            missing_full=pl.when(known).then(_hundredths(missing, least.denominator)),
            **_judged(known, missing <= 0, parameters(have=training, needed=needed)),
            **cited((share,)),
        )
    )
