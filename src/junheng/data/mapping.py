"""The mapping file: how any real table becomes ours without retyping. TOML, read into frozen plain data.

One `[[source]]` says: of which file (and sheet) which of our tables is made, and how. Order of work on a
source: heading → filter → fill down → join another file → columns, constants, templates, sums, products →
year rule → lookups → extract → value maps → defaults → columns become rows (`unpivot`) → types and factors
→ aggregate → one row a key (`distinct`).

`@sheet` and `@file` may stand wherever a heading does: the sheet's and the file's name, for workbooks with
one sheet a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

YearLabel = Literal["start_year", "end_year", "range", "date"]
YEAR_LABELS: tuple[YearLabel, ...] = ("start_year", "end_year", "range", "date")


SHEET_NAME, FILE_NAME = "@sheet", "@file"


@dataclass(frozen=True, slots=True)
class Filter:
    """Keep rows whose `column` is in `values` (or not, with `exclude`), or, without values, is filled."""

    column: str
    values: tuple[str, ...] = ()
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class YearRule:
    """Where the school year stands and how it is labelled. With "date", dates from `turn_month` on belong
    to the year that begins then. `shift` is added last."""

    source: str
    label: YearLabel = "start_year"
    turn_month: int = 9
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Lookup:
    """Find the value of column `source` in `match` of one of our tables (new or in the workspace), give
    `give`."""

    source: str
    table: str
    match: str
    give: str


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Columns become rows: `into` gets the code, each of `values` the cell below the heading for that code.

    `values["pupils"] = {"G01": "一年级 学生数", …}`. With `zero_is_blank` a 0 means "not offered" and is
    left out. `total` names a column that must equal the sum of the first value's columns.
    """

    into: str
    values: Mapping[str, Mapping[str, str]]
    zero_is_blank: bool = False
    total: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """Bring columns of another file beside these, where the columns `on` agree."""

    file: str
    on: tuple[str, ...]
    sheet: str = "*"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Rows are parts (classes, sites): add up `sum` by key, and count rows into `count`."""

    sum: tuple[str, ...] = ()
    count: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One table of ours out of one sheet of theirs."""

    table: str
    file: str = "*"
    sheet: str = "*"
    header: tuple[int, ...] | None = None
    missing: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    templates: Mapping[str, str] = field(default_factory=dict[str, str])
    defaults: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    lookups: Mapping[str, Lookup] = field(default_factory=dict[str, Lookup])
    factors: Mapping[str, float] = field(default_factory=dict[str, float])
    products: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    extracts: Mapping[str, str] = field(default_factory=dict[str, str])
    join: Join | None = None
    year: YearRule | None = None
    unpivot: Unpivot | None = None
    aggregate: Aggregate | None = None
    distinct: str = ""
    kind_from_grades: Mapping[str, str] = field(default_factory=dict[str, str])

    def takes(self, file: str, sheet: str) -> bool:
        """Whether this source reads that sheet of that file (shell patterns, * and ?)."""
        return fnmatchcase(file, self.file) and (not sheet or fnmatchcase(sheet, self.sheet))

    def fields(self) -> set[str]:
        """Columns of ours that this source gives."""
        given = {
            *self.columns,
            *self.constants,
            *self.templates,
            *self.defaults,
            *self.lookups,
            *self.products,
            *self.sums,
        }
        given |= {"year"} if self.year else set()
        given |= {"kind"} if self.kind_from_grades else set()
        if self.unpivot:
            given |= {self.unpivot.into, *self.unpivot.values}
        if self.aggregate and self.aggregate.count:
            given.add(self.aggregate.count)
        return given

    def headings(self) -> set[str]:
        """Headings of theirs that this source reads."""
        used = {*self.columns.values(), *self.fill_down, *(f.column for f in self.filters)}
        used |= {lookup.source for lookup in self.lookups.values()}
        used |= {heading for parts in (*self.products.values(), *self.sums.values()) for heading in parts}
        used |= {name for text in self.templates.values() for name in template_fields(text)}
        used |= set(self.kind_from_grades.values())
        used |= {self.year.source} if self.year else set()
        used |= set(self.join.on) if self.join else set()
        if self.unpivot:
            used |= {heading for columns in self.unpivot.values.values() for heading in columns.values()}
            used |= {self.unpivot.total} - {""}
        return used


@dataclass(frozen=True, slots=True)
class FileMapping:
    """All sources of a mapping file."""

    sources: tuple[Source, ...]
    name: str = ""


def template_fields(text: str) -> list[str]:
    """Headings in braces of a template such as "TH-{校名}"."""
    return [part.split("}", 1)[0] for part in text.split("{")[1:] if "}" in part]
