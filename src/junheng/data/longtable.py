"""Any table file as a frame of strings: what `forecast backtest` and other tools read."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from junheng.data.faults import ROW
from junheng.data.reading import read_file
from junheng.data.refusal import refuse
from junheng.data.sheets import find_table


def read(path: Path | str) -> pl.DataFrame:
    """Columns under the file's own headings, every value a string, blanks null; CSV (UTF-8, BOM, GB18030,
    also gzip), Excel (the first sheet with rows) or Parquet. Title and total rows are left out.

    Raises BadData when the file cannot be read or holds no rows.
    """
    source = Path(path)
    for raw in read_file(source).sheets:
        if raw.hidden:
            continue
        header = (1,) if raw.name == "" and _is_plain(raw.grid) else None
        table = find_table(raw, header)
        if table is not None and table.frame.height:
            return table.frame.drop(ROW)
    raise refuse("intake.file_empty", source.name)


def _is_plain(grid: pl.DataFrame) -> bool:
    """A CSV whose first line fills every column starts with its headings."""
    first = grid.row(0)
    return all(cell is not None and cell.strip() for cell in first) and len(set(first)) == len(first)
