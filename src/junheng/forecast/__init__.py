"""测 How many children are coming, and where seats run short."""

from junheng.forecast.backtesting import backtest

__all__ = ["backtest"]
