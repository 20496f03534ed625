"""Sentences of `junheng policy`."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "policy_cli.list_title": ("{document} {title}（{count} 条）", "{document} {title} ({count} clauses)"),
    "policy_cli.list_headings": ("条款|标题|力度|目标|由什么落实|落实方式", "Clause|Title|Force|Targets|Delivered by|Standing"),
    "policy_cli.check_title": ("{document} {title}：{region}，{day}", "{document} {title}: {region}, {day}"),
    "policy_cli.check_headings": ("条款|标题|状态|说明|应附材料", "Clause|Title|Status|Why|To attach"),
    "policy_cli.coverage_title": ("政策条款落实情况", "How clauses are delivered"),
    "policy_cli.coverage_headings": (
        "文件|条款|已有功能|落实一部分|按任务跟踪|尚无|目标|由报表算出|须外部填报|有数据|说法不一",
        "Document|Clauses|Delivered|Partly|Tracked|Open|Targets|Computed|Reported|Data|Conflicts",
    ),
    "policy_cli.counted": ("条款 {clauses} 条：{statuses}", "{clauses} clauses: {statuses}"),
    "policy_cli.no_document": ("没有文件“{name}”；已有：{known}", "There is no document '{name}'; there are: {known}"),
    "policy_cli.reminders_title": ("任务提醒", "Reminders"),
    "policy_cli.reminders_headings": ("文件|任务|名称|责任单位|时限|状态|天数", "Document|Task|Title|Unit|Due|State|Days"),
    "policy_cli.spending_title": ("一般公共预算教育支出：两个只增不减", "Education spending: it may only rise"),
    "policy_cli.spending_headings": (
        "单位|口径|年度|支出（元）|总额未减|生均未减|更紧的一条|下年至少（元）",
        "Unit|Basis|Year|Spending, yuan|Total kept|Per pupil kept|Which binds|Least next, yuan",
    ),
    "policy_cli.conflict": (
        "{document} {readings}：说法不一（{differ}），按 {judged} 判断，请核定。{note}",
        "{document} {readings}: readings differ ({differ}); judged by {judged}, for a person to settle. {note}",
    ),
    "policy_cli.missing_rooms": ("{words}（尚未建：{rooms}）", "{words} (not built yet: {rooms})"),
    "policy_cli.track_headings": (
        "目标|指标|要求|现值|年份|路径|还差|每年还需|近三年年均|状态|说明",
        "Target|Indicator|Asked|Value|Year|Path|Missing|Needed a year|Recent steps|Status|Why",
    ),
    "policy_cli.figure": ("{name} {value}，目标 {op} {wanted}{by}{short}：{why}", "{name} {value}, target {op} {wanted}{by}{short}: {why}"),
    "policy_cli.figure_by": ("（{by}）", " ({by})"),
    "policy_cli.figure_short": ("，还差 {short}", ", {short} short"),
}  # fmt: skip
