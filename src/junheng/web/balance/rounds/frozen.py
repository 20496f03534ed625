"""The run frozen with a state: which may be, what its rows of an assessment come to, what changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.data.digest import bytes_digest, frame_digest
from junheng.monitoring.assessment_row import ItemRow, ResultRow
from junheng.web.balance.queries import Judged
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord

TABLES = ("assessment_items", "assessment_results", "assessment_exceptions")
SHOWN = (RunRecord.REVIEWED, RunRecord.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the county that came out otherwise, or newly, or no more."""

    item: str
    stage: str
    before: ItemRow | None
    after: ItemRow | None


def runs(assessment: str, year: int | None = None) -> list[RunRecord]:
    """Reviewed and published annual runs that judged the assessment, newest first; of this school year and
    later ones."""
    records = RunRecord.objects.filter(verb="year", state__in=SHOWN)
    if year is not None:
        records = records.filter(origin_year__gte=year)
    return [one for one in records if judges(one, assessment)]


def judges(record: RunRecord, assessment: str) -> bool:
    """Whether a run judged the assessment."""
    frame = reading.whole(record, "assessment_results")
    return frame is not None and frame.filter(pl.col("assessment") == assessment).height > 0


def digest(record: RunRecord, assessment: str) -> str:
    """SHA-256 of the run's rows of the assessment."""
    parts: list[str] = []
    for name in TABLES:
        frame = reading.whole(record, name)
        if frame is not None:
            parts.append(f"{name} {frame_digest(frame.filter(pl.col('assessment') == assessment))}")
    return bytes_digest("\n".join(parts).encode())


def changes(frozen: Judged, now: Judged) -> tuple[Change, ...]:
    """Items of the county whose status differs, in the order of the assessment."""
    was, is_now = _whole(frozen), _whole(now)
    return tuple(
        Change(*key, was.get(key), is_now.get(key))
        for key in dict.fromkeys((*was, *is_now))
        if _status(was.get(key)) != _status(is_now.get(key))
    )


def schools_changed(frozen: Judged, now: Judged) -> int:
    """Schools (by stage) whose verdict differs."""
    was, is_now = _verdicts(frozen.whole.results), _verdicts(now.whole.results)
    return sum(was.get(key) != is_now.get(key) for key in {*was, *is_now})


def _verdicts(rows: Sequence[ResultRow]) -> dict[tuple[str, str], str]:
    return {(row.area, row.stage): row.status for row in rows if row.level == "school"}


def _whole(held: Judged) -> dict[tuple[str, str], ItemRow]:
    rows: Sequence[Any] = held.whole.items
    return {
        (row.item, row.stage): row
        for row in rows
        if row.level == "county" and not row.part and row.kind != "beside"
    }


def _status(row: ItemRow | None) -> str:
    return "" if row is None else row.status
