"""The command line as a program starts it: events on standard output, nothing else; ended at any moment it
leaves a workspace that opens."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest
from tests.year.commands import done, typed

from junheng.data import Workspace, runs

ASKED = {"JUNHENG_EVENTS": "1"}
SHORT = ("--draws", "100", "--years", "3")
SCHOOLS = "学校标识码,学校名称,办学类型,所在区域\nA,城关小学,小学,990201\nB,石门小学,小学,990201\n"
AREAS = "区域代码,名称,层级\n990201,青禾县,县（区）\n"
HEADING = "学校标识码,学年,年级,学生数"


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "junheng", *map(str, words)]


def heard(*words: object) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and events of a command; every line of standard output must be one."""
    with mock.patch.dict(os.environ, ASKED):
        answer = typed(*words)
    return answer.code, listed(answer.out)


def listed(said: str) -> list[dict[str, Any]]:
    events = [json.loads(line) for line in said.splitlines()]
    assert [event["event"] for event in events[:-1]] == ["progress"] * (len(events) - 1)
    return events


def result(*words: object) -> dict[str, Any]:
    code, events = heard(*words)
    assert code == 0 and events[-1]["event"] == "result", events[-1]
    return events[-1]


def failure(*words: object) -> tuple[int, dict[str, Any]]:
    code, events = heard(*words)
    assert events[-1]["event"] == "failure" and events[-1]["exit_code"] == code
    return code, events[-1]


