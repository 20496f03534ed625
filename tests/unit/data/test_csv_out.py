"""CSV for spreadsheet programs: hostile names come back as text, numbers as numbers."""

from __future__ import annotations

import csv
import io
from datetime import date

import polars as pl
import pytest

from junheng.data.csv_out import csv_bytes

HOSTILE = [
    "=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "=HYPERLINK(\"http://x\",\"甲\")",
]  # fmt: skip
HARMLESS = ["城关小学", "a=b", "甲,乙", '他说"好"', "第一行\n=第二行", "", " 空格", "1", "'引号"]


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_would_be_computed_is_marked_as_text(text: str) -> None:
    rows = read(csv_bytes(pl.DataFrame({"名称": [text, "乙"], text: ["1", "2"]})))
    assert rows == [["名称", f"'{text}"], [f"'{text}", "1"], ["乙", "2"]]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert read(csv_bytes(pl.DataFrame({"名称": [text], "b": ["x"]})))[1] == [text, "x"]


def test_numbers_dates_and_blanks_are_never_touched() -> None:
    frame = pl.DataFrame(
        {"a": [-5, None], "b": [-0.5, 1e6], "c": [date(2027, 9, 1), None], "d": [True, None]},
        schema_overrides={"a": pl.Int64},
    )
    assert read(csv_bytes(frame)) == [
        ["a", "b", "c", "d"], ["-5", "-0.5", "2027-09-01", "true"], ["", "1000000.0", "", ""],
    ]  # fmt: skip


def test_codes_of_a_list_are_text_too() -> None:
    frame = pl.DataFrame({"a": ["=1", "b"]}, schema={"a": pl.Categorical})
    assert read(csv_bytes(frame))[1] == ["'=1"]


def test_a_line_ends_as_spreadsheet_programs_write_it() -> None:
    assert csv_bytes(pl.DataFrame({"a": ["甲"]})) == b"\xef\xbb\xbfa\r\n\xe7\x94\xb2\r\n"


def test_a_list_is_no_cell() -> None:
    with pytest.raises(ValueError, match="nested"):
        csv_bytes(pl.DataFrame({"a": [[1]]}))
