"""Kinds of rows an indicator may be measured on, and the columns each kind offers.

`monitoring.facts` builds one frame for each grain with these columns; the lint knows a column by this list.
Every column of the named tables is offered under its own name, except `renamed`; `made` are worked out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from junheng.model import INPUTS, Column
from junheng.model.codes import CODE_LISTS, CodeList
from junheng.model.reason import Language

AREAS = ("nation", "province", "city", "county", "school_district", "town")
"""Areas from wide to narrow; `nation` is the same for all rows."""
PLACES = {
    "nation": ("全国", "nation"),
    "province": ("省", "province"),
    "city": ("市", "city"),
    "county": ("县（区）", "county"),
    "school_district": ("学区", "school district"),
    "town": ("街道（乡镇）", "town"),
}
HEADS = {
    "pupils": ("在校生", "pupils"),
    "classes": ("班数", "classes"),
    "boarders": ("寄宿生", "boarders"),
    "migrant_pupils": ("随迁子女", "migrant pupils"),
}
"""From `enrolment`, summed to the unit."""
SCHOOL = {"kind": "school_kind", "name": "school_name"}
ITEMS = {
    "public_budget_education": ("一般公共预算教育支出", "education spending of the general public budget"),
    "public_funds": ("公用经费", "public funds"),
    "training_funds": ("教师培训经费", "funds for the training of teachers"),
    "teacher_pay_average": ("教师平均工资", "average pay of teachers"),
    "civil_servant_pay_average": ("公务员平均工资", "average pay of civil servants"),
    "special_needs_funds": ("特殊教育公用经费", "funds for pupils with special needs"),
    "fiscal_education_total": ("财政性教育经费", "fiscal education funds"),
    "inclusive_subsidy": ("普惠性民办园补助", "subsidy to inclusive kindergartens"),
}
"""The items of `finance`, each a column of its own: one row for a unit, stage and basis."""
UNIT = {
    "unit_level": ("单位层级", "level of the unit"),
    "pupils": HEADS["pupils"],
    "small_pupils": (
        "在校生（不足小规模线的按该线）",
        "pupils, at least as many as a small school is funded for",
    ),
}
CHILDREN = {
    "population_3_5": ("3–5 岁人口", "children aged three to five"),
    "kindergarten_pupils": ("在园幼儿", "children in kindergartens"),
    "pupils": HEADS["pupils"],
}
STATUS = {"status": ("办学状态", "status")}
STAGE = {"stage": ("学段", "stage")}
Words = dict[str, tuple[str, str]]
_LISTS = {"unit_level": "area_level"}
"""Code lists of made columns whose name is not that of their list."""


@dataclass(frozen=True, slots=True)
class Grain:
    """One kind of row: its key, the tables whose columns it offers, and columns made for it.

    `made` names columns in Chinese and English. `fine` are columns by which it may be reported beside the
    areas; a report by any other key is finer than the rows are.
    """

    name: str
    zh: str
    en: str
    key: tuple[str, ...]
    tables: tuple[str, ...]
    fine: tuple[str, ...]
    made: Words = field(default_factory=dict[str, tuple[str, str]])
    renamed: dict[str, str] = field(default_factory=dict[str, str])
    dropped: tuple[str, ...] = ()

    def columns(self) -> frozenset[str]:
        """Every column an indicator of this grain may name."""
        return frozenset(self._declared().keys() | self.made.keys())

    def groups(self) -> frozenset[str]:
        """Every column by which it may be reported: areas, its own key and whatever is a code or a flag."""
        coded = {name for name, one in self._declared().items() if one.kind in ("code", "flag", "year")}
        return frozenset(coded | set(self.fine) | (self.made.keys() & {*AREAS, "stage", "status"}))

    def named(self, column: str, language: Language = "zh") -> str:
        """What a column is called: its heading, or its own name when the grain has none such."""
        declared = self._declared().get(column)
        chinese, english = (declared.zh, declared.en) if declared else self.made.get(column, (column, column))
        return chinese if language == "zh" else english

    def codes(self, column: str) -> CodeList | None:
        """The code list of a column, if it has one."""
        declared = self._declared().get(column)
        return CODE_LISTS.get(declared.codes if declared else _LISTS.get(column, column))

    def _declared(self) -> dict[str, Column]:
        """The tables' columns under the names they have here."""
        return {
            self.renamed.get(column.name, column.name) if table == "schools" else column.name: column
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
            {**PLACES, **STATUS, **STAGE}, SCHOOL,
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
            "finance", "单位×学段×口径", "unit, stage and basis of finance", ("unit_code", "stage", "basis"),
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
