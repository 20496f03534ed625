"""What an announcement says of a plan's draw, without the kernel: mechanism, ring, tickets, and whether the
sources agree with the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junheng.admission.announcement import PROGRAMME, RING, Source
from junheng.model.errors import Refused
from junheng.rules.admission_plan import AdmissionPlan

MECHANISM = "da"
"""Under which every plan is announced."""


def refuse_sources(plan: AdmissionPlan, sources: Sequence[Source]) -> None:
    """Refused `admission.ring_from_balls`, `admission.ring_from_seed` where the announced sources and the
    plan do not agree on who draws start and step."""
    said = "" if plan.draw is None else plan.draw.ring_source
    balls = [one.name for one in sources if one.kind == RING]
    if said and not balls:
        raise Refused("admission.ring_from_balls", {"source": said})
    if plan.draw is not None and plan.draw.ring and balls and not said:
        raise Refused("admission.ring_from_seed", {"source": ", ".join(balls)})


def announced_of(plan: AdmissionPlan) -> dict[str, Any]:
    """What an announcement says of a plan's lottery."""
    draw = plan.draw
    return {
        "mechanism": MECHANISM,
        "bands": (),
        "scope": "",
        "ring": draw is not None and draw.ring,
        "lottery": PROGRAMME if draw is not None and draw.lottery == PROGRAMME else "",
    }
