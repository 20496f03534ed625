"""A small synthetic nation for the tests, and ways to change it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl

from junheng import scale
from junheng.scale.partitions import Partitions, write

COUNTIES, SCHOOLS = 6, 90


def small(folder: Path, seed: int = 3) -> Partitions:
    """Six counties of two provinces with ninety schools."""
    return scale.make(folder, counties=COUNTIES, schools=SCHOOLS, seed=seed)


def copied(nation: Path, folder: Path) -> Path:
    """A copy one may change."""
    shutil.copytree(nation, folder, ignore=shutil.ignore_patterns("results"))
    return folder


def changed(nation: Path, table: str, province: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Rewrite one table of one province."""
    parts = sorted((nation / table).glob(f"**/province={province}/part.parquet"))
    rows = pl.concat([pl.read_parquet(path, hive_partitioning=False) for path in parts])
    write(nation, table, province, change(rows))
