"""What one annual run gives: output tables, the steps taken, and what stood in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from junheng.model import Finding, Region
from junheng.rules import Value

Status = Literal["done", "skipped"]


@dataclass(frozen=True, slots=True)
class Step:
    """One room's part of the year; a skipped step says why by a catalogue code with parameters."""

    name: str
    status: Status
    code: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class YearResult:
    """Frozen result of the year. `tables` are the declared output tables that could be computed;
    `citations` are the standards used, each with its source and how sure it is."""

    region: Region
    origin_year: int | None
    options: Mapping[str, Any]
    steps: tuple[Step, ...]
    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...]
    citations: tuple[Value, ...]
    rules_digest: str
    failed_checks: tuple[str, ...] = ()

    def check(self) -> list[str]:
        """Conservation checks that failed in any room; empty when all hold."""
        return list(self.failed_checks)

    def summary(self) -> dict[str, Any]:
        """Counts for a first glance: rows by table, warnings by level, steps by status."""
        warnings = self.tables.get("seat_warnings")
        by_level: dict[str, int] = {}
        if warnings is not None:
            base = warnings.filter(pl.col("scenario") == "base")
            by_level = dict(base.group_by("level").len().sort("level").iter_rows())
        return {
            "origin_year": self.origin_year,
            "steps": {step.name: step.status for step in self.steps},
            "rows": {name: frame.height for name, frame in sorted(self.tables.items())},
            "warnings": by_level,
            "findings": len(self.findings),
        }
