"""招 Who goes where, why, and the proof."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.admission.plain_answer import write_folder
    from junheng.admission.plain_tables import read_market, refuse_ties
    from junheng.admission.plan_chances import chances
    from junheng.admission.plan_compare import PlanComparison
    from junheng.admission.plan_links import link_chances
    from junheng.admission.plan_market import PlanMarket, PlanResult, market, run_plan
    from junheng.admission.plan_ring import ring_tickets
    from junheng.admission.plan_rounds import Late, PlanRound, second_round
    from junheng.admission.public_draw import hold_draw
    from junheng.admission.result import AdmissionResult, assign_market
else:
    __getattr__ = on_demand(
        __name__,
        {
            "AdmissionResult": "result",
            "Late": "plan_rounds",
            "PlanComparison": "plan_compare",
            "PlanMarket": "plan_market",
            "PlanResult": "plan_market",
            "PlanRound": "plan_rounds",
            "assign_market": "result",
            "chances": "plan_chances",
            "hold_draw": "public_draw",
            "link_chances": "plan_links",
            "market": "plan_market",
            "run_plan": "plan_market",
            "read_market": "plain_tables",
            "refuse_ties": "plain_tables",
            "ring_tickets": "plan_ring",
            "second_round": "plan_rounds",
            "write_folder": "plain_answer",
        },
    )

__all__ = [
    "AdmissionResult",
    "Late",
    "PlanComparison",
    "PlanMarket",
    "PlanResult",
    "PlanRound",
    "assign_market",
    "chances",
    "hold_draw",
    "link_chances",
    "market",
    "read_market",
    "refuse_ties",
    "ring_tickets",
    "run_plan",
    "second_round",
    "write_folder",
]
