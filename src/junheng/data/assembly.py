"""From files to typed rows of our tables: which sheet makes which table, mapped, coerced and put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import polars as pl

from junheng.data import boundaries, checking, faults, total_rows
from junheng.data.coercion import coerce
from junheng.data.digest import bytes_digest
from junheng.data.faults import HEADING, PROVENANCE
from junheng.data.file_kinds import open_safely
from junheng.data.mapping import FileMapping, Source
from junheng.data.mapping_apply import Mapped, apply
from junheng.data.mapping_suggest import by_headings, factor_of_heading
from junheng.data.reading import RawFile, RawSheet, read_file
from junheng.data.sheets import SheetTable, find_table
from junheng.data.versions import Mode
from junheng.data.vocabulary import all_headings, label
from junheng.model import INPUTS
from junheng.model.errors import BadData

Progress = Callable[..., None]


class Assembly:
    """Files on their way to tables; collects faults and never raises for what a file holds.

    After `run`: `places` (file, sheet by source number), `headings` (the user's heading of each of our
    columns), `boundaries`, `sources` (file name, digest), `unused` headings and `faults`.
    """

    def __init__(
        self,
        old: Mapping[str, pl.DataFrame],
        mapping: FileMapping | None,
        sheet: str,
        mode: Mode,
        tell: Progress,
    ) -> None:
        self.mode: Mode = mode
        self.old, self.mapping, self.sheet, self.tell = old, mapping, sheet, tell
        self.faults: list[pl.DataFrame] = []
        self.sources: list[tuple[str, str]] = []
        self.places: list[tuple[str, str]] = []
        self.headings: dict[str, dict[str, str]] = {}
        self.unused: list[tuple[str, str, tuple[str, ...]]] = []
        self.boundaries: dict[str, Any] | None = None
        self.boundaries_file = ""
        self.heading_rows: dict[tuple[str, str], tuple[int, int]] = {}
        self._parts: dict[str, list[pl.DataFrame]] = {}
        self._given: dict[str, set[str]] = {}
        self._raw_sheets: list[RawSheet] = []
        self._found: dict[tuple[str, str, tuple[int, ...] | None], SheetTable | None] = {}

    def run(self, files: Sequence[Path]) -> dict[str, pl.DataFrame]:
        """Tables with provenance, by name in declared order."""
        return self.build(self.plan(self.read(files)))

    # ------------------------------------------------------------ reading

    def read(self, files: Sequence[Path]) -> list[RawFile]:
        raws: list[RawFile] = []
        names = [path.name for path in files]
        for number, path in enumerate(files):
            self.tell("intake.step_reading", number, len(files), file=path.name)
            if (
                names.index(path.name) < number
            ):  # places are told by name: two of one name cannot be told apart
                self.faults.append(faults.one("intake.file_name_twice", file=path.name))
                continue
            try:
                raw = read_file(path)
                content = path.read_bytes()
                self.sources.append((path.name, bytes_digest(content)))
                if raw.kind == "geojson":
                    self.read_map(path)
                self.faults.append(raw.faults)
                raws.append(raw)
            except BadData as error:
                self.faults.append(faults.of_findings(error.findings))
        return raws

    def read_map(self, path: Path) -> None:
        found, wrong = boundaries.read(open_safely(path).content, path.name)
        self.faults.append(wrong)
        self.boundaries, self.boundaries_file = found, path.name

    # ------------------------------------------------------------ which sheet makes which table

    def plan(self, raws: list[RawFile]) -> list[tuple[Source, SheetTable]]:
        jobs: list[tuple[Source, SheetTable]] = []
        for raw_file in raws:
            recognised, before = 0, len(self.faults)
            self._unlike: list[SheetTable] = []
            for raw in raw_file.sheets:
                if raw.hidden or (raw.name and not fnmatchcase(raw.name, self.sheet)):
                    if raw.hidden and raw.grid.height and raw.name not in HIDDEN_OF_TEMPLATE:
                        self.faults.append(
                            faults.one("intake.sheet_hidden", "note", file=raw.file, sheet=raw.name)
                        )
                    continue
                made = self.by_mapping(raw) if self.mapping else self.by_itself(raw, len(raw_file.sheets))
                recognised += len(made)
                jobs += made
            self._raw_sheets += raw_file.sheets
            joined = self.mapping and any(
                s.join and fnmatchcase(raw_file.path.name, s.join.file) for s in self.mapping.sources
            )
            if (
                raw_file.sheets
                and not recognised
                and not joined
                and not faults.errors(faults.gather([raw_file.faults, *self.faults[before:]]))
            ):
                code = "intake.no_source_for_file" if self.mapping else "intake.file_without_rows"
                if self._unlike:  # nothing else was there: the fullest sheet is the one meant
                    meant = max(self._unlike, key=lambda table: table.frame.height)
                    self.faults.append(self.not_recognised(meant, [], ""))
                else:
                    self.faults.append(faults.one(code, file=raw_file.path.name))
        order = list(INPUTS)
        return sorted(jobs, key=lambda job: order.index(job[0].table))

    def by_mapping(self, raw: RawSheet) -> list[tuple[Source, SheetTable]]:
        assert self.mapping is not None
        made: list[tuple[Source, SheetTable]] = []
        for source in self.mapping.sources:
            if not source.takes(raw.file, raw.name):
                continue
            known = frozenset(label(heading) for heading in source.headings())
            table = self.table_of(raw, source.header)
            if table is None or not table.frame.height:
                self.faults.append(faults.one("intake.sheet_empty", "note", file=raw.file, sheet=raw.name))
                continue
            if raw.name and source.sheet == "*" and not known & {label(h) for h in table.headings}:
                self.faults.append(faults.one("intake.sheet_skipped", "note", file=raw.file, sheet=raw.name))
                continue
            made.append((source, table))
        return made

    def by_itself(self, raw: RawSheet, sheets: int) -> list[tuple[Source, SheetTable]]:
        table = self.table_of(raw, None)
        if table is None:
            if raw.grid.height:
                self.faults.append(faults.one("intake.sheet_empty", "note", file=raw.file, sheet=raw.name))
            return []
        source, missing, best = by_headings(table)
        if source is None:
            if sheets > 1 and not best:
                if table.frame.height:
                    self._unlike.append(table)
                self.faults.append(faults.one("intake.sheet_skipped", "note", file=raw.file, sheet=raw.name))
            else:
                self.faults.append(self.not_recognised(table, missing, best))
            return []
        if not table.frame.height:
            zh = INPUTS[source.table].zh
            self.faults.append(
                faults.one(
                    "intake.table_empty", "note", table=source.table, file=raw.file, sheet=raw.name, zh=zh
                )
            )
            return []
        self.other_units(source, table)
        return [(source, table)]

    def other_units(self, source: Source, table: SheetTable) -> None:
        """Headings that name another unit than the column's: read as they stand, every value would be
        wrong."""
        declared = INPUTS[source.table]
        for name, heading in source.columns.items():
            column = declared.column(name)
            if factor := factor_of_heading(heading, column):
                fault = faults.one(
                    "intake.heading_other_unit",
                    table=source.table,
                    file=table.file,
                    sheet=table.sheet,
                    column=heading,
                    value=heading,
                    column_zh=column.zh,
                    column_en=column.en,
                    unit_zh=column.unit.split(" ")[0],
                    unit_en=column.unit.split(" ")[-1],
                    factor=f"{factor:.10g}",
                    name=name,
                )
                self.faults.append(fault)

    def not_recognised(self, table: SheetTable, missing: Sequence[str], best: str) -> pl.DataFrame:
        seen = "、".join(heading[:20] for heading in table.headings[:8]) + (
            "…" if len(table.headings) > 8 else ""
        )
        if best:
            declared = INPUTS[best]
            names = "、".join(declared.column(name).zh for name in missing)
            return faults.one(
                "intake.columns_missing",
                table=best,
                file=table.file,
                sheet=table.sheet,
                row=table.heading_rows[1],
                table_zh=declared.zh,
                missing=names,
                missing_en=", ".join(missing),
                headings=seen,
            )
        return faults.one(
            "intake.sheet_not_recognised",
            file=table.file,
            sheet=table.sheet,
            row=table.heading_rows[1],
            headings=seen,
        )

    # ------------------------------------------------------------ rows

    def build(self, jobs: list[tuple[Source, SheetTable]]) -> dict[str, pl.DataFrame]:
        sheets = {id(table): table for _, table in jobs}
        used: dict[int, set[str]] = {}
        identifiers: dict[int, set[str]] = {}
        ready: dict[str, pl.DataFrame] = {}
        for number, (source, sheet) in enumerate(jobs):
            self.tell("intake.step_mapping", number, len(jobs), table=INPUTS[source.table].zh)
            self.places.append((sheet.file, sheet.sheet))
            known = {
                name: self.together(name, ready) for name in {lk.table for lk in source.lookups.values()}
            }
            mapped = apply(source, sheet, number, self.find, known)
            self.faults += [mapped.faults, total_rows.check(mapped)]
            used.setdefault(id(sheet), set()).update(h for h in sheet.headings if h not in mapped.unused)
            identifiers.setdefault(id(sheet), set()).update(_identifier_headings(mapped))
            if mapped.raw.height:
                self.typed(mapped)
                ready = {name: pl.concat(frames) for name, frames in self._parts.items()}
        for key, sheet in sheets.items():
            self.faults.append(
                _faults_that_matter(sheet.faults, used.get(key, set()), identifiers.get(key, set()))
            )
            left = tuple(h for h in sheet.headings if h not in used.get(key, set()))
            if left:
                self.unused.append((sheet.file, sheet.sheet, left))
        return {name: self.keep_absent_columns(name, ready[name]) for name in INPUTS if name in ready}

    def find(self, file: str, sheet: str) -> Sequence[SheetTable]:
        """Sheets of the import by file and sheet pattern, as tables."""
        taken = [
            raw
            for raw in self._raw_sheets
            if fnmatchcase(raw.file, file) and (not raw.name or fnmatchcase(raw.name, sheet))
        ]
        tables = (self.table_of(raw, None) for raw in taken)
        return [table for table in tables if table is not None]

    def table_of(self, raw: RawSheet, header: tuple[int, ...] | None) -> SheetTable | None:
        """The sheet's table, found once; headings the mapping names count as known words."""
        place = (raw.file, raw.name, header)
        if place not in self._found:
            sources = self.mapping.sources if self.mapping else ()
            headings = {heading for source in sources for heading in source.headings()}
            words = {label(part) for heading in headings for part in (heading, *heading.split())}
            found = find_table(raw, header, frozenset(words) or all_headings())
            self._found[place] = found
            if found is not None:
                self.heading_rows.setdefault((raw.file, raw.name), found.heading_rows)
        return self._found[place]

    def together(self, name: str, ready: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        frames = [checking.without_provenance(ready[name])] if name in ready else []
        frames += [self.old[name]] if name in self.old else []
        return pl.concat(frames) if frames else INPUTS[name].empty()

    def typed(self, mapped: Mapped) -> None:
        table = INPUTS[mapped.source.table]
        done = coerce(
            table,
            mapped.raw,
            headings=mapped.headings,
            places=self.places,
            factors=mapped.source.factors or None,
        )
        self.faults.append(done.faults)
        frame = done.frame
        if HEADING not in frame.columns:
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(HEADING))
        frame = frame.select(*table.names, *PROVENANCE)
        frame = _gathered(frame, mapped.source, table.key)
        self._parts.setdefault(table.name, []).append(frame)
        self._given.setdefault(table.name, set()).update(mapped.source.fields())
        self.headings.setdefault(table.name, {}).update(mapped.headings)

    def keep_absent_columns(self, name: str, frame: pl.DataFrame) -> pl.DataFrame:
        """A file that does not carry a column says nothing about it: what was known stays."""
        absent = [c for c in INPUTS[name].names if c not in self._given[name] and c not in INPUTS[name].key]
        if not absent or name not in self.old or self.mode == "replace":
            return frame
        key = list(INPUTS[name].key)
        before = self.old[name].select(*key, *(pl.col(c).alias(f"__old_{c}") for c in absent))
        joined = frame.join(before, on=key, how="left", nulls_equal=True, maintain_order="left")
        return joined.with_columns(pl.col(f"__old_{c}").alias(c) for c in absent).select(frame.columns)


