"""What an import would do, shown before anything is done: tables, counts and every fault; then all or
nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from junheng.data import boundaries, checking, faults, preview_units, unit_limits
from junheng.data.assembly import Assembly, Progress
from junheng.data.faults import HEADING, ROW, SOURCE
from junheng.data.mapping import FileMapping
from junheng.data.marked_workbook import Say, marked_workbook
from junheng.data.unit_limits import Limits
from junheng.data.versions import NO_VERSION, Mode, Version
from junheng.data.workspace import Workspace
from junheng.model import INPUTS, Finding, Region
from junheng.model.errors import BadData

MAX_FINDINGS = 10_000
"""Findings made into objects; the frame of faults and the marked workbook always hold all."""


@dataclass(frozen=True, slots=True)
class TableCount:
    """Rows one table would get: new, changed, as they were; the years they span; and the rows of the whole
    table before and after the import."""

    table: str
    rows: int
    new: int
    changed: int
    unchanged: int
    first_year: int | None
    last_year: int | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Preview:
    """An import that has not happened. `tables` hold what would be stored (typed, by key, without
    provenance); `faults` every fault as a frame; `unused` headings nobody asked for, by file and sheet;
    `pupils` the pupils of the whole workspace by year, before and after; `base` the version it was made on
    (NO_VERSION for an empty workspace); `touched` and `by_unit` whose rows would change and whose are faulty
    (see `preview_units`)."""

    workspace: Workspace
    files: tuple[Path, ...]
    tables: Mapping[str, pl.DataFrame]
    faults: pl.DataFrame
    counts: tuple[TableCount, ...]
    sources: tuple[tuple[str, str], ...]
    unused: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    boundaries: Mapping[str, Any] | None = None
    mode: Mode = "merge"
    heading_rows: Mapping[tuple[str, str], tuple[int, int]] = field(
        default_factory=dict[tuple[str, str], tuple[int, int]]
    )
    pupils: tuple[tuple[int, int | None, int | None], ...] = ()
    base: str = NO_VERSION
    touched: tuple[Mapping[str, Any], ...] = ()
    by_unit: tuple[Mapping[str, Any], ...] = ()

    @property
    def errors(self) -> int:
        """Faults that forbid the import."""
        return faults.errors(self.faults)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The faults as findings, the gravest first; at most MAX_FINDINGS of them."""
        return faults.findings(self.faults, MAX_FINDINGS)

    def marked(self, path: Path, say: Say) -> bytes:
        """The user's file back with red cells and a column of what is wrong, worded by `say`."""
        return marked_workbook(path, self.faults, say, self.heading_rows)

    def commit(self, *, at: datetime, note: str = "", base: str | None = None) -> Version | None:
        """Store everything as one new version, or nothing at all. Raises BadData while there are errors, and
        Refused when `base` is given and the newest version is another.

        Returns None when the files held a map and no table. The map is put in place after the tables it
        names, in a step of its own: it is not part of the versions.
        """
        if self.errors:
            raise BadData("intake.commit_refused", {"count": self.errors}, self.findings)
        version = None
        if self.tables:
            version = self.workspace.commit(
                self.tables, at=at, note=note, sources=self.sources, mode=self.mode, base=base
            )
        else:
            self.workspace.store.require(base)
        if self.boundaries is not None:
            self.workspace.set_boundaries(self.boundaries)
        return version


