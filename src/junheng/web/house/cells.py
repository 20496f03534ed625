"""Table rows as markup: written here, not in a template, because long tables are most of what pages cost."""

from __future__ import annotations

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from junheng.web.house.page import Anchor, Cell, DataTable, Light, Row


def rows(table: DataTable) -> SafeString:
    """The rows of a table, each cell aligned as its heading; the first cell of a row names it."""
    return SafeString("\n".join(_row(row, table) for row in table.rows))


def _row(row: Row, table: DataTable) -> str:
    key = f' data-key="{escape(row.key)}"' if row.key else ""
    cells: list[str] = []
    for number, cell in enumerate(row.cells):
        align = table.head[number].align if number < len(table.head) else ""
        if number == 0:
            cells.append(f'<th scope="row" class="{align}">{content(cell)}</th>')
        else:
            tone = f" {escape(cell.tone)}" if isinstance(cell, Cell) else ""
            cells.append(f'<td class="{align}{tone}">{content(cell)}</td>')
    return f"<tr{key}>{''.join(cells)}</tr>"


def content(cell: str | Cell | Anchor | Light) -> str:
    """What stands in a cell, escaped."""
    if isinstance(cell, Anchor):
        return f'<a href="{escape(cell.href)}">{escape(cell.text)}</a>{_below(cell.sub)}'
    if isinstance(cell, Light):
        return _light(cell.kind, cell.text)
    if not isinstance(cell, Cell):
        return escape(cell)
    text = f"<b>{escape(cell.text)}</b>" if cell.bold else escape(cell.text)
    return (_light(cell.light, cell.text) if cell.light else text) + _spark(cell) + _below(cell.sub)


def _light(kind: str, text: str) -> str:
    return f'<span class="light {escape(kind)}">{escape(text)}</span>'


def _below(text: str) -> str:
    return f"<small>{escape(text)}</small>" if text else ""


def _spark(cell: Cell) -> str:
    """A small line in a box of 84 by 20: what was counted, and what is ahead."""
    values = [value or 0.0 for value in cell.spark]
    if not values:
        return ""
    top, step = max(values) or 1.0, 80 / max(len(values) - 1, 1)
    points = [f"{2 + i * step:.1f},{18 - value / top * 16:.1f}" for i, value in enumerate(values)]
    seam = max(cell.spark_actual, 1)
    return format_html(
        '<svg class="spark" width="84" height="20" viewBox="0 0 84 20" aria-hidden="true">'
        '<polyline class="actual" points="{}"/><polyline class="ahead" points="{}"/></svg>',
        " ".join(points[:seam]),
        " ".join(points[seam - 1 :]),
    )
