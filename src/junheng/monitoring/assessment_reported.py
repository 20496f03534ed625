"""Items on what units report: retention by either formula. A county's figure stands before its schools'."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from junheng.monitoring.assessment_basis import Basis
from junheng.monitoring.assessment_checks import CHOICES, Checked, unknown
from junheng.monitoring.assessment_logic import line
from junheng.monitoring.assessment_row import ItemRow, cited
from junheng.monitoring.status import MET, UNMET
from junheng.rules.indicator import AllOf, Comparison, Condition, Indicator

BALANCE = "quality_balance"
GRAIN = "unit_count"
_FORMULAS = (("first_formula", "retention_a"), ("second_formula", "retention_b"))


def reported(basis: Basis, measure: str) -> tuple[int, int] | None:
    """(numerator, denominator) of a measure: the county's row, else the sum over schools; None unreported."""
    rows = basis.rows("reported_counts", measure=measure)
    own = [row for row in rows if row["unit_code"] == basis.region.code]
    schools = {school.school_id for school in basis.schools}
    held = own or [row for row in rows if row["unit_code"] in schools]
    if not held:
        return None
    return sum(row["numerator"] for row in held), sum(row["denominator"] for row in held)


def twice(basis: Basis, indicator: Indicator) -> bool:
    """Whether a reported measure stands for the county itself and for its schools too: added up, it would
    count people twice, so nothing can be said until one of the two is taken away."""
    if indicator.grain != GRAIN:
        return False
    schools = {school.school_id for school in basis.schools}
    for measure in _measures(indicator.where):
        units = {row["unit_code"] for row in basis.rows("reported_counts", measure=measure)}
        if basis.region.code in units and units & schools:
            return True
    return False


def _measures(where: Condition | None) -> list[str]:
    """The measures a condition on reported counts names."""
    parts = where.parts if isinstance(where, AllOf) else (where,)
    return [
        str(literal)
        for part in parts
        if isinstance(part, Comparison) and part.column == "measure"
        for literal in part.operand.literals
    ]


def retention(basis: Basis, blank: ItemRow) -> Checked:
    """初中三年巩固率 by the formula the place has chosen; the other stands beside it without a say.

    With transfers the two differ: the first takes those who moved in out of the leavers, the second adds them
    to those who entered. More than all stay only by a fault of the counts, which is said.
    """
    least = basis.value(BALANCE, "retention")
    chosen = _FORMULAS[1 if basis.chosen(CHOICES, "retention_formula_b") else 0][0]
    judged: list[ItemRow] = []
    beside: list[ItemRow] = []
    for part, measure in _FORMULAS:
        row = replace(blank, level="county", area=basis.region.code, part=part, op=">=")
        row = replace(row, threshold=None if least is None else least.number, **cited((least,)))
        counts = reported(basis, measure)
        if least is None or counts is None or counts[1] <= 0:
            row = unknown(row, "no_rule" if least is None else "not_reported", measure=measure)
        else:
            share = Fraction(*counts)
            row = replace(
                row,
                value=float(share),
                num=float(counts[0]),
                den=float(counts[1]),
                status=MET if share >= line(least.number) else UNMET,
                status_reason="share_enough" if share >= line(least.number) else "share_short",
                reason_parameters={"share": float(share), "line": least.number},
                flags="over_all" if share > 1 else "",
            )
        (judged if part == chosen else beside).append(row)
    return Checked(tuple(judged), shown=tuple(replace(row, kind="beside") for row in beside))
