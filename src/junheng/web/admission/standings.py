"""What a plan makes of the children as they stand: identities, who changes under another plan, choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from junheng.admission.eligibility import holds, standing
from junheng.admission.plan_facts import kinds, typed
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules import AdmissionPlan
from junheng.web.admission import casework
from junheng.web.admission.models import Child

NO_IDENTITY = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What the plan gives a child: an identity ("" none), where it leads, and the rule that stood against
    it."""

    identity: str
    to: str
    code: str
    rule: str
    fact: str
    cite: str
    first_year: int | None
    years: int | None


@dataclass(frozen=True, slots=True)
class Tested:
    """One identity of the plan and whether the child meets its condition."""

    identity: str
    met: bool


@dataclass(frozen=True, slots=True)
class Affected:
    """Children by identity under two plans, and how many change."""

    before: dict[str, int]
    after: dict[str, int]
    moved: int


def given(plan: AdmissionPlan, children: Sequence[Child]) -> dict[str, Given]:
    """By applicant_id, what the plan gives each child if everything claimed and not rejected is true.
    BadData `admission.bad_facts` for values that cannot be read."""
    if not plan.identities or not children:
        return {}
    frame = casework.wide(children, kinds_of(plan))
    uses = casework.table("address_uses", plan.id)
    rows = standing(frame, plan, address_uses=uses if uses.height else None)
    return {
        row["applicant_id"]: Given(
            row["identity"], row["to"], row["code"], row["rule"], row["fact"], row["cite"],
            row["first_year"], row["years"],
        )
        for row in rows.iter_rows(named=True)
    }  # fmt: skip


def kinds_of(plan: AdmissionPlan) -> dict[str, str]:
    """Facts of the plan with their type: day, whole, flag or text; one that only orders holds at a `place`, a
    school or programme (or is a plain yes)."""
    found: dict[str, str] = dict(kinds(plan))
    found |= {name: "place" for name in plan.facts() if name not in found}
    traits = {one.trait for one in plan.reserves if one.trait and found.get(one.trait) != "place"}
    return found | dict.fromkeys(traits, "flag")


def faults(plan: AdmissionPlan, child: Child) -> list[Finding]:
    """Values of the child that are not of their fact's type."""
    return typed(casework.wide([child], kinds_of(plan)), plan)[1]


def tested(plan: AdmissionPlan, child: Child) -> list[Tested]:
    """Every identity of the plan in its order, met or not; empty when a value cannot be read."""
    frame, wrong = typed(casework.wide([child], kinds_of(plan)), plan)
    if wrong:
        return []
    return [Tested(one.id, bool(holds(one.when, frame)[0])) for one in plan.identities]


def batches(plan: AdmissionPlan, child: Child) -> dict[str, bool]:
    """By batch, whether the child's facts meet its conditions (its line is another matter)."""
    frame, wrong = typed(casework.wide([child], kinds_of(plan)), plan)
    if wrong:
        return {}
    frame = frame.with_columns(pl.lit(_total(plan, child), pl.Float64).alias("total"))
    return {one.id: bool(holds(one.eligible, frame)[0]) for one in plan.batches}


def _total(plan: AdmissionPlan, child: Child) -> float | None:
    scores = casework.table("exam_scores", plan.id)
    own = scores.filter((pl.col("applicant_id") == child.applicant_id) & (pl.col("subject") == "total"))
    return float(own["points"][0]) if own.height else None


def affected(before: AdmissionPlan, after: AdmissionPlan, children: Sequence[Child]) -> Affected | None:
    """Who gets which identity under either plan; None where facts cannot be read under one of them or there
    are no identities."""
    try:
        old, new = given(before, children), given(after, children)
    except BadData:
        return None
    if not old or not new:
        return None
    moved = sum(old[one].identity != new[one].identity for one in old)
    return Affected(
        dict(Counter(one.identity for one in old.values())),
        dict(Counter(one.identity for one in new.values())),
        moved,
    )
