"""What the forecast room writes; siting, staffing, report and the web read these and nothing else of it."""

from __future__ import annotations

from junheng.model.column import Column, Kind, Table

QUANTILES = ("p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5", "mean")
"""Columns of every range: quantiles of the calibrated draws, and their mean."""
LEVELS = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
"""Probabilities of the quantile columns, in the same order (the mean has none)."""

_QUANTILE_NAMES = {
    "p2_5": ("2.5% 分位", "2.5th percentile"),
    "p10": ("10% 分位", "10th percentile"),
    "p25": ("25% 分位", "25th percentile"),
    "p50": ("中位数", "median"),
    "p75": ("75% 分位", "75th percentile"),
    "p90": ("90% 分位", "90th percentile"),
    "p97_5": ("97.5% 分位", "97.5th percentile"),
    "mean": ("均值", "mean"),
}


def _c(
    name: str,
    kind: Kind,
    zh: str,
    en: str,
    unit: str = "",
    codes: str = "",
    about: tuple[str, str] = ("", ""),
) -> Column:
    about_zh, about_en = about
    return Column(
        name, kind, zh, en, about_zh or zh, about_en or en[:1].upper() + en[1:], unit=unit, codes=codes
    )


def _quantiles(prefix: str = "", zh: str = "", en: str = "", unit: str = "人 pupils") -> tuple[Column, ...]:
    columns: list[Column] = []
    for name in QUANTILES:
        chinese, english = _QUANTILE_NAMES[name]
        columns.append(_c(f"{prefix}{name}", "number", f"{zh}{chinese}", f"{en} {english}".strip(), unit))
    return tuple(columns)


SCENARIO = _c(
    "scenario",
    "text",
    "情景",
    "scenario",
    about=("情景名称，基准为 base", "Name of the scenario; `base` without levers"),
)
UNIT_KIND = _c(
    "unit_kind",
    "text",
    "单位种类",
    "kind of unit",
    about=("school、area 或 region", "`school`, `area` or `region`"),
)
UNIT_CODE = _c(
    "unit_code", "code", "单位代码", "unit code", about=("学校标识码或区域代码", "School id or area code")
)
YEAR = _c("year", "year", "学年", "school year")
LEAD = _c(
    "lead",
    "integer",
    "提前年数",
    "lead",
    "年 years",
    about=("距最后一次学年初统计的年数", "Years from the last count"),
)
STAGE = _c("stage", "code", "学段", "stage", codes="stage")
GRADE = _c(
    "grade",
    "code",
    "年级",
    "grade",
    about=("年级代码；all 为合计", "Grade code, or `all` for the stage's total"),
)
SHARES = (
    _c(
        "share_known",
        "share",
        "已在册比例",
        "share known",
        about=("已在校或已登记的儿童占比", "Share of children already enrolled or registered"),
    ),
    _c(
        "share_born",
        "share",
        "已出生比例",
        "share born",
        about=("已出生未登记的占比", "Share born but not yet registered"),
    ),
    _c("share_unborn", "share", "未出生比例", "share unborn", about=("尚未出生的占比", "Share not yet born")),
    _c(
        "band",
        "text",
        "依据",
        "band",
        about=("known、partly 或 assumption", "`known`, `partly` or `assumption`"),
    ),
)

FORECAST_CHILDREN = Table(
    "forecast_children",
    "儿童预测",
    "forecast children",
    "各区域各年龄儿童数的预测",
    "Children by area, year and age",
    key=("scenario", "area_code", "year", "age"),
    role="output",
    columns=(
        SCENARIO,
        _c("area_code", "code", "区域代码", "area code"),
        YEAR,
        _c("age", "integer", "年龄", "age", "岁 years"),
        _c("basis", "code", "口径", "basis", codes="birth_basis"),
        *_quantiles(unit="人 persons"),
        *SHARES,
    ),
)

FORECAST_ENROLMENT = Table(
    "forecast_enrolment",
    "学生预测",
    "forecast enrolment",
    "各校、各区域、全区域分年级分学年的学生预测：需求与实际安置",
    "Pupils by unit, grade and year: what is demanded and what can be placed",
    key=("scenario", "unit_kind", "unit_code", "year", "stage", "grade"),
    role="output",
    columns=(
        SCENARIO,
        UNIT_KIND,
        UNIT_CODE,
        YEAR,
        LEAD,
        STAGE,
        GRADE,
        *_quantiles(),
        *_quantiles("placed_", "安置", "placed"),
        _c(
            "censored",
            "flag",
            "需求被截断",
            "censored",
            about=("该校已满，在校生不代表需求", "The school is full, so enrolment understates demand"),
        ),
        _c(
            "tier",
            "code",
            "数据层级",
            "tier",
            about=("A 至 D，依据到位的数据表", "A to D, by the tables present"),
        ),
        *SHARES,
    ),
)

