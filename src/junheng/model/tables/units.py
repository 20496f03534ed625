"""The column that names whoever a figure is about: a school or an area."""

from __future__ import annotations

from junheng.model.column import Column

UNIT_CODE = Column(
    "unit_code", "code", "单位代码", "unit code", "学校标识码，或区县、学区、街道、镇的代码", "Id of a school, or code of an area",
    required=True, references="schools.school_id", or_references="areas.area_code", example="990101",
    aliases=("学校标识码", "学校代码", "区划代码", "机构代码", "填报单位代码"),
)  # fmt: skip
