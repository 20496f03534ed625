"""What an upload's report tells, as tables: files, causes, units, rows, pupils, samples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from junheng.model import INPUTS
from junheng.report import format as fmt
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.frame import moment, span, unit_name, word
from junheng.web.data_centre.models import Upload
from junheng.web.data_centre.rows import frame_table
from junheng.web.data_centre.uploads.queries import Shown
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Light, Row
from junheng.web.house.scope import Scope
from junheng.web.wording import reason

SEVERITY: dict[str, Any] = {"error": "bad", "warning": "near", "note": "unseen"}
NO_VERSION = "none"
"""What the preview calls the base of a first import."""
MOST_CAUSES = 60


def file_table(scope: Scope, one: Upload) -> DataTable:
    rows = tuple(
        Row(
            (
                Anchor(file["name"], scope.url("data:upload_original", upload=one.pk, number=number)),
                f"{fmt.decimal(file['size'] / 1024**2, 1)} MB"
                if file["size"] >= 1024**2
                else f"{fmt.count(max(file['size'] / 1024, 1))} KB",
                Cell(file["sha256"][:16]),
            )
        )
        for number, file in enumerate(one.files, 1)
    )
    head = (Head(word("col_file")), Head(word("col_size"), "right"), Head(word("col_digest")))
    note = word("files_note", who=one.by.name, at=moment(one.at), unit=unit_name(scope, one.unit))
    return DataTable("files", word("files_caption"), head, rows, note=note)


def groups(scope: Scope, one: Upload) -> DataTable | None:
    """One line a cause: where, how often, how to mend it."""
    groups = one.summary.get("groups", ())
    if not groups:
        return None
    rows = tuple(
        Row(
            (
                Light(SEVERITY[g["severity"]], word(f"severity_{g['severity']}")),
                reason(g["code"], {**g["parameters"], "value": g["value"]}),
                Cell(
                    " · ".join(part for part in (g["sheet"], g["column"]) if part) or fmt.BLANK, sub=g["file"]
                ),
                _rows(g),
                fmt.count(g["count"]),
            )
        )
        for g in groups[:MOST_CAUSES]
    )
    head = (
        Head(word("col_severity")),
        Head(word("col_mend")),
        Head(word("col_place")),
        Head(word("col_rows_at"), "right"),
        Head(word("col_count"), "right", word("unit_places")),
    )
    more = one.summary.get("causes", len(groups)) - len(rows)
    note = word("more_causes", count=fmt.count(more)) if more > 0 else ""
    return DataTable("groups", word("groups_caption"), head, rows, note=note)


def _rows(group: Mapping[str, Any]) -> str:
    first, last = group["first_row"], group["last_row"]
    if first is None:
        return fmt.BLANK
    return fmt.count(first) if first == last else f"{fmt.count(first)}–{fmt.count(last)}"


def units(scope: Scope, held: Shown) -> DataTable | None:
    """One line a unit whose rows are faulty; only where there are several."""
    if len({one["unit"] for one in held.by_unit}) < 2:
        return None
    rows = tuple(
        Row(
            (
                Cell(held.names.get(one["unit"], one["unit"]), sub=one["unit"]),
                ours.name(one["table"]),
                Light(SEVERITY[one["severity"]], word(f"severity_{one['severity']}")),
                _rows(one),
                fmt.count(one["count"]),
            )
        )
        for one in held.by_unit[:MOST_CAUSES]
    )
    head = (
        Head(word("col_unit")),
        Head(word("col_table")),
        Head(word("col_severity")),
        Head(word("col_rows_at"), "right"),
        Head(word("col_count"), "right", word("unit_places")),
    )
    return DataTable("units", word("units_caption"), head, rows)


def counts(scope: Scope, one: Upload, whole: bool) -> DataTable | None:
    """Rows by table; those of the whole table only where the upload is the region's."""
    tables = one.summary.get("tables", ())
    if not tables:
        return None
    counted = ["rows", "new", "changed", "unchanged", *(["before", "after"] if whole else [])]
    rows = tuple(
        Row(
            (
                ours.name(t["table"]),
                *(fmt.count(t[name]) for name in counted),
                span(t["first_year"], t["last_year"]),
            )
        )
        for t in tables
    )
    names = ("table", "in_file", *counted[1:], "years")
    head = tuple(Head(word(f"col_{name}"), "left" if name == "table" else "right") for name in names)
    done = one.state == Upload.COMMITTED
    first = one.base_version == NO_VERSION
    code = "upload_counts_first" if first else "upload_counts_done" if done else "upload_counts_caption"
    caption = word(code, version=one.base_version)
    return DataTable("counts", caption, head, rows)


def pupils(scope: Scope, one: Upload) -> DataTable | None:
    """Pupils of the whole region by year before and after, the last years and all that change."""
    years = one.summary.get("pupils", ())
    kept = [y for at, y in enumerate(years) if y["before"] != y["after"] or at >= len(years) - 3]
    if not kept:
        return None
    held = {y["year"]: y["after"] for y in years}
    rows = []
    for y in kept[-12:]:
        before, after, last = y["before"], y["after"], held.get(y["year"] - 1)
        changed = fmt.signed(after - before) if before is not None and after is not None else fmt.BLANK
        yearly = fmt.signed(after - last) if last is not None and after is not None else fmt.BLANK
        rows.append(
            Row(
                (
                    fmt.school_year(y["year"], scope.language),
                    fmt.count(before),
                    fmt.count(after),
                    changed,
                    yearly,
                )
            )
        )
    names = ("school_year", "pupils_before", "pupils_after", "change", "change_year")
    head = tuple(Head(word(f"col_{name}"), "left" if name == "school_year" else "right") for name in names)
    return DataTable("pupils", word("pupils_caption"), head, tuple(rows))


def samples(scope: Scope, held: Shown) -> list[DataTable]:
    found: list[DataTable] = []
    for name, rows in held.sample.items():
        if name in INPUTS and rows:
            frame = pl.DataFrame(rows, infer_schema_length=None)
            caption = word("sample_caption", table=ours.name(name), count=fmt.count(len(rows)))
            found.append(frame_table(name, frame, scope, held.names, caption=caption))
    return found


def unused(one: Upload) -> tuple[str, ...]:
    return tuple(
        word(
            "unused",
            place=" · ".join(part for part in (u["file"], u["sheet"]) if part),
            headings="、".join(u["headings"][:20]),
        )
        for u in one.summary.get("unused", ())
    )


def vanishing(scope: Scope, one: Upload) -> DataTable:
    """Replacing whole tables: rows that would be there no more."""
    rows = tuple(
        Row(
            (
                ours.name(t["table"]),
                fmt.count(t["before"]),
                fmt.count(t["after"]),
                fmt.count(t["before"] - t["changed"] - t["unchanged"]),
            )
        )
        for t in one.summary.get("tables", ())
    )
    names = ("table", "before", "after", "vanishing")
    head = tuple(Head(word(f"col_{name}"), "left" if name == "table" else "right") for name in names)
    return DataTable("vanish", word("vanish_caption"), head, rows)
