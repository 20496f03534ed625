"""What happens in an office: the session is lost, the server restarts, two people do the same thing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.web.browsing import enter, sign_in, tab
from tests.web.desks import PASSWORD, Desk
from tests.web.servers import DeskServer

from junheng.web.data_centre.models import Submission
from junheng.web.jobs.models import Job

YEAR = 2026
COUNTED = 2025
"""The example's last year with counts."""


def test_a_session_lost_in_the_middle_of_a_form(page: Any, served: Desk) -> None:
    enter(page, "planner")
    page.goto(f"/{served.units['region']}/{YEAR}/forecast/scenarios/new/")
    page.fill("input[name=name]", "城东提前一年")
    page.context.clear_cookies(name="sessionid")
    page.locator("select[name='0-kind']").select_option("FertilityShift")  # a fragment is asked for
    page.locator("input[name=login]").wait_for()  # and the login page fills the page, never the fragment
    assert page.locator("select[name='0-kind']").count() == 0
    page.fill("input[name=login]", "planner")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    assert page.url.endswith("/forecast/scenarios/new/"), "back where she was"
    page.locator("select[name='0-kind']").wait_for()


def test_a_post_without_a_session_changes_nothing_and_leads_back(page: Any, served: Desk) -> None:
    enter(page, "planner")
    before = Job.objects.count()
    page.goto(f"/{served.units['region']}/{YEAR}/forecast/start/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="开始测算").click()
    page.locator("input[name=login]").wait_for()
    page.fill("input[name=login]", "planner")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    page.get_by_role("button", name="开始测算").wait_for()
    assert Job.objects.count() == before


def test_the_server_restarts_in_the_middle_of_a_job(page: Any, desk_server: DeskServer, served: Desk) -> None:
    page.watch.allow("net::ERR")
    page.watch.allow("Failed to fetch")
    enter(page, "planner")
    page.goto(f"/{served.units['region']}/{YEAR}/forecast/start/")
    page.fill("input[name=years]", "3")
    page.fill("input[name=draws]", "100")
    page.fill("input[name=seed]", "9")
    page.get_by_role("button", name="开始测算").click()
    page.locator("[data-living=yes]").wait_for()
    desk_server.kill_web()
    page.wait_for_timeout(2500)  # the page asks in vain
    assert page.locator("[data-living=yes]").is_visible()
    desk_server.start_web()
    page.get_by_role("link", name="查看结果").wait_for(timeout=90_000)  # by itself, without a reload
    assert Job.objects.latest("pk").state == Job.DONE


def test_two_people_and_one_submission(
    page: Any, browser: Any, desk_server: DeskServer, served: Desk
) -> None:
    from junheng.web.data_centre.collecting.actions import open_collection, submit

    page.watch.allow("409")
    page.watch.allow("422")
    today = timezone.localdate()
    made = open_collection(
        by=served.person("statistician"), unit=served.unit("region"), year=COUNTED, name="学年初统计",
        tables=["enrolment"], opens=today - timedelta(days=3), due=today + timedelta(days=9),
    )  # fmt: skip
    part = Submission.objects.get(collection=made, unit=served.unit("school"))
    submit(submission=part, by=served.person("school_clerk"), row_version=part.row_version)
    where = f"/{served.units['region']}/{COUNTED}/data/submissions/{part.pk}/"
    enter(page, "statistician")
    page.goto(where)
    with tab(browser, desk_server) as other:
        sign_in(other, "superior")
        other.goto(where)
        other.locator("summary", has_text="退回修改").click()
        other.fill("textarea[name=opinion]", "请核对")
        other.get_by_role("button", name="退回修改").click()
        other.get_by_text("已退回").first.wait_for()
    page.get_by_role("button", name="接收").click()
    told = page.locator(".faults")
    told.wait_for()
    assert "已修改" in told.inner_text() and served.person("superior").name in told.inner_text()
    part.refresh_from_db()
    assert part.state == Submission.RETURNED
