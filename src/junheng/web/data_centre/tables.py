"""Our tables as the pages speak of them: names, whose rows they hold, what a template prepares."""

from __future__ import annotations

from functools import cache

from junheng.data.unit_limits import unit_column
from junheng.model import INPUTS, Table
from junheng.model.tables import GROUPS
from junheng.web.wording import language, say

SCHOOLS, AREAS = "schools", "areas"
NEEDED = ("areas", "schools", "enrolment", "seats", "births")
"""Tables without which the seats of a region cannot be told; the others narrow the ranges or serve at
need."""


def groups() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(code, heading in the reader's language, tables) of each group of inputs, in order."""
    zh = language() == "zh"
    return tuple((one.code, one.zh if zh else one.en, one.tables) for one in GROUPS)


def name(table: str) -> str:
    """The table's name in the reader's language."""
    return INPUTS[table].zh if language() == "zh" else INPUTS[table].en


def about(table: str) -> str:
    """What one row of the table is."""
    return INPUTS[table].about_zh if language() == "zh" else INPUTS[table].about_en


def column_name(table: str, column: str) -> str:
    """A column's name in the reader's language; the word itself when it is none of ours."""
    if table not in INPUTS or column not in INPUTS[table].names:
        return column
    found = INPUTS[table].column(column)
    return found.zh if language() == "zh" else found.en


def purpose(table: str) -> str:
    """What the rooms use the table for."""
    return say(f"data_centre.for_{table}")


def without(table: str) -> str:
    """What cannot be computed while the table is missing."""
    return say(f"data_centre.without_{table}")


@cache
def school_tables() -> tuple[str, ...]:
    """Tables whose rows belong to a school: what schools can be asked for."""
    return tuple(table.name for table in INPUTS.values() if belongs_to(table) == SCHOOLS)


def belongs_to(table: Table) -> str:
    """Whose a row is: "schools", "areas" or "" (the region's)."""
    column = unit_column(table)
    if not column:
        return ""
    return (table.column(column).references or f"{table.name}.{column}").partition(".")[0]


def has_year(table: str) -> bool:
    """Whether the table's rows belong to years."""
    return "year" in INPUTS[table].names


def key_of(table: str) -> tuple[str, ...]:
    """Columns that tell the table's rows apart."""
    return INPUTS[table].key
