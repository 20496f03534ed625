"""Junheng as a user meets it: commands typed, answers read, files opened."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import polars as pl
from tests.shared import shared

from junheng.cli import main

MAPPINGS = Path(__file__).parent / "mappings"
FEW_DRAWS = ("--draws", "200")


@dataclass(frozen=True)
class Answer:
    """What a command left behind: its exit code, what it answered and what it complained of."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def junheng(*arguments: object, environment: Mapping[str, str] | None = None) -> Answer:
    """Run one command; whatever happens, a user is never shown a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "junheng", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8", **(environment or {})},
        timeout=600,
        check=False,
    )
    answer = Answer(done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in answer.said, answer.said
    return answer


def typed(*arguments: object) -> Answer:
    """The same entry point within this process: for the many commands that end soon."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["junheng", *map(str, arguments)]),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    answer = Answer(int(str(code or 0)), out.getvalue(), err.getvalue())
    assert "Traceback" not in answer.said, answer.said
    return answer


def done(*arguments: object, environment: Mapping[str, str] | None = None) -> Answer:
    """Run one command that must succeed."""
    answer = junheng(*arguments, environment=environment)
    assert answer.code == 0, answer.said
    return answer


def region(folder: Path, code: str, mapping: str, *files: str) -> Path:
    """A workspace of real tables, imported through one mapping file."""
    workspace = folder / mapping
    done("init", workspace, "--code", code, "--name", mapping)
    chosen = MAPPINGS / f"{mapping}.toml"
    done("import", workspace, *map(shared, files), "--mapping", chosen, "--commit")
    return workspace


def annual_run(workspace: Path, *options: object, environment: Mapping[str, str] | None = None) -> Path:
    """Run the year; the folder of the run it names."""
    answer = done("run", workspace, *options, environment=environment)
    found = re.search(r"year-[0-9a-f]{12}", answer.out)
    assert found, answer.said
    return workspace / "runs" / found.group()


def run_without_documents(workspace: Path, *options: object) -> Path:
    """The annual run within this process, stored as ever but for its documents, which are most of its work;
    for tests that read tables only."""
    before = set((workspace / "runs").glob("year-*"))
    with mock.patch("junheng.cli.year._write_report", return_value={}):
        answer = typed("run", workspace, *options)
    assert answer.code == 0, answer.said
    (made,) = set((workspace / "runs").glob("year-*")) - before
    return made


def table(run: Path, name: str) -> pl.DataFrame:
    """An output table of a stored run."""
    return pl.read_parquet(run / "tables" / f"{name}.parquet")


def findings(run: Path, code: str) -> pl.DataFrame:
    """Findings of one code, in order of unit and year."""
    return table(run, "forecast_findings").filter(pl.col("code") == code).sort("unit_code", "year")


def region_totals(run: Path) -> pl.DataFrame:
    """Base-scenario totals of the region by stage and year."""
    return table(run, "forecast_enrolment").filter(
        (pl.col("scenario") == "base") & (pl.col("unit_kind") == "region") & (pl.col("grade") == "all")
    )


def page_text(run: Path) -> str:
    """The words of report.html, without styles, drawings and tags."""
    page = (run / "report.html").read_text(encoding="utf-8")
    for hidden in ("style", "script", "svg"):
        page = re.sub(rf"<{hidden}\b.*?</{hidden}>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def assert_plausible(run: Path, counted: Mapping[str, float], after_one: float, after_all: float) -> None:
    """Every number is a number, ranges are in order, and stages move from the last count by factors within
    1 ± `after_one` in the first year and between 1/`after_all` and `after_all` in the last."""
    frame = table(run, "forecast_enrolment")
    numbers = frame.select(pl.selectors.float())
    assert not numbers.select(pl.any_horizontal(pl.all().is_nan() | pl.all().is_infinite()).any()).item()
    assert numbers.select(pl.min_horizontal(pl.all().min())).item() >= 0.0
    order = ("p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5")
    for low, high in itertools.pairwise(order):
        assert frame.filter(pl.col(low) > pl.col(high) + 1e-6).is_empty(), (low, high)
    totals = region_totals(run)
    assert set(totals["stage"]) == set(counted)
    for stage, pupils in counted.items():
        path = totals.filter(pl.col("stage") == stage).sort("year")["p50"].to_list()
        assert abs(path[0] / pupils - 1.0) <= after_one, (stage, path[0], pupils)
        assert 1.0 / after_all <= path[-1] / pupils <= after_all, (stage, path[-1], pupils)


def counted_by_stage(workspace: Path, stages: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    """Pupils of the last year imported, by stage, where `stages` lists the grades of each."""
    held = max(workspace.glob("data/enrolment-*.parquet"), key=lambda path: path.stat().st_mtime)
    last = pl.read_parquet(held).filter(pl.col("year") == pl.col("year").max())
    return {
        stage: float(last.filter(pl.col("grade").is_in(grades))["pupils"].sum())
        for stage, grades in stages.items()
    }
