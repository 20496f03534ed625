"""察 What the law asks of schools and counties: indicators measured from rows, assessments, plans tracked."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.monitoring.assessment import assess
    from junheng.monitoring.measuring import measure
    from junheng.monitoring.plan_tracking import track
else:
    __getattr__ = on_demand(
        __name__, {"assess": "assessment", "measure": "measuring", "track": "plan_tracking"}
    )

__all__ = ["assess", "measure", "track"]
