"""One journey a role, from login to the finished result, through the interface only; on both databases.

School clerk and county: tests/web/data_centre/test_journey.py. What if in a meeting: tests/web/forecast.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.web.audit.test_chain import open_the_table, run
from tests.web.browsing import axe, enter, ready, sign_in, tab
from tests.web.desks import Desk
from tests.web.servers import DeskServer

from junheng.web.data_centre.models import Submission
from junheng.web.runs.models import RunRecord

YEAR = 2026
COUNTED = 2025
"""The example's last year with counts."""
pytestmark = pytest.mark.both_databases


def room(page: Any, name: str) -> None:
    """Go to a room by the rail."""
    page.locator("nav.rail").get_by_role("link", name=name, exact=True).click()
    page.wait_for_load_state()


def code_in(page: Any) -> str:
    """Code of the unit in the address."""
    return str(page.url.split("/")[3])


def test_leader_goes_from_desk_to_school_exports_and_prints(page: Any, served: Desk) -> None:
    sign_in(page, "leader")
    assert code_in(page) == served.units["region"]
    ready(page)
    assert axe(page) == []
    room(page, "一张图")
    ready(page)
    area = page.locator("#t-below tbody th a").first
    named = area.inner_text()
    area.click()
    page.wait_for_url(lambda url: served.units["region"] != url.split("/")[3])
    assert named in page.inner_text(".crumbs")
    ready(page)
    school = page.locator("#t-below tbody th a").first
    named = school.inner_text()
    school.click()
    page.locator("h1", has_text="学校卡片").wait_for()
    assert named in page.inner_text(".crumbs")
    ready(page)
    assert len(page.pdf(prefer_css_page_size=True)) > 20_000
    page.get_by_role("link", name="返回上级").click()
    page.wait_for_load_state()

    page.goto(f"/{served.units['region']}/{YEAR}/forecast/")
    page.get_by_role("link", name=re.compile("^预警清单")).first.click()
    with page.expect_download() as taken:
        page.locator("a[href*='warnings/list.']").first.click()
    assert Path(taken.value.path()).stat().st_size > 1000
    assert served.units["region"] in taken.value.suggested_filename
    assert page.get_by_role("link", name="新情景").count() == 0


def test_planner_computes_reviews_and_another_publishes(
    page: Any, browser: Any, desk_server: DeskServer, served: Desk
) -> None:
    page.watch.allow("422")
    before = set(RunRecord.objects.values_list("run_id", flat=True))
    sign_in(page, "planner")
    room(page, "学位预测")
    page.get_by_role("link", name="开始测算").first.click()
    page.fill("input[name=years]", "3")
    page.fill("input[name=draws]", "100")
    page.fill("input[name=seed]", "5")
    page.get_by_role("button", name="开始测算").click()
    page.get_by_role("link", name="查看结果").wait_for(timeout=90_000)
    page.get_by_role("link", name="查看结果").click()
    page.wait_for_url("**/forecast/")
    ready(page)
    (made,) = set(RunRecord.objects.values_list("run_id", flat=True)) - before
    page.locator(f"a[href*='/runs/{made}/']").last.click()  # every number leads to its run
    page.fill("#review-reason", "已看过预警与疑点")
    page.get_by_role("button", name="复核").click()
    page.locator("ol.steps").get_by_text("规划员").or_(page.locator("ol.steps").get_by_text("planner")).nth(
        1
    ).wait_for()
    assert page.get_by_role("button", name="发布").count() == 0  # not by herself

    with tab(browser, desk_server) as leader:
        sign_in(leader, "leader")
        leader.locator(f"a[href*='/runs/{made}/']").first.click()  # from the desk's to-do
        leader.fill("#publish-reason", "局务会通过")
        leader.get_by_role("button", name="发布").click()
        leader.locator(".light", has_text="已发布").first.wait_for()
        assert axe(leader) == []
    with tab(browser, desk_server) as clerk:
        enter(clerk, "school_clerk")
        clerk.goto(f"/{served.units['school']}/{YEAR}/forecast/")
        assert clerk.locator(f"a[href*='/runs/{made}/']").count() >= 1


def test_city_viewer_compares_and_returns_but_edits_nothing(page: Any, served: Desk) -> None:
    from junheng.web.data_centre.collecting.actions import open_collection, submit

    today = timezone.localdate()
    made = open_collection(
        by=served.person("statistician"), unit=served.unit("region"), year=COUNTED, name="学年初统计",
        tables=["enrolment"], opens=today - timedelta(days=3), due=today + timedelta(days=9),
    )  # fmt: skip
    part = Submission.objects.get(collection=made, unit=served.unit("region"))
    Submission.objects.filter(collection=made).exclude(pk=part.pk).update(state=Submission.ACCEPTED)
    submit(submission=part, by=served.person("statistician"), row_version=part.row_version)

    sign_in(page, "superior")
    assert code_in(page) == served.units["above"]
    ready(page)
    county = page.locator(f"main a[href^='/{served.units['region']}/']").first
    assert county.count() == 1, "the counties stand side by side on the desk"
    county.click()
    page.wait_for_load_state()
    room(page, "数据中心")
    assert page.get_by_role("link", name="导入表格").count() == 0
    assert page.request.get(f"/{served.units['region']}/{COUNTED}/data/import/").status == 403
    page.goto(f"/{served.units['region']}/{COUNTED}/data/submissions/{part.pk}/")
    assert page.get_by_role("link", name="导入表格").count() == 0
    page.locator("summary", has_text="退回修改").click()
    page.fill("textarea[name=opinion]", "初中人数与上年相差过大，请核对")
    page.get_by_role("button", name="退回修改").click()
    page.get_by_text("已退回").first.wait_for()
    assert axe(page) == []
    part.refresh_from_db()
    assert (part.state, part.changed_by.username) == (Submission.RETURNED, "superior")


def test_auditor_finds_what_was_altered_beneath(page: Any, served: Desk) -> None:
    sign_in(page, "auditor")  # password and second factor
    page.goto(f"/{served.units['region']}/{YEAR}/manage/audit/")
    page.get_by_role("button", name="立即校验").click()
    page.locator("h1, .headline", has_text="校验完整").first.wait_for()
    assert axe(page) == []
    open_the_table()
    run("UPDATE audit_auditevent SET reason = %s WHERE seq = 3", "nothing happened")
    page.get_by_role("button", name="立即校验").click()
    page.get_by_text("第 3 条的内容被改动").first.wait_for()
    page.locator("h1, .headline", has_text="审计记录不完整").first.wait_for()
    assert page.request.get(f"/{served.units['region']}/{YEAR}/forecast/").status in (403, 404)
