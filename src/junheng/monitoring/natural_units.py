"""In what a shortfall is counted, and how projects write the units that plans count in."""

from __future__ import annotations

from junheng.rules.indicator import Indicator
from junheng.rules.policies import Target

ROWS: dict[str, str] = {
    "school_stage": "schools", "school": "schools", "kindergarten": "kindergartens", "class": "classes",
    "room": "rooms", "teacher": "teachers", "result": "counties",
}  # fmt: skip
"""What one row of each grain is, where a share counts rows."""
COUNTED: dict[str, str] = {"kindergarten": "children", "unit_count": "people", "area": "people"}
"""What the denominator of a ratio counts, by grain."""
PEOPLE_PER = ("pupils_per_person",)
WRITTEN: dict[str, tuple[str, ...]] = {
    "seats": ("个学位", "学位", "个", "seats"),
    "schools": ("所学校", "所", "schools"),
    "kindergartens": ("所幼儿园", "所", "kindergartens"),
    "projects": ("个项目", "项目", "项", "个", "所", "projects"),
    "square_metres": ("㎡", "平方米", "m2", "m²", "square_metres"),
    "hectares": ("公顷", "hectares"),
    "classes": ("个班", "班", "classes"),
    "bases": ("个基地", "个", "bases"),
}
"""A target's unit -> how the table of projects may write it."""


def of(target: Target, indicator: Indicator | None) -> str:
    """The unit of what is missing to a target: the target's own, or for a share what it is a share of."""
    if target.unit in PEOPLE_PER:
        return "people"
    if target.unit != "share" or indicator is None:
        return target.unit
    if indicator.measure == "share":
        return ROWS.get(indicator.grain, target.unit)
    return COUNTED.get(indicator.grain, target.unit) if indicator.measure == "ratio" else target.unit


def same(target: Target, written: str) -> bool:
    """Whether a project's unit is the target's."""
    return written.strip() in (target.unit, *WRITTEN.get(target.unit, ()))
