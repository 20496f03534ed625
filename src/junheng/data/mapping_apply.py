"""One source of a mapping applied to one sheet: their strings under our column names, still with Excel
rows."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from junheng.data import faults, total_rows
from junheng.data.coercion import LOST, clean, dates, half_width
from junheng.data.faults import HEADING, ROW, SOURCE
from junheng.data.mapping import FILE_NAME, SHEET_NAME, Lookup, Source, Unpivot, YearRule, template_fields
from junheng.data.sheets import SheetTable
from junheng.data.vocabulary import label
from junheng.model import INPUTS, stages

_JOINED = "__join_"


@dataclass(frozen=True, slots=True)
class Mapped:
    """`raw` holds strings under our names with provenance; `headings` their heading of each of our
    columns."""

    source: Source
    sheet: SheetTable
    raw: pl.DataFrame
    headings: dict[str, str]
    faults: pl.DataFrame = field(default_factory=faults.none)
    unused: tuple[str, ...] = ()


Find = Callable[[str, str], Sequence[SheetTable]]
"""Sheets of the import whose file and sheet match two patterns."""


def apply(
    source: Source, sheet: SheetTable, number: int, find: Find, known: Mapping[str, pl.DataFrame]
) -> Mapped:
    """Map `sheet` (source number `number` in the import). `find` serves joins, `known` (our tables: new and
    old) serves lookups. Faults name what could not be found; nothing is raised."""
    work = _Work(source, sheet, number)
    work.match_headings()
    if not work.faults_stop:
        work.join(find)
        work.rows()
        work.fields(known)
        if source.unpivot:
            work.unpivot(source.unpivot)
    return work.done()


class _Work:
    def __init__(self, source: Source, sheet: SheetTable, number: int) -> None:
        self.source = source
        self.sheet = sheet
        self.frame = sheet.frame.with_columns(
            pl.lit(number, dtype=pl.Int32).alias(SOURCE),
            pl.lit(sheet.sheet).alias(SHEET_NAME),
            pl.lit(sheet.file).alias(FILE_NAME),
        )
        self.names: dict[str, str] = {SHEET_NAME: SHEET_NAME, FILE_NAME: FILE_NAME}
        self.headings: dict[str, str] = {}
        self.faults: list[pl.DataFrame] = []
        self.faults_stop = False
        self.raw: pl.DataFrame | None = None

    def fault(self, code: str, severity: str = "error", column: str = "", **parameters: Any) -> None:
        self.faults.append(
            faults.one(
                code,
                severity,
                table=self.source.table,
                file=self.sheet.file,
                sheet=self.sheet.sheet,
                column=column,
                **parameters,
            )
        )

    def match_headings(self) -> None:
        """Find each heading the source names, exactly or but for width, case, spaces and brackets."""
        there = self.sheet.headings
        by_label = {label(heading): heading for heading in reversed(there)}
        optional = set()
        if self.source.unpivot:
            optional = {h for columns in self.source.unpivot.values.values() for h in columns.values()}
        foreign = bool(self.source.join)
        for wanted in sorted(self.source.headings() - {SHEET_NAME, FILE_NAME}):
            found = wanted if wanted in there else by_label.get(label(wanted), "")
            if found:
                self.names[wanted] = found
            elif not foreign:
                near = difflib.get_close_matches(wanted, there, n=3, cutoff=0.4) or there[:6]
                severity = "warning" if wanted in optional else "error"
                self.fault(
                    "intake.heading_missing", severity, column=wanted, heading=wanted, near="、".join(near)
                )
                self.faults_stop |= severity == "error"
        if optional and not any(h in self.names for h in optional):
            self.faults_stop = True

    def join(self, find: Find) -> None:
        join = self.source.join
        if join is None:
            return
        others = [
            o for o in find(join.file, join.sheet) if (o.file, o.sheet) != (self.sheet.file, self.sheet.sheet)
        ]
        if not others:
            self.fault("intake.join_file_missing", wanted=join.file)
            self.faults_stop = True
            return
        wanted = self.source.headings() - set(self.names)
        on = [self.names.get(name, name) for name in join.on]
        keyed = self.frame.with_columns(
            half_width(clean(self.frame[c])).alias(f"{_JOINED}{i}") for i, c in enumerate(on)
        )
        keys = [f"{_JOINED}{i}" for i in range(len(on))]
        parts: list[pl.DataFrame] = []
        for other in others:
            by_label = {label(heading): heading for heading in reversed(other.headings)}
            pick = {name: by_label[label(name)] for name in (*join.on, *wanted) if label(name) in by_label}
            if all(name in pick for name in join.on):
                chosen = other.frame.select(
                    *(
                        half_width(clean(other.frame[pick[name]])).alias(f"{_JOINED}{i}")
                        for i, name in enumerate(join.on)
                    ),
                    *(pl.col(pick[name]).alias(name) for name in sorted(wanted) if name in pick),
                )
                parts.append(chosen)
                self.names |= {name: name for name in wanted if name in pick}
        if parts:
            beside = pl.concat(parts, how="diagonal").unique(keys, keep="first", maintain_order=True)
            keyed = keyed.join(beside, on=keys, how="left", maintain_order="left")
        self.frame = keyed.drop(keys)
        for name in sorted(self.source.headings() - set(self.names)):
            self.fault(
                "intake.heading_missing", column=name, heading=name, near="、".join(self.sheet.headings[:6])
            )
            self.faults_stop = True

    def rows(self) -> None:
        """Missing marks, filters, filling down."""
        if self.faults_stop:
            return
        if self.source.missing:
            marks = list(self.source.missing)
            self.frame = self.frame.with_columns(
                pl.when(~pl.col(h).is_in(marks)).then(pl.col(h)).alias(h) for h in self.sheet.headings
            )
        for name in self.source.fill_down:
            self.frame = self.frame.with_columns(pl.col(self.names[name]).forward_fill())
        before = self.frame.height
        for one in self.source.filters:
            values = clean(self.frame[self.names[one.column]])
            if one.values:
                keep = values.is_in(list(one.values)).fill_null(False)
                keep = ~keep if one.exclude else keep
            else:
                keep = values.is_null() if one.exclude else values.is_not_null()
            self.frame = self.frame.filter(keep)
        if self.frame.height < before:
            self.fault("intake.rows_filtered", "note", count=before - self.frame.height)

    def fields(self, known: Mapping[str, pl.DataFrame]) -> None:
        """Our columns, one after another."""
        if self.faults_stop:
            return
        made: dict[str, pl.Series] = {}
        height = self.frame.height
        for name, text in self.source.constants.items():
            made[name] = pl.Series(name, [text], pl.String).new_from_index(0, height)
        for name, heading in self.source.columns.items():
            made[name] = self.theirs(heading)
            self.headings[name] = self.names[heading]
        for name, text in self.source.templates.items():
            made[name] = self.from_template(text)
            self.headings[name] = "+".join(template_fields(text))
        for name, parts in self.source.products.items():
            made[name] = self.combined(parts, multiplied=True)
            self.headings[name] = " × ".join(parts)
        for name, parts in self.source.sums.items():
            made[name] = self.combined(parts, multiplied=False)
            self.headings[name] = " + ".join(parts)
        if self.source.year:
            made["year"] = school_years(self.theirs(self.source.year.source), self.source.year)
            self.headings["year"] = self.names[self.source.year.source]
        for name, lookup in self.source.lookups.items():
            made[name] = self.look_up(name, lookup, known)
            self.headings[name] = self.names[lookup.source]
        if self.source.kind_from_grades:
            made["kind"] = self.kind(self.source.kind_from_grades)
            self.headings["kind"] = "/".join(self.source.kind_from_grades.values())
        for name, pattern in self.source.extracts.items():
            if name in made:
                made[name] = half_width(clean(made[name])).str.extract(pattern, 1)
        for name, words in self.source.values.items():
            if name in made:
                made[name] = _replaced(made[name], words)
        for name, text in self.source.defaults.items():
            value = (
                clean(made[name])
                if name in made
                else pl.Series(name, [None], pl.String).new_from_index(0, height)
            )
            blank = value.is_null()
            if blank.any():
                made[name] = value.set(blank, text)
                self.fault(
                    "intake.default_used",
                    "note",
                    count=int(blank.sum()),
                    value=text,
                    column=self.headings.get(name, name),
                )
        kept = self.frame.select(ROW, SOURCE)
        self.raw = pl.DataFrame([s.alias(n) for n, s in made.items()]).hstack(kept) if made else kept

    def theirs(self, heading: str) -> pl.Series:
        return self.frame[self.names[heading]]

    def from_template(self, text: str) -> pl.Series:
        parts: list[pl.Expr] = []
        for index, piece in enumerate(text.split("{")):
            if index and "}" in piece:
                heading, rest = piece.split("}", 1)
                parts += [pl.lit(half_width(clean(self.theirs(heading)))), pl.lit(rest)]
            else:
                parts.append(pl.lit(piece))
        return self.frame.select(pl.concat_str(parts).alias("text")).to_series()

    def combined(self, headings: Sequence[str], *, multiplied: bool) -> pl.Series:
        """Columns multiplied (null where one is missing) or added up (missing ones left out)."""
        total: pl.Series | None = None
        for heading in headings:
            text = half_width(clean(self.theirs(heading))).str.replace_all(",", "")
            number = text.cast(pl.Float64, strict=False)
            if total is None:
                total = number
            elif multiplied:
                total = total * number
            else:
                both = total.fill_null(0) + number.fill_null(0)
                total = both.set(total.is_null() & number.is_null(), None)
        assert total is not None
        return total.cast(pl.String)

    def look_up(self, name: str, lookup: Lookup, known: Mapping[str, pl.DataFrame]) -> pl.Series:
        values = clean(self.theirs(lookup.source))
        table = known.get(lookup.table)
        found: dict[str, str] = {}
        if table is not None:
            for key, code in (
                table.select(lookup.match, lookup.give).drop_nulls().unique(maintain_order=True).iter_rows()
            ):
                found.setdefault(label(str(key)), str(code))
        distinct = {value: found.get(label(value)) for value in values.drop_nulls().unique().to_list()}
        given = values.replace_strict(
            list(distinct), list(distinct.values()), default=None, return_dtype=pl.String
        )
        lost = values.is_not_null() & given.is_null()
        if lost.any():
            rows = pl.DataFrame([values.alias("__value")]).hstack(self.frame.select(ROW, SOURCE)).filter(lost)
            self.faults.append(
                faults.of_rows(
                    rows.with_columns(pl.lit(0, dtype=pl.Int32).alias(SOURCE)),
                    "intake.lookup_failed",
                    "error",
                    table=self.source.table,
                    places=[(self.sheet.file, self.sheet.sheet)],
                    heading=self.names[lookup.source],
                    value=pl.col("__value"),
                    parameters={"known": lookup.table, "known_zh": INPUTS[lookup.table].zh},
                )
            )
            given = given.set(lost, LOST)
        return given

    def kind(self, columns: Mapping[str, str]) -> pl.Series:
        """办学类型 from the grades that have pupils (the region's six-three stages)."""
        has: dict[str, pl.Expr] = {}
        for grade, heading in columns.items():
            if heading not in self.names:
                continue
            stage = stages.stage_of(grade)
            filled = pl.lit(
                half_width(clean(self.theirs(heading))).cast(pl.Float64, strict=False).fill_null(0) > 0
            )
            has[stage] = has[stage] | filled if stage in has else filled
        never = pl.lit(False)
        primary, junior, senior = (has.get(stage, never) for stage in ("primary", "junior", "senior"))
        kind = (
            pl.when(primary & senior)
            .then(pl.lit("345"))
            .when(primary & junior)
            .then(pl.lit("312"))
            .when(primary)
            .then(pl.lit("211"))
            .when(junior & senior)
            .then(pl.lit("341"))
            .when(junior)
            .then(pl.lit("311"))
            .when(senior)
            .then(pl.lit("342"))
            .when(has.get("kindergarten", never))
            .then(pl.lit("111"))
        )
        return self.frame.select(kind.alias("kind")).to_series()

    def unpivot(self, how: Unpivot) -> None:
        """Columns into rows; a blank cell is no row, and its heading travels with the value."""
        if self.raw is None:
            return
        codes = list(dict.fromkeys(code for columns in how.values.values() for code in columns))
        main = next(iter(how.values))
        parts: list[pl.DataFrame] = []
        for code in codes:
            cells: list[pl.Series] = []
            shown = ""
            for field_name, columns in how.values.items():
                heading = columns.get(code, "")
                if heading in self.names:
                    cell = clean(self.theirs(heading))
                    shown = shown or self.names[heading]
                    if how.zero_is_blank and field_name == main:
                        cell = cell.set(cell.is_in(["0", "0.0"]).fill_null(False), None)
                else:
                    cell = pl.Series([None], dtype=pl.String).new_from_index(0, self.frame.height)
                cells.append(cell.alias(field_name))
            part = self.raw.with_columns(
                *cells,
                pl.lit(code).alias(how.into),
                pl.lit(shown).alias(HEADING),
                pl.lit(len(parts), dtype=pl.Int32).alias("__order"),
            )
            parts.append(part.filter(pl.any_horizontal(pl.col(list(how.values)).is_not_null())))
        if how.total and how.total in self.names:
            parts_of_total = [self.names[h] for h in how.values[main].values() if h in self.names]
            self.faults.append(
                total_rows.check_each_row(
                    self.sheet, self.frame, self.source.table, self.names[how.total], parts_of_total
                )
            )
        joined = pl.concat(parts) if parts else self.raw.clear()
        self.raw = joined.sort(ROW, "__order", maintain_order=True).drop("__order")
        for field_name, columns in how.values.items():
            self.headings[field_name] = next(
                (self.names[h] for h in columns.values() if h in self.names), field_name
            )
        self.headings[how.into] = how.into

    def done(self) -> Mapped:
        used = {self.names[h] for h in self.names}
        unused = tuple(h for h in self.sheet.headings if h not in used)
        raw = self.raw if self.raw is not None and not self.faults_stop else pl.DataFrame()
        return Mapped(self.source, self.sheet, raw, self.headings, faults.gather(self.faults), unused)


def _replaced(values: pl.Series, words: Mapping[str, str]) -> pl.Series:
    plain = clean(values)
    by_label = {label(theirs): ours for theirs, ours in words.items()}
    exact = {v: words.get(v, by_label.get(label(v), v)) for v in plain.drop_nulls().unique().to_list()}
    return plain.replace_strict(list(exact), list(exact.values()), default=None, return_dtype=pl.String)


def school_years(values: pl.Series, rule: YearRule) -> pl.Series:
    """The calendar year in which the school year begins, as text; what cannot be read stays as it stands."""
    text = half_width(clean(values))
    if rule.label == "date":
        day = dates(text)
        year = day.dt.year() - (day.dt.month() < rule.turn_month).cast(pl.Int32)
    else:
        first = text.str.extract(r"(\d{4})").cast(pl.Int32, strict=False)
        year = first - 1 if rule.label == "end_year" else first
        if rule.label == "end_year":  # "2024-2025" already says both years; the second one is meant
            second = text.str.extract(r"\d{4}\D+(\d{4})").cast(pl.Int32, strict=False)
            year = pl.select(pl.coalesce(second - 1, year)).to_series()
    return pl.select(pl.coalesce((year + rule.shift).cast(pl.String), text)).to_series()
