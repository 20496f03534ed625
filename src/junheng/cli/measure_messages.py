"""What `junheng monitoring measure` says."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "cli.measure_title": ("{region} {year} 学年指标", "Indicators of {region}, school year {year}"),
    "cli.measure_headings": (
        "指标|单位|学段|分组|数值|界限|结论|理由|用到|缺失",
        "indicator|unit|stage|group|value|line|status|why|used|missing",
    ),
    "cli.measure_counts": (
        "共 {groups} 个结果：达到 {met}，未达到 {unmet}，无法计算 {not_computable}，未认定 {not_examined}，没有界限 {no_threshold}",
        "Results {groups}: met {met}, not met {unmet}, not computable {not_computable}, not examined {not_examined}, without a line {no_threshold}",
    ),
    "cli.measure_none": (
        "{year} 学年没有可计算的数据。先用 junheng import 导入“学校条件”等表，或用 --year 选别的学年。",
        "There is nothing to measure in {year}. Import tables such as school conditions with junheng import, or choose another --year.",
    ),
    "cli.measure_unknown": (
        "没有名为“{name}”的指标，最接近的是“{near}”。junheng rules explain 可查看定义。",
        "There is no indicator called {name}; the nearest is {near}. junheng rules explain shows definitions.",
    ),
    "cli.measure_by": (
        "不能按“{name}”分组；可用：{known}",
        "Cannot group by {name}; there are: {known}",
    ),
}  # fmt: skip
