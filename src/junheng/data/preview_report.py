"""A preview written into a folder for whoever shows it: summary, sample, faults, marked workbooks."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import polars as pl

from junheng.data import atomic
from junheng.data.import_preview import Preview
from junheng.data.marked_workbook import Say
from junheng.model.errors import BadData

SUMMARY, SAMPLE, FAULTS, UNITS = "summary.json", "sample.json", "faults.parquet", "units.json"
SAMPLE_ROWS = 20
_CAUSE = ["severity", "code", "table", "file", "sheet", "column"]


def write(found: Preview, folder: Path, say: Say) -> dict[str, Any]:
    """Write `found` into `folder` (made if need be) and return the summary, which is written last.

    summary.json: what `summary` gives, and `marked`, the workbooks written: {file, name}. sample.json: the
    first rows of each table. units.json: {touched, faults} by unit (see `preview_units`). faults.parquet:
    every fault (`faults.SCHEMA`). marked-<n>.xlsx: the n-th file
    with its faults marked and worded by `say`, where they have a place.
    """
    folder.mkdir(parents=True, exist_ok=True)
    faults = io.BytesIO()
    found.faults.write_parquet(faults, compression="zstd")
    atomic.write_bytes(folder / FAULTS, faults.getvalue())
    sample = {name: frame.head(SAMPLE_ROWS).to_dicts() for name, frame in found.tables.items()}
    atomic.write_bytes(folder / SAMPLE, _json(sample))
    atomic.write_bytes(folder / UNITS, _json({"touched": found.touched, "faults": found.by_unit}))
    marked: list[dict[str, str]] = []
    for number, path in enumerate(found.files, 1):
        content = _marked(found, path, say)
        if content is not None:
            name = f"marked-{number}.xlsx"
            atomic.write_bytes(folder / name, content)
            marked.append({"file": path.name, "name": name})
    told = {**summary(found), "marked": marked}
    atomic.write_bytes(folder / SUMMARY, _json(told))
    return told


def summary(found: Preview) -> dict[str, Any]:
    """The preview in JSON values: counts, tables, groups of faults, pupils by year before and after."""
    severities = dict(found.faults["severity"].value_counts().iter_rows())
    digests = dict(found.sources)
    fields = found.counts[0].__dataclass_fields__ if found.counts else ()
    return {
        "errors": severities.get("error", 0),
        "warnings": severities.get("warning", 0),
        "notes": severities.get("note", 0),
        "tables": [{name: getattr(count, name) for name in fields} for count in found.counts],
        "pupils": [{"year": year, "before": before, "after": after} for year, before, after in found.pupils],
        "boundaries": None if found.boundaries is None else len(found.boundaries["features"]),
        "unused": [
            {"file": file, "sheet": sheet, "headings": list(headings)}
            for file, sheet, headings in found.unused
        ],
        "base_version": found.base,
        "files": [{"name": path.name, "sha256": digests.get(path.name)} for path in found.files],
        "groups": groups(found.faults),
    }


def groups(faults: pl.DataFrame) -> list[dict[str, Any]]:
    """Faults of one cause together, the gravest and most frequent first: severity, code, table, file, sheet,
    column, count, first_row, last_row, and value and parameters of the first."""
    order = pl.col("severity").replace_strict({"error": 0, "warning": 1, "note": 2}, return_dtype=pl.Int8)
    together = (
        faults.group_by(_CAUSE, maintain_order=True)
        .agg(
            pl.len().alias("count"),
            pl.col("row").min().alias("first_row"),
            pl.col("row").max().alias("last_row"),
            pl.col("value").first(),
            pl.col("parameters").first(),
        )
        .sort(order, -pl.col("count").cast(pl.Int64), maintain_order=True)
    )
    return [{**row, "parameters": json.loads(row["parameters"])} for row in together.iter_rows(named=True)]


def _marked(found: Preview, path: Path, say: Say) -> bytes | None:
    """The file with its faults marked; None when none has a place or the file cannot be opened again."""
    placed = (pl.col("file") == path.name) & pl.col("row").is_not_null() & (pl.col("severity") != "note")
    if found.faults.filter(placed).is_empty():
        return None
    try:
        return found.marked(path, say)
    except (BadData, OSError):
        return None


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, default=str).encode() + b"\n"
