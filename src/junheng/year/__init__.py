"""The annual loop: runs the rooms whose tables are present, in order, and says what the others lack."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.year.annual import Options, PastRun, run
    from junheng.year.result import YearResult
else:
    __getattr__ = on_demand(
        __name__, {"Options": "annual", "PastRun": "annual", "YearResult": "result", "run": "annual"}
    )

__all__ = ["Options", "PastRun", "YearResult", "run"]
