"""Children's rows and folders go when their plan says so; everything else stays as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.unit.data.frames import MONDAY, TUESDAY, enrolment
from tests.unit.data.test_admission_folder import PLAN, table

from junheng.data import Workspace
from junheng.data.admission_folder import AdmissionFolder
from junheng.data.admission_retention import due, erase
from junheng.model import Region

LAST_DAY = "delete_after: 2028-08-31\n"


def children(plan: str, *names: str) -> pl.DataFrame:
    return table(
        "applicants", *({"plan_id": plan, "applicant_id": one, "identity_code": one} for one in names)
    )


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "ws", Region("990101", "云州县"))
    both = pl.concat([children("a", "1", "2"), children("b", "3")])
    made.commit({"applicants": both, "enrolment": enrolment({("s", 2025, "K1"): 3})}, at=MONDAY)
    made.commit({"applicants": children("a", "4")}, at=TUESDAY)
    for name, text in (("a", PLAN + LAST_DAY), ("b", PLAN)):
        place = made.path / "plans" / "admission" / f"{name}.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return made


def test_a_plan_is_due_after_its_day_and_not_on_it(ws: Workspace) -> None:
    assert due(ws, date(2028, 8, 31)) == []
    assert due(ws, date(2028, 9, 1)) == ["a"]


def test_the_day_of_a_frozen_plan_counts(ws: Workspace) -> None:
    AdmissionFolder(ws, "a").pin(PLAN + LAST_DAY, ws.tables())
    plan = ws.path / "plans" / "admission" / "a.yaml"
    plan.write_text(PLAN + "delete_after: 2099-08-31\n", encoding="utf-8")
    assert due(ws, date(2028, 9, 1)) == ["a"]


def test_rows_leave_every_version_and_their_files(ws: Workspace) -> None:
    AdmissionFolder(ws, "a").pin(PLAN + LAST_DAY, ws.tables())
    before, digests = ws.tables(), ws.digests()
    assert erase(ws, "a") == (True, 3)
    assert not AdmissionFolder(ws, "a").root.exists() and due(ws, date(2099, 1, 1)) == []
    for version in ws.versions():
        assert ws.tables(version.id)["applicants"]["applicant_id"].to_list() == ["3"]
        assert ws.tables(version.id)["enrolment"].equals(before["enrolment"])
    held = [pl.read_parquet(path) for path in (ws.path / "data").glob("applicants-*.parquet")]
    assert all(set(frame["plan_id"]) == {"b"} for frame in held)
    assert ws.digests() == digests and ws.store.holding(digests) is not None
    assert erase(ws, "a") == (False, 0)


def test_what_was_erased_can_be_registered_anew(ws: Workspace) -> None:
    erase(ws, "a")
    erase(ws, "b")
    assert "applicants" not in ws.tables()
    ws.commit({"applicants": children("a", "4")}, at=TUESDAY)
    assert ws.tables()["applicants"]["applicant_id"].to_list() == ["4"]
    ws.commit({"applicants": pl.concat([children("a", "1", "2", "4"), children("b", "3")])}, at=TUESDAY)
    assert ws.tables()["applicants"].height == 4
