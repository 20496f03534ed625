"""Plans of entries as the engine takes them, and the variants a trial compares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from junheng.model.errors import BadData
from junheng.rules.admission_plan import LIST_MECHANISMS, AdmissionPlan
from junheng.web.admission import plans

COMPARISONS = ("none", *LIST_MECHANISMS, "plan")
"""What a trial is compared with: nothing, another mechanism for the lists, another plan of the region."""
PARALLEL = (3,)
"""Choices in each band where lists are compared in parallel bands and the plan has none of its own."""


def plan_of(entry: Any) -> AdmissionPlan:
    """The plan as it was saved last with the entry, under the entry's id. BadData with every fault."""
    read = plans.of(entry)
    if read.plan is None:
        raise BadData("admission_plan.invalid", {"count": len(read.faults)}, read.faults)
    return replace(read.plan, id=entry.plan_id)


def with_mechanism(plan: AdmissionPlan, mechanism: Any) -> AdmissionPlan:
    """The same plan with another mechanism for its lists."""
    if plan.zone_lists is None:
        return plan
    bands = (plan.zone_lists.bands or PARALLEL) if mechanism == "parallel" else ()
    return replace(plan, zone_lists=replace(plan.zone_lists, mechanism=mechanism, bands=bands))
