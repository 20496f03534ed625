"""Items about money: small schools' funds, special schools' funds, teachers' pay, training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from junheng.monitoring.assessment_basis import COMPULSORY, Basis, School
from junheng.monitoring.assessment_checks import Checked, unknown
from junheng.monitoring.assessment_logic import exact, line, still_missing
from junheng.monitoring.assessment_row import ItemRow, cited
from junheng.monitoring.status import MET, UNMET

BUDGET = "budget"
_SMALL_KINDS = ("211", "218", "219")
"""Primary schools, teaching points and attached primary classes: the 村小 and 教学点 of the rule."""


def small_school_funds(basis: Basis, blank: ItemRow) -> Checked:
    """不足 100 人的村小、教学点: public funds of the budget at least those of a school with 100 pupils.

    The norm a pupil is the local one of the standards; without it nothing can be said.
    """
    small = basis.value("small_school", "small")
    norm = basis.value("public_funds", "primary")
    rows: list[ItemRow] = []
    doubtful = False
    for school in basis.compulsory():
        pupils = school.total("pupils")
        if school.kind not in _SMALL_KINDS or school.ownership.startswith("private"):
            continue
        if pupils is None:
            doubtful = True
        if small is None or pupils is None or pupils >= small.number:
            continue
        row = replace(blank, level="school", area=school.school_id, den=float(pupils), op=">=")
        if norm is None:
            rows.append(replace(unknown(row, "no_norm"), **cited((small,))))
            continue
        wanted = line(norm.number) * line(small.number)
        row = replace(row, threshold=float(wanted), missing_unit="yuan", **cited((small, norm)))
        amount = basis.amount(school.school_id, "public_funds", basis=BUDGET)
        if amount is None:
            rows.append(unknown(row, "funds_unknown"))
            continue
        short = max(wanted - exact(amount), Fraction(0))
        rows.append(
            replace(
                row,
                value=amount,
                num=amount,
                status=UNMET if short else MET,
                status_reason="funds_short" if short else "funds_enough",
                reason_parameters={"have": amount, "needed": float(wanted), "pupils": pupils},
                missing_full=float(short),
            )
        )
    return Checked(tuple(rows), not rows and not doubtful and small is not None)


def special_school_funds(basis: Basis, blank: ItemRow) -> Checked:
    """特殊教育学校生均公用经费: funds over pupils of special schools, school by school where reported so."""
    norm = basis.value("special_needs_funds", "per_pupil")
    specials = [school for school in basis.schools if school.special]
    if not specials:
        return Checked((), none_concerned=True)
    units: list[tuple[str, str, int | None, float | None]] = []
    for school in specials:
        amount = basis.amount(school.school_id, "special_needs_funds")
        units.append(("school", school.school_id, school.total("pupils", ("special",)), amount))
    county = basis.amount(basis.region.code, "special_needs_funds")
    if all(amount is None for *_, amount in units) and county is not None:
        heads = [pupils for _, _, pupils, _ in units]
        total = None if None in heads else sum(one for one in heads if one is not None)
        units = [("county", basis.region.code, total, county)]
    rows: list[ItemRow] = []
    for level, unit, pupils, amount in units:
        row = replace(blank, level=level, area=unit, part="special" if level == "county" else blank.part)
        if pupils == 0:
            continue
        row = replace(row, op=">=", num=amount, den=None if pupils is None else float(pupils))
        if norm is None:
            rows.append(unknown(row, "no_rule"))
            continue
        row = replace(row, threshold=norm.number, missing_unit="yuan", **cited((norm,)))
        if pupils is None or amount is None:
            rows.append(unknown(row, "funds_unknown" if amount is None else "pupils_unknown"))
            continue
        short = still_missing(exact(amount), Fraction(pupils), line(norm.number), whole=False)
        rows.append(
            replace(
                row,
                value=amount / pupils,
                status=UNMET if short else MET,
                status_reason="per_pupil_short" if short else "per_pupil_enough",
                reason_parameters={"have": amount / pupils, "needed": norm.number},
                missing_full=float(short),
            )
        )
    return Checked(tuple(rows), not rows)


def teacher_pay(basis: Basis, blank: ItemRow) -> Checked:
    """教师平均工资收入不低于当地公务员: both averages of the year before."""
    year = basis.year - 1
    unit = basis.region.code
    teachers = basis.amount(unit, "teacher_pay_average", year)
    servants = basis.amount(unit, "civil_servant_pay_average", year)
    row = replace(blank, level="county", area=unit, op=">=", value=teachers, num=teachers, threshold=servants)
    if teachers is None or servants is None:
        return Checked((unknown(row, "pay_unknown", pay_year=year),))
    short = exact(servants) - exact(teachers)
    return Checked(
        (
            replace(
                row,
                status=UNMET if short > 0 else MET,
                status_reason="pay_below" if short > 0 else "pay_enough",
                reason_parameters={"have": teachers, "needed": servants, "pay_year": year},
                missing_full=float(max(short, Fraction(0))),
                missing_unit="yuan",
            ),
        )
    )


def training_funds(basis: Basis, blank: ItemRow) -> Checked:
    """教师培训经费: school by school at least a share of the public funds of the school's budget."""
    share = basis.value("training", "funds_share")
    rows: list[ItemRow] = []
    for school in _with_budget(basis):
        row = replace(blank, level="school", area=school.school_id, op=">=", missing_unit="yuan")
        if share is None:
            rows.append(unknown(row, "no_rule"))
            continue
        funds = basis.amount(school.school_id, "public_funds", basis=BUDGET)
        training = basis.amount(school.school_id, "training_funds", basis=BUDGET)
        row = replace(row, num=training, den=funds, threshold=share.number, **cited((share,)))
        if funds is None or training is None:
            rows.append(unknown(row, "funds_unknown"))
            continue
        short = still_missing(exact(training), exact(funds), line(share.number), whole=False)
        rows.append(
            replace(
                row,
                value=training / funds if funds else None,
                status=UNMET if short else MET,
                status_reason="funds_short" if short else "funds_enough",
                reason_parameters={"have": training, "needed": float(line(share.number) * exact(funds))},
                missing_full=float(short),
            )
        )
    return Checked(tuple(rows), not rows)


def _with_budget(basis: Basis) -> Iterator[School]:
    """Schools judged by their own budget: those with compulsory pupils."""
    for school in basis.compulsory():
        if any(stage in school.stages for stage in COMPULSORY):
            yield school
