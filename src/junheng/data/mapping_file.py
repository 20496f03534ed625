"""Reading a mapping file: TOML in, sources out, and everything wrong in it at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from junheng.data.mapping import (
    YEAR_LABELS,
    Aggregate,
    FileMapping,
    Filter,
    Join,
    Lookup,
    Source,
    Unpivot,
    YearRule,
)
from junheng.model import INPUTS, Finding
from junheng.model.errors import BadData

FORMAT = 1


def load(path: Path) -> FileMapping:
    """Read a mapping file. Raises BadData that lists everything wrong in it at once."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise BadData("intake.file_missing", {"file": path.name}) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadData("intake.mapping_unreadable", {"file": path.name, "detail": str(error)}) from None
    return parse(content, path.name)


def parse(content: Mapping[str, Any], name: str = "mapping") -> FileMapping:
    """A mapping from parsed TOML; BadData lists every unknown table, column or entry."""
    reader = _Reader(name)
    if (version := content.get("format", FORMAT)) != FORMAT:
        reader.wrong("intake.mapping_format", entry="format", value=str(version))
    for key in content.keys() - {"format", "source", "note"}:
        reader.wrong("intake.mapping_unknown_entry", entry=key)
    entries = content.get("source", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
        reader.wrong("intake.mapping_no_source", entry="source")
        entries = []
    sources = [reader.source(number, entry) for number, entry in enumerate(entries, 1)]
    if reader.findings:
        raise BadData("intake.mapping_faults", {"file": name, "count": len(reader.findings)}, reader.findings)
    return FileMapping(tuple(source for source in sources if source is not None), name)


_ENTRIES = frozenset(
    {
        "table", "file", "sheet", "header", "missing", "fill_down", "filter", "columns", "constants",
        "templates", "defaults", "values", "lookup", "factors", "products", "join", "year", "unpivot",
        "aggregate", "distinct", "kind_from_grades", "sums", "extract",
    }
)  # fmt: skip


class _Reader:
    """Turns TOML into sources and remembers everything it could not accept."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def wrong(self, code: str, **parameters: Any) -> None:
        filled = {"file": self.file, **parameters}
        self.findings.append(
            Finding(code, "error", file=self.file, column=str(parameters.get("entry", "")), parameters=filled)
        )

    def source(self, number: int, entry: dict[str, Any]) -> Source | None:
        where = f"source {number}"
        for key in entry.keys() - _ENTRIES:
            self.wrong("intake.mapping_unknown_entry", entry=f"{where}.{key}")
        table = entry.get("table", "")
        if table not in INPUTS:
            self.wrong(
                "intake.mapping_unknown_table", entry=f"{where}.table", value=table, known=", ".join(INPUTS)
            )
            return None
        before = len(self.findings)
        made = Source(
            table=table,
            file=self.text(entry, "file", where, "*"),
            sheet=self.text(entry, "sheet", where, "*"),
            header=self.header(entry.get("header"), where),
            missing=self.texts(entry, "missing", where),
            fill_down=self.texts(entry, "fill_down", where),
            filters=tuple(self.filters(entry.get("filter", []), where)),
            columns=self.words(entry, "columns", where, table),
            constants=self.words(entry, "constants", where, table),
            templates=self.words(entry, "templates", where, table),
            defaults=self.words(entry, "defaults", where, table),
            values={
                f: self.words(entry.get("values", {}), f, f"{where}.values")
                for f in self.table(entry, "values", where)
            },
            lookups=self.lookups(self.table(entry, "lookup", where), where, table),
            factors=self.factors(self.table(entry, "factors", where), where, table),
            products=self.headings_of(entry, "products", where),
            sums=self.headings_of(entry, "sums", where),
            extracts=self.patterns(entry, where, table),
            join=self.join(entry.get("join"), where),
            year=self.year(entry.get("year"), where),
            unpivot=self.unpivot(entry.get("unpivot"), where, table),
            aggregate=self.aggregate(entry.get("aggregate"), where, table),
            distinct=self.text(entry, "distinct", where, ""),
            kind_from_grades=self.words(entry, "kind_from_grades", where),
        )
        if made.distinct not in ("", "first", "last"):
            self.wrong(
                "intake.mapping_bad_value",
                entry=f"{where}.distinct",
                value=made.distinct,
                allowed="first, last",
            )
        names = set(INPUTS[table].names)
        for unknown in sorted(({*made.values, *made.products, *made.sums, *made.lookups}) - names):
            self.wrong(
                "intake.mapping_unknown_column", entry=f"{where}.{unknown}", table=table, value=unknown
            )
        for absent in sorted(set(INPUTS[table].required) - made.fields()):
            self.wrong(
                "intake.mapping_lacks_column",
                entry=where,
                table=table,
                value=absent,
                zh=INPUTS[table].column(absent).zh,
            )
        return made if len(self.findings) == before else None

    def text(self, entry: Mapping[str, Any], key: str, where: str, default: str) -> str:
        value = entry.get(key, default)
        if not isinstance(value, str):
            self.wrong("intake.mapping_bad_value", entry=f"{where}.{key}", value=str(value), allowed="text")
            return default
        return value

    def texts(self, entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = entry.get(key, [])
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list):
            self.wrong("intake.mapping_bad_value", entry=f"{where}.{key}", value=str(value), allowed="[ ]")
            return ()
        return tuple(str(item) for item in value)

    def table(self, entry: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
        value = entry.get(key, {})
        if not isinstance(value, dict):
            self.wrong(
                "intake.mapping_bad_value", entry=f"{where}.{key}", value=str(value), allowed="[table]"
            )
            return {}
        return value

    def words(self, entry: Mapping[str, Any], key: str, where: str, table: str = "") -> dict[str, str]:
        content = self.table(entry, key, where)
        if table:
            for name in content.keys() - set(INPUTS[table].names):
                self.wrong(
                    "intake.mapping_unknown_column", entry=f"{where}.{key}.{name}", table=table, value=name
                )
        return {str(k): str(v) for k, v in content.items()}

    def headings_of(self, entry: Mapping[str, Any], key: str, where: str) -> dict[str, tuple[str, ...]]:
        """Lists of headings by our column, as sums and products need them."""
        content = self.table(entry, key, where)
        return {name: self.texts(content, name, f"{where}.{key}") for name in content}

    def patterns(self, entry: Mapping[str, Any], where: str, table: str) -> dict[str, str]:
        """Regular expressions with one group, by our column."""
        made = self.words(entry, "extract", where, table)
        for name, pattern in made.items():
            try:
                pl.select(pl.lit("x").str.extract(pattern, 1))
            except pl.exceptions.PolarsError:
                self.wrong(
                    "intake.mapping_bad_value",
                    entry=f"{where}.extract.{name}",
                    value=pattern,
                    allowed="regular expression with one ( )",
                )
        return made

    def header(self, value: Any, where: str) -> tuple[int, ...] | None:
        rows = [value] if isinstance(value, int) else value
        if rows is None:
            return None
        if (
            not isinstance(rows, list)
            or not rows
            or not all(isinstance(r, int) and r > 0 for r in rows)
            or rows != sorted(rows)
        ):
            self.wrong(
                "intake.mapping_bad_value", entry=f"{where}.header", value=str(value), allowed="3, [3, 4]"
            )
            return None
        return tuple(rows)

    def filters(self, content: Any, where: str) -> Sequence[Filter]:
        made: list[Filter] = []
        for one in content if isinstance(content, list) else [content]:
            if (
                not isinstance(one, dict)
                or "column" not in one
                or one.keys() - {"column", "in", "not_in", "filled"}
            ):
                self.wrong(
                    "intake.mapping_bad_value",
                    entry=f"{where}.filter",
                    value=str(one),
                    allowed="column + in | not_in | filled",
                )
                continue
            chosen = one.get("in", one.get("not_in", []))
            values = tuple(str(v) for v in chosen) if isinstance(chosen, list) else (str(chosen),)
            exclude = "not_in" in one or one.get("filled") is False
            made.append(Filter(str(one["column"]), values, exclude))
        return made

    def lookups(self, content: Mapping[str, Any], where: str, table: str) -> dict[str, Lookup]:
        made: dict[str, Lookup] = {}
        for name, one in content.items():
            try:
                lookup = Lookup(str(one["from"]), str(one["in"]), str(one["match"]), str(one["give"]))
                INPUTS[lookup.table].column(lookup.match)
                INPUTS[lookup.table].column(lookup.give)
                made[name] = lookup
            except (KeyError, TypeError):
                self.wrong(
                    "intake.mapping_bad_value",
                    entry=f"{where}.lookup.{name}",
                    value=str(one),
                    allowed="from, in, match, give",
                )
        return made

    def factors(self, content: Mapping[str, Any], where: str, table: str) -> dict[str, float]:
        made: dict[str, float] = {}
        for name, value in content.items():
            if (
                not isinstance(value, int | float)
                or isinstance(value, bool)
                or name not in INPUTS[table].names
            ):
                self.wrong(
                    "intake.mapping_bad_value",
                    entry=f"{where}.factors.{name}",
                    value=str(value),
                    allowed="column = number",
                )
            else:
                made[name] = float(value)
        return made

    def join(self, content: Any, where: str) -> Join | None:
        if content is None:
            return None
        if not isinstance(content, dict) or not content.get("file") or not content.get("on"):
            self.wrong(
                "intake.mapping_bad_value",
                entry=f"{where}.join",
                value=str(content),
                allowed="file, on, sheet",
            )
            return None
        return Join(
            str(content["file"]), self.texts(content, "on", f"{where}.join"), str(content.get("sheet", "*"))
        )

    def year(self, content: Any, where: str) -> YearRule | None:
        if content is None:
            return None
        label = content.get("label", "start_year") if isinstance(content, dict) else None
        if label not in YEAR_LABELS or not isinstance(content, dict) or "from" not in content:
            self.wrong(
                "intake.mapping_bad_value",
                entry=f"{where}.year",
                value=str(content),
                allowed="from, label = " + " | ".join(YEAR_LABELS),
            )
            return None
        return YearRule(
            str(content["from"]), label, int(content.get("turn_month", 9)), int(content.get("shift", 0))
        )

    def unpivot(self, content: Any, where: str, table: str) -> Unpivot | None:
        if content is None:
            return None
        names = INPUTS[table].names
        fixed = {"into", "zero_is_blank", "total"}
        values = {k: v for k, v in content.items() if k not in fixed} if isinstance(content, dict) else {}
        if (
            not values
            or content.get("into") not in names
            or not all(isinstance(v, dict) and v for v in values.values())
        ):
            self.wrong(
                "intake.mapping_bad_value",
                entry=f"{where}.unpivot",
                value=str(content)[:80],
                allowed="into, <column> = { code = heading }",
            )
            return None
        for unknown in values.keys() - set(names):
            self.wrong(
                "intake.mapping_unknown_column",
                entry=f"{where}.unpivot.{unknown}",
                table=table,
                value=unknown,
            )
        chosen = {k: {str(code): str(h) for code, h in v.items()} for k, v in values.items()}
        return Unpivot(
            content["into"], chosen, bool(content.get("zero_is_blank", False)), str(content.get("total", ""))
        )

    def aggregate(self, content: Any, where: str, table: str) -> Aggregate | None:
        if content is None:
            return None
        if not isinstance(content, dict) or content.keys() - {"sum", "count"}:
            self.wrong(
                "intake.mapping_bad_value",
                entry=f"{where}.aggregate",
                value=str(content),
                allowed="sum, count",
            )
            return None
        made = Aggregate(self.texts(content, "sum", where), str(content.get("count", "")))
        for unknown in {*made.sum, made.count} - {"", *INPUTS[table].names}:
            self.wrong(
                "intake.mapping_unknown_column", entry=f"{where}.aggregate", table=table, value=unknown
            )
        return made
