"""Small frames that conform, shared by the tests of the workspace."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from junheng.model import INPUTS, Region

REGION = Region("990199", "测试县", synthetic=True)
MONDAY = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 9, 8, 8, 30, tzinfo=UTC)


def enrolment(rows: dict[tuple[str, int, str], int]) -> pl.DataFrame:
    """Enrolment from (school, year, grade) -> pupils."""
    frame = pl.DataFrame(
        [(*key, pupils) for key, pupils in rows.items()],
        schema=["school_id", "year", "grade", "pupils"],
        orient="row",
    )
    return INPUTS["enrolment"].conform(frame)


def events(*others: str | None) -> pl.DataFrame:
    """One opening for each other school, which may be absent."""
    return INPUTS["school_events"].conform(
        pl.DataFrame({"school_id": "a", "year": 2020, "event": "open", "other_school_id": list(others)})
    )
