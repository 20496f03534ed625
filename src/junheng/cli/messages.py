"""Sentences of the command line itself."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cli.interrupted": (
        "已中断；没有留下半成品，重新运行即可。",
        "Interrupted; nothing half done was left behind, just run it again.",
    ),
    "cli.internal": (
        "Junheng 自身出错（{kind}：{detail}）。数据未被改动。设置 JUNHENG_DEBUG=1 再运行可得到完整记录，请连同记录反馈。",
        "A fault of Junheng itself ({kind}: {detail}). Your data were not changed. "
        "Run again with JUNHENG_DEBUG=1 for the full record and report it.",
    ),
    "cli.more_findings": ("…… 另有 {count} 处未列出。", "… and {count} more not listed."),
    "cli.row": ("第 {row} 行", "row {row}"),
    "cli.yes": ("是", "yes"),
    "cli.no": ("否", "no"),
    "cli.example": (
        "已建立示例区域 {name}（合成数据，并非真实地区）：{path}",
        "Created the example region {name} (synthetic, no real place): {path}",
    ),
    "cli.creating_example": ("合成示例区域", "Synthesising the example region"),
    "cli.created": ("已建立工作区：{path}", "Created the workspace: {path}"),
    "cli.saving": ("保存运行结果", "Saving the run"),
    "cli.reporting": ("编写报告", "Writing the report"),
    "cli.run_saved": ("运行编号 {run}", "Run {run}"),
    "cli.report_at": ("报告：{path}", "Report: {path}"),
    "cli.checks_failed": (
        "守恒检查未通过，不予发布：{checks}",
        "Conservation checks failed, nothing is published: {checks}",
    ),
    "cli.verified": (
        "运行 {run} 已重算，{count} 张结果表逐字节一致。",
        "Run {run} was recomputed; {count} output tables are identical.",
    ),
    "cli.differs": ("运行 {run} 重算后不一致：{tables}", "Run {run} differs when recomputed: {tables}"),
    "cli.rules_changed": (
        "运行 {run} 所用的标准与现在不同（规则摘要 {then} → {now}）；请用当时的 Junheng 版本 {software} 核验。",
        "Run {run} used other standards than today's (rules digest {then} → {now}); "
        "verify it with the Junheng of then, {software}.",
    ),
    "cli.files_changed": (
        "运行 {run} 的文件已被改动：{files}",
        "Files of run {run} were altered: {files}",
    ),
    "cli.inputs_gone": (
        "运行 {run} 所用的数据版本已不在此工作区，无法重算。",
        "The version of the data run {run} used is no longer in this workspace, so it cannot be recomputed.",
    ),
    "cli.runs_headings": ("运行|起点学年|种子|软件版本|文件夹", "run|origin|seed|software|folder"),
    "cli.no_runs": ("还没有运行记录。请执行 junheng run {path}", "No runs yet. Try: junheng run {path}"),
    "cli.skipped": ("未做 {step}：{reason}", "Skipped {step}: {reason}"),
    "cli.wrote": ("已写入 {path}", "Wrote {path}"),
    "cli.more_rows": (
        "…… 另有 {count} 行；用 --out 写出全部。",
        "… and {count} more rows; write them all with --out.",
    ),
    "cli.forecast_title": ("{region}：分学段学生预测", "{region}: pupils by stage"),
    "cli.forecast_headings": (
        "学年|学段|中位数|80% 下限|80% 上限|依据",
        "year|stage|median|80% low|80% high|basis",
    ),
    "cli.warnings_title": ("学位预警 {count} 条", "{count} warnings"),
    "cli.warnings_headings": (
        "编号|级别|单位|学段|起始|概率|原因",
        "id|level|unit|stage|from|probability|reason",
    ),
    "cli.level_red": ("红", "red"),
    "cli.level_orange": ("橙", "orange"),
    "cli.level_yellow": ("黄", "yellow"),
    "cli.what_if_title": (
        "情景“{scenario}”与基准之差（同一组抽样）",
        'Scenario "{scenario}" minus base (same draws)',
    ),
    "cli.what_if_headings": (
        "学年|学段|中位数|80% 下限|80% 上限",
        "year|stage|median|80% low|80% high",
    ),
    "cli.no_scenario": (
        "没有名为“{scenario}”的情景；现有：{known}。",
        'There is no scenario "{scenario}"; there are: {known}.',
    ),
    "cli.no_levers": (
        "工作区没有情景措施表。用 junheng forecast template 措施.xlsx 得到模板，填写后以 --levers 给出。",
        "The workspace has no scenario levers. Get a template with: junheng forecast template levers.xlsx, "
        "fill it in and pass it with --levers.",
    ),
    "cli.origins_form": (
        "起点年份“{value}”看不懂；请写成 2015:2020 或 2018。",
        'Cannot read origins "{value}"; write 2015:2020 or 2018.',
    ),
    "cli.backtest_title": ("滚动起点检验 {file}", "Rolling-origin backtest {file}"),
    "cli.backtest_headings": (
        "方法|提前年数|总数 MAPE|总数加权误差|年级加权误差|有向偏差|50% 覆盖|80% 覆盖|95% 覆盖|80% 宽度|CRPS",
        "method|lead|total MAPE|total wMAPE|cell wMAPE|bias|cover 50|cover 80|cover 95|width 80|CRPS",
    ),
}
