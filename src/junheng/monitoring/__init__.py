"""察 What the law asks of schools and counties: indicators measured from rows, assessments, plans tracked."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.monitoring.assessment import assess
    from junheng.monitoring.measuring import measure
    from junheng.monitoring.pass_way import plan_to_pass
    from junheng.monitoring.plan_tracking import track
    from junheng.monitoring.watching import watch
else:
    __getattr__ = on_demand(
        __name__,
        {
            "assess": "assessment",
            "measure": "measuring",
            "plan_to_pass": "pass_way",
            "track": "plan_tracking",
            "watch": "watching",
        },
    )

__all__ = ["assess", "measure", "plan_to_pass", "track", "watch"]
