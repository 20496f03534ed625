"""Files of families' answers: every form, every word of the vocabulary, every fault at once with its row."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from junheng.data.admission_answers import read_answers
from junheng.model.errors import BadData

ROWS = {"报名编号": ["A1", "A2", "A3"], "答复": ["接受", "候补", "放弃"]}
READ = [("A1", "accept"), ("A2", "wait"), ("A3", "decline")]


def test_excel_and_csv_read_the_same(tmp_path: Path) -> None:
    book, text = tmp_path / "answers.xlsx", tmp_path / "answers.csv"
    pl.DataFrame(ROWS).write_excel(book)
    text.write_text("登记表,2027\n报名号,是否接受\nA1,accept\n\nA2,wait\n Ａ3 ,DECLINE\n", encoding="gb18030")
    assert read_answers(book).rows() == read_answers(text).rows() == READ


def test_a_first_row_that_is_a_child_needs_no_heading(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("A1,接受\nA2,候补\nA3,放弃\n", encoding="utf-8")
    assert read_answers(path, {"A1", "A2", "A3"}).rows() == READ
    with pytest.raises(BadData) as refused:
        read_answers(path)
    assert [(one.code, one.column) for one in refused.value.findings] == [
        ("admission.column_missing", "applicant_id"),
        ("admission.column_missing", "answer"),
    ]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    who = ["A1", "A2", None, "A1", "B9", "A3"]
    pl.DataFrame({"报名编号": who, "答复": ["接受", "也许", "放弃", "放弃", "maybe", None]}).write_excel(path)
    with pytest.raises(BadData) as refused:
        read_answers(path, {"A1", "A2", "A3"})
    assert refused.value.code == "admission.bad_answers"
    assert [(one.code, one.row, one.column) for one in refused.value.findings] == [
        ("admission.answer_unknown", 3, "answer"),
        ("admission.empty", 4, "applicant_id"),
        ("admission.answer_twice", 5, "applicant_id"),
        ("admission.answer_stranger", 6, "applicant_id"),
        ("admission.answer_unknown", 6, "answer"),
        ("admission.answer_unknown", 7, "answer"),
    ]


@pytest.mark.parametrize("content", ["", "报名编号,答复\n"])
def test_a_file_without_answers_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadData) as refused:
        read_answers(path)
    assert refused.value.code == "intake.file_empty"
