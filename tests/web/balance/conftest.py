"""People at the county and above it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.balance.cases import another
from tests.web.desks import Desk


@pytest.fixture
def above(desk: Desk) -> dict[str, Any]:
    """People at the county, at the city above it and at the province above that."""
    from junheng.web.units.models import Unit

    region = desk.unit("region")
    levels = {unit.level: unit for unit in Unit.objects.all() if unit.holds(region) and unit != region}
    desk.units |= {level: unit.code for level, unit in levels.items()}
    return {
        "county": desk.person("statistician"),
        "city": another(desk, "superior", "city" if "city" in levels else "province", "of_city"),
        "province": another(desk, "superior", "province", "of_province"),
    }
