"""Every table by the template: written, filled in, imported, and the same rows are held."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.unit.data.workbooks import NOW, look
from tests.unit.data.workbooks import workspace as empty

from junheng.data import Workspace
from junheng.data.template import prefilled, workbook
from junheng.model import INPUTS, Region, Table

MONITORED = (
    "school_years",
    "classes",
    "rooms",
    "teachers",
    "finance",
    "reported_counts",
    "external_results",
    "surveys",
    "evidence",
    "improvement_levers",
    "policy_tasks",
    "policy_progress",
    "projects",
)
NEEDED = {"policy_progress": ("policy_tasks", "evidence")}
MOST = 40


@pytest.fixture(scope="module")
def base(tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The example's areas, schools and enrolment, and none of its other tables."""
    made = empty(tmp_path_factory.mktemp("round"), Region("990101", "云州县"))
    made.commit({name: tables[name] for name in ("areas", "schools", "enrolment")}, at=NOW)
    return made


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", MONITORED)
def test_a_filled_template_comes_back_row_for_row(
    base: Workspace,
    tables: dict[str, pl.DataFrame],
    tmp_path: Path,
    name: str,
    language: str,
) -> None:
    wanted = [*NEEDED.get(name, ()), name]
    rows = {one: _some(tables[one], one == name) for one in wanted}
    path = tmp_path / "filled.xlsx"
    workbook(wanted, path, language, rows)
    found = look(base, path)
    assert [f for f in found.findings if f.severity == "error"] == []
    for one in wanted:
        assert_frame_equal(_values(found.tables[one], INPUTS[one]), _values(rows[one], INPUTS[one]))


@pytest.mark.parametrize("name", MONITORED)
def test_headings_alone_tell_the_table(
    base: Workspace, tables: dict[str, pl.DataFrame], tmp_path: Path, name: str
) -> None:
    """The sheet's name does not count: offices rename sheets."""
    path = tmp_path / "renamed.xlsx"
    workbook([name], path, "zh", {name: _some(tables[name], True)})
    book = openpyxl.load_workbook(path)
    book[INPUTS[name].zh].title = "Sheet1"
    book.save(path)
    assert list(look(base, path).tables) == [name]


def _some(frame: pl.DataFrame, few: bool) -> pl.DataFrame:
    return frame.sample(min(MOST, frame.height), seed=1) if few else frame


def _values(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    return table.conform(frame.select(table.names))


def test_a_school_gets_its_stages_and_rooms_to_begin_with(tables: dict[str, pl.DataFrame]) -> None:
    shared = tables["school_years"].filter(pl.col("stage") == "shared")["school_id"][0]
    rows = prefilled(tables, Region("990101", "云州县"), 2026, schools=[shared])
    conditions = rows["school_years"]
    assert set(conditions["year"]) == {2026} and "shared" in conditions["stage"].to_list()
    counts = [name for name in conditions.columns if name not in INPUTS["school_years"].key]
    assert conditions.select(counts).null_count().row(0) == (conditions.height,) * len(counts)
    assert_frame_equal(rows["rooms"], tables["rooms"].filter(pl.col("school_id") == shared))
