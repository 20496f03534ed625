"""A heading that names another unit: refused as it stands, drafted with its factor, converted when said."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.data.workbooks import codes, filled, look, sentences, xlsx

from junheng.data.mapping_suggest import draft, factor_of_heading
from junheng.model import INPUTS

ROWS = [
    ["学校标识码", "学段", "学年", "教学仪器设备值（万元）", "占地面积（亩）"],
    ["2199000001", "小学", "2025", "265", "31.7"],
]


@pytest.mark.parametrize(
    ("heading", "column", "factor"),
    [
        ("教学仪器设备值（万元）", "equipment_value", 10_000),
        ("教学仪器设备值(单位：万元)", "equipment_value", 10_000),
        ("教学仪器设备值（元）", "equipment_value", None),
        ("占地面积（亩）", "site_area", 2000 / 3),
        ("占地面积（公顷）", "site_area", 10_000),
        ("占地面积（万平方米）", "site_area", 10_000),
        ("占地面积（平方米）", "site_area", None),
        ("专任教师数（百人）", "full_time_teachers", 100),
        ("专任教师数（亩）", "full_time_teachers", None),
        ("来源（万元）", "source", None),
    ],
)
def test_units_of_headings(heading: str, column: str, factor: float | None) -> None:
    assert factor_of_heading(heading, INPUTS["school_years"].column(column)) == factor


def test_another_unit_is_refused_until_somebody_says_so(tmp_path: Path) -> None:
    made = filled(tmp_path)
    path = xlsx(tmp_path / "条件.xlsx", {"学校条件": ROWS})
    found = look(made, path)
    assert codes(found) == ["heading_other_unit"] * 2
    assert any("10000" in text for text in sentences(found)) and all(sentences(found, "en"))
    said = look(made, path, mapping=draft([path]))
    assert codes(said) == []
    (row,) = said.tables["school_years"].iter_rows(named=True)
    assert row["equipment_value"] == 2_650_000.0
    assert row["site_area"] == 21_133.33  # to the decimals the column keeps
    assert codes(said, "warning") == []
