"""Verbs that misbehave on purpose, in a module of their own so that other processes find them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from junheng.model import OUTPUTS, Region
from junheng.rules import Standards


@dataclass(frozen=True)
class Counted:
    """A result that counts the schools of a county."""

    tables: Mapping[str, pl.DataFrame]
    failed: list[str] = field(default_factory=list)

    def check(self) -> list[str]:
        return self.failed


def counted(tables: Mapping[str, pl.DataFrame], year: int, law: Standards, region: Region) -> Counted:
    """One value a county: its schools."""
    assert law.day.year == year
    rows = pl.DataFrame(
        {
            "run": [""], "indicator": ["schools"], "year": [year], "level": ["county"], "area": [region.code],
            "stage": [""], "group": [""], "value": [float(tables["schools"].height)],
            "status": ["no_threshold"],
        }
    )  # fmt: skip
    return Counted({"indicator_values": OUTPUTS["indicator_values"].conform(rows)})


def _is_it(region: Region) -> bool:
    return region.code == os.environ.get("JUNHENG_TEST_COUNTY")


def fatal(tables: Mapping[str, pl.DataFrame], year: int, law: Standards, region: Region) -> Counted:
    """Ends the process at one county."""
    if _is_it(region):
        os._exit(3)
    return counted(tables, year, law, region)


def flaky(tables: Mapping[str, pl.DataFrame], year: int, law: Standards, region: Region) -> Counted:
    """Fails once at one county, as a disk that was away."""
    marker = Path(os.environ["JUNHENG_TEST_MARKER"])
    if _is_it(region) and not marker.exists():
        marker.touch()
        raise OSError("away")
    return counted(tables, year, law, region)


def hopeless(tables: Mapping[str, pl.DataFrame], year: int, law: Standards, region: Region) -> Counted:
    """Fails at one county every time, counting the attempts."""
    if _is_it(region):
        marker = Path(os.environ["JUNHENG_TEST_MARKER"])
        marker.write_text(marker.read_text() + "." if marker.exists() else ".")
        raise OSError("away")
    return counted(tables, year, law, region)


def unsound(tables: Mapping[str, pl.DataFrame], year: int, law: Standards, region: Region) -> Counted:
    """A result that fails its own check at one county."""
    held = counted(tables, year, law, region)
    return Counted(held.tables, ["conservation"]) if _is_it(region) else held
