"""A year of admission in the example region, as a bureau carries it out: three entries from the check to the
second round, every child accounted for, everything recomputed."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import polars as pl
import pytest
from tests.year.commands import typed

from junheng.data import Workspace
from junheng.data.admission_folder import AdmissionFolder

DRAWN = ("2027-kindergarten", "2027-primary")
SENIOR = "2027-senior"
TIMES = ("--frozen-at", "2027-06-01T18:00", "--announced-at", "2027-06-02T09:00")


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example region after its three entries were frozen, drawn and carried out."""
    place = tmp_path_factory.mktemp("admission")
    region = place / "ws"
    right("example", region)
    (place / "secret.txt").write_text("5a" * 32, encoding="ascii")
    (place / "sources.csv").write_text(
        "source,event,at,count,fallback_event,fallback_at\n"
        "福彩3D,2027140,2027-06-03T21:15,3,2027141,2027-06-04T21:15\n",
        encoding="utf-8",
    )
    (place / "numbers.csv").write_text("source,event,numbers\n福彩3D,2027140,3 0 7\n", encoding="utf-8")
    for plan in DRAWN:
        given = ("--sources", place / "sources.csv", "--secret", place / "secret.txt", *TIMES)
        right("admission", "freeze", region, "--plan", plan, *given)
        drawn = ("--numbers", place / "numbers.csv", "--at", "2027-06-04T09:00")
        right("admission", "draw", region, "--plan", plan, *drawn)
    right("admission", "freeze", region, "--plan", SENIOR)
    for plan in (*DRAWN, SENIOR):
        right("admission", "assign", region, "--plan", plan)
    return region


def right(*words: object) -> str:
    """What a command that must succeed says."""
    answer = typed(*words)
    assert answer.code == 0, answer.said
    return answer.out


def folder(ws: Path, plan: str) -> AdmissionFolder:
    return AdmissionFolder(ws, plan)


@pytest.mark.parametrize("plan", [*DRAWN, SENIOR])
def test_children_who_come_in_are_placed_waiting_or_named(ws: Path, plan: str) -> None:
    came = Workspace.open(ws).tables()["applicants"].filter(pl.col("plan_id") == plan)["applicant_id"]
    rows = folder(ws, plan).read("result")["assignment"]
    assert rows["applicant_id"].to_list() == came.sort().to_list()
    states = dict(rows.group_by("state").len().iter_rows())
    assert sum(states.values()) == came.len() and set(states) <= {"placed", "waiting", "named"}
    assert rows.filter((pl.col("state") == "placed") != pl.col("program_id").is_not_null()).is_empty()
    seats = folder(ws, plan).tables()["admission_programs"].select("program_id", "seats")
    over = sum(sum(one.values()) for one in folder(ws, plan).summary()["over"].values())
    taken = rows.drop_nulls("program_id").group_by("program_id").len().join(seats, on="program_id")
    assert sum(max(0, n - most) for n, most in taken.select("len", "seats").iter_rows()) == over


def test_no_child_of_the_compulsory_stage_is_without_a_seat(ws: Path) -> None:
    assert set(folder(ws, "2027-primary").read("result")["assignment"]["state"]) == {"placed"}


def test_popular_schools_are_full_and_every_rule_has_children_on_both_sides(ws: Path) -> None:
    held = folder(ws, "2027-primary").read("result")
    codes = set(held["application_reasons"]["field"])
    assert {"class", "ticket", "sibling_attending", "band"} <= codes
    assert held["cutoffs"].filter(pl.col("state") == "full").height >= 10
    assert held["cutoffs"].filter(pl.col("state") == "open").height >= 10


