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


def output_column(
    name: str,
    kind: Kind,
    zh: str,
    en: str,
    unit: str = "",
    codes: str = "",
    about: tuple[str, str] = ("", ""),
) -> Column:
    """A column of an output table; its sentence is its heading where that says it all."""
    about_zh, about_en = about
    return Column(
        name, kind, zh, en, about_zh or zh, about_en or en[:1].upper() + en[1:], unit=unit, codes=codes
    )


def _quantiles(prefix: str = "", zh: str = "", en: str = "", unit: str = "人 pupils") -> tuple[Column, ...]:
    columns: list[Column] = []
    for name in QUANTILES:
        chinese, english = _QUANTILE_NAMES[name]
        columns.append(
            output_column(f"{prefix}{name}", "number", f"{zh}{chinese}", f"{en} {english}".strip(), unit)
        )
    return tuple(columns)


SCENARIO = output_column(
    "scenario",
    "text",
    "情景",
    "scenario",
    about=("情景名称，基准为 base", "Name of the scenario; `base` without levers"),
)
UNIT_KIND = output_column(
    "unit_kind",
    "text",
    "单位种类",
    "kind of unit",
    about=("school、area 或 region", "`school`, `area` or `region`"),
)
UNIT_CODE = output_column(
    "unit_code", "code", "单位代码", "unit code", about=("学校标识码或区域代码", "School id or area code")
)
YEAR = output_column("year", "year", "学年", "school year")
LEAD = output_column(
    "lead",
    "integer",
    "提前年数",
    "lead",
    "年 years",
    about=("距最后一次学年初统计的年数", "Years from the last count"),
)
STAGE = output_column("stage", "code", "学段", "stage", codes="stage")
GRADE = output_column(
    "grade",
    "code",
    "年级",
    "grade",
    about=("年级代码；all 为合计", "Grade code, or `all` for the stage's total"),
)
SHARES = (
    output_column(
        "share_known",
        "share",
        "已在册比例",
        "share known",
        about=("已在校或已登记的儿童占比", "Share of children already enrolled or registered"),
    ),
    output_column(
        "share_born",
        "share",
        "已出生比例",
        "share born",
        about=("已出生未登记的占比", "Share born but not yet registered"),
    ),
    output_column(
        "share_unborn", "share", "未出生比例", "share unborn", about=("尚未出生的占比", "Share not yet born")
    ),
    output_column(
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
        output_column("area_code", "code", "区域代码", "area code"),
        YEAR,
        output_column("age", "integer", "年龄", "age", "岁 years"),
        output_column("basis", "code", "口径", "basis", codes="birth_basis"),
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
        output_column(
            "censored",
            "flag",
            "需求被截断",
            "censored",
            about=("该校已满，在校生不代表需求", "The school is full, so enrolment understates demand"),
        ),
        output_column(
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
        output_column("path", "integer", "路径", "path"),
        output_column("area_code", "code", "区域代码", "area code"),
        STAGE,
        YEAR,
        output_column("weight", "share", "权重", "weight"),
        output_column("pupils", "number", "学生数", "pupils", "人 pupils"),
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
        output_column("from_year", "year", "自", "from"),
        output_column("to_year", "year", "至", "to"),
        output_column("component", "code", "成分", "component"),
        output_column("pupils_p10", "number", "10% 分位", "P10", "人 pupils"),
        output_column("pupils_p50", "number", "中位数", "P50", "人 pupils"),
        output_column("pupils_p90", "number", "90% 分位", "P90", "人 pupils"),
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
        output_column("parameter", "code", "参数", "parameter"),
        UNIT_KIND,
        UNIT_CODE,
        GRADE,
        output_column("value", "number", "数值", "value"),
        output_column("own_weight", "share", "自身权重", "own weight"),
        output_column("pupils_behind", "number", "依据人数", "pupils behind it", "人 pupils"),
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
        output_column("finding_id", "code", "编号", "id"),
        output_column("code", "code", "代码", "code"),
        output_column("severity", "code", "程度", "severity"),
        output_column("table", "code", "表", "table"),
        UNIT_KIND,
        UNIT_CODE,
        output_column("year", "year", "学年", "year"),
        GRADE,
        output_column("observed", "number", "观测", "observed"),
        output_column("expected", "number", "应为", "expected"),
        output_column("action", "code", "处理", "action"),
        output_column("effect", "number", "五年后影响", "effect at lead 5", "人 pupils"),
        output_column("parameters", "text", "参数", "parameters", about=("JSON", "JSON")),
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
        output_column("past_run", "code", "往次运行", "past run"),
        output_column("target_year", "year", "目标学年", "target year"),
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        LEAD,
        output_column("forecast", "number", "预测", "forecast", "人 pupils"),
        output_column("actual", "number", "实际", "actual", "人 pupils"),
        output_column("inside_80", "flag", "落在 80% 区间", "inside 80%"),
        output_column("error", "number", "误差", "error", "人 pupils"),
    ),
)

SCENARIO_COMPARISON = Table(
    "scenario_comparison",
    "情景比较",
    "scenario comparison",
    "情景减去基准：同一组抽样下学生数之差与少等候的学生",
    "Scenario minus base in the same futures: pupils more or fewer, and pupils who need not wait",
    key=("scenario", "unit_kind", "unit_code", "stage", "year"),
    role="output",
    columns=(
        SCENARIO,
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        YEAR,
        LEAD,
        *_quantiles("", "学生之差", "difference in pupils"),
        output_column("base_p50", "number", "基准中位数", "median of the base", "人 pupils"),
        output_column("plan_p50", "number", "情景中位数", "median of the scenario", "人 pupils"),
        output_column("p_more", "share", "学生更多的概率", "probability of more pupils"),
        output_column("waiting_p10", "number", "少等候 10% 分位", "fewer waiting P10", "人 pupils"),
        output_column("waiting_p50", "number", "少等候中位数", "fewer waiting, median", "人 pupils"),
        output_column("waiting_p90", "number", "少等候 90% 分位", "fewer waiting P90", "人 pupils"),
    ),
)

SCENARIO_SHORTAGE = Table(
    "scenario_shortage",
    "情景首缺",
    "scenario shortage",
    "基准与情景下首次短缺的学年，以及推迟的年数",
    "First year short under the base and the scenario, and the years gained",
    key=("scenario", "unit_kind", "unit_code", "stage"),
    role="output",
    columns=(
        SCENARIO,
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        output_column("base_first_short", "year", "基准首缺年", "first shortage, base"),
        output_column("plan_first_short", "year", "情景首缺年", "first shortage, scenario"),
        output_column(
            "years_gained",
            "integer",
            "推迟年数",
            "years gained",
            "年 years",
            about=("负数为提前", "Negative where the shortage comes sooner"),
        ),
        output_column(
            "at_least",
            "flag",
            "至少",
            "at least",
            about=(
                "一方在预测年内不短缺，按末年次年计",
                "One side is never short and counts from the year after the last",
            ),
        ),
    ),
)

TABLES = (
    FORECAST_CHILDREN,
    FORECAST_ENROLMENT,
    FORECAST_PATHS,
    FORECAST_DRIVERS,
    FORECAST_PARAMETERS,
    FORECAST_FINDINGS,
    FORECAST_ACCURACY,
    SCENARIO_COMPARISON,
    SCENARIO_SHORTAGE,
)