HIDDEN_OF_TEMPLATE = ("代码表",)


def _identifier_headings(mapped: Mapped) -> set[str]:
    table = INPUTS[mapped.source.table]
    named = {c.name for c in table.columns if c.kind == "code" and not c.codes}
    return {heading for name, heading in mapped.headings.items() if name in named}


def _faults_that_matter(sheet: pl.DataFrame, used: set[str], identifiers: set[str]) -> pl.DataFrame:
    """Error cells of columns nobody reads are nobody's fault; lost digits hurt identifiers only."""
    cells = ["intake.cell_error", "intake.formula_without_value"]
    elsewhere = pl.col("code").is_in(cells) & ~pl.col("column").is_in(sorted(used))
    harmless = (pl.col("code") == "intake.digits_lost") & ~pl.col("column").is_in(sorted(identifiers))
    return sheet.filter(~(elsewhere | harmless))


def _gathered(frame: pl.DataFrame, source: Source, key: Sequence[str]) -> pl.DataFrame:
    """Rows that are parts added up; one row a key where the source says so."""
    if source.aggregate:
        sums = [c for c in source.aggregate.sum if c in frame.columns]
        others = [c for c in frame.columns if c not in {*key, *sums, source.aggregate.count}]
        count = [pl.len().cast(pl.Int64).alias(source.aggregate.count)] if source.aggregate.count else []
        grouped = frame.group_by(list(key), maintain_order=True).agg(
            *(pl.when(pl.col(c).is_not_null().any()).then(pl.col(c).sum()).alias(c) for c in sums),
            *count,
            *(pl.col(c).first() for c in others),
        )
        frame = grouped.select(frame.columns)
    if source.distinct:
        keep = "first" if source.distinct == "first" else "last"
        frame = frame.unique(list(key), keep=keep, maintain_order=True)
    return frame
