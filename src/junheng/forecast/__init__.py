"""测 How many children are coming, and where seats run short."""

from junheng.forecast.backtesting import backtest
from junheng.forecast.comparison import compare
from junheng.forecast.projection import project, what_if
from junheng.forecast.seats import seats

__all__ = ["backtest", "compare", "project", "seats", "what_if"]
