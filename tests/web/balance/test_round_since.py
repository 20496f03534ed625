"""What changed since a run was frozen, by a run computed anew from data the evidence was taken into."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.balance.cases import confirm, give, move, open_one, take
from tests.web.desks import Desk

from junheng.model.errors import Refused


def test_what_changed_since_is_shown_and_a_newer_run_may_be_frozen(desk: Desk, above: dict[str, Any]) -> None:
    from tests.web.servers import junheng

    from junheng.web.runs.actions import note_runs
    from junheng.web.runs.models import RunRecord

    county = above["county"]
    held = move(open_one(desk), "county_self", county)
    first = held.digest
    confirm(give(desk, county, "Q8"), desk.person("superior"))
    take(county)
    junheng("run", str(desk.workspace), "--draws", "100")
    made = note_runs(by="worker")
    assert len(made) == 1
    page = (
        desk.client("planner").get(f"/{desk.units['region']}/2026/balance/rounds/{held.pk}/").content.decode()
    )
    assert 'data-key="Q8-"' in page and made[0].run_id in page
    assert "1 份佐证材料有变动" in page
    with pytest.raises(Refused) as caught:
        move(held, "city_review", county, run_id=made[0].run_id)
    assert caught.value.code == "balance.round_run_unfit", "a draft is nobody's"
    RunRecord.objects.filter(pk=made[0].pk).update(state=RunRecord.REVIEWED)
    held = move(held, "city_review", county, run_id=made[0].run_id)
    assert held.run_id == made[0].run_id and held.digest != first
    page = (
        desk.client("leader").get(f"/{desk.units['region']}/2026/balance/rounds/{held.pk}/").content.decode()
    )
    assert "封存结果未变" in page
