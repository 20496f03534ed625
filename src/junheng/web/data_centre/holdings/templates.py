"""Templates and tables as workbooks, made from what is held inside the scope."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.data import template as made
from junheng.data.csv_out import csv_bytes
from junheng.model import INPUTS
from junheng.web.data_centre import answers
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.frame import word
from junheng.web.data_centre.holdings.queries import own_rows
from junheng.web.data_centre.uploads.command import limits
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.workspace import region

MOST_ROWS = 5_000
"""Beyond this a file is CSV: a workbook of more takes longer to write than a page should."""
FILLED_IN = (*made.LISTS, *made.COUNTS)
"""Tables a template can begin: the lists, and what is counted by the same keys each year."""


def template(scope: Scope, tables: Sequence[str], *, filled: bool) -> tuple[bytes, str]:
    """A workbook with a sheet a table, and its name. `filled`: the rows as they stand; else the codes of the
    scope's units with the counts left open."""
    chosen = list(tables) or [
        *(ours.school_tables()[:1] if scope.unit.level == "school" else ()),
        *made.USUAL,
    ]
    chosen = list(dict.fromkeys(chosen))
    if scope.unit.level == "school":
        chosen = [name for name in chosen if name in ours.school_tables()]
    if filled:
        rows = {name: own_rows(scope, name).head(made.ROWS) for name in chosen}
    else:
        held = {name: frame for name in FILLED_IN if (frame := reading.table(scope, name)) is not None}
        units = limits(scope.unit) or {"areas": [region().code]}
        rows = made.prefilled(held, region(), scope.year, **units)
    rows = {name: frame for name, frame in rows.items() if name in chosen and not frame.is_empty()}
    content = made.workbook(chosen, language=scope.language, rows=rows)
    what = ours.name(chosen[0]) if len(chosen) == 1 else word("template_name")
    return content, f"{scope.unit.code}_{scope.year}_{what}.xlsx"


def rows_file(scope: Scope, table: str, version: str | None = None) -> tuple[bytes, str, str]:
    """Rows of a table inside the scope, of a version: the file, its name and its type."""
    frame = reading.table(scope, table, version)
    if frame is None:
        frame = INPUTS[table].empty()
    stem = f"{scope.unit.code}_{scope.year}_{ours.name(table)}" + (f"_{version}" if version else "")
    if frame.height > MOST_ROWS:
        return csv_bytes(frame), f"{stem}.csv", answers.CSV
    return made.workbook([table], language=scope.language, rows={table: frame}), f"{stem}.xlsx", answers.XLSX
