"""What headings are known by."""

from __future__ import annotations

import pytest

from junheng.data import vocabulary
from junheng.data.coercion import MISSING
from junheng.model import INPUTS
from junheng.model.codes import CODE_LISTS


@pytest.mark.parametrize("table", sorted(INPUTS))
def test_every_column_is_known_by_its_own_name(table: str) -> None:
    known = vocabulary.headings(table)
    for column in INPUTS[table].columns:
        assert known[vocabulary.label(column.name)] == column.name


def test_no_code_reads_as_a_blank_cell() -> None:
    for name, held in CODE_LISTS.items():
        assert not {code.lower() for code in held.entries} & set(MISSING), name