def preview(
    workspace: Workspace,
    files: Sequence[Path | str],
    mapping: FileMapping | None = None,
    *,
    sheet: str = "*",
    mode: Mode = "merge",
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Preview:
    """Read, map, type and check `files` against the workspace. Never raises for what a file holds: every
    fault of every file is in the result, and nothing is stored. `limits` names the schools and areas whose
    rows may be new or changed."""
    newest = workspace.store.find()
    old = workspace.tables(newest.id) if newest else {}
    tell = progress or _silence
    work = Assembly(old, mapping, sheet, mode, tell)
    paths = tuple(Path(file) for file in files)
    tables = work.run(paths)
    tell("intake.step_checking")
    work.faults += _checked(tables, old, work, workspace.region)
    if limits is not None:
        work.faults += unit_limits.check(limits, tables, old, work, workspace.region)
    found = _without_echo(faults.gather(work.faults))
    kept = {name: checking.without_provenance(frame) for name, frame in tables.items()}
    if not kept and work.boundaries is None and not faults.errors(found):
        nothing = faults.one("intake.nothing_found", file="、".join(path.name for path in paths))
        found = faults.gather([found, nothing])
    return Preview(
        workspace=workspace,
        files=paths,
        tables=kept,
        faults=found,
        counts=tuple(_count(name, frame, old.get(name), mode) for name, frame in kept.items()),
        sources=tuple(work.sources),
        unused=tuple(work.unused),
        boundaries=work.boundaries,
        mode=mode,
        heading_rows=work.heading_rows,
        pupils=_pupils(kept.get("enrolment"), old.get("enrolment"), mode),
        base=newest.id if newest else NO_VERSION,
        touched=tuple(preview_units.touched(kept, old, mode)),
        by_unit=tuple(preview_units.by_unit(found, tables, work.places)),
    )


def _silence(code: str, done: int | None = None, total: int | None = None, **parameters: Any) -> None:
    return None


def _checked(
    tables: Mapping[str, pl.DataFrame], old: Mapping[str, pl.DataFrame], work: Assembly, region: Region
) -> list[pl.DataFrame]:
    """Faults of the workspace as it would be: new rows in the place of old ones with the same key."""
    whole: dict[str, pl.DataFrame] = {}
    for name in INPUTS:
        new, before = tables.get(name), old.get(name)
        if new is None:
            if before is not None:
                whole[name] = before.with_columns(_no_place())
        elif before is None or work.mode == "replace":
            whole[name] = new
        else:
            key = list(INPUTS[name].key)
            rest = before.join(new.select(key), on=key, how="anti", nulls_equal=True).with_columns(
                _no_place()
            )
            whole[name] = pl.concat([new, rest.select(new.columns)])
    found: list[pl.DataFrame] = []
    if work.boundaries is not None:
        areas = whole["areas"]["area_code"].drop_nulls().to_list() if "areas" in whole else []
        found.append(boundaries.check_codes(work.boundaries, [*areas, region.code], work.boundaries_file))
    if tables:
        all_faults = checking.check(whole, region, work.places, work.headings)
        # rows that were there before are this import's business only where it takes away what they stand on
        taken_away = ["intake.reference_lost", "intake.reference_table_missing"]
        found.append(all_faults.filter(pl.col("row").is_not_null() | pl.col("code").is_in(taken_away)))
    return found


def _count(name: str, frame: pl.DataFrame, old: pl.DataFrame | None, mode: Mode) -> TableCount:
    key = list(INPUTS[name].key)
    everything = [*key, *(c for c in INPUTS[name].names if c not in key)]
    new, same = frame.height, 0
    if old is not None:
        new = frame.join(old.select(key), on=key, how="anti", nulls_equal=True).height
        same = frame.join(old.select(everything), on=everything, how="semi", nulls_equal=True).height
    years = frame["year"].drop_nulls().to_numpy() if "year" in frame.columns else np.array([])
    first, last = (int(years.min()), int(years.max())) if years.size else (None, None)
    changed, before = frame.height - new - same, 0 if old is None else old.height
    after = frame.height if mode == "replace" else before + new
    return TableCount(name, frame.height, new, changed, same, first, last, before, after)


def _pupils(
    new: pl.DataFrame | None, old: pl.DataFrame | None, mode: Mode
) -> tuple[tuple[int, int | None, int | None], ...]:
    """(year, pupils before, pupils after) where the import brings enrolment; None where none are counted."""
    if new is None:
        return ()
    columns = [*INPUTS["enrolment"].key, "pupils"]
    before = INPUTS["enrolment"].empty() if old is None else old
    after = new.select(columns)
    if mode == "merge":
        kept = before.join(new, on=columns[:-1], how="anti", nulls_equal=True)
        after = pl.concat([kept.select(columns), after])
    sums = (
        frame.drop_nulls(["year", "pupils"]).group_by("year").agg(pl.col("pupils").sum().alias(name))
        for name, frame in (("before", before), ("after", after))
    )
    both = next(sums).join(next(sums), on="year", how="full", coalesce=True).sort("year")
    return tuple(both.select("year", "before", "after").iter_rows())


def _no_place() -> list[pl.Expr]:
    return [
        pl.lit(None, dtype=pl.UInt32).alias(ROW),
        pl.lit(None, dtype=pl.Int32).alias(SOURCE),
        pl.lit(None, dtype=pl.String).alias(HEADING),
    ]


def _without_echo(found: pl.DataFrame) -> pl.DataFrame:
    """One fault a cell: a source cell that became many rows speaks once, an error value is not called
    empty."""
    place = ["file", "sheet", "row", "column"]
    found = found.unique(["code", "table", *place, "value"], keep="first", maintain_order=True)
    told = found.filter(
        pl.col("code").is_in(["intake.cell_error", "intake.formula_without_value", "intake.digits_lost"])
    ).select(place)
    if told.is_empty():
        return found
    echoes = pl.col("code").is_in(
        ["intake.required_empty", "intake.births_without_basis", "intake.identifier_is_number"]
    )
    return pl.concat(
        [
            found.filter(~echoes),
            found.filter(echoes).join(told, on=place, how="anti", nulls_equal=True, maintain_order="left"),
        ]
    )
