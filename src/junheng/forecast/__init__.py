"""测 How many children are coming, and where seats run short."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.forecast.projection import project, what_if
    from junheng.forecast.scenarios.comparison import compare
    from junheng.forecast.seat_balance.seats import seats
    from junheng.forecast.validation.backtesting import backtest
else:
    __getattr__ = on_demand(
        __name__,
        {
            "backtest": "validation.backtesting",
            "compare": "scenarios.comparison",
            "project": "projection",
            "seats": "seat_balance.seats",
            "what_if": "projection",
        },
    )

__all__ = ["backtest", "compare", "project", "seats", "what_if"]
