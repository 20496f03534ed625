"""A leader before a meeting: from the map to an area to a school, by mouse and by keyboard alone."""

from __future__ import annotations

from typing import Any

from tests.web.browsing import axe, enter, ready, sign_in

YEAR = 2026


def start(page: Any, desk: Any) -> str:
    region = desk.units["region"]
    page.goto(f"/{region}/{YEAR}/overview/")
    ready(page)
    return f"/{YEAR}/overview/"


def test_by_mouse_down_the_map_and_up_again(page: Any, served: Any) -> None:
    sign_in(page, "leader")
    page.click("nav.rail a:has-text('一张图')")
    ready(page)
    box = page.locator("[data-canvas]").bounding_box()
    with page.expect_navigation():  # the middle of the county lies in one of its areas
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    ready(page)
    area = page.url.split("/")[3]
    assert area in served.workspace.joinpath("maps/areas.geojson").read_text(encoding="utf-8")
    first = page.locator("#t-below tbody th a").first
    name = first.inner_text()
    with page.expect_navigation():
        first.click()
    ready(page)
    assert name in page.inner_text(".crumbs")
    with page.expect_navigation():
        page.click("a[rel=up]")
    assert page.url.split("/")[3] == area


def test_by_keyboard_alone(page: Any, served: Any) -> None:
    enter(page, "leader")
    start(page, served)
    for expected in ("area", "school"):
        page.keyboard.press("Home")
        page.evaluate("() => document.activeElement.blur()")
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("() => Boolean(document.activeElement.closest('#t-below tbody th'))"):
                break
        with page.expect_navigation():
            page.keyboard.press("Enter")
        ready(page)
        assert page.locator("h1").inner_text() == (
            "学校卡片" if expected == "school" else "一张图：全区怎么样？"
        )


def test_it_prints_with_the_still_map_and_no_frame(page: Any, served: Any) -> None:
    enter(page, "leader")
    start(page, served)
    page.emulate_media(media="print")
    assert page.locator("[data-canvas]").first.is_hidden()
    assert page.locator("figure.map img").is_visible() and page.locator("nav.rail").is_hidden()
    page.wait_for_function("() => document.querySelector('figure.map img').naturalWidth > 0")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_meeting_room_fits_its_wall(page: Any, served: Any) -> None:
    enter(page, "leader")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"/{served.units['region']}/{YEAR}/overview/?layout=meeting")
    ready(page)
    assert page.evaluate("() => document.documentElement.scrollHeight") <= 1080
    assert axe(page) == []


def test_eight_rows_are_seen_on_a_laptop(page: Any, served: Any) -> None:
    enter(page, "leader")
    page.set_viewport_size({"width": 1366, "height": 640})
    start(page, served)
    page.evaluate("() => window.scrollTo(0, 0)")
    bottoms = page.evaluate(
        "() => [...document.querySelectorAll('#t-below tbody tr')].map(r => r.getBoundingClientRect().bottom)"
    )
    assert sum(bottom <= 640 for bottom in bottoms) >= 7  # eight but for the banner of the demonstration


def test_pages_have_nothing_grave(page: Any, served: Any) -> None:
    enter(page, "leader")
    region, school = served.units["region"], served.units["school"]
    for path in (
        f"/{region}/{YEAR}/",
        f"/{region}/{YEAR}/messages/",
        f"/{region}/{YEAR}/overview/",
        f"/{school}/{YEAR}/overview/",
        f"/{region}/{YEAR}/publication/",
    ):
        page.goto(path)
        ready(page)
        assert axe(page) == [], path


def test_the_picker_finds_by_first_letters_and_keeps_the_page(page: Any, served: Any) -> None:
    enter(page, "leader")
    start(page, served)
    from junheng.web.units.models import Unit

    town = Unit.objects.get(code=served.units["town"])
    page.fill("#pick-unit", town.initials)
    page.wait_for_selector(".combobox-list [role=option]")
    with page.expect_navigation():
        page.click(f".combobox-list [role=option]:has-text('{town.code}')")
    assert page.url.endswith(f"/{town.code}/{YEAR}/overview/")


def test_at_twice_the_size_nothing_is_cut_off(page: Any, served: Any) -> None:
    """200 % on a laptop is half its width."""
    enter(page, "leader")
    page.set_viewport_size({"width": 683, "height": 384})
    for path in (f"/{served.units['region']}/{YEAR}/", f"/{served.units['region']}/{YEAR}/overview/"):
        page.goto(path)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 683, path
