"""Words of the forecast room, Chinese first."""

from __future__ import annotations

from junheng.forecast.backtest_messages import MESSAGES as BACKTEST
from junheng.forecast.projection_messages import MESSAGES as PROJECTION
from junheng.forecast.seat_messages import MESSAGES as SEATS

MESSAGES: dict[str, tuple[str, str]] = {
    **BACKTEST,
    **SEATS,
    **PROJECTION,
}
