"""Kinds of rows an indicator may be measured on, and the columns each kind offers.

`monitoring.facts` builds one frame for each grain with these columns; the lint knows a column by this list.
Every column of the named tables is offered under its own name, except `renamed`; `made` are worked out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from junheng.model import INPUTS

AREAS = ("nation", "province", "city", "county", "school_district", "town")
"""Areas from wide to narrow; `nation` is the same for all rows."""
PLACES = {area: f"code of the {area.replace('_', ' ')}" for area in AREAS}
HEADS = {
    "pupils": "pupils of the unit (enrolment)",
    "classes": "classes of the unit (enrolment)",
    "boarders": "boarders (enrolment)",
    "migrant_pupils": "migrant pupils (enrolment)",
}
SCHOOL = {"kind": "school_kind", "name": "school_name"}
ITEMS = {
    "public_budget_education": "education spending of the general public budget, yuan",
    "public_funds": "public funds (gong yong jing fei), yuan",
    "training_funds": "funds for the training of teachers, yuan",
    "teacher_pay_average": "average pay of teachers, yuan",
    "civil_servant_pay_average": "average pay of civil servants, yuan",
    "special_needs_funds": "funds for pupils with special needs, yuan",
    "fiscal_education_total": "fiscal education funds, yuan",
    "inclusive_subsidy": "subsidy to inclusive kindergartens, yuan",
}
"""The items of `finance`, each a column of its own: one row for a unit, stage and basis."""
UNIT = {
    "unit_level": "school, or the level of the area",
    "pupils": "pupils of the unit and stage",
    "small_pupils": "pupils of the unit, at least as many as a small school is funded for",
}
CHILDREN = {
    "population_3_5": "children aged three to five",
    "kindergarten_pupils": "children in kindergartens",
    "pupils": "pupils of all stages",
}
STATUS = {"status": "open or closed in that year"}


@dataclass(frozen=True, slots=True)
class Grain:
    """One kind of row: its key, the tables whose columns it offers, and columns made for it.

    `fine` are columns by which it may be reported beside the areas; a report by any other key is finer than
    the rows are.
    """

    name: str
    zh: str
    en: str
    key: tuple[str, ...]
    tables: tuple[str, ...]
    fine: tuple[str, ...]
    made: dict[str, str] = field(default_factory=dict[str, str])
    renamed: dict[str, str] = field(default_factory=dict[str, str])
    dropped: tuple[str, ...] = ()

    def columns(self) -> frozenset[str]:
        """Every column an indicator of this grain may name."""
        return frozenset(self._declared().keys() | self.made.keys())

    def groups(self) -> frozenset[str]:
        """Every column by which it may be reported: areas, its own key and whatever is a code or a flag."""
        coded = {name for name, kind in self._declared().items() if kind in ("code", "flag", "year")}
        return frozenset(coded | set(self.fine) | (self.made.keys() & {*AREAS, "stage", "status"}))

    def _declared(self) -> dict[str, str]:
        """Column -> kind, of the tables."""
        return {
            self.renamed.get(column.name, column.name) if table == "schools" else column.name: column.kind
            for table in self.tables
            if table in INPUTS
            for column in INPUTS[table].columns
            if column.name not in self.dropped
        }


GRAINS: dict[str, Grain] = {
    grain.name: grain
    for grain in (
        Grain(
            "school_stage", "学校×学段", "school and stage", ("school_id", "stage"),
            ("school_years", "schools"), ("school_id", "stage"),
            {**PLACES, **HEADS, **STATUS}, SCHOOL,
        ),
        Grain(
            "school", "学校", "school", ("school_id",),
            ("school_years", "schools"), ("school_id",),
            {**PLACES, **HEADS, **STATUS}, SCHOOL, ("stage",),
        ),
        Grain(
            "kindergarten", "幼儿园", "kindergarten", ("school_id",),
            ("school_years", "schools"), ("school_id",),
            {**PLACES, **HEADS, **STATUS}, SCHOOL, ("stage",),
        ),
        Grain(
            "class", "班级", "class", ("school_id", "class_id"),
            ("classes", "schools"), ("school_id", "stage", "grade", "class_id"),
            {**PLACES, **STATUS, "stage": "stage of the grade"}, SCHOOL,
        ),
        Grain(
            "room", "专用教室", "special room", ("school_id", "room_id"),
            ("rooms", "schools"), ("school_id", "room_id"), {**PLACES, **STATUS}, SCHOOL,
        ),
        Grain(
            "teacher", "教师", "teacher", ("teacher_id",),
            ("teachers", "schools"), ("school_id", "stage", "subject", "teacher_id"),
            {**PLACES, **STATUS}, SCHOOL,
        ),
        Grain(
            "finance", "经费", "finance", ("unit_code", "stage", "basis"),
            ("finance",), ("unit_code", "stage", "basis"),
            {**PLACES, **ITEMS, **UNIT}, {}, ("item", "amount"),
        ),
        Grain(
            "unit_count", "单位报数", "reported count", ("unit_code", "stage", "measure"),
            ("reported_counts",), ("unit_code", "stage"), {**PLACES},
        ),
        Grain(
            "result", "外部结论", "result established elsewhere", ("result", "unit_code", "stage"),
            ("external_results",), ("unit_code", "stage"), {**PLACES},
        ),
        Grain(
            "survey", "问卷", "survey", ("survey_id", "group"),
            ("surveys",), ("unit_code",), {**PLACES},
        ),
        Grain(
            "area", "区域", "area", ("area_code",),
            ("areas",), ("area_code",), {**PLACES, **CHILDREN},
        ),
    )
}  # fmt: skip
"""Every grain by name."""
