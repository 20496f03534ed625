"""Words of the forecast room, Chinese first."""

from __future__ import annotations

from junheng.forecast.backtest_messages import MESSAGES as BACKTEST
from junheng.forecast.seat_messages import MESSAGES as SEATS

MESSAGES: dict[str, tuple[str, str]] = {
    **BACKTEST,
    **SEATS,
    # parts of a change
    "part_births": ("出生", "births"),
    "part_young_migration": ("学前迁入", "moving before school"),
    "part_yield": ("入学率变化", "entry yield"),
    "part_progression": ("升级与转学", "progression and transfers"),
    "part_flows": ("校际与片间流动", "flows between schools"),
    "part_housing": ("新楼盘", "new housing"),
    "part_policy": ("情景措施", "levers"),
    "part_scope": ("学校开办与停办", "schools opening and closing"),
    "part_none": ("无变化", "no change"),
}
