"""The administrators' journey: an account is made, a role is granted by two people, the person comes in."""

from __future__ import annotations

from typing import Any

from tests.web.browsing import axe, sign_in, tab
from tests.web.desks import Desk
from tests.web.servers import DeskServer

OWN = "Kunpeng-shuxue-41"


def test_from_a_new_account_to_its_first_day(
    page: Any, browser: Any, desk_server: DeskServer, served: Desk
) -> None:
    page.watch.allow("422")
    sign_in(page, "system_admin")
    at = f"/{served.units['region']}/2026/manage"
    page.goto(f"{at}/people/")
    page.get_by_role("link", name="新建账户").click()
    page.fill("input[name=username]", "wang.yi")
    page.fill("input[name=name]", "王一")
    page.locator("main form.sheet button").first.click()
    temporary = page.locator("code.once").inner_text()
    assert axe(page) == []

    with tab(browser, desk_server) as first:
        sign_in(first, "security_admin")
        first.goto(f"{at}/grants/")
        for role in ("planner", "auditor"):
            first.get_by_role("link", name="授予角色").first.click()
            first.fill("input[name=person]", "wang.yi" if role == "planner" else "principal")
            first.select_option("select[name=role]", role)
            first.fill("textarea[name=reason]", "任命通知")
            first.locator("main form.sheet button").first.click()
            first.locator("h1").wait_for()
            first.goto(f"{at}/grants/")
        with tab(browser, desk_server) as second:
            sign_in(second, "security_admin_2")
            second.get_by_role("link", name="去办", exact=True).click()  # from her desk
            second.locator("main a[href*='/confirm/']").first.click()
            assert axe(second) == []
            if second.locator("textarea[name=reason]").count():
                second.fill("textarea[name=reason]", "已当面核实")
            second.get_by_role("button", name="确认授权").click()
            second.wait_for_load_state()
    assert served.person("principal").may("audit", served.unit("region"))

    with tab(browser, desk_server) as own:
        sign_in(own, "wang.yi", temporary)
        assert "/accounts/password/" in own.url, "a temporary password opens nothing but its change"
        own.goto(f"/{served.units['region']}/2026/forecast/")
        assert "/accounts/password/" in own.url
        own.fill("input[name=oldpassword]", temporary)
        own.fill("input[name=password1]", OWN)
        own.fill("input[name=password2]", OWN)
        with own.expect_navigation():
            own.press("input[name=password2]", "Enter")
        own.fill("input[name=login]", "wang.yi")
        own.fill("input[name=password]", OWN)
        with own.expect_navigation():
            own.press("input[name=password]", "Enter")
        assert f"/{served.units['region']}/" in own.url, "straight to her desk"
        own.locator("nav.rail").get_by_role("link", name="学位预测", exact=True).click()
        own.get_by_role("link", name="开始测算").first.wait_for()
