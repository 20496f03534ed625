"""A job watched in the browser: progress by itself, cancelling by a click, nothing left asking at the end."""

from __future__ import annotations

from typing import Any

from tests.web.browsing import axe, enter, tab
from tests.web.desks import Desk
from tests.web.servers import DeskServer

from junheng.web.jobs import actions
from junheng.web.jobs.models import Job


def start(desk: Desk, verb: str, queue: str = "heavy", **args: Any) -> Job:
    return actions.start(
        verb=verb, args=args, unit=desk.unit("region"), by=desk.person("planner"), queue=queue
    )


def test_a_job_is_followed_to_its_end(page: Any, served: Desk) -> None:
    (served.workspace / "desk" / "empty.csv").write_text("school_id,stage,year,seats\n", encoding="utf-8")
    enter(page, "planner")
    job = start(served, "preview", "quick", files=["empty.csv"], report="report")
    page.goto(f"/{served.units['region']}/2026/jobs/{job.pk}/")
    page.locator("[data-living=no]").wait_for(timeout=60_000)
    assert page.locator(".job .light").inner_text() in ("完成", "未成功")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []
    assert axe(page) == []


def test_a_click_cancels(page: Any, served: Desk, browser: Any, desk_server: DeskServer) -> None:
    job = start(served, "run", years=30, draws=10_000)
    enter(page, "planner")
    page.goto(f"/{served.units['region']}/2026/jobs/{job.pk}/")
    page.get_by_role("button", name="取消任务").click()
    page.locator("[data-living=no]").wait_for(timeout=60_000)
    assert page.locator(".job .light").inner_text() == "已取消"
    with tab(browser, desk_server) as other:
        enter(other, "system_admin")
        other.goto(f"/{served.units['region']}/2026/jobs/?of=all")
        assert other.get_by_role("link", name="年度测算").count() == 1
        assert axe(other) == []
