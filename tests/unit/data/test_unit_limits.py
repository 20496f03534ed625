"""A unit may send its own rows and nothing else, whatever the file claims."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.data.workbooks import NOW, csv_file, look, sentences, workspace, xlsx

from junheng.data import Workspace
from junheng.data.unit_limits import Limits, unit_column
from junheng.model import INPUTS

HERE, THERE = "990101001", "990101002"
AREAS = [
    ["区域代码", "名称", "层级", "上级代码"],
    [HERE, "城关街道", "街道、镇、乡", "990101"],
    [THERE, "东河镇", "街道、镇、乡", "990101"],
]
SCHOOLS = [
    ["学校标识码", "学校名称", "办学类型", "所在区域"],
    ["1", "城关第一小学", "小学", HERE],
    ["2", "东河小学", "小学", THERE],
]
ENROLMENT = [
    ["学校标识码", "学年", "年级", "学生数"],
    ["1", "2025", "一年级", "40"],
    ["2", "2025", "一年级", "50"],
]
HOUSING = [
    ["项目编号", "项目名称", "区域代码", "类型", "套数", "交付年份", "状态"],
    ["P1", "东河苑", THERE, "商品房", "500", "2027", "在建"],
]
SCHOOL, TOWN = Limits(schools=frozenset({"1"})), Limits(areas=frozenset({HERE}))


@pytest.fixture
def made(tmp_path: Path) -> Workspace:
    made = workspace(tmp_path)
    base = {"区域": AREAS, "学校": SCHOOLS, "在校生": ENROLMENT, "住房": HOUSING}
    found = look(made, xlsx(tmp_path / "base.xlsx", base))
    assert not found.errors, sentences(found)
    found.commit(at=NOW)
    return made


def refused(
    made: Workspace, limits: Limits, rows: list[list[str]], **options: str
) -> list[tuple[str, object]]:
    """(code, row) of every fault of the limits in a file of these rows."""
    found = look(made, csv_file(made.path / "sent.csv", rows), limits=limits, **options)
    assert all(sentences(found)) and all(sentences(found, "en"))
    return [
        (f.code.removeprefix("intake."), f.row) for f in found.findings if f.code.startswith("intake.outside")
    ]


def test_every_table_says_whose_a_row_is() -> None:
    named = {name: unit_column(table) for name, table in INPUTS.items()}
    assert [name for name, column in named.items() if not column] == [
        "scenario_levers",
        *(name for name, table in INPUTS.items() if table.by_region),
    ]
    assert named["schools"] == "school_id" and named["areas"] == named["housing"] == "area_code"
    assert named["grade_flows"] == "from_school_id"


@pytest.mark.parametrize("limits", [SCHOOL, TOWN])
def test_own_rows_pass_and_others_only_unchanged(made: Workspace, limits: Limits) -> None:
    head = ENROLMENT[0]
    assert refused(made, limits, [head, ["1", "2025", "一年级", "41"], ["1", "2026", "二年级", "39"]]) == []
    assert refused(made, limits, [head, ENROLMENT[2], ["1", "2026", "一年级", "42"]]) == []
    assert refused(made, limits, [head, ["1", "2026", "一年级", "42"], ["2", "2025", "一年级", "51"]]) == [
        ("outside_unit", 3)
    ]
    assert refused(made, limits, [head, ["2", "2026", "一年级", "51"]]) == [("outside_unit", 2)]


def test_replacing_may_not_delete_rows_of_others(made: Workspace) -> None:
    rows = [ENROLMENT[0], ["1", "2026", "一年级", "41"]]
    assert refused(made, SCHOOL, rows, mode="replace") == [("outside_unit_lost", None)]
    assert refused(made, SCHOOL, [*rows, ENROLMENT[2]], mode="replace") == []


@pytest.mark.parametrize("limits", [SCHOOL, TOWN])
def test_nobody_takes_a_school_over_by_naming_his_own_area(made: Workspace, limits: Limits) -> None:
    assert refused(made, limits, [SCHOOLS[0], ["2", "东河小学", "小学", HERE]]) == [("outside_unit", 2)]


def test_nor_a_project_that_lies_elsewhere(made: Workspace) -> None:
    moved = [*HOUSING[1][:2], HERE, *HOUSING[1][3:]]
    assert refused(made, TOWN, [HOUSING[0], moved]) == [("outside_unit", 2)]
    assert refused(made, TOWN, [HOUSING[0], ["P2", "城关苑", HERE, *HOUSING[1][3:]]]) == []


@pytest.mark.parametrize("limits", [SCHOOL, TOWN])
def test_nor_an_area_by_calling_it_his_own_child(made: Workspace, limits: Limits) -> None:
    rows = [AREAS[0], [THERE, "东河镇", "街道、镇、乡", HERE]]
    assert refused(made, limits, rows) == [("outside_unit", 2)]


def test_a_school_may_not_leave_for_another_area(made: Workspace) -> None:
    assert refused(made, SCHOOL, [SCHOOLS[0], ["1", "城关第一小学", "小学", THERE]]) == [("outside_unit", 2)]
    assert refused(made, SCHOOL, [SCHOOLS[0], ["1", "城关实验小学", "小学", HERE]]) == []


def test_a_town_may_open_a_school_at_home_only(made: Workspace) -> None:
    assert refused(made, TOWN, [SCHOOLS[0], ["3", "新建小学", "小学", HERE]]) == []
    assert refused(made, TOWN, [SCHOOLS[0], ["3", "新建小学", "小学", THERE]]) == [("outside_unit", 2)]
    assert refused(made, SCHOOL, [SCHOOLS[0], ["3", "新建小学", "小学", HERE]]) == [("outside_unit", 2)]


def test_scenarios_and_the_map_belong_to_the_region(made: Workspace, tmp_path: Path) -> None:
    levers = [
        ["情景", "措施编号", "措施", "范围", "范围代码", "起始学年", "参数"],
        ["甲", "1", "MigrationShift", "region", "", "2027", "factor=0.5"],
    ]
    assert refused(made, TOWN, levers) == [("outside_unit", 2)]
    assert refused(made, Limits(areas=frozenset({"990101"})), levers) == []
    square = [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]
    path = tmp_path / "map.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"area_code":"'
        + HERE
        + f'"}},"geometry":{{"type":"Polygon","coordinates":{square}}}}}]}}'
    )
    found = look(made, path, limits=TOWN)
    assert [f.code for f in found.findings if f.severity == "error"] == ["intake.outside_unit_map"]
    assert not look(made, path).errors


def test_the_region_itself_is_without_limits(made: Workspace) -> None:
    rows = [ENROLMENT[0], ["2", "2026", "一年级", "51"]]
    assert refused(made, Limits(areas=frozenset({"990101"})), rows) == []


EVIDENCE = [
    "材料编号",
    "评估",
    "条目",
    "单位代码",
    "学年",
    "主张",
    "文件名",
    "审核人",
    "审核日期",
    "审核结果",
]
OWN = ["E1", "quality_balance", "Q3", "1", "2025", "已达到", "章程.pdf"]


def of_region(made: Workspace, *rows: list[str], limits: Limits = SCHOOL) -> list[str]:
    found = look(made, xlsx(made.path / "evidence.xlsx", {"佐证材料": [EVIDENCE, *rows]}), limits=limits)
    assert all(sentences(found)) and all(sentences(found, "en"))
    return [f.code for f in found.findings if f.severity == "error"]


def test_nobody_reviews_her_own_evidence(made: Workspace) -> None:
    review = ["督导室", "2025-12-01", "认可"]
    assert of_region(made, [*OWN, "", "", ""]) == []
    assert of_region(made, [*OWN, *review]) == ["intake.region_alone"]
    county = Limits(areas=frozenset({"990101"}))
    assert of_region(made, [*OWN, *review], limits=county) == []
    sent = look(made, xlsx(made.path / "county.xlsx", {"佐证材料": [EVIDENCE, [*OWN, *review]]}))
    sent.commit(at=NOW)
    assert of_region(made, [*OWN, *review]) == []  # unchanged, as it stands
    assert of_region(made, [*OWN, "", "", ""]) == ["intake.region_alone"]  # a review wiped off
    other = [*OWN[:-1], "另一份.pdf"]
    assert of_region(made, [*other, *review]) == ["intake.region_alone"]  # a file exchanged under it


def test_a_unit_sets_neither_prices_nor_its_own_tasks(made: Workspace) -> None:
    head = ["文件", "任务编号", "任务", "责任单位"]
    sent = xlsx(made.path / "tasks.xlsx", {"规划任务": [head, ["p", "1", "任务", "1"]]})
    found = look(made, sent, limits=SCHOOL)
    assert [f.code for f in found.findings] == ["intake.outside_unit"]
