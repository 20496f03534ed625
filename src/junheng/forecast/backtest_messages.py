"""Sentences of the backtest: Chinese first, English second."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "backtest_bad_table": (
        "表中有 {faults} 处错误，未作计算",
        "The table holds {faults} faults; nothing was computed",
    ),
    "backtest_empty": ("表中没有可用的人数", "The table holds no pupils that can be used"),
    "backtest_column_missing": ("缺少列 {column}", "Column {column} is missing"),
    "backtest_unit_missing": ("第 {row} 行：没有单位名称", "Row {row}: the unit is blank"),
    "backtest_year_unreadable": (
        "第 {row} 行：年份“{value}”无法对应到一个学年；请填学年开始的四位公历年",
        "Row {row}: year '{value}' is not one calendar year; write the four-digit year in which the school year begins",
    ),
    "backtest_grade_unknown": (
        "第 {row} 行：年级“{value}”无法识别；可用 K0–K3、G01–G12、k、1、Grade 1、一年级等写法",
        "Row {row}: grade '{value}' is not known; write K0-K3, G01-G12, k, 1, Grade 1 or alike",
    ),
    "backtest_pupils_not_number": (
        "第 {row} 行：人数“{value}”不是数字",
        "Row {row}: pupils '{value}' is not a number",
    ),
    "backtest_pupils_negative": ("第 {row} 行：人数 {value} 为负", "Row {row}: pupils {value} is negative"),
    "backtest_pupils_fractional": (
        "第 {row} 行：人数 {value} 不是整数",
        "Row {row}: pupils {value} is not a whole number",
    ),
    "backtest_key_repeated": (
        "第 {row} 行：{unit} {year} 年 {grade} 已出现过",
        "Row {row}: {unit}, {year}, {grade} occurs twice",
    ),
    "backtest_too_few_years": (
        "年份不足：至少要有 {least} 个有数的年份，表中为 {years}；要求的起点 {asked}",
        "Too few years: {least} counted years at least are needed, the table has {years}; origins asked for {asked}",
    ),
    "backtest_births_bad_table": (
        "出生表中有 {faults} 处错误，未作计算",
        "Faults in the births table: {faults}; nothing was computed",
    ),
    "backtest_births_empty": (
        "出生表中没有可用的出生数",
        "The births table holds no births that can be used",
    ),
    "backtest_births_year_unreadable": (
        "出生表第 {row} 行：年份“{value}”不是四位公历年",
        "Births, row {row}: year '{value}' is not a four-digit calendar year",
    ),
    "backtest_births_not_number": (
        "出生表第 {row} 行：出生数“{value}”不是数字",
        "Births, row {row}: births '{value}' is not a number",
    ),
    "backtest_births_negative": (
        "出生表第 {row} 行：出生数 {value} 为负",
        "Births, row {row}: births {value} is negative",
    ),
    "backtest_births_fractional": (
        "出生表第 {row} 行：出生数 {value} 不是整数",
        "Births, row {row}: births {value} is not a whole number",
    ),
    "backtest_births_repeated": (
        "出生表第 {row} 行：{unit} {year} 年已出现过",
        "Births, row {row}: {unit} {year} occurs twice",
    ),
    "backtest_births_ended": (
        "出生数截止过早，起点 {years} 年的预测未使用出生数",
        "Births end too early for origins {years}; those were forecast without births",
    ),
    "backtest_births_units": (
        "出生表中的单位（{units} 等）都不在人数表中",
        "None of the units in the births table ({units} ...) is in the table of pupils",
    ),
    "backtest_origin": ("逐年回看预测", "Forecasting from each past year"),
    "backtest_mask": (
        "共 {units} 个单位，主表评分 {scored} 个（每个有数年份都在册）；其余见切片 units；起点 {origins}",
        "{units} units; the main table scores {scored} (counted in every counted year), the rest are in slice `units`; origins {origins}",
    ),
    "backtest_years_missing": (
        "{years} 年没有统计，跨越这些年的升级率不作估计",
        "No count for {years}; no progression across these years is estimated",
    ),
    "backtest_origins_dropped": (
        "起点 {years} 年没有足够的前后年份，未评分",
        "Origins {years} lack years before or after them and were not scored",
    ),
    "backtest_year_dented": (
        "{year} 年 {units} 个单位人数一年骤降又恢复，估计时按缺测处理",
        "In {year} the counts of {units} units fell for one year and returned; treated as missing in estimation",
    ),
    "backtest_explosive": (
        "{units} 个单位两年内增至三倍以上（{names} 等），其过去难以说明未来",
        "{units} units grew threefold in two years ({names} ...); their past says little about their future",
    ),
    "backtest_rising": (
        "{year} 年有 {units} 个新办单位年级尚未办齐，逐年向上递补",
        "In {year}, {units} young units are still growing upward, one grade a year",
    ),
    "backtest_similar_regions": (
        "起点 {origins} 个、单位 {units} 个，证据较少，区间部分取自同类地区",
        "With {origins} origins and {units} units the ranges lean on similar regions",
    ),
    "backtest_births_silent": (
        "最低年级 {grade} 不是从家庭入学的年级，出生数未使用",
        "Children do not enter the lowest grade {grade} from home; births were not used",
    ),
}
