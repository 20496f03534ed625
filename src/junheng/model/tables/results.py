"""Figures established elsewhere: counts units report, results of official monitoring, surveys."""

from __future__ import annotations

from junheng.model.column import Column, Table
from junheng.model.tables.places import SOURCE, YEAR
from junheng.model.tables.units import UNIT_CODE

_STAGE = Column("stage", "code", "学段", "stage", "学段；不分学段留空", "Stage; empty where stages are taken together", codes="stage", example="junior", aliases=("学段类别",))  # fmt: skip

REPORTED_COUNTS = Table(
    "reported_counts",
    "填报事项",
    "reported counts",
    "由单位填报分子、分母的事项：就近入学、巩固率、残疾儿童入学、交流轮岗等；不填百分比",
    "What units report as numerator and denominator: enrolment nearby, retention, disabled children, exchange and the like; never a percentage",
    key=("unit_code", "stage", "year", "measure"),
    columns=(
        UNIT_CODE,
        _STAGE,
        YEAR,
        Column("measure", "code", "事项", "measure", "填报的事项", "What is reported", required=True, codes="reported_measure", example="retention_a", aliases=("填报项目", "指标", "指标名称")),
        Column("numerator", "integer", "分子", "numerator", "符合条件的人数（或校数）", "Persons (or schools) that count", unit="人 persons", required=True, minimum=0, maximum=100_000_000, example="1421", aliases=("符合人数", "达到数")),
        Column("denominator", "integer", "分母", "denominator", "应计的人数（或校数）", "Persons (or schools) in all", unit="人 persons", required=True, minimum=0, maximum=100_000_000, example="1436", aliases=("总人数", "应计数")),
        SOURCE,
    ),
)  # fmt: skip

EXTERNAL_RESULTS = Table(
    "external_results",
    "外部结果",
    "external results",
    "别处认定或公布的结果：国家质量监测、满意度、基本均衡认定等，附文件与日期",
    "Results established elsewhere, as national monitoring, satisfaction or recognition, with document and date",
    key=("result", "unit_code", "stage", "year"),
    by_region=True,
    columns=(
        Column("result", "code", "结果", "result", "结果的标识，如 quality_monitoring；与指标库中的写法一致", "Name of the result as the catalogue of indicators writes it, as quality_monitoring", required=True, example="quality_monitoring", aliases=("结果标识", "监测项目")),
        UNIT_CODE,
        _STAGE,
        YEAR,
        Column("value", "number", "数值", "value", "数值；比例写 0–1 的小数", "Value; shares as numbers from 0 to 1", example="0.128", aliases=("得分", "结果值")),
        Column("level", "text", "等级", "level", "公布的等级，原样抄录", "Grade as published, copied as it stands", example="Ⅲ级", aliases=("监测等级",)),
        Column("document", "text", "文件", "document", "公布结果的文件", "Document that gives the result", required=True, example="质量监测结果报告", aliases=("依据文件", "公布文件")),
        Column("issued", "date", "公布日期", "issued", "公布日期", "Date of issue", example="2025-12-10", aliases=("发布日期", "印发日期")),
    ),
)  # fmt: skip

SURVEYS = Table(
    "surveys",
    "满意度调查",
    "surveys",
    "每次调查每类对象一行：发出、收回、满意的份数",
    "One row for each survey and group of people: asked, answered, satisfied",
    key=("survey_id", "group"),
    by_region=True,
    columns=(
        Column("survey_id", "code", "调查编号", "survey id", "调查的固定编号", "Fixed id of the survey", required=True, example="S2025-01", aliases=("问卷编号",)),
        Column("group", "code", "调查对象", "group", "调查对象", "Who was asked", required=True, codes="survey_group", example="parents", aliases=("对象", "群体")),
        UNIT_CODE,
        YEAR,
        Column("asked", "integer", "发出份数", "asked", "发出的问卷或访问的人数", "People asked", unit="份 answers", required=True, minimum=0, maximum=100_000_000, example="1200", aliases=("发放数", "样本数")),
        Column("answered", "integer", "有效份数", "answered", "收回的有效份数", "People whose answer can be used", unit="份 answers", required=True, minimum=0, maximum=100_000_000, example="1068", aliases=("回收数", "有效问卷数")),
        Column("satisfied", "integer", "满意份数", "satisfied", "表示满意（含比较满意）的份数", "Answers that were satisfied or rather satisfied", unit="份 answers", required=True, minimum=0, maximum=100_000_000, example="943", aliases=("满意数", "满意人数")),
    ),
)  # fmt: skip

TABLES = (REPORTED_COUNTS, EXTERNAL_RESULTS, SURVEYS)
