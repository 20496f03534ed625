"""A region's own plan tracked: targets, readings, projects, tasks, evidence, and what each clause becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from junheng import rules
from junheng.model import TABLES
from junheng.monitoring import track
from junheng.monitoring.plan_tracking import Tracking
from junheng.rules.policies import PolicyDocument

PLANS = Path(__file__).parents[2] / "cases" / "region_plan"
DAY = date(2033, 3, 1)
LAW = rules.at(DAY)


@pytest.fixture(scope="module")
def documents() -> Mapping[str, PolicyDocument]:
    return {"sample-2031": rules.load(PLANS).at(DAY).policies["sample-2031"]}


def _values(*rows: tuple[str, int, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "indicator": name, "year": year, "level": "county", "area": "990101", "stage": "",
                "value": value, "num": round(value * 100, 6), "den": 100.0, "verified": "ours",
            }
            for name, year, value in rows
        ]
    )  # fmt: skip


def _table(name: str, *rows: Mapping[str, Any]) -> pl.DataFrame:
    return TABLES[name].conform(pl.DataFrame(list(rows)))


def _track(documents: Mapping[str, PolicyDocument], **more: Any) -> Tracking:
    return track(more.pop("values", None), documents, day=more.pop("day", DAY), area="990101", **more)


def test_a_clause_is_as_good_as_its_worst_judged_target(documents: Mapping[str, PolicyDocument]) -> None:
    found = _track(documents, values=_values(("public_seat_share", 2032, 0.56)))
    clause = found.explain("sample-2031/7")
    assert (clause.status, clause.n_targets) == ("met", 1)  # of two readings only the stricter is judged
    found = _track(documents, values=_values(("public_seat_share", 2032, 0.55)))
    assert found.explain("sample-2031/7#t1").course.status == "reached"  # 不低于
    assert found.explain("sample-2031/7#t2").course.status != "reached"  # 高于, which is what it is judged by
    assert found.explain("sample-2031/7").status != "met"


def test_readings_that_differ_are_listed_with_the_one_it_is_judged_by(
    documents: Mapping[str, PolicyDocument],
) -> None:
    rows = _track(documents).tables["policy_targets"].filter(pl.col("clause") == "7").to_dicts()
    assert {row["judged_by"] for row in rows} == {"7#t2"}
    assert {row["differs"] for row in rows} == {"op;scope"}


def test_without_data_nothing_is_met_and_nothing_is_zero(documents: Mapping[str, PolicyDocument]) -> None:
    found = _track(documents)
    assert found.check() == []
    assert found.explain("sample-2031/7").status == "no_data"
    assert found.tables["target_progress"]["value"].null_count() == found.tables["target_progress"].height


def test_without_a_target_a_clause_says_what_to_attach(documents: Mapping[str, PolicyDocument]) -> None:
    clause = _track(documents).explain("sample-2031/9")
    assert (clause.status, clause.evidence) == ("not_measurable", ("方案", "会议纪要"))


@pytest.mark.parametrize(
    ("claim", "outcome", "status"),
    [
        ("met", "confirmed", "met"),
        ("unmet", "confirmed", "off_course"),
        ("met", "rejected", "not_measurable"),
        ("met", None, "not_measurable"),  # what nobody reviewed is not met
    ],
)
def test_only_reviewed_evidence_counts(
    documents: Mapping[str, PolicyDocument], claim: str, outcome: str | None, status: str
) -> None:
    row = {
        "evidence_id": "E1", "assessment": "sample-2031", "item": "9", "unit_code": "990101", "year": 2032,
        "claim": claim, "outcome": outcome,
    }  # fmt: skip
    found = _track(documents, evidence=_table("evidence", row))
    assert found.explain("sample-2031/9").status == status


def test_overdue_tasks_put_a_clause_off_course_and_done_ones_meet_it(
    documents: Mapping[str, PolicyDocument],
) -> None:
    task = {
        "document": "sample-2031", "task_id": "9-1", "clause": "9", "title": "印发方案",
        "unit_code": "990101", "due": date(2033, 2, 1), "every": "once",
    }  # fmt: skip
    tasks = _table("policy_tasks", task)
    late = _track(documents, tasks=tasks)
    assert late.explain("sample-2031/9").status == "off_course"
    assert late.explain("sample-2031/9").tasks_overdue == 1
    report = {
        "document": "sample-2031", "task_id": "9-1", "reported_on": date(2033, 2, 1), "status": "done",
    }  # fmt: skip
    done = _track(documents, tasks=tasks, progress=_table("policy_progress", report))
    assert done.explain("sample-2031/9").status == "met"


def test_tasks_written_in_the_plan_are_reminded_of(documents: Mapping[str, PolicyDocument]) -> None:
    states = {one.task_id: one.state for one in _track(documents, day=date(2032, 1, 1)).reminders}
    assert states["k1"] == "overdue"  # due 2031-12-31, every year


PROJECT = {
    "project_id": "P1", "document": "sample-2031", "clause": "8", "unit_code": "990101", "stage": "primary",
    "kind": "new_school", "quantity": 400.0, "unit": "个学位", "delivery_on": date(2032, 8, 20),
    "status": "done",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "value", "contracted"),
    [
        ({}, 400, None),
        ({"status": "building", "delivery_on": date(2034, 8, 20)}, 0, 400),
        ({"status": "building", "delivery_on": date(2032, 8, 20)}, 0, 400),  # late: not done, still coming
        ({"status": "planned", "delivery_on": date(2034, 8, 20)}, None, None),
        ({"unit": "㎡"}, None, None),
        ({"stage": "kindergarten"}, None, None),
        ({"clause": "7"}, None, None),
        ({"delivery_on": None}, None, None),
    ],
)
def test_what_is_new_is_counted_from_projects(
    documents: Mapping[str, PolicyDocument],
    change: Mapping[str, Any],
    value: int | None,
    contracted: int | None,
) -> None:
    found = _track(documents, projects=_table("projects", {**PROJECT, **change}))
    stands = found.explain("sample-2031/8#t1").course
    figure = None if stands.measured is None else stands.measured.value
    assert figure == value
    if contracted is not None:
        assert stands.contracted == contracted


def test_a_span_of_years_warns_at_its_first_day(documents: Mapping[str, PolicyDocument]) -> None:
    for day, warned in ((date(2033, 12, 31), False), (date(2034, 1, 1), True)):
        found = _track(documents, day=day).explain("sample-2031/8#t1")
        assert found.warned is warned


def test_figures_of_a_whole_area_do_not_stand_for_one_place_of_it(
    documents: Mapping[str, PolicyDocument],
) -> None:
    found = _track(documents, values=_values(("new_basic_education_seats", 2032, 5000.0)))
    assert found.explain("sample-2031/8#t1").course.status == "reached"
    narrow = found.explain("sample-2031/8#t2").course
    assert (narrow.status, narrow.reason) == ("no_data", "policy.scope_not_apart")


def test_each_area_has_a_row_and_the_region_is_recomputed_from_their_parts(
    documents: Mapping[str, PolicyDocument],
) -> None:
    one = _values(("public_seat_share", 2032, 0.9))
    other = _values(("public_seat_share", 2032, 0.3)).with_columns(
        pl.lit("990102").alias("area"), pl.lit(3.0).alias("num"), pl.lit(10.0).alias("den")
    )
    indicator = replace(LAW.indicators["smart_campus_share"], id="public_seat_share")
    found = track(
        pl.concat([one, other]), documents, day=DAY, area="9901", indicators={"public_seat_share": indicator}
    )
    rows = found.tables["target_progress"].filter(pl.col("clause") == "7", pl.col("target") == "t2")
    values = {(row["level"], row["area"]): row["value"] for row in rows.to_dicts()}
    assert values == {("region", "9901"): 93 / 110, ("area", "990101"): 0.9, ("area", "990102"): 0.3}
    assert found.explain("sample-2031/7#t2").level == "region"


def test_every_table_is_as_declared_and_the_same_input_gives_the_same_rows(
    documents: Mapping[str, PolicyDocument],
) -> None:
    one, other = (_track(documents, projects=_table("projects", PROJECT)).tables for _ in range(2))
    for name, frame in one.items():
        assert frame.schema == pl.DataFrame(schema=TABLES[name].schema()).schema, name
        assert frame.equals(other[name]), name


def test_all_documents_are_tracked_without_any_data() -> None:
    documents = rules.policies()
    found = track(None, documents, day=date(2026, 3, 1))
    assert found.check() == []
    assert len(found.clauses) == sum(len(one.clauses()) for one in documents.values())
    assert {one.status for one in found.clauses} == {"no_data", "not_measurable"}
    assert all(one.evidence for one in found.clauses if one.status == "not_measurable")
