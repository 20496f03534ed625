"""`junheng monitoring plan-to-pass` and `watch` on a hand-made county."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest
from tests.unit.monitoring.counties import ENOUGH, REGION, conditions, pupils, school, tables

from junheng.cli import root
from junheng.data import Workspace
from junheng.model import INPUTS

ONE, TWO = "2199000001", "2199000002"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    made = Workspace.create(tmp_path / "ws", REGION)
    short = {**ENOUGH, "equipment_value": 1_650_000.0, "multimedia_rooms": 20}
    good = {**ENOUGH, "equipment_value": 2_000_000.0, "multimedia_rooms": 23}
    rows = [conditions(ONE, "primary", **short), conditions(TWO, "primary", **good)]
    heads = [*pupils(ONE, "primary", 1000, 25), *pupils(TWO, "primary", 1000, 25)]
    made.commit(tables([school(ONE), school(TWO)], heads, rows), at=datetime(2026, 1, 1, tzinfo=UTC))
    return made.path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["junheng", *words])
    with pytest.raises(SystemExit) as left:
        root.main()
    return int(left.value.code or 0)


def _events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_plan_is_printed_with_its_proof_and_written(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "方案.xlsx"
    assert run(monkeypatch, "monitoring", "plan-to-pass", str(workspace), "--out", str(out)) == 0
    text = capsys.readouterr().out
    assert "办法没有价格" in text
    assert "已证明没有更省的方案" in text
    assert "重新评估" in text
    assert out.stat().st_size > 5000
    assert len(fastexcel.read_excel(out).sheet_names) > 2


def test_a_program_hears_one_result(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    assert run(monkeypatch, "monitoring", "plan-to-pass", str(workspace)) == 0
    results = [one for one in _events(capsys.readouterr().out) if one["event"] == "result"]
    assert len(results) == 1
    told = results[0]["summary"]
    # 1,650,000 yuan are under the floor of 1,700,000 and 20 rooms stand over theirs, so that one of the two
    # may rest; rooms count before yuan
    assert told["status"] == "proved"
    assert told["cost"] == [0, 0, 0, 350_000, 0]
    assert told["verified"] == "met"


def test_a_horizon_that_is_none_is_refused(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for horizon in ("soon", "2029,2026", "2026;2029"):
        assert run(monkeypatch, "monitoring", "plan-to-pass", str(workspace), "--horizon", horizon) == 4
        assert horizon in capsys.readouterr().err


def test_prices_of_a_file_go_before_those_of_the_workspace_and_the_plan_lies_in_a_folder(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workspace without prices; the file gives equipment and rooms theirs, so that the cost is in yuan."""
    levers = INPUTS["improvement_levers"].empty()
    rows = [
        {"lever_id": "E", "kind": "buy", "raises": "equipment_value", "per_unit": 1000.0, "cost": 1000.0},
        {"lever_id": "M", "kind": "buy", "raises": "multimedia_rooms", "per_unit": 1.0, "cost": 36_000.0},
    ]
    file = tmp_path / "improvement_levers.parquet"
    pl.DataFrame(rows, schema=levers.schema).with_columns(whole=pl.lit(True), lead_years=0).select(
        levers.columns
    ).cast(dict(levers.schema)).write_parquet(file)
    folder = tmp_path / "plan"
    words = ["--levers", str(file), "--report", str(folder)]
    assert run(monkeypatch, "monitoring", "plan-to-pass", str(workspace), *words) == 0
    told = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    plan = pl.read_parquet(folder / "pass_plan.parquet")
    assert told["priced"] is True
    assert set(plan["lever_id"]) <= {"E", "M"}
    assert plan["cost"].sum() == told["cost"][0] > 0
    assert pl.read_parquet(folder / "pass_gaps.parquet").height


def test_a_file_without_levers_is_refused(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "areas.csv"
    file.write_text("area_code,name\n990101,x\n", encoding="utf-8")
    assert run(monkeypatch, "monitoring", "plan-to-pass", str(workspace), "--levers", str(file)) == 3
    assert "improvement_levers" in capsys.readouterr().err
