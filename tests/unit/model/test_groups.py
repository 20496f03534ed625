"""Every input stands under one heading."""

from __future__ import annotations

from junheng.model import INPUTS
from junheng.model.tables import GROUPS


def test_every_input_stands_under_one_heading_in_order() -> None:
    assert [name for group in GROUPS for name in group.tables] == list(INPUTS)
    assert all(group.zh and group.en for group in GROUPS)
    admission = next(group for group in GROUPS if group.code == "admission")
    assert {"admission_programs", "applicants", "hand_placements"} <= set(admission.tables)
