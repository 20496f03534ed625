"""What the monitoring room writes: each room, page and report reads these tables and nothing else of it."""

from __future__ import annotations

from junheng.model.column import Column, Table
from junheng.model.tables.forecast_outputs import output_column

RUN = output_column(
    "run",
    "text",
    "运行编号",
    "run",
    about=("保存后的运行编号，未保存为空", "Id of the stored run; empty before it is stored"),
)
INDICATOR = output_column(
    "indicator",
    "code",
    "指标",
    "indicator",
    about=("指标库中的指标标识", "Id of the indicator in the catalogue"),
)
YEAR = output_column("year", "year", "学年", "school year")
LEVEL = output_column(
    "level",
    "code",
    "层级",
    "level",
    about=(
        "本行是哪一级的汇总：school、town、county、region 等",
        "What the row adds up to: school, town, county, region …",
    ),
)
AREA = output_column(
    "area",
    "code",
    "单位代码",
    "area",
    about=(
        "区域代码、学校标识码或填报单位代码，依层级而定",
        "Code of the area, school or reporting unit, as the level says",
    ),
)
STAGE = output_column(
    "stage",
    "code",
    "学段",
    "stage",
    about=("学段，不分学段为空", "Stage; empty where stages are taken together"),
    codes="stage",
)
GROUP = output_column(
    "group",
    "text",
    "分组",
    "group",
    about=(
        "其他分组，如 urban_rural=210；没有为空",
        "Any further grouping, as urban_rural=210; empty without",
    ),
)
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

ASSESSMENT = output_column(
    "assessment",
    "code",
    "评估",
    "assessment",
    about=("评估的标识，如 quality_balance", "Id of the assessment, as quality_balance"),
)
ITEM = output_column(
    "item",
    "code",
    "项目",
    "item",
    about=("评估条款中的项目编号，如 L1、G3、Q4", "Number of the item in the assessment, as L1, G3, Q4"),
)
VERIFIED = output_column(
    "verified",
    "code",
    "核实程度",
    "how sure",
    about=(
        "所引标准中最不确定的一个：original、second-hand、unverified 或 ours",
        "The least sure of the standards used: original, second-hand, unverified or ours",
    ),
)
REASON_PARAMETERS = output_column(
    "reason_parameters", "text", "理由参数", "parameters of the reason", about=("JSON", "JSON")
)

ASSESSMENT_ITEMS = Table(
    "assessment_items",
    "评估项目",
    "items of an assessment",
    "每个项目、每个单位一行：数值、要求、底线、差多少、结论及其理由与依据",
    "One row for each item and unit: value, requirement, floor, what is missing, status, why and by which rule",
    key=("run", "assessment", "year", "item", "part", "level", "area", "stage"),
    role="output",
    columns=(
        RUN, ASSESSMENT, YEAR, ITEM,
        output_column("part", "code", "分项", "part", about=("一个项目由几部分组成时的部分；整个项目为空", "The part where an item has several; empty for the item as a whole")),
        LEVEL, AREA, STAGE,
        output_column("group", "code", "类别", "group", about=("resources、government、quality、recognition、precondition、veto 等", "resources, government, quality, recognition, precondition, veto …")),
        output_column("kind", "code", "方式", "kind", about=("school（校级）、balance（差异系数）、indicator、check、evidence 或 all（合取）", "school, balance (variation coefficient), indicator, check, evidence or all (conjunction)")),
        output_column("indicator", "code", "指标", "indicator"),
        output_column("value", "number", "数值", "value"),
        output_column("num", "number", "分子", "numerator"),
        output_column("den", "number", "分母", "denominator"),
        output_column("threshold", "number", "要求", "requirement"),
        output_column("op", "code", "比较", "comparison"),
        output_column("status", "code", "结论", "status", about=("met、unmet、not_computable 或 not_examined", "met, unmet, not_computable or not_examined")),
        output_column("status_reason", "code", "理由", "why"),
        REASON_PARAMETERS,
        output_column("floor", "number", "底线", "floor", about=("校级资源项目不得低于的底线", "The line no resource item of a school may fall under")),
        output_column("floor_status", "code", "底线结论", "status of the floor"),
        output_column("missing_full", "number", "距要求尚差", "missing to the requirement", about=("人、间向上取整，㎡、元按两位小数", "Whole teachers or rooms; square metres and yuan to two decimals")),
        output_column("missing_floor", "number", "距底线尚差", "missing to the floor"),
        output_column("missing_unit", "text", "差额单位", "unit of what is missing"),
        output_column("most_pupils", "integer", "可容学生", "most pupils", "人 pupils", about=("现有资源仍达要求时最多可容纳的学生数", "The most pupils the resources of today can hold and still meet the requirement")),
        output_column("n_units", "integer", "单位数", "units", about=("参与判断的学校、班级或单位数", "Schools, classes or units judged")),
        output_column("n_unmet", "integer", "未达单位数", "units unmet"),
        output_column("n_unknown", "integer", "未知单位数", "units unknown"),
        output_column("evidence", "text", "佐证", "evidence", about=("佐证编号，以分号分隔", "Ids of the evidence, separated by semicolons")),
        output_column("rule_ids", "text", "依据", "rules", about=("标准条目，以分号分隔", "Entries of standards, separated by semicolons")),
        VERIFIED,
        output_column("flags", "text", "标记", "flags", about=("boundary、relaxed、reported 等，以分号分隔", "boundary, relaxed, reported and the like, separated by semicolons")),
    ),
)  # fmt: skip