FORECAST_PATHS = Table(
    "forecast_paths",
    "代表性路径",
    "forecast paths",
    "20–50 条有代表性的未来路径，供布局和师资使用",
    "20-50 representative futures: the one feed of siting and staffing",
    key=("scenario", "path", "area_code", "stage", "year"),
    role="output",
    columns=(
        SCENARIO,
        _c("path", "integer", "路径", "path"),
        _c("area_code", "code", "区域代码", "area code"),
        STAGE,
        YEAR,
        _c("weight", "share", "权重", "weight"),
        _c("pupils", "number", "学生数", "pupils", "人 pupils"),
    ),
)

SEAT_OUTLOOK = Table(
    "seat_outlook",
    "学位展望",
    "seat outlook",
    "各单位各学段各学年的四种容量、缺口与概率",
    "Four capacities, gaps and probabilities by unit, stage and year",
    key=("scenario", "unit_kind", "unit_code", "stage", "year"),
    role="output",
    columns=(
        SCENARIO,
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        YEAR,
        _c("demand_p50", "number", "需求中位数", "median demand", "人 pupils"),
        _c(
            "seats_standard",
            "number",
            "标准学位",
            "standard seats",
            "个 seats",
            about=("现有班数乘标准班额", "Classes times standard class size"),
        ),
        _c(
            "seats_rooms",
            "number",
            "教室学位",
            "room seats",
            "个 seats",
            about=("普通教室乘标准班额", "Ordinary rooms times standard class size"),
        ),
        _c(
            "seats_elastic",
            "number",
            "弹性学位",
            "elastic seats",
            "个 seats",
            about=("教室乘弹性班额，须标红", "Rooms times the elastic class size, always shown in red"),
        ),
        _c(
            "seats_approved",
            "number",
            "批准学位",
            "approved seats",
            "个 seats",
            about=("批准的学位含将来增减", "Approved seats with dated changes"),
        ),
        _c("gap_p10", "number", "缺口 10%", "gap P10", "个 seats"),
        _c("gap_p50", "number", "缺口中位数", "gap P50", "个 seats"),
        _c("gap_p90", "number", "缺口 90%", "gap P90", "个 seats"),
        _c("expected_short", "number", "期望短缺", "expected shortage", "个 seats"),
        _c("p_short", "share", "短缺概率", "probability of shortage"),
        _c("p_underuse", "share", "闲置概率", "probability of under-use"),
        _c("gap_shared", "number", "共享后缺口", "gap after sharing", "个 seats"),
        _c("p_short_shared", "share", "共享后短缺概率", "probability of shortage after sharing"),
        _c("classes_needed", "number", "需要班数", "classes needed", "班 classes"),
        _c("class_size", "number", "标准班额", "standard class size", "人 pupils"),
        _c("utilisation", "share", "利用率", "utilisation"),
        _c("rule_id", "code", "依据", "rule"),
        _c("verified", "text", "核实程度", "how sure"),
    ),
)

SEAT_HORIZON = Table(
    "seat_horizon",
    "学位时间表",
    "seat horizon",
    "首次短缺、峰值、峰后利用",
    "First shortage, peak and use after it",
    key=("scenario", "unit_kind", "unit_code", "stage"),
    role="output",
    columns=(
        SCENARIO,
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        _c("first_short_year_p10", "year", "首缺年（早）", "first shortage, early"),
        _c("first_short_year_p50", "year", "首缺年", "first shortage"),
        _c("first_short_year_p90", "year", "首缺年（晚）", "first shortage, late"),
        _c("years_to_breach", "integer", "距连续超限年数", "years to breach", "年 years"),
        _c("peak_year", "year", "峰年", "peak year"),
        _c("peak_demand", "number", "峰值", "peak demand", "人 pupils"),
        _c("peak_gap", "number", "最大缺口", "peak gap", "个 seats"),
        _c("short_years", "integer", "短缺年数", "years short", "年 years"),
        _c("utilisation_after", "share", "峰后五年利用率", "utilisation five years after the peak"),
        _c("first_underuse_year", "year", "首次闲置年", "first year of under-use"),
    ),
)

SEAT_WARNINGS = Table(
    "seat_warnings",
    "学位预警",
    "seat warnings",
    "红橙黄预警：原因、起始年、最小补救措施",
    "Red, orange and yellow warnings with reason, first year and smallest remedy",
    key=("scenario", "warning_id"),
    role="output",
    columns=(
        SCENARIO,
        _c("warning_id", "code", "预警编号", "warning id"),
        _c("level", "code", "级别", "level", about=("red、orange 或 yellow", "`red`, `orange` or `yellow`")),
        _c("kind", "code", "种类", "kind"),
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        _c("from_year", "year", "起始学年", "from"),
        _c("to_year", "year", "终止学年", "to"),
        _c("probability", "share", "概率", "probability"),
        _c("pupils_affected", "number", "涉及学生", "pupils affected", "人 pupils"),
        _c("reason_code", "code", "原因代码", "reason code"),
        _c("reason_parameters", "text", "原因参数", "reason parameters", about=("JSON", "JSON")),
        _c("lever", "code", "最小措施", "smallest lever"),
        _c("lever_parameters", "text", "措施参数", "lever parameters", about=("JSON", "JSON")),
        _c("residual_p", "share", "措施后概率", "probability left"),
        _c("rule_id", "code", "依据", "rule"),
        _c("verified", "text", "核实程度", "how sure"),
    ),
)

