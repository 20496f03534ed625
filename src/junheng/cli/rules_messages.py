"""Sentences of `junheng rules`."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "rules_cli.sound": (
        "规则无误：标准 {standards} 项，指标 {indicators} 个，评估 {assessments} 项，招生方案 {plans} 份。",
        "The rules are sound: {standards} standards, {indicators} indicators, {assessments} assessments, {plans} admission plans.",
    ),
    "rules_cli.day_form": ("日期“{day}”应写作 2026-09-01。", "Write the date '{day}' as 2026-09-01."),
    "rules_cli.value": ("数值", "Value"),
    "rules_cli.value_line": ("{name}（{key}）{value} {unit}。依据：{cite}", "{name} ({key}) {value} {unit}. By: {cite}"),
    "rules_cli.why": ("意义", "Why"),
    "rules_cli.source": ("来源", "Source"),
    "rules_cli.formula": ("算法", "Formula"),
    "rules_cli.rows": ("数据", "Rows"),
    "rules_cli.report": ("汇报", "Report"),
    "rules_cli.threshold": ("界线", "Line"),
    "rules_cli.exclude": ("不计入", "Left out"),
    "rules_cli.missing": ("缺数", "Missing"),
    "rules_cli.privacy": ("保护", "Protection"),
    "rules_cli.version": ("版本", "Version"),
    "rules_cli.item": ("{id}（{group}）{name}：{parts}", "{id} ({group}) {name}: {parts}"),
    "rules_cli.items": ("项目", "Items"),
    "rules_cli.evidence": ("佐证", "evidence"),
    "rules_cli.check": ("逐校核对", "checked school by school"),
    "rules_cli.school_rule": ("学校", "School"),
    "rules_cli.school_all": ("{group}各项全部达到", "every item of {group} is met"),
    "rules_cli.school_some": ("{group}至少 {least} 项达到；依据：{cite}", "at least {least} items of {group} are met; by: {cite}"),
    "rules_cli.school_floor": ("其余不低于界线的 {floor} 倍；依据：{cite}", "the rest reach {floor} of their line; by: {cite}"),
    "rules_cli.county_rule": ("县", "County"),
    "rules_cli.county_every": ("所有学校达标", "every school passes"),
    "rules_cli.county_share": ("达标学校不低于 {share}；依据：{cite}", "at least {share} of schools pass; by: {cite}"),
    "rules_cli.county_groups": ("{groups}各项达到", "the items of {groups} are met"),
    "rules_cli.precondition": ("前提", "Precondition"),
    "rules_cli.veto": ("否决", "Veto"),
    "rules_cli.workflow": ("程序", "Procedure"),
}  # fmt: skip
