"""A planner's first hour: a district's real workbook, a row a class, with a typist's slips, from the upload
to the document, by what the pages say."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from tests.shared import shared
from tests.web.browsing import axe, ready, sign_in, tab
from tests.web.desks import PASSWORD, Desk, pointed
from tests.web.servers import DeskServer, junheng

CODE, YEAR = "5535", date.today().year
SLIPS = {10: (2, "十七"), 3000: (1, "Grade 1x"), 5000: (2, "21人左右")}


@pytest.fixture
def empty_desk(tmp_path: Path) -> Iterator[DeskServer]:
    """A district's desk on its first day: no table, one planner."""
    workspace = tmp_path / "district"
    junheng("init", str(workspace), "--code", CODE, "--name", "欧克莱尔学区")
    desk = Desk(workspace, f"sqlite:///{workspace / 'desk' / 'desk.sqlite3'}", "sqlite")
    with pointed(desk):
        from junheng.web.accounts.models import Grant, User
        from junheng.web.operations.setup import prepare
        from junheng.web.units.models import Unit

        prepare()
        unit = Unit.objects.get(code=CODE)
        planner = User(username="planner", name="规划员", email="", unit=unit)
        planner.set_password(PASSWORD)
        planner.save()
        Grant.objects.create(
            user=planner, role="planner", unit=unit, valid_from=date(2020, 1, 1), granted_by=None, reason="x"
        )
    with DeskServer(desk) as server:
        yield server


def workbook(path: Path, slips: dict[int, tuple[int, str]]) -> Path:
    """The district's tables as its office keeps them: a title above the headings, births beside."""
    classes = pl.read_csv(shared("enrolment/ecasd_wi_school_grade.csv.gz"), infer_schema=False)
    births = pl.read_csv(shared("enrolment/ecasd_wi_births.csv"))
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("班级在校生")
        sheet.merge_range("A1:D1", "各校各班人数（历年）", book.add_format({"bold": True}))
        sheet.write_row(2, 0, classes.columns)
        for at, row in enumerate(classes.rows()):
            values: list[Any] = [row[0], row[1], float(row[2]), row[3]]
            if at in slips:
                column, value = slips[at]
                values[column] = value
            sheet.write_row(3 + at, 0, values)
        second = book.add_worksheet("births")
        second.write_row(0, 0, births.columns)
        for at, row in enumerate(births.rows()):
            second.write_row(1 + at, 0, row)
    return path


def send(page: Any, path: Path) -> None:
    page.set_input_files("input[name=files]", str(path))
    page.get_by_role("button", name="发送并检查").click()


def test_from_an_offices_workbook_to_the_document(
    browser: Any, empty_desk: DeskServer, tmp_path: Path
) -> None:
    with tab(browser, empty_desk) as page:
        page.set_default_timeout(60_000)
        sign_in(page, "planner")
        page.get_by_role("link", name="去办理").click()  # the empty desk says where to begin
        page.get_by_role("link", name="导入表格", exact=True).first.click()
        send(page, workbook(tmp_path / "各校班级人数.xlsx", SLIPS))

        page.get_by_role("link", name="列对应", exact=True).click()
        page.get_by_role("button", name="按表头起草").click()
        page.locator("select[name='s1-c-basis']").wait_for()  # the draft opens by itself
        assert page.get_by_text(f"全区域的数填 {CODE}").count() == 1
        page.get_by_label("一行是一个班").check()
        page.fill("input[name='s1-c-area_code']", CODE)
        page.fill("input[name='s1-c-month']", "0")
        page.locator("select[name='s1-c-basis']").select_option(label="户籍出生登记")
        page.select_option("#add_table", label="学校")
        page.get_by_role("button", name="加上").click()
        page.locator("select[name='s2-f-name']").select_option(label="school")
        page.locator("select[name='s2-c-kind']").select_option(label="小学")
        page.fill("input[name='s2-c-area_code']", CODE)
        page.fill("#name", "各校班级人数")
        assert axe(page) == []
        page.get_by_role("button", name="用它检查").first.click()

        page.get_by_text("“十七”不是数字").first.wait_for()
        assert page.get_by_text("“Grade 1x”不是“年级”的可用值").count() == 1
        with page.expect_download() as taken:
            page.get_by_role("link", name=re.compile("^取回标红的文件")).click()
        assert zipfile.is_zipfile(taken.value.path())
        page.get_by_role("link", name="导入改好的文件").click()
        send(page, workbook(tmp_path / "各校班级人数（改）.xlsx", {}))  # the mapping holds under the new name
        page.get_by_role("button", name="确认导入").click()
        page.get_by_text("成为版本 v0001").wait_for()

        page.get_by_role("link", name="重新测算").click()
        page.fill("input[name=years]", "8")
        page.fill("input[name=draws]", "100")
        page.get_by_role("button", name="开始测算").click()
        page.get_by_role("link", name="查看结果").click()
        page.locator(".headline", has_text="学位").wait_for()
        ready(page)

        for name in ("迁移减半", "迁移加倍"):
            page.goto(f"/{CODE}/{YEAR}/forecast/scenarios/")
            page.locator("ul.ready li").filter(has_text=name).get_by_role("button", name="测算").click()
            page.get_by_role("link", name="查看结果").wait_for()
        page.goto(f"/{CODE}/{YEAR}/forecast/scenarios/")
        for box in page.locator("main input[type=checkbox]").all():
            box.check()
        page.get_by_role("button", name="比较所选").click()
        page.locator("table").first.wait_for()
        compared = page.locator("main").inner_text()
        assert "迁移减半" in compared and "迁移加倍" in compared and "基准" in compared
        ready(page)

        page.locator("nav.rail").get_by_role("link", name="报告与运行").click()
        with page.expect_download() as taken:
            page.locator("a[href$='/docx/']").first.click()
        with zipfile.ZipFile(taken.value.path()) as document:
            assert "欧克莱尔学区" in document.read("word/document.xml").decode()