CLASS_SIZE_ROOM = Table(
    "class_size_room",
    "小班化空间",
    "room for smaller classes",
    "在现有教室内可行的最小班额及所需班数、教师",
    "Smallest class size the rooms allow, with the classes and posts it needs",
    key=("scenario", "unit_kind", "unit_code", "stage", "year", "size"),
    role="output",
    columns=(
        SCENARIO,
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        YEAR,
        _c("size", "integer", "班额", "class size", "人 pupils"),
        _c("p_feasible", "share", "可行概率", "probability it fits"),
        _c("feasible", "flag", "可行", "feasible"),
        _c("classes", "number", "班数", "classes", "班 classes"),
        _c("posts", "number", "教职工", "posts", "人 posts"),
    ),
)

FORECAST_DRIVERS = Table(
    "forecast_drivers",
    "变化原因",
    "forecast drivers",
    "从起点到某年的变化分解",
    "What the change from the origin is made of",
    key=("scenario", "unit_kind", "unit_code", "stage", "from_year", "to_year", "component"),
    role="output",
    columns=(
        SCENARIO,
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        _c("from_year", "year", "自", "from"),
        _c("to_year", "year", "至", "to"),
        _c("component", "code", "成分", "component"),
        _c("pupils_p10", "number", "10% 分位", "P10", "人 pupils"),
        _c("pupils_p50", "number", "中位数", "P50", "人 pupils"),
        _c("pupils_p90", "number", "90% 分位", "P90", "人 pupils"),
    ),
)

FORECAST_PARAMETERS = Table(
    "forecast_parameters",
    "预测参数",
    "forecast parameters",
    "每个比率及其背后的人数与收缩权重",
    "Each ratio with the pupils and shrinkage behind it",
    key=("parameter", "unit_kind", "unit_code", "grade"),
    role="output",
    columns=(
        _c("parameter", "code", "参数", "parameter"),
        UNIT_KIND,
        UNIT_CODE,
        GRADE,
        _c("value", "number", "数值", "value"),
        _c("own_weight", "share", "自身权重", "own weight"),
        _c("pupils_behind", "number", "依据人数", "pupils behind it", "人 pupils"),
    ),
)

FORECAST_FINDINGS = Table(
    "forecast_findings",
    "预测发现",
    "forecast findings",
    "数据中被拒绝、修正或存疑之处",
    "What was refused, repaired or doubted in the data",
    key=("finding_id",),
    role="output",
    columns=(
        _c("finding_id", "code", "编号", "id"),
        _c("code", "code", "代码", "code"),
        _c("severity", "code", "程度", "severity"),
        _c("table", "code", "表", "table"),
        UNIT_KIND,
        UNIT_CODE,
        _c("year", "year", "学年", "year"),
        GRADE,
        _c("observed", "number", "观测", "observed"),
        _c("expected", "number", "应为", "expected"),
        _c("action", "code", "处理", "action"),
        _c("effect", "number", "五年后影响", "effect at lead 5", "人 pupils"),
        _c("parameters", "text", "参数", "parameters", about=("JSON", "JSON")),
    ),
)

FORECAST_ACCURACY = Table(
    "forecast_accuracy",
    "预测回看",
    "forecast accuracy",
    "过去的预测与后来的实数",
    "Past forecasts against what was counted later",
    key=("past_run", "target_year", "unit_kind", "unit_code", "stage"),
    role="output",
    columns=(
        _c("past_run", "code", "往次运行", "past run"),
        _c("target_year", "year", "目标学年", "target year"),
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        LEAD,
        _c("forecast", "number", "预测", "forecast", "人 pupils"),
        _c("actual", "number", "实际", "actual", "人 pupils"),
        _c("inside_80", "flag", "落在 80% 区间", "inside 80%"),
        _c("error", "number", "误差", "error", "人 pupils"),
    ),
)

TABLES = (
    FORECAST_CHILDREN,
    FORECAST_ENROLMENT,
    FORECAST_PATHS,
    SEAT_OUTLOOK,
    SEAT_HORIZON,
    SEAT_WARNINGS,
    CLASS_SIZE_ROOM,
    FORECAST_DRIVERS,
    FORECAST_PARAMETERS,
    FORECAST_FINDINGS,
    FORECAST_ACCURACY,
)
