"""Every declared table says what it is in two languages, and a frame can be made of it."""

from __future__ import annotations

import re

import pytest
from polars.testing import assert_frame_equal

from junheng.data import synthesise
from junheng.model import INPUTS, TABLES
from junheng.model.codes import CODE_LISTS
from junheng.model.column import POLARS_TYPES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
COLUMNS = [
    pytest.param(table, column, id=f"{name}.{column.name}")
    for name, table in TABLES.items()
    for column in table.columns
]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_says_what_it_is_and_how_a_row_is_known(table):
    assert CHINESE.search(table.zh) and CHINESE.search(table.about_zh)
    assert table.en and table.about_en and not CHINESE.search(table.en + table.about_en)
    assert table.key and len(set(table.key)) == len(table.key)
    assert set(table.key) <= set(table.names)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", table.name)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_column_says_what_it_holds(table, column):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
    assert column.zh and column.about_zh and column.en and column.about_en
    assert not CHINESE.search(column.en + column.about_en)
    assert column.kind in POLARS_TYPES
    assert not column.codes or column.codes in CODE_LISTS
    for target in column.targets:
        other, name = target.split(".")
        assert name in TABLES[other].names
    if column.minimum is not None and column.maximum is not None:
        assert column.minimum < column.maximum


def test_names_of_tables_and_columns_are_unique_whatever_their_case():
    assert len({name.lower() for name in TABLES}) == len(TABLES)
    for table in TABLES.values():
        assert len({name.lower() for name in table.names}) == len(table.names)


@pytest.mark.parametrize("code_list", CODE_LISTS.values(), ids=CODE_LISTS)
def test_every_code_has_a_name_in_both_languages(code_list):
    assert CHINESE.search(code_list.zh) and code_list.en and code_list.source
    assert code_list.entries
    for code, (chinese, english) in code_list.entries.items():
        assert code and CHINESE.search(chinese) and english and not CHINESE.search(english)


@pytest.mark.parametrize("table", INPUTS.values(), ids=INPUTS)
def test_the_declared_example_is_a_row_of_the_table(table):
    row = synthesise.example_row(table)
    for column in table.columns:
        value = row[column.name]
        if column.required:
            assert value is not None, column.name
        if value is None:
            continue
        if column.codes:
            assert value in CODE_LISTS[column.codes].entries
        if column.minimum is not None:
            assert value >= column.minimum
        if column.maximum is not None:
            assert value <= column.maximum


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_frame_made_of_the_declaration_conforms(seed):
    made = synthesise.tables(rows=12, seed=seed)
    assert list(made) == list(INPUTS)
    for name, frame in made.items():
        table = INPUTS[name]
        assert frame.height > 1 and dict(frame.schema) == {k: v() for k, v in table.schema().items()}
        assert frame.select(table.key).is_unique().all()
        for column in table.columns:
            values = frame[column.name].drop_nulls()
            if column.required:
                assert values.len() == frame.height
            if column.codes:
                assert set(values) <= set(CODE_LISTS[column.codes].entries)
            if column.minimum is not None:
                assert (values >= column.minimum).all()
            if column.maximum is not None:
                assert (values <= column.maximum).all()
            if column.targets:
                known = [made[t.split(".")[0]][t.split(".")[1]] for t in column.targets]
                assert set(values) <= {value for series in known for value in series}


def test_the_same_seed_makes_the_same_frames():
    once, again = synthesise.tables(seed=5), synthesise.tables(seed=5)
    for name, frame in once.items():
        assert_frame_equal(frame, again[name])
    assert not once["enrolment"].equals(synthesise.tables(seed=6)["enrolment"])
