"""Words of the shortest way to pass: what is refused and what is wrong with levers."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "monitoring.plan.no_school_rule": ("评估“{assessment}”没有校级达标规则，无从求达标方案", "The assessment '{assessment}' has no rule by school; there is nothing to plan for"),
    "monitoring.plan.no_schools": ("{year} 学年没有可判断的学校，无从求达标方案", "No school can be judged in {year}; there is nothing to plan for"),
    "monitoring.plan.no_forecast": ("预测（{scenario}）里没有 {year} 学年各校学生数", "The forecast ({scenario}) holds no pupils by school for {year}"),
    "monitoring.plan.unknown_school": ("方案里没有学校“{school}”；请用学校标识码", "The plan knows no school '{school}'; use its id"),
    "monitoring.plan.levers": ("改进办法表有 {count} 处错误", "{count} faults in the table of levers"),
    "monitoring.plan.lever_raises": ("办法 {lever} 提高的项目无法识别；可用：{known}；pupils 须单独一行", "What lever {lever} raises is not known; there are: {known}; pupils must stand alone"),
}  # fmt: skip
