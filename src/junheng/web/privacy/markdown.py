"""An evidence document as Markdown, for files and mail; the page form is `report.html_page.page`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from junheng.report.content import Cell, Report, Table, Text

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def markdown(report: Report) -> str:
    """The whole document; what is in cells stands as text."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield f"# {_plain(report.title)}"
    yield f"{_plain(report.bureau)} · {report.period}"
    if report.declared:
        yield f"> {_plain(report.declared)}"
    yield f"**{_plain(report.headline)}**"
    for section in report.sections:
        yield f"## {_plain(section.title)}"
        for block in section.blocks:
            if isinstance(block, Text):
                yield _plain(block.text)
            elif isinstance(block, Table):
                yield _table(block)
    yield _plain(report.provenance)


def _table(table: Table) -> str:
    lines = [_row([head.text for head in table.head])]
    lines.append(_row(["---:" if head.align == "right" else "---" for head in table.head], raw=True))
    lines += [_row([cell.text if isinstance(cell, Cell) else cell for cell in row]) for row in table.rows]
    if table.more:
        lines += ["", _plain(table.more)]
    return "\n".join(lines)


def _row(cells: list[str], *, raw: bool = False) -> str:
    return "| " + " | ".join(cell if raw else _plain(cell) for cell in cells) + " |"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\n", " ")
