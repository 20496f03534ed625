"""Tables are declared once and frames conform to them."""

from __future__ import annotations

import polars as pl
import pytest

from junheng.model import INPUTS
from junheng.model.column import Column, Table


def _column(name: str) -> Column:
    return Column(name, "text", name, name, name, name)


def test_column_names_must_differ_by_more_than_case() -> None:
    with pytest.raises(ValueError, match="repeat"):
        Table("t", "表", "t", "表", "t", ("a",), (_column("a"), _column("A")))


def test_a_key_must_be_declared() -> None:
    with pytest.raises(ValueError, match="missing_key"):
        Table("t", "表", "t", "表", "t", ("missing_key",), (_column("a"),))


def test_conforming_orders_columns_and_rows_and_fills_what_is_absent() -> None:
    frame = pl.DataFrame(
        {"pupils": [2, 1], "grade": ["G01", "G01"], "school_id": ["b", "a"], "year": [2025, 2025]}
    )
    found = INPUTS["enrolment"].conform(frame)
    assert found.columns == INPUTS["enrolment"].names
    assert found["school_id"].to_list() == ["a", "b"]
    assert found["classes"].null_count() == 2


def test_an_undeclared_column_is_refused() -> None:
    with pytest.raises(ValueError, match="teacher"):
        INPUTS["enrolment"].conform(pl.DataFrame({"teacher": ["x"]}))
