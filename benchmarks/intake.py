"""One million rows from file to stored version, .xlsx and .csv, clean and with faults; beside openpyxl
reading alone.

    python benchmarks/intake.py [--rows 1000000] [--faulty 0.001]

Prints seconds, peak memory and the ratio to openpyxl (read only, measured on 50,000 rows and scaled).
Files are
made afresh in a temporary folder and removed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import xlsxwriter

WORK = """
import json, resource, sys, time
from datetime import datetime
from pathlib import Path
started = time.perf_counter()
from junheng.data import Workspace, preview
imported = time.perf_counter()
ws = Workspace.open(sys.argv[1])
found = preview(ws, [Path(p) for p in sys.argv[2:]])
previewed = time.perf_counter()
if not found.errors:
    found.commit(at=datetime(2025, 9, 1))
done = time.perf_counter()
print(json.dumps({
    "start": imported - started, "preview": previewed - imported, "commit": done - previewed,
    "errors": found.errors, "warnings": found.faults.height - found.errors,
    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


def table(rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Schools, and `rows` rows of enrolment: school × 12 years × 9 grades, counts that move like real
    ones."""
    random = np.random.default_rng(1)
    schools = -(-rows // 108)
    ids = [f"21990{i:05d}" for i in range(schools)]
    index = np.arange(rows)
    school, year, grade = index // 108, 2013 + index // 9 % 12, index % 9 + 1
    size = random.integers(30, 300, schools)
    pupils = np.maximum(1, size[school] + random.integers(-9, 10, rows))
    frame = pl.DataFrame(
        {
            "学校标识码": np.array(ids)[school],
            "学年": year,
            "年级": np.array([f"{c}年级" for c in "一二三四五六七八九"])[grade - 1],
            "学生数": pupils,
            "班数": -(-pupils // 45),
            "寄宿生": pupils // 10,
            "随迁子女": pupils // 20,
        }
    )
    places = pl.DataFrame(
        {
            "学校标识码": ids,
            "学校名称": [f"学校{i}" for i in range(schools)],
            "办学类型": "九年一贯制学校",
            "所在区域": "990101",
        }
    )
    return places, frame


def write_xlsx(frame: pl.DataFrame, path: Path) -> None:
    """The frame as a worksheet, identifiers as text."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("在校生")
        sheet.write_row(0, 0, frame.columns)
        for number, row in enumerate(frame.iter_rows(), 1):
            sheet.write_row(number, 0, row)


def measure(folder: Path, *files: Path) -> dict[str, float]:
    """One import in a fresh process and a fresh workspace."""
    from junheng.data import Workspace
    from junheng.model import Region

    place = folder / f"ws{time.monotonic_ns()}"
    Workspace.create(place, Region("990101", "云州县"))
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(place), *map(str, files)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def peer(path: Path, rows: int) -> float:
    """Seconds openpyxl needs to read the same rows, scaled from the first 50,000."""
    some = min(rows, 50_000)
    started = time.perf_counter()
    book = openpyxl.load_workbook(path, read_only=True)
    for _ in book["在校生"].iter_rows(max_row=some, values_only=True):
        pass
    return (time.perf_counter() - started) * rows / some


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--faulty", type=float, default=0.001, help="share of rows with a fault")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places, frame = table(options.rows)
        places.write_csv(folder / "学校.csv")
        frame.write_csv(folder / "在校生.csv")
        write_xlsx(frame, folder / "在校生.xlsx")
        bad = pl.int_range(pl.len()) % max(int(1 / options.faulty), 1) == 0
        frame.with_columns(pl.when(bad).then(-1).otherwise(pl.col("学生数")).alias("学生数")).write_csv(
            folder / "有错.csv"
        )
        print(f"{options.rows:,} rows; load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
        print(f"{'file':<12}{'MB':>7}{'start':>8}{'preview':>9}{'commit':>8}{'total s':>9}", end="")
        print(f"{'peak MB':>9}{'faults':>9}")
        totals: dict[str, float] = {}
        for file in ("在校生.csv", "在校生.xlsx", "有错.csv"):
            path = folder / file
            one = measure(folder, folder / "学校.csv", path)
            totals[file] = one["start"] + one["preview"] + one["commit"]
            size = path.stat().st_size / 2**20
            print(
                f"{file:<12}{size:>7.1f}{one['start']:>8.2f}{one['preview']:>9.2f}{one['commit']:>8.2f}",
                end="",
            )
            print(f"{totals[file]:>9.2f}{one['memory']:>9.0f}{one['errors']:>9.0f}")
        slow = peer(folder / "在校生.xlsx", options.rows)
        print(f"openpyxl, reading the .xlsx alone: {slow:.1f} s; ratio {slow / totals['在校生.xlsx']:.1f}")


if __name__ == "__main__":
    main()