def pupils(path: Path, rows: Sequence[tuple[str, int, str, int]]) -> Path:
    path.write_text("\n".join([HEADING, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six years of two small schools. Read only."""
    folder = tmp_path_factory.mktemp("events")
    (folder / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (folder / "areas.csv").write_text(AREAS, encoding="utf-8")
    rows = [
        (school, year, f"{grade}年级", 40 + year - 2020)
        for school in "AB"
        for year in range(2020, 2026)
        for grade in "一二三四五六"
    ]
    enrolment = pupils(folder / "enrolment.csv", rows)
    done("init", folder / "ws", "--code", "990201", "--name", "青禾县")
    done("import", folder / "ws", folder / "schools.csv", folder / "areas.csv", enrolment, "--commit")
    return folder / "ws"


@pytest.fixture
def ws(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "ws"))


def test_a_run_is_told_step_by_step_and_ends_with_its_id(ws: Path) -> None:
    ended = subprocess.run(command("run", ws, *SHORT), capture_output=True, env={**os.environ, **ASKED})
    assert ended.returncode == 0 and "预警" in ended.stderr.decode()
    events = listed(ended.stdout.decode("ascii"))
    steps = [event["code"] for event in events[:-1]]
    assert steps == [
        "year.checking", "year.forecasting", "year.seats", "year.looking_back", "cli.reporting", "cli.saving",
    ]  # fmt: skip
    told = events[-1]
    stored = runs.load(Workspace.open(ws), told["run"])
    assert told["origin_year"] == 2025 and set(told["warnings"]) == {"red", "orange", "yellow"}
    levels = stored.tables()["seat_warnings"]["level"].to_list()
    assert told["warnings"] == {name: levels.count(name) for name in told["warnings"]}
    assert result("verify", stored.path) == {
        "event": "result", "run": stored.id, "tables": len(stored.record.outputs),
    }  # fmt: skip


def test_every_command_ends_with_one_event(ws: Path, tmp_path: Path) -> None:
    assert heard("version") == (0, [{"event": "result"}])
    assert result("versions", ws)["versions"][0]["id"] == "v0001"
    assert result("check", ws)["warnings"] >= 0
    assert failure("run", tmp_path / "nowhere")[1]["code"] == "workspace_missing"
    code, said = failure("run", ws, "--draws", "x")
    assert code == 2 and said["code"] == "cli.usage_error" and "--draws" in said["parameters"]["text"]


def test_an_import_is_previewed_into_a_folder(ws: Path, tmp_path: Path) -> None:
    rows = [("A", 2026, "一年级", 50), ("A", 2025, "一年级", 45), ("B", 2025, "一年级", 44)]
    file = pupils(tmp_path / "new.csv", rows)
    told = result("import", ws, file, "--report", tmp_path / "report")
    assert {**json.loads((tmp_path / "report" / "summary.json").read_text()), "event": "result"} == told
    [table] = told["tables"]
    assert (table["table"], table["rows"], table["new"], table["changed"], table["unchanged"]) == (
        "enrolment", 3, 1, 1, 1,
    )  # fmt: skip
    assert (table["before"], table["after"]) == (72, 73)
    assert [year for year in told["pupils"] if year["before"] != year["after"]] == [
        {"year": 2025, "before": 540, "after": 539}, {"year": 2026, "before": None, "after": 50},
    ]  # fmt: skip
    assert told["errors"] == 0 and told["base_version"] == "v0001" and len(told["files"][0]["sha256"]) == 64
    sample = json.loads((tmp_path / "report" / "sample.json").read_text())
    assert {row["pupils"] for row in sample["enrolment"]} == {50, 45, 44}
    assert len(Workspace.open(ws).versions()) == 1

    committed = result("import", ws, file, "--commit", "--base", "v0001", "--note", "秋季")
    assert committed["version"] == "v0002" and committed["tables"] == told["tables"]
    code, said = failure("import", ws, file, "--commit", "--base", "v0001")
    assert (code, said["code"]) == (4, "version_moved")
    assert failure("import", ws, file, "--commit", "--base", "none")[0] == 4
    assert len(Workspace.open(ws).versions()) == 2


def test_faults_are_grouped_by_cause(ws: Path, tmp_path: Path) -> None:
    grades = "一二三四五六"
    rows = [("A", 2025, f"{grade}年级", -1 if at % 2 else 40) for at, grade in enumerate(grades)]
    file = pupils(tmp_path / "bad.csv", [*rows, ("X", 2025, "一年级", 9)])
    told = result("import", ws, file, "--report", tmp_path / "report")
    groups = {group["code"]: group for group in told["groups"] if group["severity"] == "error"}
    assert told["errors"] == sum(group["count"] for group in groups.values())
    negative = groups["intake.negative"]
    assert (negative["count"], negative["first_row"], negative["last_row"]) == (3, 3, 7)
    assert (negative["column"], negative["value"], negative["parameters"]["least"]) == ("学生数", "-1", "0")
    assert groups["intake.unknown_reference"]["first_row"] == 8
    assert pl.read_parquet(tmp_path / "report" / "faults.parquet").height >= told["errors"]
    assert told["marked"] == [{"file": "bad.csv", "name": "marked-1.xlsx"}]
    assert (tmp_path / "report" / "marked-1.xlsx").stat().st_size > 1000
    code, said = failure("import", ws, file, "--commit")
    assert (code, said["code"], said["finding_count"]) == (3, "intake.commit_refused", told["errors"])
    assert {finding["code"] for finding in said["findings"]} == set(groups)
    assert len(Workspace.open(ws).versions()) == 1


def test_a_school_may_send_its_own_rows_only(ws: Path, tmp_path: Path) -> None:
    same_b = ("B", 2025, "一年级", 45)  # a row of another school that changes nothing
    mine = pupils(tmp_path / "mine.csv", [("A", 2025, "一年级", 41), same_b])
    theirs = pupils(tmp_path / "theirs.csv", [("A", 2025, "一年级", 41), ("B", 2025, "一年级", 41)])
    code, said = failure("import", ws, theirs, "--commit", "--school", "A")
    assert code == 3 and [(f["code"], f["row"]) for f in said["findings"]] == [("intake.outside_unit", 3)]
    assert result("import", ws, mine, "--commit", "--school", "A")["version"] == "v0002"
    assert result("import", ws, theirs, "--commit", "--area", "990201")["version"] == "v0003"


def test_a_mapping_is_drafted(ws: Path, tmp_path: Path) -> None:
    file = pupils(tmp_path / "t.csv", [("A", 2025, "一年级", 41)])
    assert "[[source]]" in result("import", ws, file, "--suggest-mapping")["mapping"]


def test_scenarios_are_stored_and_recomputed(ws: Path, tmp_path: Path) -> None:
    levers = tmp_path / "levers.csv"
    levers.write_text(
        "情景,措施编号,措施,范围,范围代码,起始学年,参数\n"
        "外来减半,1,MigrationShift,region,,2026,factor=0.5\n"
        "乙校并入,1,Merge,school,B,2027,to=A\n",
        encoding="utf-8",
    )
    annual = result("run", ws, *SHORT)["run"]
    told = result("forecast", "what-if", ws, "--levers", levers, "--save", *SHORT)
    assert [one["scenario"] for one in told["scenarios"]] == ["外来减半", "乙校并入"]
    merged = told["scenarios"][1]
    one = result("forecast", "what-if", ws, "--levers", levers, "--scenario", "乙校并入", "--save", *SHORT)
    assert {name: one[name] for name in merged} == merged  # alone or with others: the same run

    workspace = Workspace.open(ws)
    run = runs.load(workspace, merged["run"])
    tables = run.tables()
    assert run.record.verb == "scenario" and "levers" in run.record.inputs
    assert tables["scenario_levers"]["scenario"].to_list() == ["乙校并入"]
    base = runs.load(workspace, annual).tables()["forecast_enrolment"]
    mine = tables["forecast_enrolment"]
    assert mine.filter(pl.col("scenario") == "base").equals(base)
    closed = mine.filter(
        (pl.col("scenario") == "乙校并入") & (pl.col("unit_code") == "B") & (pl.col("grade") == "all")
    )
    assert closed.filter(pl.col("year") >= 2027)["p50"].to_list() == [0.0, 0.0]
    lost = tables["scenario_comparison"].filter((pl.col("unit_code") == "B") & (pl.col("year") == 2028))
    assert lost["plan_p50"].item() == 0.0 and lost["p50"].item() == pytest.approx(-280, abs=0.1)
    assert result("verify", run.path)["tables"] == len(tables)

    listed = {row["run"]: row["scenario"] for row in result("runs", ws)["runs"]}
    assert listed == {annual: None, **{row["run"]: row["scenario"] for row in told["scenarios"]}}
    assert result("run", ws, *SHORT)["run"] == annual  # a scenario is no past run

    (run.path / "tables" / "scenario_levers.parquet").write_bytes(b"forged")
    assert failure("verify", run.path)[0] in (6, 7)


def test_a_built_in_scenario_is_stored_with_its_levers(ws: Path) -> None:
    told = result("forecast", "what-if", ws, "--scenario", "migration_doubled", "--save", *SHORT)
    run = runs.load(Workspace.open(ws), told["run"])
    assert run.tables()["scenario_levers"]["lever"].to_list() == ["MigrationShift"]
    assert result("verify", run.path)["run"] == run.id


def test_a_scenario_may_not_be_called_base(ws: Path, tmp_path: Path) -> None:
    levers = tmp_path / "levers.csv"
    levers.write_text(
        "情景,措施编号,措施,范围,范围代码,起始学年,参数\nbase,1,MigrationShift,region,,2026,factor=0.5\n",
        encoding="utf-8",
    )
    assert failure("forecast", "what-if", ws, "--levers", levers, *SHORT)[1]["code"] == "cli.scenario_is_base"


# ------------------------------------------------------------------ ended in the middle


def ended_at(step: str, sent: int, *words: object) -> int:
    """Start a command and send it a signal when it comes to `step`; its exit code."""
    with subprocess.Popen(
        command(*words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **ASKED}
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line).get("code") == step:
                process.send_signal(sent)
                break
        return process.wait(timeout=60)


@pytest.mark.parametrize(
    ("step", "sent"), [("cli.reporting", signal.SIGTERM), ("cli.saving", signal.SIGKILL)]
)
def test_a_run_killed_leaves_nothing_to_be_seen(ws: Path, step: str, sent: int) -> None:
    assert ended_at(step, sent, "run", ws, *SHORT) == -sent
    workspace = Workspace.open(ws)
    assert runs.list_runs(workspace) == () and len(workspace.versions()) == 1
    again = result("run", ws, *SHORT)["run"]
    assert [path.name for path in sorted((ws / "runs").iterdir()) if path.name != ".lock"] == [again]


@pytest.mark.parametrize(
    ("step", "sent"), [("intake.step_checking", signal.SIGTERM), ("intake.cli_importing", signal.SIGKILL)]
)
def test_an_import_killed_is_whole_or_not_at_all(ws: Path, tmp_path: Path, step: str, sent: int) -> None:
    file = pupils(tmp_path / "new.csv", [("A", 2026, "一年级", 50)])
    before = Workspace.open(ws).digests()
    ended = ended_at(step, sent, "import", ws, file, "--commit", "--base", "v0001")
    workspace = Workspace.open(ws)
    versions = [version.id for version in workspace.versions()]
    assert versions in (["v0001"], ["v0001", "v0002"])
    workspace.tables()
    if versions == ["v0001"]:
        assert ended == -sent and workspace.digests() == before
        assert result("import", ws, file, "--commit", "--base", "v0001")["version"] == "v0002"
    else:  # the signal came after the version was in place: the second try says so
        assert failure("import", ws, file, "--commit", "--base", "v0001")[1]["code"] == "version_moved"
    assert Workspace.open(ws).tables()["enrolment"].height == 73
    named = {stored.file for version in workspace.versions() for stored in version.tables.values()}
    named |= {stored.file for version in Workspace.open(ws).versions() for stored in version.tables.values()}
    assert {path.name for path in (ws / "data").iterdir()} == {*named, "manifest.json", ".lock"}


def test_a_reader_that_hangs_up_ends_the_command(ws: Path) -> None:
    with subprocess.Popen(
        command("run", ws, *SHORT),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **ASKED},
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        complaints = process.stderr.read().decode()
        assert process.wait(timeout=60) == 141
    assert "Traceback" not in complaints and "BrokenPipe" not in complaints
    assert runs.list_runs(Workspace.open(ws)) == ()
    assert result("run", ws, *SHORT)["run"].startswith("year-")
