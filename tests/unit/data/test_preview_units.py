"""Whose rows an import would change, and whose are faulty."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.data.test_unit_limits import AREAS, ENROLMENT, SCHOOLS
from tests.unit.data.workbooks import NOW, csv_file, look, sentences, workspace, xlsx

from junheng.data import Workspace

HEAD = ENROLMENT[0]


@pytest.fixture
def made(tmp_path: Path) -> Workspace:
    made = workspace(tmp_path)
    found = look(made, xlsx(tmp_path / "base.xlsx", {"区域": AREAS, "学校": SCHOOLS, "在校生": ENROLMENT}))
    assert not found.errors, sentences(found)
    found.commit(at=NOW)
    return made


def test_units_of_new_and_changed_rows_by_year_and_not_of_unchanged_ones(made: Workspace) -> None:
    rows = [HEAD, ["1", "2025", "一年级", "40"], ["2", "2025", "一年级", "51"], ["1", "2026", "一年级", "42"]]
    found = look(made, csv_file(made.path / "在校生.csv", rows))
    assert [dict(one) for one in found.touched] == [
        {"table": "enrolment", "year": 2025, "units": ["2"]},
        {"table": "enrolment", "year": 2026, "units": ["1"]},
    ]


def test_replacing_touches_those_whose_rows_would_be_gone(made: Workspace) -> None:
    file = csv_file(made.path / "在校生.csv", [HEAD, ["1", "2025", "一年级", "40"]])
    assert not look(made, file).touched
    assert [one["units"] for one in look(made, file, mode="replace").touched] == [["2"]]


def test_a_table_without_years_says_so(made: Workspace) -> None:
    rows = [SCHOOLS[0], ["2", "东河中心小学", "小学", "990101002"]]
    found = look(made, csv_file(made.path / "学校.csv", rows))
    assert [dict(one) for one in found.touched] == [{"table": "schools", "year": None, "units": ["2"]}]


def test_faults_by_unit_with_first_and_last_row(made: Workspace) -> None:
    rows = [HEAD, ["1", "2026", "一年级", "x"], ["2", "2026", "一年级", "-1"], ["1", "2026", "二年级", "y"]]
    found = look(made, csv_file(made.path / "在校生.csv", rows))
    told = [
        (one["unit"], one["severity"], one["count"], one["first_row"], one["last_row"])
        for one in found.by_unit
    ]
    assert told == [("1", "error", 2, 2, 4), ("2", "error", 1, 3, 3)]
