"""Bureau and school in Chromium: an overdue task is seen, reported with its file, examined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.web.browsing import axe, enter, ready, tab
from tests.web.desks import Desk
from tests.web.plan.plans import PLAN, write_plan
from tests.web.servers import DeskServer

YEAR = 2026
pytestmark = pytest.mark.both_databases


def clean(page: Any) -> None:
    assert axe(page) == []


def test_from_an_overdue_task_to_one_examined(
    page: Any, browser: Any, desk_server: DeskServer, served: Desk, tmp_path: Path
) -> None:
    write_plan(served)
    region, school = served.units["region"], served.units["school"]
    proof = tmp_path / "验收单.pdf"
    proof.write_bytes(b"%PDF-1.7 shown")

    enter(page, "statistician")
    page.goto(f"/{region}/{YEAR}/plan/")
    clean(page)
    page.get_by_role("navigation", name="规划台账").get_by_role("link", name="任务").click()
    page.select_option("#f-state", "overdue")
    page.wait_for_url("**state=overdue**")
    row = page.locator(f'tr[data-key="{PLAN}-k1"]')
    assert "逾期 10 天" in row.inner_text()
    clean(page)

    with tab(browser, desk_server) as clerk:
        enter(clerk, "school_clerk")
        clerk.goto(f"/{school}/{YEAR}/")
        clerk.get_by_text("规划任务逾期：报送验收单").wait_for()
        clerk.goto(f"/{school}/{YEAR}/plan/tasks/{PLAN}/k1/")
        clean(clerk)
        clerk.select_option("#status", "done")
        clerk.fill("#value", "1")
        clerk.fill("#note", "已验收")
        clerk.set_input_files("#file", str(proof))
        clerk.get_by_role("button", name="报送").click()
        clerk.get_by_text("已报送。").wait_for()
        assert clerk.locator("#t-reports").get_by_text("未查验").is_visible()
        clean(clerk)

    page.goto(f"/{region}/{YEAR}/")
    page.get_by_text("1 份任务报告待核实").wait_for()
    page.goto(f"/{region}/{YEAR}/plan/tasks/{PLAN}/k1/")
    assert page.locator("#t-reports").get_by_text("已验收").is_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="验收单.pdf").click()
    assert Path(taken.value.path()).read_bytes() == proof.read_bytes()
    clean(page)
    page.get_by_role("button", name="核实无误").click()
    page.get_by_text("已处理。").wait_for()
    assert "完成" in page.locator(".headline").inner_text()

    page.goto(f"/{region}/{YEAR}/plan/documents/haidian-14fyp/clauses/目标-06/")
    ready(page)
    assert page.locator("figure.island canvas, figure.island svg").count() >= 1
    clean(page)
    page.goto(f"/{region}/{YEAR}/plan/spending/")
    clean(page)
