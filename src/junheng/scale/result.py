"""What a run over many counties left: tables by province, totals, failures by county, counts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from junheng.model import TABLES
from junheng.model.errors import Refused
from junheng.model.reason import Finding
from junheng.scale.problem import Failure

TOTALS = "totals"


@dataclass(frozen=True)
class ScaleResult:
    """A run over the counties of a nation, on disk; frozen.

    provinces: those whose results are written. made and kept count the counties worked out anew and left as
    they were. incomplete: provinces with a county that failed, which have no totals.
    """

    out: Path
    verb: str
    year: int
    engine: str
    provinces: tuple[str, ...]
    made: int
    kept: int
    failures: tuple[Failure, ...]
    incomplete: tuple[str, ...]
    broken: tuple[str, ...]
    statuses: Mapping[str, int]

    def files(self, table: str) -> list[Path]:
        """The files of a result table: provinces in order, then totals."""
        found = [self.out / table / f"province={one}" / "part.parquet" for one in self.provinces]
        return [path for path in (*found, self.out / TOTALS / f"{table}.parquet") if path.is_file()]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the result tables."""
        return tuple(sorted(name for name in TABLES if self.files(name)))

    def scan(self, table: str) -> pl.LazyFrame:
        """A result table, read as far as it is asked for; Refused when the run has none of that name."""
        files = self.files(table)
        if not files:
            raise Refused("scale.not_run", {"path": self.out, "table": table})
        return pl.concat([pl.scan_parquet(path, hive_partitioning=False) for path in files])

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every result table whole, counties in order of province and key, then totals."""
        return {name: self.scan(name).collect() for name in self.names}

    def digest(self, table: str) -> str:
        """SHA-256 over the rows of a table in their order, to the bit, whatever the files look like."""
        state = hashlib.sha256()
        for path in self.files(table):
            rows = pl.read_parquet(path, hive_partitioning=False)
            # the shortest text that reads back as the same number
            exact = rows.with_columns(pl.selectors.float().cast(pl.String))
            state.update(exact.write_csv(include_header=False, quote_style="non_numeric").encode())
        return state.hexdigest()

    @property
    def digests(self) -> dict[str, str]:
        """Table -> digest."""
        return {name: self.digest(name) for name in self.names}

    def explain(self, county: str) -> Failure | None:
        """Why a county has no result; None when it has one."""
        return next((one for one in self.failures if one.county == county), None)

    def findings(self) -> list[Finding]:
        """Every failure with what its data are blamed for."""
        found: list[Finding] = []
        for one in self.failures:
            parameters = {"county": one.county, "name": one.name, "code": one.code, **one.parameters}
            found.append(
                Finding(one.code, "error", file=f"{one.county} {one.name}".strip(), parameters=parameters)
            )
            found += one.findings
        return found

    def check(self) -> list[str]:
        """Names of failed checks: totals that are not the sum of their counties."""
        return list(self.broken)

    def summary(self) -> dict[str, Any]:
        """The run in a few numbers."""
        return {
            "verb": self.verb,
            "year": self.year,
            "engine": self.engine,
            "counties": self.made + self.kept + len(self.failures),
            "made": self.made,
            "kept": self.kept,
            "failed": [
                {"county": one.county, "name": one.name, "code": one.code, "parameters": dict(one.parameters)}
                for one in self.failures
            ],
            "incomplete": list(self.incomplete),
            "statuses": dict(self.statuses),
            "digests": self.digests,
        }
