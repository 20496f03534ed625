"""From a grid to a table: the heading row among instructions, merged headings, blank tails, total rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from junheng.data import faults
from junheng.data.faults import ROW
from junheng.data.reading import RawSheet
from junheng.data.vocabulary import EXAMPLES, LONGEST_WORD, REMARKS, SUBTOTALS, TOTALS, all_headings, label

LOOK_FOR_HEADING_IN = 60
"""Lines searched for the heading row."""

_NUMBER = re.compile(r"[-+]?[\d,.，．]+%?")
_SEPARATOR = " "


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet with its headings found. `frame` has one string column for each heading and the Excel row;
    `totals` are the rows that only add others up, kept to check the sums against. `heading_rows` are the
    first and last row of the headings and `columns` the column of each, as Excel numbers them."""

    file: str
    sheet: str
    headings: list[str]
    frame: pl.DataFrame
    totals: pl.DataFrame
    heading_rows: tuple[int, int]
    columns: dict[str, int]
    faults: pl.DataFrame = field(default_factory=faults.none)


def find_table(
    raw: RawSheet, header: tuple[int, ...] | None = None, known: frozenset[str] | None = None
) -> SheetTable | None:
    """The table of a sheet, None when the sheet holds nothing.

    `header` gives the heading rows as Excel numbers them (one, or the first and last of a block); otherwise
    they are searched for among the first lines by known words (`known` labels, default all of the model's).
    """
    grid = raw.grid
    if grid.is_empty() or not grid.width:
        return None
    words = known if known is not None else all_headings()
    top = [list(row) for row in grid.head(LOOK_FOR_HEADING_IN).iter_rows()]
    found = (header[0] - 1, header[-1] - 1) if header else _heading_rows(top, words)
    if found is None or found[1] >= grid.height:
        return None
    first, last = found
    if header and last >= LOOK_FOR_HEADING_IN:
        top = [list(row) for row in grid.head(last + 1).iter_rows()]
    names = _names(top[first : last + 1], first, raw)
    body = grid.with_row_index(ROW, 1).slice(last + 1)
    kept = {column: name for column, name in zip(grid.columns, names, strict=True) if name}
    blank = [column for column in grid.columns if column not in kept]
    for column in blank:  # a column without heading that holds values is still shown to its owner
        if body[column].is_not_null().any():
            kept[column] = f"第{int(column[1:]) + 1}列"
    kept = {column: kept[column] for column in grid.columns if column in kept}
    if not kept:
        return None
    body = body.select(pl.col(ROW), *(pl.col(old).str.strip_chars().alias(new) for old, new in kept.items()))
    headings = list(kept.values())
    body = body.with_columns(pl.when(pl.col(h) != "").then(pl.col(h)).alias(h) for h in headings)
    body = body.filter(~pl.all_horizontal(pl.col(headings).is_null()))
    positions = {heading: int(column[1:]) + 1 for column, heading in kept.items()}
    body = _fill_merged(body, raw, positions, last + 1)
    body, totals, doubts = _set_apart(body, headings, raw)
    doubts.append(_cells_the_reader_drops(raw, positions, last + 1, body))
    rows = (first + 1, last + 1)
    return SheetTable(raw.file, raw.name, headings, body, totals, rows, positions, faults.gather(doubts))


def _heading_rows(top: list[list[str | None]], words: frozenset[str]) -> tuple[int, int] | None:
    scores: list[tuple[int, int]] = []
    for index, row in enumerate(top):
        cells = [label(cell) for cell in row if cell and cell.strip()]
        hits = len({cell for cell in cells if cell in words})
        if hits:
            scores.append((hits, index))
    best = max(scores, key=lambda score: (score[0], -score[1]), default=(0, 0))
    filled = [sum(1 for cell in row if cell and cell.strip()) for row in top]
    widest = max(filled, default=0)
    if best[0] >= 2 or (best[0] == 1 and widest <= 2):
        row = best[1]
    else:
        guess = next(
            (
                i
                for i, row in enumerate(top)
                if filled[i] >= max(1, 0.6 * widest) and _numbers(row) <= 0.25 * max(filled[i], 1)
            ),
            None,
        )
        if guess is None:
            return None
        row = guess
    first = last = row
    while first > 0 and _is_upper_heading(top[first - 1], top[first]):
        first -= 1
    while last + 1 < len(top) and _is_lower_heading(top[last], top[last + 1], words):
        last += 1
    return first, last


