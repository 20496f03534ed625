"""Two officers in Chromium: freeze, announcement, the draw by keyboard with numbers typed twice, publication,
the verifier on what was published, a placement by hand, a second round."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from tests.web.admission import drawing
from tests.web.browsing import axe, enter, tab
from tests.web.desks import Desk
from tests.web.servers import DeskServer

PLAN = "2027-kindergarten"
WAIT = 120_000


def clean(page: Any) -> None:
    assert axe(page) == []


def confirmed(other: Any, address: str) -> None:
    """The second person opens the page and confirms what waits there."""
    other.goto(address)
    clean(other)
    other.get_by_role("button", name="核对无误，确认").click()
    other.get_by_text("已确认，正在办理。").wait_for()


def shown(page: Any, address: str, text: str) -> None:
    """Open a page again until it says so: a worker is at it."""
    for _ in range(120):
        page.goto(address)
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(page.locator("main").inner_text()[:800])


def step(page: Any, name: str) -> None:
    page.locator(f'.hall[data-step="{name}"]').wait_for(timeout=WAIT)


def pressed(page: Any, name: str) -> None:
    """Go on by the keyboard alone."""
    page.locator("footer button.primary").wait_for(timeout=WAIT)
    page.wait_for_function("() => document.activeElement?.classList.contains('primary')")
    page.keyboard.press("Enter")
    step(page, name)


def typed(page: Any, numbers: tuple[int, ...]) -> None:
    """Numbers by the keyboard alone."""
    page.locator(".typing").wait_for(timeout=WAIT)
    for at, number in enumerate(numbers):
        page.keyboard.type(str(number))
        page.keyboard.press("Tab" if at < len(numbers) - 1 else "Enter")


def test_from_the_freeze_to_a_second_round(
    page: Any, browser: Any, desk_server: DeskServer, served: Desk, tmp_path: Path
) -> None:
    entry = drawing.begun(served, PLAN)
    base = f"/{served.units['region']}/{drawing.YEAR}/admission/{PLAN}/"
    enter(page, drawing.ONE)
    with tab(browser, desk_server) as other:
        enter(other, drawing.OTHER)
        page.goto(base + "freeze/")
        clean(page)
        page.fill("#spare", "5")
        page.get_by_role("button", name="提出封存").click()
        page.get_by_text("已提出，等另一人确认。").wait_for()
        confirmed(other, base + "freeze/")
        shown(page, base + "freeze/", "还没有公告")
        clean(page)

        at = timezone.localtime() + timedelta(seconds=30)
        page.fill("#event_1", "第2027150期")
        page.fill("#at_1", at.strftime("%Y-%m-%dT%H:%M:%S"))
        page.fill("#count_1", "3")
        page.get_by_role("button", name="提出公告").click()
        page.get_by_text("已提出，等另一人确认。").wait_for()
        confirmed(other, base + "freeze/")
        shown(page, base + "freeze/", "派位现场")
        page.goto(base + "commitment/")
        clean(page)

        page.goto(base + "ceremony/")
        step(page, "commitment")
        clean(page)
        pressed(page, "events")
        page.get_by_text("开奖时刻已过").wait_for(timeout=WAIT)  # the screen sees by itself that it is time
        pressed(page, "numbers")
        clean(page)
        typed(page, (3, 1, 4))
        page.get_by_text("您已录入").wait_for()
        other.goto(base + "ceremony/")
        assert "1 3 4" not in other.locator("main").inner_text()  # the second person types blind
        typed(other, (3, 1, 4))
        page.get_by_text("两人录入一致").wait_for(timeout=WAIT)  # the projection follows without a hand
        pressed(page, "seed")
        assert page.locator(".canonical code").inner_text() == "1.3.4./"
        pressed(page, "tickets")
        pressed(page, "placement")
        pressed(page, "checks")
        page.get_by_text("十项全部相符").wait_for()
        clean(page)
        pressed(page, "end")

        for part in ("schools", "waiting", "lines", "placement", "checks"):
            page.goto(f"{base}results/{part}/")
            clean(page)
        page.goto(base + "results/")
        clean(page)
        page.get_by_role("button", name="提出公布").click()
        page.get_by_text("已提出，等另一人确认。").wait_for()
        confirmed(other, base + "results/")
        shown(page, base + "results/", "已公布")
        folder = served.workspace / "admission" / PLAN / "published"
        command = [sys.executable, str(folder / "verify_admission.py"), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout

        page.goto(base + "notices/")
        clean(page)
        page.get_by_label("录取通知书").check()
        page.get_by_role("button", name="开始生成").click()
        page.get_by_text("已开始生成，完成后会通知您。").wait_for()
        page.locator("main .job").get_by_role("link", name="查看结果").wait_for(timeout=WAIT)
        page.goto(base + "notices/")
        clean(page)
        with page.expect_download() as taken:
            page.get_by_role("link", name=f"{PLAN}-admission.pdf").click()
        assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")

        page.goto(base + "results/children/?state=placed")
        clean(page)
        link = page.locator("#t-children tbody a").first
        seated = link.inner_text()
        link.click()
        page.get_by_text("逐个志愿的理由").wait_for()
        clean(page)

        answers = tmp_path / "answers.csv"
        answers.write_text(f"报名编号,答复\n{seated},放弃\n", encoding="utf-8")
        page.goto(base + "answers/")
        page.set_input_files("#file", str(answers))
        page.get_by_role("button", name="按文件记下").click()
        page.get_by_text("已记下 1 份答复。").wait_for()
        clean(page)
        page.get_by_role("button", name="提出补录").click()
        page.get_by_text("已提出，等另一人确认。").wait_for()
        confirmed(other, base + "answers/")
        shown(page, base + "answers/", "已办补录")

        page.goto(base + "overrides/")
        page.fill("#applicant_id", seated)
        page.locator("#program_id").select_option(index=1)
        page.locator("#ground").select_option("late")
        page.fill("#document_no", "云教〔2027〕5号")
        page.get_by_role("button", name="提出", exact=True).click()
        page.get_by_text("等第二人签字").wait_for()
        other.goto(base + "overrides/")
        assert other.get_by_text("没有别的孩子失去学位").is_visible()
        clean(other)
        other.get_by_role("button", name="已看过影响，签字").click()
        other.get_by_text("已签字，重新公布后家庭可见。").wait_for()
        other.goto(base + "sunshine/")
        assert other.get_by_text("云教〔2027〕5号").first.is_visible()
        clean(other)
    assert entry.plan_id == PLAN
