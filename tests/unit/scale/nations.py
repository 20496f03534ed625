"""A small synthetic nation for the tests, and ways to change it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl

from junheng import scale
from junheng.scale.partitions import Partitions, write
from junheng.scale.verbs import HEADLINE, Measure

COUNTIES, SCHOOLS = 6, 90
SOME = Measure(indicators=HEADLINE[:1] + HEADLINE[7:8] + ("class_size_mean",))


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


def shuffle(folder: Path) -> None:
    """The same rows, each file in another order."""
    for path in folder.rglob("*.parquet"):
        rows = pl.read_parquet(path, hive_partitioning=False)
        rows.sample(fraction=1, shuffle=True, seed=5).write_parquet(path)