def _numbers(row: list[str | None]) -> int:
    return sum(1 for cell in row if cell and _NUMBER.fullmatch(cell.strip()))


def _is_upper_heading(upper: list[str | None], lower: list[str | None]) -> bool:
    """A row of group headings: two or more texts, above a row whose other columns it completes."""
    texts = [cell for cell in upper if cell and cell.strip()]
    if len(texts) < 2 or _numbers(upper):
        return False
    gaps = any(up and not low for up, low in zip(upper, lower, strict=True))
    spans = any(low and not up for up, low in zip(upper, lower, strict=True))
    return gaps and spans


def _is_lower_heading(upper: list[str | None], lower: list[str | None], words: frozenset[str]) -> bool:
    """A row of sub-headings: texts that go on where the row above has gaps, repeated (学生数 班数 学生数
    班数) or
    known; a first row of data with a gap in the wrong place is neither."""
    texts = [label(cell) for cell in lower if cell and cell.strip()]
    if not texts or _numbers(lower):
        return False
    continues = any(low and not up for up, low in zip(upper, lower, strict=True))
    leaves = any(up and not low for up, low in zip(upper, lower, strict=True))
    headings = len(set(texts)) < len(texts) or 2 * sum(text in words for text in texts) >= len(texts)
    return continues and leaves and headings


def _names(rows: list[list[str | None]], first: int, raw: RawSheet) -> list[str]:
    """One heading a column: group and sub-heading joined by a space; repeated ones are numbered."""
    cells = [[(cell or "").strip() for cell in row] for row in rows]
    merged = raw.scan.merged if raw.scan else []
    across = {
        (top - 1, left - 1): right - 1
        for top, left, _, right in merged
        if first <= top - 1 < first + len(rows)
    }
    for depth, row in enumerate(cells[:-1]):
        below = cells[depth + 1]
        until, text = -1, ""
        for column, cell in enumerate(row):
            if cell:
                text = cell
                until = across.get((first + depth, column), column if merged else len(row))
            elif column <= until and below[column]:
                row[column] = text
    names: list[str] = []
    seen: dict[str, int] = {}
    for column in range(len(cells[0])):
        parts: list[str] = []
        for row in cells:
            if row[column] and row[column] not in parts:
                parts.append(" ".join(row[column][:LONGEST_WORD].split()))
        name = _SEPARATOR.join(parts).removeprefix("*").rstrip("*")
        if name:
            seen[name] = seen.get(name, 0) + 1
            name = name if seen[name] == 1 else f"{name}#{seen[name]}"
        names.append(name)
    return names


def _fill_merged(body: pl.DataFrame, raw: RawSheet, positions: dict[str, int], last: int) -> pl.DataFrame:
    """Cells merged downwards hold their value once; every row they cover gets it."""
    ranges = [m for m in (raw.scan.merged if raw.scan else []) if m[2] > m[0] and m[2] > last]
    for heading, position in positions.items():
        covered = [(max(m[0], last + 1), m[2]) for m in ranges if m[1] <= position <= m[3]]
        if not covered:
            continue
        spans = pl.DataFrame(covered, schema=["__from", "__to"], orient="row").sort("__from")
        rows = body.select(ROW, heading).with_columns(pl.col(ROW).cast(pl.Int64))
        joined = rows.join_asof(spans, left_on=ROW, right_on="__from", strategy="backward")
        inside = pl.col(ROW) <= pl.col("__to")
        filled = joined.select(
            pl.when(inside & pl.col(heading).is_null())
            .then(pl.col(heading).first().over("__from"))
            .otherwise(pl.col(heading))
        ).to_series()
        body = body.with_columns(filled.alias(heading))
    return body