ASSESSMENT_RESULTS = Table(
    "assessment_results",
    "评估结论",
    "results of an assessment",
    "全县一行，每校每学段一行：达标项数、未达项数、未知项数与结论",
    "One row for the county and one for each school and stage: items met, unmet and unknown, and the verdict",
    key=("run", "assessment", "year", "level", "area", "stage"),
    role="output",
    columns=(
        RUN, ASSESSMENT, YEAR, LEVEL, AREA, STAGE,
        output_column("pupils", "integer", "学生数", "pupils", "人 pupils"),
        output_column("n_items", "integer", "项目数", "items"),
        output_column("n_met", "integer", "达标项数", "items met"),
        output_column("n_unmet", "integer", "未达项数", "items unmet"),
        output_column("n_unknown", "integer", "未知项数", "items unknown", about=("无法计算或尚未查验", "Not computable or not examined")),
        output_column("floors_unmet", "integer", "低于底线项数", "items under the floor"),
        output_column("status", "code", "结论", "status"),
        output_column("status_reason", "code", "理由", "why"),
        REASON_PARAMETERS,
        output_column("state", "code", "所处环节", "state", about=("评估流程中的环节，如 county_self", "Where in the procedure the assessment stands, as county_self")),
        output_column("rule_version", "text", "规则版本", "rule version", about=("评估定义与所引标准的摘要", "Digest of the assessment and of the standards it refers to")),
        output_column("data_version", "text", "数据版本", "data version"),
        VERIFIED,
    ),
)  # fmt: skip

ASSESSMENT_EXCEPTIONS = Table(
    "assessment_exceptions",
    "评估例外清单",
    "exceptions of an assessment",
    "不计入资源配置的学校、无学生的学段、适用放宽的学校、无法归入任何学段的数据：逐条列出理由与依据",
    "Schools left out of the resource items, stages without pupils, relaxations used, data no stage can take: each with reason and rule",
    key=("run", "assessment", "year", "reason", "area", "stage", "item"),
    role="output",
    columns=(
        RUN, ASSESSMENT, YEAR,
        output_column("reason", "code", "理由", "reason"),
        AREA, STAGE, ITEM,
        output_column("pupils", "integer", "学生数", "pupils", "人 pupils"),
        output_column("rule_ids", "text", "依据", "rules", about=("标准条目，以分号分隔", "Entries of standards, separated by semicolons")),
        VERIFIED,
    ),
)  # fmt: skip

PLAN_YEAR = output_column("plan_year", "year", "评估学年", "year assessed")
PASS_PLAN = Table(
    "pass_plan",
    "达标方案",
    "plan to pass",
    "每校每项办法一行：多少单位、提高多少、费用、见效年、从哪校交流、为本校达标还是为全县均衡、先后与是否在预算内",
    "One row for each school and measure: how much, what it adds, cost, when it works, from whom, for the school or for the county's balance, order, within the budget or not",
    key=("run", "assessment", "plan_year", "area", "stage", "lever_id"),
    role="output",
    columns=(
        RUN, ASSESSMENT, PLAN_YEAR, AREA,
        output_column("stage", "code", "学段", "stage", about=("学段；惠及一校各学段的为 shared", "Stage; shared for a measure that reaches all stages of a school"), codes="stage_or_shared"),
        output_column("lever_id", "code", "办法编号", "lever id", about=("improvement_levers 中的编号", "Id in improvement_levers")),
        output_column("kind", "code", "方式", "kind", codes="improvement_kind"),
        output_column("raises", "text", "提高的项目", "raises"),
        output_column("units", "number", "数量", "units", about=("办法的单位数", "Units of the lever")),
        output_column("adds", "number", "提高量", "adds", about=("一共提高多少：人、㎡、元、间", "What it adds in all: people, square metres, yuan, rooms")),
        output_column("cost", "number", "费用", "cost", "元 yuan", about=("未定价时为空", "Empty where levers have no prices")),
        output_column("lead_years", "integer", "见效年数", "lead time", "年 years"),
        output_column("ready_year", "year", "见效学年", "ready in"),
        output_column("late", "flag", "晚于期限", "too late", about=("见效晚于方案期限", "Ready only after the last year the plan must hold in")),
        output_column("from_schools", "text", "交出学校", "given by", about=("交流从哪些学校来：学校标识码:人数，以分号分隔", "Whom an exchange takes from: school id:steps, separated by semicolons")),
        output_column("reason", "code", "理由", "why", about=("school：本校达标；balance：全县差异系数", "school: for the school's own rule; balance: for the county's coefficients")),
        output_column("place", "integer", "先后", "place in order", about=("见效慢的学校在前", "Schools whose measures take longest come first")),
        output_column("funded", "flag", "预算内", "funded", about=("预算是否够到", "Whether the budget reaches it")),
    ),
)  # fmt: skip

