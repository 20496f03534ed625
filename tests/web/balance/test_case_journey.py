"""Evidence from the clerk's file to an item that is met, and a round on its first step, in Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.web.balance.cases import another
from tests.web.browsing import axe, enter, ready, tab
from tests.web.desks import Desk
from tests.web.servers import DeskServer

YEAR = 2026
pytestmark = pytest.mark.both_databases


def clean(page: Any) -> None:
    assert axe(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_from_a_file_to_an_item_that_is_met(
    page: Any, browser: Any, desk_server: DeskServer, served: Desk, tmp_path: Path
) -> None:
    from junheng.web.runs.models import RunRecord

    another(served, "statistician", "region", "statistician_b")
    room = f"/{served.units['region']}/{YEAR}/balance/"
    proof = tmp_path / "作业管理检查.pdf"
    proof.write_bytes(b"%PDF-1.7 shown")

    enter(page, "statistician")
    page.goto(room)
    ready(page)
    assert page.locator('tr[data-key="Q8-"]').get_by_text("未查验").count()
    page.get_by_role("link", name="佐证材料").click()
    page.locator('tr[data-key="Q8"] th a').click()
    page.set_input_files("#file", str(proof))
    page.fill("#note", "各校检查记录")
    page.get_by_role("button", name="提交审核").click()
    page.get_by_text("已提交，等待他人审核。").wait_for()
    assert page.get_by_role("button", name="达到", exact=True).count() == 0, "not by oneself"
    clean(page)

    with tab(browser, desk_server) as reviewer:
        enter(reviewer, "statistician_b")
        reviewer.goto(f"/{served.units['region']}/{YEAR}/")
        reviewer.get_by_text("1 份佐证材料待审核").wait_for()
        reviewer.get_by_role("link", name="去审核").click()
        reviewer.locator('tr[data-key="Q8"] th a').click()
        with reviewer.expect_download() as taken:
            reviewer.get_by_role("link", name="作业管理检查.pdf").click()
        assert Path(taken.value.path()).read_bytes() == proof.read_bytes()
        clean(reviewer)
        reviewer.get_by_role("button", name="达到", exact=True).click()
        reviewer.get_by_text("审核结论已记入。").wait_for()

    page.goto(f"{room}evidence/")
    page.get_by_role("link", name="条变化并纳入数据").click()
    clean(page)
    page.get_by_role("button", name="纳入数据").click()
    page.get_by_text("正在纳入数据。").wait_for()
    for _ in range(40):
        page.goto(f"{room}evidence/")
        if page.locator('tr[data-key="Q8"] .light.good').count() == 2:
            break
        page.wait_for_timeout(1_000)
    assert page.locator('tr[data-key="Q8"] .light.good').count() == 2, "reviewed, and in the data"

    with tab(browser, desk_server) as planner:
        enter(planner, "planner")
        planner.goto(f"/{served.units['region']}/{YEAR}/forecast/start/")
        planner.fill("[name=draws]", "100")
        planner.locator("main form button.primary").click()
        planner.locator("a.button.primary").wait_for(timeout=240_000)
        planner.goto(room)
        ready(planner)
        planner.locator("details.folded > summary").first.click()
        assert planner.locator('tr[data-key="Q8-"]').get_by_text("达标").count()

    run = RunRecord.objects.filter(state=RunRecord.PUBLISHED).get().run_id
    page.goto(f"{room}rounds/")
    page.select_option("#what", f"quality_balance {run}")
    page.fill("#reason", "年度自评")
    page.get_by_role("button", name="开始", exact=True).click()
    page.get_by_text("已开始。").wait_for()
    clean(page)
    page.fill("#reason", "局务会议通过")
    page.set_input_files("#file", str(proof))
    page.get_by_role("button", name="办理", exact=True).click()
    page.get_by_text("已办理，并通知了下一环节。").wait_for()
    assert page.locator(".stops [aria-current=step]").inner_text().startswith("县级自评")
    assert "局务会议通过" in page.locator("#t-history").inner_text()
    clean(page)