def _set_apart(
    body: pl.DataFrame, headings: list[str], raw: RawSheet
) -> tuple[pl.DataFrame, pl.DataFrame, list[pl.DataFrame]]:
    """Take total rows, remarks and examples out of the rows; say how many and which."""
    lead = headings[:3]
    spoken = {heading: _words_of_no_data(body[heading]) for heading in lead}
    if not any(spoken.values()):
        return body, body.clear(), []
    some = body.filter(
        pl.any_horizontal(pl.col(h).is_in(words).fill_null(False) for h, words in spoken.items())
    )
    first = _plain(pl.coalesce(lead))
    any_lead = [_plain(pl.col(h)) for h in lead]
    is_total = pl.any_horizontal(cell.is_in(sorted(TOTALS)) for cell in any_lead).fill_null(False)
    is_sub = pl.any_horizontal(cell.is_in(sorted(SUBTOTALS)) for cell in any_lead).fill_null(False)
    filled = pl.sum_horizontal(pl.col(headings).is_not_null().cast(pl.Int32))
    is_remark = (
        (filled <= min(2, max(len(headings) - 2, 1))) & first.str.contains(_REMARK) & (len(headings) > 2)
    )
    is_example = first.str.contains(_EXAMPLE)
    totals = some.filter(is_total)
    apart = some.filter(is_total | is_sub | is_remark | is_example)
    if apart.is_empty():
        return body, totals, []
    rows = apart[ROW].head(5).to_list()
    shown = "、".join(str(row) for row in rows) + ("…" if apart.height > 5 else "")
    note = faults.one(
        "intake.rows_set_apart", "note", file=raw.file, sheet=raw.name, count=apart.height, rows=shown
    )
    return body.filter(~pl.col(ROW).is_in(apart[ROW].to_list())), totals, [note]


_REMARK = "^(" + "|".join(re.escape(word) for word in REMARKS) + ")"
_EXAMPLE = "^(" + "|".join(EXAMPLES) + r")([（(]|$)"
_NO_DATA = f"{_REMARK}|{_EXAMPLE}|^({'|'.join(sorted(TOTALS | SUBTOTALS))})$"


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"[\s　:：*]", "").str.to_lowercase()


def _words_of_no_data(values: pl.Series) -> list[str]:
    """The few distinct values of a column that speak of totals, remarks or examples."""
    distinct = values.unique().drop_nulls().to_frame("value")
    return distinct.filter(_plain(pl.col("value")).str.contains(_NO_DATA))["value"].to_list()


def _cells_the_reader_drops(
    raw: RawSheet, positions: dict[str, int], last: int, body: pl.DataFrame
) -> pl.DataFrame:
    if raw.scan is None:
        return faults.none()
    by_position = {position: heading for heading, position in positions.items()}
    rows = (
        set(body[ROW].to_list())
        if raw.scan.error_cells or raw.scan.uncomputed or raw.scan.lost_digits
        else set()
    )
    found: list[pl.DataFrame] = []
    for code, severity, cells in (
        ("intake.cell_error", "error", raw.scan.error_cells),
        ("intake.formula_without_value", "error", raw.scan.uncomputed),
        ("intake.digits_lost", "error", raw.scan.lost_digits),
    ):
        placed = [
            cell for cell in cells if cell.row > last and cell.column in by_position and cell.row in rows
        ]
        if placed:
            frame = pl.DataFrame(
                {
                    "code": [code] * len(placed),
                    "severity": [severity] * len(placed),
                    "table": [""] * len(placed),
                    "file": [raw.file] * len(placed),
                    "sheet": [raw.name] * len(placed),
                    "row": [cell.row for cell in placed],
                    "column": [by_position[cell.column] for cell in placed],
                    "value": [cell.text for cell in placed],
                    "parameters": ["{}"] * len(placed),
                },
                schema=faults.SCHEMA,
            )
            found.append(frame)
    return faults.gather(found)
