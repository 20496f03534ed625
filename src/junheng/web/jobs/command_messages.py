"""What the command line says of its steps and failures, worded for people who never see a command."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli.reporting": ("正在编写报告", "Writing the report"),
    "cli.saving": ("正在保存运行", "Saving the run"),
    "cli.scenario_step": ("正在测算情景“{scenario}”", "Working out scenario “{scenario}”"),
    "cli.internal": (
        "系统自身出错（{kind}），数据没有改动。可再试一次；若仍不行，请把任务编号告诉系统管理员。",
        "A fault of the system itself ({kind}); your data were not changed. Try again; if it fails again, "
        "give the job's number to your system administrator.",
    ),
    "cli.interrupted": (
        "任务被中断，没有留下半成品。",
        "The job was interrupted; nothing half done was left behind.",
    ),
    "cli.usage_error": (
        "任务的参数有误：{text}",
        "The job was given wrong options: {text}",
    ),
    "cli.workspace_empty": (
        "还没有数据，请先在数据中心导入。",
        "There are no data yet; import some in the data centre first.",
    ),
    "cli.checks_failed": (
        "守恒检查未通过，没有保存结果：{checks}",
        "Conservation checks failed, so nothing was kept: {checks}",
    ),
    "cli.differs": ("运行 {run} 重算后不一致：{tables}", "Run {run} differs when recomputed: {tables}"),
    "cli.rules_changed": (
        "运行 {run} 所用的标准与现在不同（规则摘要 {then} → {now}），请用当时的版本 {software} 核验。",
        "Run {run} used other standards than today's (rules digest {then} → {now}); "
        "verify it with the version of then, {software}.",
    ),
    "cli.files_changed": ("运行 {run} 的文件已被改动：{files}", "Files of run {run} were altered: {files}"),
    "cli.inputs_gone": (
        "运行 {run} 所用的数据版本已不存在，无法重算。",
        "The version of the data run {run} used is gone, so it cannot be recomputed.",
    ),
    "cli.levers_faulty": (
        "情景措施有 {count} 处错误。",
        "The scenario's levers hold {count} faults.",
    ),
    "cli.no_levers": (
        "这个情景没有任何措施。",
        "This scenario has no levers.",
    ),
    "cli.no_scenario": (
        "没有名为“{scenario}”的情景。",
        "There is no scenario called “{scenario}”.",
    ),
    "cli.scenario_is_base": (
        "“{scenario}”是基准的名称，情景请另取一个名字。",
        "“{scenario}” names the base; give the scenario another name.",
    ),
}