PASS_GAPS = Table(
    "pass_gaps",
    "达标差距",
    "gaps to pass",
    "每校每学段每项、今年与今后各年：要求、底线、差多少、现有资源最多可容多少学生",
    "For each school, stage and item, now and in years to come: requirement, floor, what is missing, and the most pupils today's resources can hold",
    key=("run", "assessment", "plan_year", "year", "path", "area", "stage", "item"),
    role="output",
    columns=(
        RUN, ASSESSMENT, PLAN_YEAR, YEAR,
        output_column("path", "code", "路径", "path", about=("now 今年，central 预测中位，upper 预测高位", "now, central (median forecast) or upper (high forecast)")),
        AREA, STAGE, ITEM, INDICATOR,
        output_column("pupils", "integer", "学生数", "pupils", "人 pupils"),
        output_column("amount", "number", "现有", "amount", about=("现有资源，未知为空", "What there is; empty where unknown")),
        output_column("required", "number", "应有", "required", about=("达到要求应有多少", "What the requirement asks for")),
        output_column("floor", "number", "底线应有", "floor"),
        output_column("missing_full", "number", "距要求尚差", "missing to the requirement"),
        output_column("missing_floor", "number", "距底线尚差", "missing to the floor"),
        output_column("missing_unit", "text", "差额单位", "unit of what is missing"),
        output_column("most_pupils", "integer", "可容学生", "most pupils", "人 pupils", about=("本项达到要求最多可容多少学生", "The most pupils with whom the item meets its requirement")),
        output_column("most_at_floor", "integer", "按底线可容学生", "most pupils at the floor", "人 pupils"),
        output_column("status", "code", "结论", "status", about=("met、under_line、under_floor 或 unknown", "met, under_line, under_floor or unknown")),
    ),
)  # fmt: skip

MONITORING_WARNINGS = Table(
    "monitoring_warnings",
    "监测预警",
    "monitoring warnings",
    "接近界限、连年变差、将跌破界限、数据可疑：一因一行，按涉及学生数排列",
    "Near a line, worse year after year, about to fall under a line, doubtful data: one row a cause, most pupils first",
    key=("run", "warning_id"),
    role="output",
    columns=(
        RUN,
        output_column("warning_id", "text", "预警编号", "warning id"),
        output_column("kind", "code", "类别", "kind", about=("margin、worse、will_break 或 data", "margin, worse, will_break or data")),
        INDICATOR, YEAR, LEVEL, AREA, STAGE, GROUP,
        output_column("value", "number", "数值", "value"),
        output_column("threshold", "number", "界限", "line"),
        output_column("op", "code", "比较", "comparison"),
        output_column("slope", "number", "每年变化", "change a year", about=("五年以上为 Theil–Sen 斜率，否则为平均差", "Theil–Sen slope from five years on, else the mean difference")),
        output_column("break_year", "year", "跌破学年（中位）", "breaks (central)", about=("按预测中位数首次跌破的学年", "First year under the line on the central path")),
        output_column("break_year_upper", "year", "跌破学年（高位）", "breaks (upper)", about=("按预测高位首次跌破的学年", "First year under the line on the upper path")),
        output_column("most_pupils", "integer", "可容学生", "most pupils", "人 pupils", about=("现有资源最多可容多少学生", "The most pupils today's resources can hold")),
        output_column("pupils", "integer", "涉及学生", "pupils affected", "人 pupils"),
        output_column("reason_code", "code", "理由", "why"),
        REASON_PARAMETERS,
        output_column("rule_version", "text", "规则版本", "rule version"),
    ),
)  # fmt: skip

TABLES = (
    INDICATOR_VALUES,
    INDICATOR_EXCLUDED,
    INDICATOR_WORST,
    ASSESSMENT_ITEMS,
    ASSESSMENT_RESULTS,
    ASSESSMENT_EXCEPTIONS,
    PASS_PLAN,
    PASS_GAPS,
    MONITORING_WARNINGS,
)
