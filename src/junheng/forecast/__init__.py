"""测 How many children are coming, and where seats run short."""

from junheng.forecast.projection import project, what_if
from junheng.forecast.scenarios.comparison import compare
from junheng.forecast.seat_balance.seats import seats
from junheng.forecast.validation.backtesting import backtest

__all__ = ["backtest", "compare", "project", "seats", "what_if"]
