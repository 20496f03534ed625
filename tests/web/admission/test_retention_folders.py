"""The retention duty reaches the workspace's own copies of children's data."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from tests.unit.data.frames import MONDAY
from tests.unit.data.test_admission_folder import PLAN
from tests.unit.data.test_admission_retention import children

from junheng.data import Workspace
from junheng.data.admission_folder import AdmissionFolder
from junheng.model import Region
from junheng.web.admission.retention import due_folders, folders


@pytest.mark.parametrize(("day", "plans"), [("2020-08-31", 1), ("2999-08-31", 0)])
def test_folders_and_rows_go_after_the_day_of_their_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, plans: int
) -> None:
    ws = Workspace.create(tmp_path / "ws", Region("990101", "云州县"))
    ws.commit({"applicants": children("a", "1")}, at=MONDAY)
    AdmissionFolder(ws, "a").pin(f"{PLAN}delete_after: {day}\n", ws.tables())
    monkeypatch.setattr(folders, "workspace", lambda: ws)
    count, apply = due_folders(timezone.now())
    assert count == plans and AdmissionFolder(ws, "a").exists
    assert apply() == plans
    assert AdmissionFolder(ws, "a").exists != bool(plans)
    assert ("applicants" in ws.tables()) != bool(plans)
