"""Any table file, or a workspace's own tables, as the long frame `forecast backtest` reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from junheng.data.faults import ROW
from junheng.data.reading import read_file
from junheng.data.refusal import refuse
from junheng.data.sheets import find_table
from junheng.model.errors import BadData


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


def of_tables(tables: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """`unit, year, grade, pupils` of the workspace's enrolment and `year, births` of all its areas, or None.

    Births: one basis (the one with most rows, then the first by name), areas that lie above no other counted
    area, the year's own figure or else its months added up. BadData when there is no enrolment by school.
    """
    if "enrolment" not in tables or tables["enrolment"].is_empty():
        raise BadData("intake.no_history", {})
    frame = tables["enrolment"].select(pl.col("school_id").alias("unit"), "year", "grade", "pupils")
    births = tables.get("births")
    if births is None or births.is_empty():
        return frame, None
    basis = births.group_by("basis").len().sort(["len", "basis"], descending=[True, False])["basis"][0]
    counted = births.filter(pl.col("basis") == basis)
    if "areas" in tables:
        held = counted["area_code"].unique().to_list()
        above = tables["areas"].filter(pl.col("area_code").is_in(held))["parent_code"].drop_nulls().to_list()
        counted = counted.filter(~pl.col("area_code").is_in(above))
    whole = pl.col("month") == 0
    by_area = counted.group_by("area_code", "year").agg(
        pl.when(whole.any()).then(pl.col("births").filter(whole).sum()).otherwise(pl.col("births").sum())
    )
    return frame, by_area.group_by("year").agg(pl.col("births").sum()).sort("year")


def _is_plain(grid: pl.DataFrame) -> bool:
    """A CSV whose first line fills every column starts with its headings."""
    first = grid.row(0)
    return all(cell is not None and cell.strip() for cell in first) and len(set(first)) == len(first)
