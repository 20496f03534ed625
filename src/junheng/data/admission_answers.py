"""Families' answers as an office hands them over: Excel, CSV or Parquet, headings and words of the house's
vocabulary, every fault of the file at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl

from junheng.data.reading import RawSheet, read_file
from junheng.data.refusal import refuse
from junheng.data.vocabulary import headings, label, names_of_codes
from junheng.model.errors import BadData
from junheng.model.reason import Finding

TABLE = "admission_answers"
NEEDED = ("applicant_id", "answer")
_LOOK_FOR_HEADING_IN = 60


def read_answers(path: Path, known: Collection[str] | None = None) -> pl.DataFrame:
    """(applicant_id, answer) of the first visible sheet that holds anything, answers as codes. With `known`,
    the applicants there are, others are faults, and a first row that begins with one needs no heading.

    BadData when the file cannot be read; `admission.bad_answers` with a finding for each column that is
    missing, child without a number, unknown or repeated child, and answer that is none, each with its row.
    """
    sheets = [one for one in read_file(path).sheets if not one.hidden and one.grid.height and one.grid.width]
    if not sheets:
        raise refuse("intake.file_empty", path.name)
    sheet = sheets[0]
    rows = [[_plain(cell) for cell in row] for row in sheet.grid.iter_rows()]
    at, columns = _columns(rows, known)
    found = _missing(sheet, columns, rows[max(at, 0)])
    said: dict[str, str] = {}
    if not found:
        who, answer = (columns[name] for name in NEEDED)
        for number, row in enumerate(rows[at + 1 :], start=at + 2):
            if any(row):
                _take(sheet, number, row[who], row[answer], known, said, found)
    if not found and not said:
        raise refuse("intake.file_empty", path.name)
    if found:
        raise BadData("admission.bad_answers", {"count": len(found)}, found)
    return pl.DataFrame(
        {"applicant_id": list(said), "answer": list(said.values())},
        schema={"applicant_id": pl.String, "answer": pl.String},
    )


def _plain(cell: str | None) -> str:
    return unicodedata.normalize("NFKC", cell or "").strip().strip("\ufeff")


def _columns(rows: Sequence[Sequence[str]], known: Collection[str] | None) -> tuple[int, dict[str, int]]:
    """(row of the headings, -1 without them; place of each column that is needed and there)."""
    words = headings(TABLE)
    for at, row in enumerate(rows[:_LOOK_FOR_HEADING_IN]):
        named = [words.get(label(cell)) if cell else None for cell in row]
        if NEEDED[0] in named:
            return at, {name: named.index(name) for name in NEEDED if name in named}
    if known is not None and len(rows[0]) > 1 and rows[0][0] in known:
        return -1, {name: at for at, name in enumerate(NEEDED)}
    return 0, {}


def _missing(sheet: RawSheet, columns: Collection[str], there: Sequence[str]) -> list[Finding]:
    names = ", ".join(cell for cell in there if cell)[:200]
    return [
        Finding(
            "admission.column_missing",
            "error",
            TABLE,
            file=sheet.file,
            sheet=sheet.name,
            column=name,
            parameters={"heading": name, "there": names},
        )
        for name in NEEDED
        if name not in columns
    ]


def _take(
    sheet: RawSheet,
    number: int,
    who: str,
    answer: str,
    known: Collection[str] | None,
    said: dict[str, str],
    found: list[Finding],
) -> None:
    """One row: into `said`, or its faults into `found`."""
    codes = names_of_codes("admission_answer")

    def fault(code: str, column: str, value: str) -> None:
        about = {"applicant": who or "–", "value": value, "column": column}
        found.append(
            Finding(f"admission.{code}", "error", TABLE, sheet.file, sheet.name, number, column, value, about)
        )

    if not who:
        fault("empty", "applicant_id", "")
    elif known is not None and who not in known:
        fault("answer_stranger", "applicant_id", who)
    elif who in said:
        fault("answer_twice", "applicant_id", who)
    if (code := codes.get(label(answer))) is None:
        fault("answer_unknown", "answer", answer)
    said[who] = code or ""
