"""What the forecast room writes about seats: outlook, horizon, warnings, room for smaller classes."""

from __future__ import annotations

from junheng.model.column import Table
from junheng.model.tables.forecast_outputs import SCENARIO, STAGE, UNIT_CODE, UNIT_KIND, YEAR, output_column

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
        output_column("demand_p50", "number", "需求中位数", "median demand", "人 pupils"),
        output_column(
            "seats_standard",
            "number",
            "标准学位",
            "standard seats",
            "个 seats",
            about=("现有班数乘标准班额", "Classes times standard class size"),
        ),
        output_column(
            "seats_rooms",
            "number",
            "教室学位",
            "room seats",
            "个 seats",
            about=("普通教室乘标准班额", "Ordinary rooms times standard class size"),
        ),
        output_column(
            "seats_elastic",
            "number",
            "弹性学位",
            "elastic seats",
            "个 seats",
            about=("教室乘弹性班额，须标红", "Rooms times the elastic class size, always shown in red"),
        ),
        output_column(
            "seats_approved",
            "number",
            "批准学位",
            "approved seats",
            "个 seats",
            about=("批准的学位含将来增减", "Approved seats with dated changes"),
        ),
        output_column("gap_p10", "number", "缺口 10%", "gap P10", "个 seats"),
        output_column("gap_p50", "number", "缺口中位数", "gap P50", "个 seats"),
        output_column("gap_p90", "number", "缺口 90%", "gap P90", "个 seats"),
        output_column("expected_short", "number", "期望短缺", "expected shortage", "个 seats"),
        output_column("p_short", "share", "短缺概率", "probability of shortage"),
        output_column("p_underuse", "share", "闲置概率", "probability of under-use"),
        output_column("gap_shared", "number", "共享后缺口", "gap after sharing", "个 seats"),
        output_column("p_short_shared", "share", "共享后短缺概率", "probability of shortage after sharing"),
        output_column("classes_needed", "number", "需要班数", "classes needed", "班 classes"),
        output_column("class_size", "number", "标准班额", "standard class size", "人 pupils"),
        output_column("utilisation", "share", "利用率", "utilisation"),
        output_column("rule_id", "code", "依据", "rule"),
        output_column("verified", "text", "核实程度", "how sure"),
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
        output_column("first_short_year_p10", "year", "首缺年（早）", "first shortage, early"),
        output_column("first_short_year_p50", "year", "首缺年", "first shortage"),
        output_column("first_short_year_p90", "year", "首缺年（晚）", "first shortage, late"),
        output_column("years_to_breach", "integer", "距连续超限年数", "years to breach", "年 years"),
        output_column("peak_year", "year", "峰年", "peak year"),
        output_column("peak_demand", "number", "峰值", "peak demand", "人 pupils"),
        output_column("peak_gap", "number", "最大缺口", "peak gap", "个 seats"),
        output_column("short_years", "integer", "短缺年数", "years short", "年 years"),
        output_column(
            "utilisation_after", "share", "峰后五年利用率", "utilisation five years after the peak"
        ),
        output_column("first_underuse_year", "year", "首次闲置年", "first year of under-use"),
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
        output_column("warning_id", "code", "预警编号", "warning id"),
        output_column(
            "level", "code", "级别", "level", about=("red、orange 或 yellow", "`red`, `orange` or `yellow`")
        ),
        output_column("kind", "code", "种类", "kind"),
        UNIT_KIND,
        UNIT_CODE,
        STAGE,
        output_column("from_year", "year", "起始学年", "from"),
        output_column("to_year", "year", "终止学年", "to"),
        output_column("probability", "share", "概率", "probability"),
        output_column("pupils_affected", "number", "涉及学生", "pupils affected", "人 pupils"),
        output_column("reason_code", "code", "原因代码", "reason code"),
        output_column("reason_parameters", "text", "原因参数", "reason parameters", about=("JSON", "JSON")),
        output_column("lever", "code", "最小措施", "smallest lever"),
        output_column("lever_parameters", "text", "措施参数", "lever parameters", about=("JSON", "JSON")),
        output_column("residual_p", "share", "措施后概率", "probability left"),
        output_column("rule_id", "code", "依据", "rule"),
        output_column("verified", "text", "核实程度", "how sure"),
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
        output_column("size", "integer", "班额", "class size", "人 pupils"),
        output_column("p_feasible", "share", "可行概率", "probability it fits"),
        output_column("feasible", "flag", "可行", "feasible"),
        output_column("classes", "number", "班数", "classes", "班 classes"),
        output_column("posts", "number", "教职工", "posts", "人 posts"),
    ),
)

TABLES = (SEAT_OUTLOOK, SEAT_HORIZON, SEAT_WARNINGS, CLASS_SIZE_ROOM)
