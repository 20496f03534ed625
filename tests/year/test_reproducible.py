"""The same input gives the same bytes, and a run that was touched no longer verifies."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import polars as pl
from tests.year.commands import annual_run, done, typed
from tests.year.conftest import FEW

ONE_THREAD = {"POLARS_MAX_THREADS": "1", "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def digests(folder: Path) -> dict[str, str]:
    """sha256 of every file below a folder, by relative name."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_second_run_gives_the_same_bytes(county_run: Path, copy_of: Callable[[Path], Path]) -> None:
    before = digests(county_run)
    assert {"run.json", "report.html", "report.docx", "tables.xlsx"} < set(before) and len(before) >= 13
    workspace = copy_of(county_run.parents[1])
    again = annual_run(workspace, *FEW)
    assert again == workspace / "runs" / county_run.name and digests(again) == before
    assert [one.name for one in again.parent.glob("year-*")] == [county_run.name]
    assert county_run.name in done("runs", workspace).out


def test_row_order_and_threads_change_no_byte(county: Path, county_run: Path, tmp_path: Path) -> None:
    """The same rows, shuffled and imported into an empty workspace, computed on one thread."""
    about = tomllib.loads((county / "region.toml").read_text(encoding="utf-8"))
    shuffled = tmp_path / "shuffled"
    done("init", shuffled, "--code", about["code"], "--name", about["name"])
    shutil.copy(county / "region.toml", shuffled / "region.toml")
    files: list[Path] = []
    for held in sorted((county / "data").glob("*.parquet")):
        name = held.stem.rsplit("-", 1)[0]
        files.append(tmp_path / f"{name}.parquet")
        pl.read_parquet(held).sample(fraction=1.0, shuffle=True, seed=7).write_parquet(files[-1])
    done("import", shuffled, *files, "--commit")
    shutil.copytree(county / "maps", shuffled / "maps")
    other = annual_run(shuffled, *FEW, environment=ONE_THREAD)
    assert other.name == county_run.name
    assert digests(other) == digests(county_run)


def test_a_run_verifies_until_it_is_touched(
    county_run: Path, copy_of: Callable[[Path], Path], tmp_path: Path
) -> None:
    assert county_run.name in done("verify", county_run).out
    stored = copy_of(county_run.parents[1]) / "runs" / county_run.name

    def broken(name: str, content: bytes) -> None:
        kept = (stored / name).read_bytes()
        (stored / name).write_bytes(content)
        answer = typed("verify", stored)
        assert answer.code == 7, (name, answer.said)
        (stored / name).write_bytes(kept)

    outlook = stored / "tables" / "seat_outlook.parquet"
    changed = pl.read_parquet(outlook).with_columns(pl.col("demand_p50") + 1.0)
    changed.write_parquet(tmp_path / "changed.parquet")
    broken("tables/seat_outlook.parquet", (tmp_path / "changed.parquet").read_bytes())
    broken("tables/forecast_paths.parquet", outlook.read_bytes())
    for name in ("report.html", "report.docx", "tables.xlsx"):
        broken(name, (stored / name).read_bytes().replace(b"1", b"2", 1))
    record = json.loads((stored / "run.json").read_bytes())
    for part, value in (("seed", 2), ("inputs", {}), ("rules", "0" * 64), ("region", "110108")):
        broken("run.json", json.dumps({**record, part: value}, ensure_ascii=False).encode())
