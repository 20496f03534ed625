"""Why a child ended where, in words: identity, address, each application with the numbers that decided."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from junheng.admission.messages import MESSAGES
from junheng.admission.plan_entry import day_of
from junheng.admission.plan_lists import UNKNOWN
from junheng.model.errors import Refused
from junheng.model.reason import Language, words

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanResult


FULL, MOVED = "RESERVE_FULL", "FAMILY_MOVED"
"""Reserves full together; a choice waived for the family."""


def explain(result: PlanResult, applicant_id: str, language: Language = "zh") -> str:
    """Everything about one child, a line each. Refused `admission.applicant_unknown`."""
    who = result.problem.standing.filter(pl.col("applicant_id") == applicant_id)
    if who.is_empty():
        raise Refused("admission.applicant_unknown", {"applicant": applicant_id})
    told = [*_standing(result, who.row(0, named=True), language)]
    reasons = result.application_reasons.filter(pl.col("applicant_id") == applicant_id)
    order = {one.stage_id: at for at, one in enumerate(result.stages)}
    rows = sorted(reasons.iter_rows(named=True), key=lambda row: order[row["batch"]])
    told += [_choice(result, row, language) for row in rows]
    end = result.assignment.filter(pl.col("applicant_id") == applicant_id).row(0, named=True)
    waived = next((row["field"] for row in rows if row["code"] == MOVED), "")
    about = {"program": end["program_id"], "metres": end["metres"], "without": _without(waived, language)}
    told.append(words(MESSAGES, f"admission.end.{end['reason']}", about, language))
    return "\n".join(told)


def _standing(result: PlanResult, row: dict[str, Any], language: Language) -> list[str]:
    plan, told = result.problem.plan, list[str]()
    if plan.identities and row["identity"]:
        one = plan.identity(row["identity"])
        about = {"applicant": row["applicant_id"], "identity": one.name, "cite": one.rule.cite}
        code = "admission.who_cited" if one.rule.cite else "admission.who"
        told.append(words(MESSAGES, code, about, language))
    if row["code"] == "ADDRESS_LOCKED":
        told.append(words(MESSAGES, "admission.address_locked", row, language))
    elif row["code"] == "INELIGIBLE":
        told.append(words(MESSAGES, f"admission.refused_{row['rule']}", row, language))
    return told


def _choice(result: PlanResult, row: dict[str, Any], language: Language) -> str:
    plan = result.problem.plan
    code, field = row["code"], row["field"]
    mine, last = str(row["mine"]), str(row["last"])
    if code == "BELOW_LINE":
        mine, last = _points(result, row["mine"]), _points(result, row["last"])
    elif code in ("BELOW_CUTOFF", FULL):
        code, mine, last = _decided(result, field, row["mine"], row["last"], language)
    if field == "total":
        field = words(MESSAGES, "admission.total", {}, language)
    field = field.removeprefix("-")
    about = {"field": plan.words.get(field, field), "mine": mine, "last": last}
    if code == MOVED:
        about["without"] = _without(row["field"], language)
    reason = words(MESSAGES, f"admission.plan_code.{code}", about, language)
    if row["code"] == FULL:
        reason = words(MESSAGES, f"admission.plan_code.{FULL}", {"reason": reason}, language)
    batches = {one.id: one.name for one in plan.batches}
    for stage in ("private", "zone_lists"):
        batches[stage] = words(MESSAGES, f"admission.stage.{stage}", {}, language)
    program = row["program_id"] + (f"（{row['reserve_id']}）" if row["reserve_id"] else "")
    shown = {
        "batch": batches[row["batch"]],
        "rank": row["choice_rank"],
        "program": program,
        "reason": reason,
    }
    return words(MESSAGES, "admission.plan_choice", shown, language)


def _without(program: str, language: Language) -> str:
    """What a child would hold without the family link."""
    return program or words(MESSAGES, "admission.without_none", {}, language)


def _decided(
    result: PlanResult, field: str, mine: int, last: int, language: Language
) -> tuple[str, str, str]:
    """(code, mine, last) of a field of the order as people see it."""
    plan = result.problem.plan
    plain = {
        "ticket": "BELOW_CUTOFF_TICKET",
        "lottery": "BELOW_CUTOFF_LOTTERY",
        "band": "BAND",
        "choice": "BAND",
        "distance": "BELOW_CUTOFF_DISTANCE",
    }
    if field == "ticket" and plan.draw is not None and plan.draw.ring:
        return "BELOW_CUTOFF_RING", str(mine), str(last)
    if field in plain:
        return plain[field], str(mine), str(last)
    if field == "trait":
        return "NOT_IN_RESERVE", "", ""
    if field == "guaranteed":
        return "GUARANTEED_FIRST", "", ""
    if field == "class":
        return "BELOW_CUTOFF_CLASS", _class(result, mine, language), _class(result, last, language)
    if plan.score is not None:
        return "BELOW_CUTOFF_SCORE", _points(result, -mine), _points(result, -last)
    shown = [_value(result, field, one, language) for one in (mine, last)]
    return "BELOW_CUTOFF_FIELD", shown[0], shown[1]


def _class(result: PlanResult, number: int, language: Language) -> str:
    name = result.problem.plan.identities[number // 2].name
    if number % 2:
        return words(MESSAGES, "admission.loser_class", {"identity": name}, language)
    return name


def _points(result: PlanResult, units: int) -> str:
    score = result.problem.plan.score
    return f"{float(units * (score.unit if score is not None else Fraction(1))):g}"


def _value(result: PlanResult, field: str, number: int, language: Language) -> str:
    if number == UNKNOWN:
        return words(MESSAGES, "admission.unknown_value", {}, language)
    kind = result.problem.standing.schema[field.removeprefix("-")]
    if kind == pl.Boolean:
        return words(MESSAGES, "admission.flag_false" if number else "admission.flag_true", {}, language)
    if kind == pl.Date:
        day: date = day_of(number)
        return day.isoformat()
    return str(-number if field.startswith("-") else number)
