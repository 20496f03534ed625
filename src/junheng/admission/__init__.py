"""招 Who goes where, why, and the proof."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.admission.plain_answer import write_folder
    from junheng.admission.plain_tables import read_market, refuse_ties
    from junheng.admission.result import AdmissionResult, assign_market
else:
    __getattr__ = on_demand(
        __name__,
        {
            "AdmissionResult": "result",
            "assign_market": "result",
            "read_market": "plain_tables",
            "refuse_ties": "plain_tables",
            "write_folder": "plain_answer",
        },
    )

__all__ = ["AdmissionResult", "assign_market", "read_market", "refuse_ties", "write_folder"]
