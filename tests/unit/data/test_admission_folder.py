"""What a year of a plan leaves: pinned once, changed by nobody, erased whole."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest

from junheng.data import Workspace
from junheng.data.admission_folder import AdmissionFolder, of_plan, plan_file
from junheng.model import INPUTS, Region
from junheng.model.errors import Refused, VerificationFailed

PLAN = """plan: 试 · 示例
stage: kindergarten
year: 2027
identities:
- {id: all, name: 全部, when: {}, to: zone_lists}
zone_lists:
  mechanism: deferred_acceptance
  order: [class, ticket]
"""


def table(name: str, *rows: dict[str, object]) -> pl.DataFrame:
    return INPUTS[name].conform(pl.DataFrame(list(rows), infer_schema_length=None))


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "ws", Region("990101", "云州县"))


@pytest.fixture
def tables() -> dict[str, pl.DataFrame]:
    children = [
        {"plan_id": plan, "applicant_id": one, "identity_code": one, "address_id": f"D{one}"}
        for plan, one in (("a", "1"), ("a", "2"), ("b", "3"))
    ]
    uses = [{"address_id": f"D{n}", "family_id": "F", "first_year": 2024, "school_id": "s"} for n in "139"]
    return {
        "applicants": table("applicants", *children),
        "address_uses": table("address_uses", *uses),
        "schools": table("schools", {"school_id": "s", "name": "园", "kind": "111", "area_code": "990101"}),
        "enrolment": table("enrolment", {"school_id": "s", "year": 2025, "grade": "K1", "pupils": 3}),
    }


def test_only_what_belongs_to_the_plan_is_pinned(tables: dict[str, pl.DataFrame]) -> None:
    held = of_plan(tables, "a")
    assert sorted(held) == ["address_uses", "applicants", "schools"]
    assert held["applicants"]["applicant_id"].to_list() == ["1", "2"]
    assert held["address_uses"]["address_id"].to_list() == ["D1"]


def test_pinned_once_and_read_back(ws: Workspace, tables: dict[str, pl.DataFrame]) -> None:
    folder = AdmissionFolder(ws, "a")
    assert not folder.exists
    with pytest.raises(Refused, match="not_pinned"):
        folder.tables()
    folder.pin(PLAN, tables)
    folder.pin(PLAN, tables)
    again = AdmissionFolder(ws.path, "a")
    assert again.exists and again.plan().id == "a" and again.plan_text() == PLAN
    assert again.tables()["applicants"].equals(of_plan(tables, "a")["applicants"])
    with pytest.raises(Refused, match="pinned"):
        folder.pin(PLAN.replace("2027", "2028"), tables)
    with pytest.raises(Refused, match="pinned"):
        folder.pin(PLAN, {**tables, "applicants": tables["applicants"].head(1)})


@pytest.mark.parametrize("name", ["plan.yaml", "tables/applicants.parquet", "seal.json"])
def test_what_was_changed_stops_everything(ws: Workspace, tables: dict[str, pl.DataFrame], name: str) -> None:
    AdmissionFolder(ws, "a").pin(PLAN, tables)
    path = ws.path / "admission" / "a" / name
    path.write_bytes(path.read_bytes()[:-3])
    folder = AdmissionFolder(ws, "a")
    with pytest.raises(VerificationFailed, match="changed"):
        folder.plan(), folder.tables()


def test_steps_are_kept_privately_and_in_place_of_earlier_ones(ws: Workspace) -> None:
    folder = AdmissionFolder(ws, "a")
    first, second = pl.DataFrame({"n": [1]}), pl.DataFrame({"n": [2]})
    folder.keep("result", {"x": first, "y": first}, {"round": 0})
    folder.keep("result", {"x": second}, {"round": 1})
    folder.keep("rounds/1", {"x": first}, {})
    folder.keep("rounds/10", {"x": first}, {})
    assert folder.read("result")["x"].equals(second) and list(folder.read("result")) == ["x"]
    assert folder.summary() == {"round": 1} and folder.rounds() == [1, 10]
    assert not folder.has("rounds/2") and folder.has("rounds/10")
    for path in folder.root.rglob("*.*"):
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    with pytest.raises(Refused, match="nothing_kept"):
        folder.read("rounds/2")
    (folder.root / "result" / "x.parquet").unlink()
    with pytest.raises(VerificationFailed, match="changed"):
        folder.read("result")


def test_erasing_leaves_nothing(ws: Workspace, tables: dict[str, pl.DataFrame]) -> None:
    folder = AdmissionFolder(ws, "a")
    assert not folder.erase()
    folder.pin(PLAN, tables)
    assert folder.erase() and not folder.root.exists() and not folder.exists


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a b", ".a", "x" * 81])
def test_an_id_is_a_plain_name(ws: Workspace, name: str) -> None:
    with pytest.raises(Refused, match="plan_name"):
        AdmissionFolder(ws, name)
    with pytest.raises(Refused, match="plan_unknown"):
        plan_file(ws, name)


@pytest.mark.parametrize("name", ["", "..", "rounds/..", "rounds//1", "/tmp/x", "rounds/a b"])
def test_a_step_stays_in_the_folder(ws: Workspace, name: str) -> None:
    with pytest.raises(ValueError, match="step"):
        AdmissionFolder(ws, "a").keep(name, {}, {})
