"""What the monitoring room writes: each room, page and report reads these tables and nothing else of it."""

from __future__ import annotations

from junheng.model.column import Column, Table
from junheng.model.tables.forecast_outputs import output_column

RUN = output_column("run", "text", "运行编号", "run", about=("保存后的运行编号，未保存为空", "Id of the stored run; empty before it is stored"))
INDICATOR = output_column("indicator", "code", "指标", "indicator", about=("指标库中的指标标识", "Id of the indicator in the catalogue"))
YEAR = output_column("year", "year", "学年", "school year")
LEVEL = output_column("level", "code", "层级", "level", about=("本行是哪一级的汇总：school、town、county、region 等", "What the row adds up to: school, town, county, region …"))
AREA = output_column("area", "code", "单位代码", "area", about=("区域代码、学校标识码或填报单位代码，依层级而定", "Code of the area, school or reporting unit, as the level says"))
STAGE = output_column("stage", "code", "学段", "stage", about=("学段，不分学段为空", "Stage; empty where stages are taken together"), codes="stage")
GROUP = output_column("group", "text", "分组", "group", about=("其他分组，如 urban_rural=210；没有为空", "Any further grouping, as urban_rural=210; empty without"))
GROUP_KEY: tuple[Column, ...] = (RUN, INDICATOR, YEAR, LEVEL, AREA, STAGE, GROUP)
"""What names one reported group in each of the three tables of indicators."""
GROUP_NAMES = tuple(column.name for column in GROUP_KEY)

INDICATOR_VALUES = Table(
    "indicator_values",
    "指标值",
    "indicator values",
    "每个指标、每个分组一行：数值、分子分母、用到与缺失的行、上下界、界限、结论及其理由",
    "One row for each indicator and group: value, numerator and denominator, rows used and missing, bounds, line, status and why",
    key=GROUP_NAMES,
    role="output",
    columns=(
        *GROUP_KEY,
        output_column("rule_version", "text", "规则版本", "rule version", about=("指标定义与所引标准的摘要", "Digest of the declaration and of the standards it refers to")),
        output_column("data_version", "text", "数据版本", "data version", about=("所用数据的版本", "Version of the tables it was computed from")),
        output_column("value", "number", "数值", "value", about=("指标值，无法计算为空", "The value; empty where it cannot be computed")),
        output_column("num", "number", "分子", "numerator"),
        output_column("den", "number", "分母", "denominator"),
        output_column("n_used", "integer", "用到行数", "rows used"),
        output_column("weight_used", "number", "用到权重", "weight used"),
        output_column("n_missing", "integer", "缺失行数", "rows missing", about=("所需数据空缺的行数，空缺不等于 0", "Rows whose data are blank; a blank is not a zero")),
        output_column("weight_missing", "number", "缺失权重", "weight missing"),
        output_column("low", "number", "下界", "lower bound", about=("缺失行取最低时的数值", "The value if every missing row read lowest")),
        output_column("high", "number", "上界", "upper bound", about=("缺失行取最高时的数值", "The value if every missing row read highest")),
        output_column("threshold", "number", "界限", "line"),
        output_column("op", "code", "比较", "comparison", about=("与界限的比较：<= < >= > =", "How the value is held against the line: <= < >= > =")),
        output_column("margin", "number", "余量", "margin", about=("在好的一侧为正，差多少为负", "Distance to the line: positive on the good side, negative on the other")),
        output_column("status", "code", "结论", "status", about=("met、unmet、not_computable、not_examined 或 no_threshold", "met, unmet, not_computable, not_examined or no_threshold")),
        output_column("status_reason", "code", "理由", "why", about=("结论的理由代码", "Code of the reason of the status")),
        output_column("verified", "code", "核实程度", "how sure", about=("original、second-hand、unverified 或 ours", "original, second-hand, unverified or ours")),
        output_column("flags", "text", "标记", "flags", about=("single_unit、boundary 等，以分号分隔", "single_unit, boundary and the like, separated by semicolons")),
    ),
)  # fmt: skip

INDICATOR_EXCLUDED = Table(
    "indicator_excluded",
    "指标排除",
    "excluded from an indicator",
    "按规定不计入的行，逐条理由：行数、权重、单位",
    "Rows an indicator leaves out, by reason: how many, their weight, and which",
    key=(*GROUP_NAMES, "reason"),
    role="output",
    columns=(
        *GROUP_KEY,
        output_column("reason", "code", "排除理由", "reason", about=("第一条适用的排除规定", "The first rule that takes the row out")),
        output_column("cite", "text", "依据", "citation", about=("规定此项排除的标准", "The standard that asks for it")),
        output_column("n", "integer", "行数", "rows"),
        output_column("weight", "number", "权重", "weight"),
        output_column("ids", "text", "单位", "units", about=("被排除单位的代码，以分号分隔", "Codes of the units left out, separated by semicolons")),
    ),
)  # fmt: skip

INDICATOR_WORST = Table(
    "indicator_worst",
    "指标主因",
    "worst contributors",
    "每个分组中影响最大的单位，以及数据缺失、最先要补的单位",
    "The units that weigh most on each group's value, and those whose data are missing and come first to be mended",
    key=(*GROUP_NAMES, "rank"),
    role="output",
    columns=(
        *GROUP_KEY,
        output_column("rank", "integer", "名次", "rank", about=("1 为影响最大", "1 weighs most")),
        output_column("school", "code", "单位", "unit", about=("学校标识码，或该指标的其他单位代码", "School id, or the code of whatever unit the indicator counts")),
        output_column("x", "number", "单位数值", "unit's value"),
        output_column("contribution", "number", "影响", "contribution", about=("离散指标为方差份额或去掉它的变化，其余为差额（人、㎡、元）", "Share of variance or change without it for dispersion; shortfall in natural units for the rest")),
        output_column("direction", "code", "方向", "direction", about=("above、below 或 missing", "above, below or missing")),
    ),
)  # fmt: skip

TABLES = (INDICATOR_VALUES, INDICATOR_EXCLUDED, INDICATOR_WORST)
