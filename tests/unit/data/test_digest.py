"""A digest says what a table holds and nothing about how it lies."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.data.digest import bytes_digest, combined, frame_digest

ROWS = st.lists(
    st.tuples(st.text(max_size=4) | st.none(), st.integers(-9, 9) | st.none(), st.floats() | st.none()),
    max_size=12,
)
SCHEMA = {"name": pl.String, "count": pl.Int64, "share": pl.Float64}


@given(ROWS, st.randoms(use_true_random=False))
def test_row_and_column_order_do_not_count(rows, random):
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    shuffled = list(rows)
    random.shuffle(shuffled)
    other = pl.DataFrame(shuffled, schema=SCHEMA, orient="row").select("share", "name", "count")
    assert frame_digest(frame) == frame_digest(other)


@pytest.mark.parametrize(
    "other",
    [
        {"a": ["x", "y"], "b": [1, 3]},
        {"a": ["x", "y", "y"], "b": [1, 2, 2]},
        {"a": ["xy", ""], "b": [1, 2]},
        {"a": ["x", None], "b": [1, 2]},
        {"a": ["x", "y"], "b": [1.0, 2.0]},
        {"a": ["x", "y"], "c": [1, 2]},
        {"a": ["y", "x"], "b": [1, 2]},
    ],
)
def test_content_counts(other):
    assert frame_digest(pl.DataFrame({"a": ["x", "y"], "b": [1, 2]})) != frame_digest(pl.DataFrame(other))


def test_an_empty_text_is_not_a_missing_one():
    assert frame_digest(pl.DataFrame({"a": ["x", ""]})) != frame_digest(pl.DataFrame({"a": ["x", None]}))


def test_neither_width_nor_an_empty_column_counts():
    narrow = pl.DataFrame({"a": [1, 2]}, schema={"a": pl.Int32})
    wide = pl.DataFrame({"a": [1, 2], "later": [None, None]}, schema={"a": pl.Int64, "later": pl.String})
    assert frame_digest(narrow) == frame_digest(wide)


def test_minus_zero_is_zero():
    assert frame_digest(pl.DataFrame({"a": [-0.0]})) == frame_digest(pl.DataFrame({"a": [0.0]}))


def test_the_digest_is_the_same_on_every_machine():
    frame = pl.DataFrame({"a": ["云", None, "b"], "b": [3, None, 1], "c": [0.5, 1.5, None]})
    assert frame_digest(frame) == "b9ad3018263d0cc231eaf1fdfa24b2cebe741e11486c235ab62f3d1d4f87e86f"


def test_several_digests_make_one():
    assert combined({"a": "1", "b": "2"}) == combined({"b": "2", "a": "1"}) != combined({"a": "2", "b": "1"})
    assert bytes_digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
