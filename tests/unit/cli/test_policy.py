"""`junheng policy`: every unit of the inventory listed, each checked on a region's data."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from tests.shared import shared
from typer.testing import CliRunner

from junheng.cli.root import app
from junheng.data import Workspace, examples
from junheng.model.errors import Refused
from junheng.model.region import Region

PLAN = Path(__file__).parents[2] / "cases" / "region_plan" / "policies" / "sample-2031.yaml"
KEYS = ["document", "clause", "title", "targets", "delivered_by", "status"]
OF_TARGET = ["indicator", "op", "value", "unit", "by", "scope"]
STATUSES = {"met", "on_course", "off_course", "no_data", "not_measurable"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region with a plan of its own and one figure reported."""
    path = tmp_path_factory.mktemp("policy") / "region"
    Workspace.create(path, Region("990101", "示例县"))
    (path / "rules" / "policies").mkdir(parents=True)
    (path / "rules" / "policies" / PLAN.name).write_bytes(PLAN.read_bytes())
    return path


def _json(*words: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(app, ["policy", *words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    listed: list[dict[str, object]] = json.loads(done.stdout)
    return listed


def test_list_covers_the_whole_inventory_with_exactly_the_keys() -> None:
    listed = _json("list")
    with shared("../design/policy-clauses.csv").open(encoding="utf-8", newline="") as file:
        wanted = sorted((row["document"], row["clause"]) for row in csv.DictReader(file))
    assert sorted((str(row["document"]), str(row["clause"])) for row in listed) == wanted
    for row in listed:
        assert list(row) == KEYS
        assert row["status"] in ("delivered", "partly", "tracked", "open")
        targets = row["targets"]
        assert isinstance(targets, list)
        for target in targets:
            assert list(target) == OF_TARGET
            assert isinstance(target["value"], int | float)
            assert target["op"] in (">=", ">", "<=", "<", "==")


def test_one_document_alone_and_a_name_nobody_knows() -> None:
    listed = _json("list", "--document", "moe-reform-zones-2023")
    assert len(listed) == 22
    assert not any(row["targets"] for row in listed)
    with pytest.raises(Refused):
        CliRunner().invoke(app, ["policy", "list", "--document", "nothing"], catch_exceptions=False)


def test_a_regions_own_plan_is_listed_with_the_others(workspace: Path) -> None:
    ours = [row for row in _json("list", str(workspace)) if row["document"] == "sample-2031"]
    assert [row["clause"] for row in ours] == ["7", "8", "9"]


def test_check_gives_every_clause_a_status_and_what_to_attach(workspace: Path) -> None:
    checked = _json("check", str(workspace), "--date", "2032-01-15")
    assert len(checked) == len(_json("list", str(workspace)))
    assert {str(row["status"]) for row in checked} <= STATUSES
    by_clause = {(row["document"], row["clause"]): row for row in checked}
    assert by_clause["sample-2031", "9"]["evidence"] == ["方案", "会议纪要"]
    assert by_clause["sample-2031", "7"]["tasks_overdue"] == 1


def test_check_is_said_in_words_and_written_as_a_workbook(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "policy.xlsx"
    words = ["policy", "check", str(workspace), "--document", "sample-2031", "--date", "2032-01-15"]
    done = CliRunner().invoke(app, [*words, "--out", str(out)], catch_exceptions=False)
    assert "逾期" in done.stdout and "说法不一" in done.stdout
    assert pl.read_excel(out, sheet_id=1).height > 0
    english = CliRunner().invoke(app, ["--language", "en", *words], catch_exceptions=False)
    assert "overdue" in english.stdout and "attach" in english.stdout


def test_coverage_counts_every_clause_once(workspace: Path) -> None:
    for words in (["coverage"], ["coverage", str(workspace), "--date", "2032-01-15"]):
        for row in _json(*words):
            standing = [row[name] for name in ("delivered", "partly", "tracked", "open")]
            assert sum(int(str(count)) for count in standing) == row["clauses"]


def test_the_example_region_is_checked_on_its_own_figures(tmp_path: Path) -> None:
    """A share recomputed from the tables by hand, and the county's own plan on its yearly path."""
    workspace = examples.create(tmp_path / "yunzhou")
    checked = {
        (row["document"], row["clause"]): row
        for row in _json("check", str(workspace.path), "--date", "2026-03-15")
    }
    tables = workspace.tables()
    children = tables["enrolment"].filter(pl.col("year") == 2025, pl.col("grade").str.starts_with("K"))
    held = children.join(tables["schools"], on="school_id")
    public = held.filter(pl.col("ownership") == "public")["pupils"].sum() / held["pupils"].sum()
    targets = checked["beijing-2024", "一(二)"]["targets"]
    assert isinstance(targets, list)
    share = next(row for row in targets if row["target"] == "t1")
    assert share["value"] == pytest.approx(public, abs=1e-12)
    assert share["status"] == "reached"
    assert checked["yunzhou-2026", "5"]["status"] == "on_course"
    own = checked["yunzhou-2026", "1"]["targets"]
    assert isinstance(own, list)
    assert (own[0]["value"], own[0]["short"], own[0]["short_unit"]) == (0, 1620, "seats")
