"""The planner in a meeting: what if, computed, set beside the base, printed."""

from __future__ import annotations

from typing import Any

from tests.web.browsing import axe, enter, ready
from tests.web.desks import Desk

QUICK = "100"
LISTEN = """() => {
  window.heard = [];
  document.addEventListener('junheng:hover', e => window.heard.push(e.detail.key));
}"""


def test_what_if_in_a_meeting(page: Any, served: Desk) -> None:
    page.watch.allow("422")
    enter(page, "planner")
    region = served.units["region"]
    page.goto(f"/{region}/2026/forecast/")
    ready(page)
    assert axe(page) == []
    page.get_by_role("link", name="情景比较").click()
    page.get_by_role("link", name="新情景").first.click()
    page.locator("select[name='0-kind']").select_option("FertilityShift")
    page.locator("input[name='0-p-factor']").wait_for()
    page.get_by_role("button", name="开始测算").last.click()
    page.locator(".faults").wait_for()
    assert axe(page) == []
    page.fill("input[name=name]", "出生减一成")
    page.fill("input[name='0-p-factor']", "0.9")
    page.get_by_role("button", name="再加一项措施").click()
    page.locator("input[name='1-scope']").press_sequentially(served.units["school"][:6], delay=20)
    page.locator("datalist option").first.wait_for(state="attached")
    page.fill("input[name='1-scope']", served.units["school"])
    page.fill("input[name='1-p-rooms']", "6")
    page.locator("details.settings summary").click()
    page.fill("input[name=draws]", QUICK)
    page.get_by_role("button", name="开始测算").last.click()
    page.get_by_role("link", name="查看结果").wait_for(timeout=120_000)
    page.get_by_role("link", name="查看结果").click()
    page.locator(".headline").get_by_text("出生减一成").wait_for()
    ready(page)
    assert axe(page) == []
    assert len(page.pdf(prefer_css_page_size=True)) > 20_000


def test_a_unit_and_the_warnings_are_sound(page: Any, served: Desk) -> None:
    enter(page, "planner")
    region, town = served.units["region"], served.units["town"]
    for path in (f"{town}/?stage=primary", "warnings/", "start/", "accuracy/", "scenarios/"):
        page.goto(f"/{region}/2026/forecast/{path}")
        ready(page)
        assert axe(page) == [], path


def test_rows_and_bars_answer_to_each_other(page: Any, served: Desk) -> None:
    enter(page, "planner")
    page.goto(f"/{served.units['region']}/2026/forecast/?stage=junior")
    ready(page)
    page.evaluate(LISTEN)
    row = page.locator("#t-heat tbody tr[data-key]").first
    row.hover()
    assert row.get_attribute("data-key") in page.evaluate("() => window.heard")
