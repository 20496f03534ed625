"""Haidian, Tianhe, Chicago: streets and schools without pupils draw a map; faulty rows let nothing in."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from tests.shared import shared
from tests.year.commands import MAPPINGS, annual_run, done, junheng, page_text, region

CHICAGO = "enrolment/chicago_hs_grade_2006_2018.csv.gz"


@pytest.fixture(scope="module")
def haidian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = ("haidian/streets.csv", "haidian/primary_schools.csv", "haidian/streets.geojson")
    return annual_run(region(tmp_path_factory.mktemp("hd"), "110108", "haidian", *files))


def test_haidian_draws_its_streets(haidian: Path) -> None:
    page = (haidian / "report.html").read_text(encoding="utf-8")
    drawings = re.findall(r"<svg\b.*?</svg>", page, flags=re.S)
    assert max(len(re.findall(r"<path\b", one)) for one in drawings) >= 29
    assert "29 个街镇" in page_text(haidian) and "海淀街道" in page_text(haidian)


def test_haidian_says_plainly_what_is_missing(haidian: Path) -> None:
    text = page_text(haidian)
    for told in ("89 所学校", "没有预测", "在校生（enrolment）", "没有学位核算", "没有预警"):
        assert told in text, told
    assert not (haidian / "tables" / "forecast_enrolment.parquet").exists()


def test_tianhe_holds_its_plan_and_says_what_a_forecast_needs(tmp_path: Path) -> None:
    workspace = region(tmp_path, "440106", "tianhe", "guangzhou/tianhe_primary_2026.csv")
    answer = done("run", workspace)
    assert "enrolment" in answer.said
    text = page_text(next((workspace / "runs").glob("year-*")))
    assert "65 所学校" in text and "没有预测" in text


def test_chicago_rows_without_an_id_are_named_and_nothing_comes_in(tmp_path: Path) -> None:
    """Rows 370 and 371 carry no school id; sharing a year, they are the doubled school-year too."""
    workspace = tmp_path / "ws"
    done("init", workspace, "--code", "17", "--name", "Chicago")
    before = sorted(shared("enrolment").iterdir())
    answer = junheng("import", workspace, shared(CHICAGO), "--mapping", MAPPINGS / "chicago.toml", "--commit")
    assert answer.code == 3
    for row in (370, 371):
        assert re.search(rf"chicago_hs_grade_2006_2018\.csv\.gz .* 第 {row} 行 · school_id", answer.err), row
    assert "v0001" not in done("versions", workspace).out
    assert not list((workspace / "data").glob("*.parquet"))
    assert sorted(shared("enrolment").iterdir()) == before, "nothing is written beside the original"
    marked = openpyxl.load_workbook(next((workspace / "returned").glob("*.xlsx")))
    sheet = marked.active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    column = heads.index("错误信息") + 1
    told = {row for row in range(2, sheet.max_row + 1) if sheet.cell(row, column).value}
    assert {370, 371} <= told
