"""招 Who goes where, why, and the proof."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.admission.plain_answer import write_folder
    from junheng.admission.plain_tables import read_market, refuse_ties
    from junheng.admission.plan_market import PlanMarket, PlanResult, market, run_plan
    from junheng.admission.result import AdmissionResult, assign_market
else:
    __getattr__ = on_demand(
        __name__,
        {
            "AdmissionResult": "result",
            "PlanMarket": "plan_market",
            "PlanResult": "plan_market",
            "assign_market": "result",
            "market": "plan_market",
            "run_plan": "plan_market",
            "read_market": "plain_tables",
            "refuse_ties": "plain_tables",
            "write_folder": "plain_answer",
        },
    )

__all__ = [
    "AdmissionResult",
    "PlanMarket",
    "PlanResult",
    "assign_market",
    "market",
    "read_market",
    "refuse_ties",
    "run_plan",
    "write_folder",
]
