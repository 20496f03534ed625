"""Tasks with their clocks: the day before, on and after they are due; yearly tasks take reports in turn."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from junheng.monitoring.policy_tasks import STATES, Reminder, reminders, table

TASKS = {
    "document": "plan", "task_id": "1", "clause": "1", "title": "公布预警", "unit_code": "990101",
    "owner": "规划科", "due": date(2026, 4, 30), "every": "once", "indicator": None, "evidence": "公告",
}  # fmt: skip


def _one(day: date, every: str = "once", due: date | None = TASKS["due"], **reports: str) -> Reminder:
    tasks = pl.DataFrame([{**TASKS, "every": every, "due": due}], schema_overrides={"due": pl.Date})
    rows = [
        {
            "document": "plan",
            "task_id": "1",
            "reported_on": date.fromisoformat(on[1:].replace("_", "-")),
            "status": status,
        }
        for on, status in reports.items()
    ]
    progress = pl.DataFrame(
        rows,
        schema={"document": pl.String, "task_id": pl.String, "reported_on": pl.Date, "status": pl.String},
    )
    return reminders({}, tasks, progress, day)[0]


@pytest.mark.parametrize(
    ("day", "state", "days"),
    [
        (date(2026, 3, 30), "open", 31),
        (date(2026, 3, 31), "due_soon", 30),
        (date(2026, 4, 30), "due_soon", 0),
        (date(2026, 5, 1), "overdue", -1),
    ],
)
def test_the_days_around_its_date(day: date, state: str, days: int) -> None:
    found = _one(day)
    assert (found.state, found.days) == (state, days)


def test_done_is_done_whenever_it_was() -> None:
    assert _one(date(2026, 6, 1), d2026_05_20="done").state == "done"
    assert _one(date(2026, 5, 19), d2026_05_20="done").state == "overdue"  # the report is not known yet


def test_blocked_is_said_until_it_is_overdue() -> None:
    assert _one(date(2026, 2, 1), d2026_01_20="blocked").state == "blocked"
    assert _one(date(2026, 2, 1), d2026_01_10="blocked", d2026_01_20="doing").state == "open"
    assert _one(date(2026, 5, 1), d2026_01_20="blocked").state == "overdue"


@pytest.mark.parametrize(
    ("day", "reports", "state", "due"),
    [
        (date(2026, 4, 30), {"d2026_04_01": "done"}, "done", date(2026, 4, 30)),
        (date(2026, 5, 1), {"d2026_04_01": "done"}, "open", date(2027, 4, 30)),
        (date(2027, 5, 1), {"d2026_04_01": "done"}, "overdue", date(2027, 4, 30)),
        (date(2027, 5, 1), {}, "overdue", date(2026, 4, 30)),
        # late for the first year: a second report is needed for the next
        (date(2027, 5, 1), {"d2026_07_01": "done"}, "overdue", date(2027, 4, 30)),
        (date(2027, 5, 1), {"d2026_07_01": "done", "d2027_03_01": "done"}, "open", date(2028, 4, 30)),
    ],
)
def test_a_yearly_task_needs_a_report_each_year(
    day: date, reports: dict[str, str], state: str, due: date
) -> None:
    found = _one(day, "year", **reports)
    assert (found.state, found.due) == (state, due)


def test_a_leap_day_comes_every_year() -> None:
    found = _one(date(2025, 3, 2), "year", date(2024, 2, 29), d2024_02_01="done")
    assert (found.state, found.due) == ("overdue", date(2025, 2, 28))


def test_without_a_date_it_is_never_overdue() -> None:
    assert _one(date(2030, 1, 1), due=None).state == "no_date"


def test_the_most_pressing_come_first() -> None:
    rows = [{**TASKS, "task_id": name, "due": due} for name, due in
            (("b", date(2030, 1, 1)), ("a", date(2025, 1, 1)), ("c", None))]  # fmt: skip
    found = reminders({}, pl.DataFrame(rows), None, date(2026, 1, 1))
    assert [one.task_id for one in found] == ["a", "b", "c"]
    order = [STATES.index(one.state) for one in found]
    assert order == sorted(order)
    assert table(found).height == 3
