"""What headings are known by."""

from __future__ import annotations

import pytest

from junheng.data import vocabulary
from junheng.model import INPUTS


@pytest.mark.parametrize("table", sorted(INPUTS))
def test_every_column_is_known_by_its_own_name(table: str) -> None:
    known = vocabulary.headings(table)
    for column in INPUTS[table].columns:
        assert known[vocabulary.label(column.name)] == column.name
