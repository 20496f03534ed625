"""Notices from what a plan holds: receipt slips from its tables, all others from its result."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import polars as pl

from junheng.admission.receipts import Secret, receipt_of
from junheng.model import Region
from junheng.model.reason import Language
from junheng.report import wording
from junheng.report.admission.envelope import personal_code
from junheng.report.admission.families_content import Told, notices, program_names
from junheng.report.admission.notice import Letter, Notice
from junheng.rules.admission_plan import AdmissionPlan

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanResult

SENIOR = "senior_high"


def letter_of(region: Region, plan: AdmissionPlan, language: Language = "zh", **filled: str) -> Letter:
    """What notices of a plan in a region share; `filled` are fields of `Letter` the office gives."""
    bureau = region.bureau or wording.say("report.bureau", language, region=region.name)
    declared = wording.say("report.notice.declared", language, region=region.name)
    return Letter(bureau, plan.title, plan.year, declared=declared if region.synthetic else "", **filled)


def receipt_slips(
    tables: Mapping[str, pl.DataFrame],
    plan: AdmissionPlan,
    plan_id: str,
    secret: Secret,
    *,
    names: Mapping[str, str] | None = None,
    children: Collection[str] | None = None,
) -> list[Notice]:
    """Receipt slips (受理回执) with receipt number and family code, by applicant. `tables` of the model
    (`applicants`, `applications`, `admission_programs`, `schools`) in the plan's rows; `names` of children
    where the office has them; `children` only these."""
    schools = tables.get("schools")
    programs = program_names(tables["admission_programs"], schools)
    called: dict[str, str] = {}
    if schools is not None:
        called.update(schools.select("school_id", "name").iter_rows())
    listed: dict[str, list[str]] = {}
    order = tables["applications"].sort("applicant_id", "batch", "choice_rank")
    for who, program in order.select("applicant_id", "program_id").iter_rows():
        name = programs[program] if program in programs else str(program)
        if name not in listed.setdefault(who, []):
            listed[who].append(name)
    rows = tables["applicants"].sort("applicant_id").select("applicant_id", "identity_code", "school_id")
    return [
        Notice(
            "receipt",
            who,
            name=(names or {}).get(who, ""),
            receipt=receipt_of(secret, plan_id, identity) if plan.stage != SENIOR else "",
            code=personal_code(secret, plan_id, who),
            school=called.get(school, school or ""),
            choices=tuple(listed.get(who, ())),
            drawn=plan.stage != SENIOR,
        )
        for who, identity, school in rows.iter_rows()
        if children is None or who in children
    ]


def result_notices(
    result: PlanResult,
    letter: Letter,
    *,
    schools: pl.DataFrame | None = None,
    receipts: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    children: Collection[str] | None = None,
    present: pl.DataFrame | None = None,
    waiting: pl.DataFrame | None = None,
) -> Iterator[Notice]:
    """The notice that follows from each child's result (录取, 统筹, 候补, 未录取), by applicant. `present`
    and `waiting` as `write_edition` takes them."""
    told = Told.of(result, letter, schools=schools, receipts=receipts, present=present, waiting=waiting)
    yield from notices(result, told, names or {}, children)