def test_nobody_but_the_owner_reads_what_names_children(ws: Path) -> None:
    for plan in (*DRAWN, SENIOR):
        place = folder(ws, plan).root
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        for path in [*place.glob("*.*"), *place.glob("tables/*"), *place.glob("result/*")]:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        for path in place.glob("draw/private/*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for run in (ws / "runs").glob("admission-*"):
        kept = [pl.read_parquet(path) for path in run.glob("tables/*")]
        assert kept and not any("applicant_id" in frame.columns for frame in kept)


def test_everything_is_recomputed_and_a_changed_table_is_named(ws: Path) -> None:
    runs = sorted((ws / "runs").glob("admission-*"))
    assert len(runs) == 3
    for run in runs:
        right("verify", run)
    place = folder(ws, SENIOR).path("result", "quota_use.parquet")
    before = place.read_bytes()
    try:
        pl.read_parquet(place).head(3).write_parquet(place)
        answer = typed("verify", folder(ws, SENIOR).root)
        assert answer.code == 7 and "result/quota_use" in answer.said
    finally:
        place.write_bytes(before)


def test_what_was_frozen_counts_and_not_what_the_workspace_says_later(ws: Path) -> None:
    place = folder(ws, "2027-primary").path("tables", "applications.parquet")
    before = place.read_bytes()
    try:
        pl.read_parquet(place).slice(1).write_parquet(place)
        answer = typed("admission", "assign", ws, "--plan", "2027-primary")
        assert answer.code == 7 and "tables/applications" in answer.said
    finally:
        place.write_bytes(before)
    again = typed("admission", "freeze", ws, "--plan", "2027-primary", *_draw_files(ws))
    assert again.code == 4


def _draw_files(ws: Path) -> tuple[object, ...]:
    return ("--sources", ws.parent / "sources.csv", "--secret", ws.parent / "secret.txt", *TIMES)


def test_a_family_is_told_why_and_what_would_have_been_enough(ws: Path) -> None:
    reasons = folder(ws, "2027-primary").read("result")["application_reasons"]
    lost = reasons.filter((pl.col("code") == "BELOW_CUTOFF") & (pl.col("field") == "ticket"))
    child, last = lost.select("applicant_id", "last").row(0)
    told = right("admission", "explain", ws, "--plan", "2027-primary", child)
    assert str(last) in told and "其他人不变" in told
    supposed = right("admission", "explain", ws, "--plan", "2027-primary", child, "--what-if", "ticket=1")
    assert "ticket=1" in supposed and supposed != told
    assert typed("admission", "explain", ws, "--plan", "2027-primary", "NOBODY").code == 4


def test_parents_verify_what_is_published(ws: Path) -> None:
    proofs = ws.parent / "proofs"
    right("admission", "publish", ws, "--plan", "2027-kindergarten", "--proofs", proofs)
    published = folder(ws, "2027-kindergarten").path("published")
    assert json.loads((published / "manifest.json").read_text(encoding="utf-8"))
    children = folder(ws, "2027-kindergarten").tables()["applicants"].height
    assert len(list(proofs.iterdir())) == children


def test_seats_given_back_go_on_and_the_rounds_are_recomputed(ws: Path, tmp_path: Path) -> None:
    plan = "2027-kindergarten"
    before = folder(ws, plan).read("result")["assignment"]
    placed = before.filter(pl.col("state") == "placed")["applicant_id"].sort()
    said = pl.DataFrame({"applicant_id": placed, "answer": ["放弃"] * 60 + ["接受"] * (placed.len() - 60)})
    said.write_csv(tmp_path / "answers.csv")
    said.head(60).write_csv(tmp_path / "few.csv")
    few = typed("admission", "second-round", ws, "--plan", plan, "--answers", tmp_path / "few.csv")
    assert few.code == 4 and "--silence" in few.said
    right("admission", "second-round", ws, "--plan", plan, "--answers", tmp_path / "answers.csv")
    done = folder(ws, plan).read("rounds/1")
    after = done["assignment"]
    assert after["applicant_id"].to_list() == before["applicant_id"].to_list()
    kept = after.filter(pl.col("applicant_id").is_in(placed[60:].implode()))
    same = kept.join(before, on="applicant_id", suffix="_before")
    assert same.filter(~pl.col("program_id").eq_missing(pl.col("program_id_before"))).is_empty()
    gained = after.filter(pl.col("state") == "placed").height - (placed.len() - 60)
    assert gained == done["moved"].filter(pl.col("from_program_id").is_null()).height > 0
    right("verify", folder(ws, plan).root)
    assert typed("admission", "second-round", ws, "--plan", plan, "--answers", tmp_path / "answers.csv",
                 "--round", "5").code == 4  # fmt: skip
