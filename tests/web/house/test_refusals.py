"""A refusal no view takes up is a page in the room's words, and damaged data are never shown."""

from __future__ import annotations

from typing import Any

import pytest

from junheng.web.runs import reading
from junheng.web.workspace import FrameCache


@pytest.fixture(autouse=True)
def _nothing_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FRAMES", FrameCache())


def test_a_damaged_run_is_told_not_shown(desk: Any) -> None:
    from junheng.web.runs.models import RunRecord

    run = RunRecord.objects.get(verb="year").run_id
    (desk.workspace / "runs" / run / "tables" / "seat_outlook.parquet").write_bytes(b"not a table")
    answer = desk.client("planner").get(f"/{desk.units['region']}/2026/forecast/")
    assert answer.status_code == 503
    text = answer.content.decode()
    assert "保存的数据与记录不符" in text
    assert "Traceback" not in text


def test_an_altered_run_is_told_not_shown(desk: Any) -> None:
    import polars as pl

    from junheng.web.runs.models import RunRecord

    run = RunRecord.objects.get(verb="year").run_id
    path = desk.workspace / "runs" / run / "tables" / "seat_outlook.parquet"
    pl.read_parquet(path).with_columns(pl.col("gap_p50") * 0).write_parquet(path)
    answer = desk.client("planner").get(f"/{desk.units['region']}/2026/forecast/")
    assert answer.status_code == 409
    assert "保存的数据与记录不符" in answer.content.decode()
