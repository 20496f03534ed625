"""A planner sees that the county fails, why, and has the way to pass worked out by the real worker."""

from __future__ import annotations

from typing import Any

from tests.web.browsing import axe, enter, ready

YEAR = 2026
PATHS = (
    "",
    "schools/",
    "items/C2/",
    "items/L5/",
    "warnings/",
    "indicators/",
    "indicators/equipment_value_cv/",
)


def test_from_the_verdict_to_the_plan(page: Any, served: Any) -> None:
    page.watch.allow("422")
    enter(page, "planner")
    room = f"/{served.units['region']}/{YEAR}/balance/"
    page.goto(room)
    ready(page)
    with page.expect_navigation():
        page.locator("#t-open tbody th a", has_text="C2").first.click()
    assert "C2" in page.inner_text("h1")
    page.go_back()
    ready(page)
    school = page.locator("#t-wanting tbody th a").first
    name = school.inner_text()
    with page.expect_navigation():
        school.click()
    assert name in page.inner_text(".crumbs")
    assert page.locator("#t-card tbody tr").count() >= 7
    page.goto(f"{room}way/start/")
    page.fill("#f-cost-0", "-3")
    with page.expect_navigation():
        page.click("form.levers button.primary")
    page.click(".faults a")
    page.keyboard.press("Control+a")
    page.keyboard.type("98000")
    with page.expect_navigation():
        page.click("form.levers button.primary")
    page.locator("a.button.primary").click(timeout=240_000)
    page.wait_for_url("**/balance/way/")
    assert page.locator("#t-coefficients tbody tr").count() == 14
    assert page.locator("#t-measures tbody tr").count() > 10
    assert "万元" in page.inner_text(".headline")
    assert axe(page) == []


def test_pages_are_open_to_everyone(page: Any, served: Any) -> None:
    enter(page, "planner")
    wrong: list[Any] = []
    for path in PATHS:
        page.goto(f"/{served.units['region']}/{YEAR}/balance/{path}")
        ready(page)
        wrong += [(path, one) for one in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        wrong += [(path, "scrolls sideways")] if wide else []
    assert wrong == []
