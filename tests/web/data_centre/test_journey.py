"""School and county in Chromium: wrong workbook → mends → submits → returned → submits again → accepted →
locked."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from tests.web.browsing import LAPTOP, axe, enter, ready, tab
from tests.web.desks import Desk
from tests.web.servers import DeskServer

from junheng.data import Workspace
from junheng.web.data_centre.models import Collection, Submission

YEAR = 2026
pytestmark = pytest.mark.both_databases


def ask_for_tables(desk: Desk) -> None:
    from junheng.web.data_centre.collecting.actions import open_collection

    today = timezone.localdate()
    open_collection(
        by=desk.person("statistician"),
        unit=desk.unit("region"),
        year=YEAR,
        name="学年初统计",
        tables=["enrolment"],
        opens=today - timedelta(days=20),
        due=today - timedelta(days=1),
    )


def filled(template: Path, pupils: Any, out: Path) -> Path:
    """The template with pupils in every row, the first as given."""
    book = openpyxl.load_workbook(io.BytesIO(template.read_bytes()))
    sheet = book.worksheets[0]
    row = 5
    while sheet.cell(row, 1).value:
        sheet.cell(row, 4, pupils if row == 5 else 40)
        row += 1
    book.save(out)
    return out


def send(page: Any, file: Path) -> None:
    page.set_input_files("input[name=files]", str(file))
    page.get_by_role("button", name="发送并检查").click()


def clean(page: Any) -> None:
    assert axe(page) == []


def test_from_a_wrong_workbook_to_a_locked_submission(
    page: Any, browser: Any, desk_server: DeskServer, served: Desk, tmp_path: Path
) -> None:
    ask_for_tables(served)
    school = served.units["school"]
    enter(page, "school_clerk")
    page.goto(f"/{school}/{YEAR}/data/")
    clean(page)
    page.locator(".headline a").first.click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载空白模板").click()
    template = Path(taken.value.path())
    assert taken.value.suggested_filename == f"{school}_{YEAR}_在校生.xlsx"

    page.get_by_role("link", name="导入表格").click()
    clean(page)
    send(page, filled(template, "四十", tmp_path / "在校生.xlsx"))
    page.get_by_text("什么都没有写入").wait_for(timeout=40_000)
    assert page.get_by_text("“四十”不是数字").is_visible()
    clean(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="取回标红的文件").click()
    marked = openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).worksheets[0]
    assert "错误信息" in {cell.value for row in marked.iter_rows(max_row=5) for cell in row}

    page.get_by_role("link", name="导入改好的文件").click()
    send(page, filled(template, 40, tmp_path / "在校生.xlsx"))
    page.get_by_role("button", name="确认导入").wait_for(timeout=40_000)
    clean(page)
    page.fill("input[name=note]", "开学")
    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("已导入，成为版本").wait_for(timeout=40_000)
    page.get_by_role("link", name="核对并提交").click()
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("等待核对").wait_for()
    assert "开学" in [version.note for version in Workspace.open(served.workspace).versions()]

    with tab(browser, desk_server, size=LAPTOP) as county:
        enter(county, "statistician")
        county.goto(f"/{served.units['region']}/{YEAR}/data/")
        ready(county)
        clean(county)
        county.locator(".headline a").last.click()  # who is late, in one click
        county.get_by_role("button", name="催报").click()  # and reminded, in two
        county.get_by_text("已催报").wait_for()
        one = Submission.objects.get(unit__code=school, collection=Collection.objects.get())
        county.goto(f"/{served.units['region']}/{YEAR}/data/submissions/{one.pk}/")
        clean(county)
        county.locator("summary", has_text="退回修改").click()
        county.fill("textarea[name=opinion]", "一年级比上年少，请核对")
        county.get_by_role("button", name="退回修改").click()
        county.get_by_text("已退回，填报员已收到消息").wait_for()

        page.reload()
        assert page.get_by_text("一年级比上年少，请核对").first.is_visible()
        page.get_by_role("button", name="提交", exact=True).click()
        page.get_by_text("等待核对").wait_for()

        county.reload()
        county.get_by_role("button", name="接收").click()
        county.get_by_role("button", name="提请锁定").click()
        county.get_by_text("已提请锁定").wait_for()
    with tab(browser, desk_server, size=LAPTOP) as second:
        enter(second, "leader")
        second.goto(f"/{served.units['region']}/{YEAR}/data/submissions/{one.pk}/")
        second.get_by_role("button", name="复核并锁定").click()
        second.get_by_text("已锁定").first.wait_for()
    one.refresh_from_db()
    assert one.state == "locked"
    assert list(one.events.values_list("verb", flat=True))[::-1] == [
        "submit", "return", "submit", "accept", "ask_lock", "lock",
    ]  # fmt: skip
