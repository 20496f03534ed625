"""Tables as CSV that a spreadsheet program opens safely: UTF-8 with a mark, no text taken for a formula."""

from __future__ import annotations

import io

import polars as pl
import polars.selectors as cs

_COMMAND, _AS_TEXT = r"^([=+\-@\t\r\n＝＋－＠])", "'$1"
"""Beginnings that make a spreadsheet program compute a cell; it reads the full-width signs likewise."""
_MARK = b"\xef\xbb\xbf"


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """`frame` as comma-separated UTF-8 with byte-order mark and CRLF; headings are the columns' names.

    Text (headings too) that begins like a formula gets an apostrophe in front, as spreadsheet programs write
    text; numbers, dates and flags stand as they are. Nested columns: ValueError.
    """
    if nested := [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary]:
        raise ValueError(f"nested columns {nested}")
    text = cs.string() | cs.categorical() | cs.enum()
    guarded = frame.with_columns(text.cast(pl.String).str.replace(_COMMAND, _AS_TEXT))
    guarded.columns = pl.Series(frame.columns, dtype=pl.String).str.replace(_COMMAND, _AS_TEXT).to_list()
    stream = io.BytesIO()
    stream.write(_MARK)
    guarded.write_csv(stream, line_terminator="\r\n")
    return stream.getvalue()
