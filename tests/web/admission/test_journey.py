"""Bureau and school in Chromium: a plan edited, children taken in and checked twice, publicity."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.web.admission.entries import PLAN, child_of, given_to
from tests.web.browsing import axe, enter, tab
from tests.web.desks import Desk
from tests.web.servers import DeskServer

YEAR = 2026
pytestmark = pytest.mark.both_databases


def clean(page: Any) -> None:
    assert axe(page) == []


def edited(page: Any, base: str) -> None:
    """The plan taken on, a rule changed, the differences read, saved."""
    page.goto(base)
    page.locator("tr[data-key='2027-primary']").get_by_role("link", name="立项").click()
    page.get_by_role("button", name="立项").click()
    page.get_by_text("已建立。请按本地区规定修改方案。").wait_for()
    clean(page)
    page.get_by_label("统筹距离上限（米）").fill("2500")
    page.get_by_role("button", name="写进文本并核对").click()
    page.get_by_text("与已保存的方案相比：1 处不同").wait_for()
    assert "limit_m: 2500" in page.input_value("#text")
    page.fill("#text", page.input_value("#text").replace("limit_m: 2500", "limit_m: far"))
    page.locator("#plan-text").get_by_role("button", name="核对").click()
    page.locator(".lints .grave").first.wait_for()
    assert page.locator(".margin .grave").count() == 1
    clean(page)
    page.fill("#text", page.input_value("#text").replace("limit_m: far", "limit_m: 2500"))
    page.locator("#plan-text").get_by_role("button", name="保存").click()
    page.get_by_text("方案已保存。").wait_for()
    assert page.get_by_text("超过 2500 米").count() == 1
    clean(page)


def test_from_a_plan_to_its_publicity(page: Any, browser: Any, desk_server: DeskServer, served: Desk) -> None:
    from junheng.web.admission.models import Child, Entry

    region, school = served.units["region"], served.units["school"]
    base = f"/{region}/{YEAR}/admission/"
    enter(page, "admission_officer")
    edited(page, base)

    page.goto(f"{base}{PLAN}/")
    page.get_by_role("button", name="收取数据并开放登记").click()
    page.get_by_text("登记与核验").first.wait_for()
    for _ in range(60):
        page.goto(f"{base}{PLAN}/")
        if page.get_by_role("button", name="开始公示").count():
            break
        page.wait_for_timeout(1000)
    clean(page)
    entry = Entry.objects.get(plan_id=PLAN)
    mine = next(one for one in given_to(entry, served.unit("school"), 3) if len(one.facts) > 1)
    mine.state = "registered"
    for fact in mine.facts.values():
        fact["state"] = "pending"
    mine.save()

    with tab(browser, desk_server) as clerk:
        enter(clerk, "school_clerk")
        clerk.goto(f"/{school}/{YEAR}/")
        clerk.get_by_text("1 名儿童的材料待核验").wait_for()
        clerk.goto(f"/{school}/{YEAR}/admission/{PLAN}/children/?state=at_school")
        clean(clerk)
        clerk.get_by_role("link", name=mine.applicant_id).click()
        clean(clerk)
        first = next(iter(mine.facts))
        clerk.locator(f"tr[data-key='{first}']").get_by_role("checkbox").check()
        clerk.get_by_role("button", name="保存核验结果").click()
        clerk.get_by_text("核验结果已保存。").wait_for()
        clerk.get_by_role("link", name="补件通知").click()
        clerk.get_by_text("下列材料尚缺或不完整").wait_for()
        clean(clerk)
        clerk.go_back()
        clerk.locator(f"tr[data-key='{first}']").get_by_role("checkbox").uncheck()
        for name in mine.facts:
            clerk.locator(f"tr[data-key='{name}']").get_by_label("已核实").check()
        clerk.get_by_role("button", name="保存并通过学校核验").click()
        clerk.get_by_text("待复核").first.wait_for()

    page.goto(f"{base}{PLAN}/children/?state=school_checked")
    clean(page)
    page.get_by_role("button", name="通过全部").click()
    page.get_by_text("已开始批量核验").wait_for()
    page.locator("main .job").get_by_role("link", name="查看").wait_for(timeout=60_000)
    clean(page)
    page.locator("main .job").get_by_role("link", name="查看").click()
    page.get_by_role("button", name="撤回这").wait_for()
    clean(page)
    assert not Child.objects.filter(entry=entry).exclude(state="bureau_checked").exists()

    today = timezone.localdate()
    page.goto(f"{base}{PLAN}/")
    page.fill("#publicity_from", today.isoformat())
    page.fill("#publicity_to", (today + timedelta(days=5)).isoformat())
    page.get_by_role("button", name="开始公示").click()
    page.get_by_text("已开始公示。").wait_for()
    page.goto(f"{base}{PLAN}/publicity/")
    assert page.locator("#t-publicity tbody tr").count() == 100
    clean(page)

    page.goto(f"{base}{PLAN}/objections/")
    page.fill("#text", "房产证日期不符")
    page.fill("#applicant_id", child_of(entry).applicant_id)
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("异议已登记。").wait_for()
    clean(page)
    page.goto(f"{base}{PLAN}/readiness/")
    assert page.get_by_text("1 件异议未答复").is_visible()
    assert page.get_by_text("公示尚未期满").is_visible()
    clean(page)
