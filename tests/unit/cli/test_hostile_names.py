"""Names of scenarios come from a file somebody sent: in what is written they stay text."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.spec.test_intake import junheng
from tests.unit.cli.test_first_steps import county  # noqa: F401 - a fixture


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-2+3", "http://x"])
def test_a_scenario_named_like_a_formula_is_written_as_text(
    county: Path,  # noqa: F811
    tmp_path: Path,
    name: str,
) -> None:
    levers, out = tmp_path / "levers.csv", tmp_path / "out.xlsx"
    levers.write_text(
        "情景,措施编号,措施,范围,范围代码,起始学年,参数\n"
        + f"{name},1,MigrationShift,region,,2026,factor=0.5\n",
        encoding="utf-8",
    )
    few = ("--draws", "100", "--years", "3")
    done = junheng("forecast", "what-if", county, "--levers", levers, "--out", out, *few)
    assert done.returncode == 0, done.stderr
    cells = [cell for row in openpyxl.load_workbook(out).active.iter_rows() for cell in row]
    assert name in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"} and not any(cell.hyperlink for cell in cells)
