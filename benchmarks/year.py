"""Time and peak memory of the year as a region grows.

    python benchmarks/year.py [factor …]        1 10 100 by default

Each row is the example county's tables so many times over, with other ids. Up to ten times it is one whole
`junheng run` in a process of its own; beyond, the point forecast alone (from tables to the central path).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from junheng.data import Workspace, examples
from junheng.model import INPUTS, Region

WHOLE_RUN_UP_TO = 10
COPIED = ("areas", "schools", "enrolment", "births", "population", "seats", "housing", "grade_flows")
POINT = """
import sys, time
from junheng import rules
from junheng.data import Workspace
from junheng.forecast.problem import Problem
from junheng.forecast.projection import base_plan, central_path, prepare, settled, setup
ws = Workspace.open(sys.argv[1])
problem = Problem.from_tables(ws.tables(), rules.load(), ws.region)
prepared = settled(prepare(problem, 15))
central_path(setup(prepared, base_plan(prepared)))
"""
IDS = ("area_code", "parent_code", "school_id", "from_school_id", "to_school_id", "project_id")


def replicated(tables: dict[str, pl.DataFrame], factor: int, region: Region) -> dict[str, pl.DataFrame]:
    """Each table `factor` times, every id but the region's own with a suffix of its copy."""
    known = {*tables["areas"]["area_code"], *tables["schools"]["school_id"]}
    if "housing" in tables:
        known |= set(tables["housing"]["project_id"])
    known.discard(region.code)
    made: dict[str, pl.DataFrame] = {}
    for name in COPIED:
        if name not in tables:
            continue
        ids = [pl.col(one) for one in IDS if one in tables[name].columns]
        copies = [
            tables[name].with_columns(
                pl.when(one.is_in(list(known))).then(one + f"{copy:03d}").otherwise(one).name.keep()
                for one in ids
            )
            for copy in range(factor)
        ]
        made[name] = INPUTS[name].conform(pl.concat(copies).unique(INPUTS[name].key, keep="first"))
    return made


def measured(command: list[str]) -> tuple[float, float]:
    """(seconds, peak memory in MB) of a command."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    complaint = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(complaint)
    return time.perf_counter() - started, used.ru_maxrss / 1024


def main() -> None:
    """Print one row a factor."""
    factors = [int(text) for text in sys.argv[1:]] or [1, 10, 100]
    print(f"{'factor':>6} {'schools':>8} {'rows':>9}  {'what':<14} {'seconds':>8} {'MB':>7} {'load':>5}")
    with tempfile.TemporaryDirectory() as folder:
        county = examples.create(Path(folder) / "county")
        tables = county.tables()
        for factor in factors:
            path = Path(folder) / f"times{factor}"
            workspace = Workspace.create(path, county.region)
            copies = replicated(tables, factor, county.region)
            workspace.store.commit(copies, at=datetime(2025, 9, 1, tzinfo=UTC))
            whole = factor <= WHOLE_RUN_UP_TO
            command = ["-m", "junheng", "run", str(path)] if whole else ["-c", POINT, str(path)]
            load = os.getloadavg()[0]
            seconds, memory = measured([sys.executable, *command])
            what = "junheng run" if whole else "point forecast"
            schools, rows = copies["schools"].height, copies["enrolment"].height
            print(f"{factor:>6} {schools:>8,} {rows:>9,}  {what:<14} ", end="")
            print(f"{seconds:>8.1f} {memory:>7,.0f} {load:>5.1f}", flush=True)


if __name__ == "__main__":
    main()
