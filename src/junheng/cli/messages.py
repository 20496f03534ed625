"""Sentences of the command line itself."""

from junheng.cli import (
    admission_families_messages,
    admission_messages,
    assess_messages,
    desk_messages,
    measure_messages,
    plan_messages,
    policy_messages,
    privacy_messages,
    rules_messages,
    scale_messages,
)

MESSAGES: dict[str, tuple[str, str]] = {
    **admission_families_messages.MESSAGES,
    **admission_messages.MESSAGES,
    **desk_messages.MESSAGES,
    **policy_messages.MESSAGES,
    **privacy_messages.MESSAGES,
    **assess_messages.MESSAGES,
    **measure_messages.MESSAGES,
    **plan_messages.MESSAGES,
    **rules_messages.MESSAGES,
    **scale_messages.MESSAGES,
    "cli.interrupted": (
        "已中断；没有留下半成品，重新运行即可。",
        "Interrupted; nothing half done was left behind, just run it again.",
    ),
    "cli.internal": (
        "Junheng 自身出错（{kind}：{detail}）。数据未被改动。设置 JUNHENG_DEBUG=1 再运行可得到完整记录，请连同记录反馈。",
        "A fault of Junheng itself ({kind}: {detail}). Your data were not changed. "
        "Run again with JUNHENG_DEBUG=1 for the full record and report it.",
    ),
    "cli.usage_line": (
        "用法：{usage}\n说明：{command} --help",
        "Usage: {usage}\nHelp: {command} --help",
    ),
    "cli.usage_error": ("命令有误：{text}", "Error: {text}"),
    "cli.usage_missing": ("缺少 {name}。", "Missing {name}."),
    "cli.usage_no_command": ("没有命令 {name}。", "There is no command {name}."),
    "cli.usage_no_option": ("没有选项 {name}。", "There is no option {name}."),
    "cli.usage_option_near": (
        "没有选项 {name}，相近的有 {near}。",
        "There is no option {name}; near ones are {near}.",
    ),
    "cli.usage_extra": ("多出了 {name}。", "Too much: {name}."),
    "cli.usage_no_value": ("选项 {name} 后面要写一个值。", "Option {name} needs a value."),
    "cli.usage_needless_value": ("选项 {name} 后面不写值。", "Option {name} takes no value."),
    "cli.usage_value": ("{name} 的值不对：{why}", "The value of {name} is wrong: {why}"),
    "cli.usage_value_alone": ("值不对：{why}", "Wrong value: {why}"),
    "cli.usage_at_least": ("不能小于 {limit}。", "It cannot be below {limit}."),
    "cli.usage_at_most": ("不能大于 {limit}。", "It cannot be above {limit}."),
    "cli.usage_whole": ("应为整数。", "It must be a whole number."),
    "cli.usage_choice": ("{value} 不可用，可用 {known}。", "{value} is not one of {known}."),
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
    "cli.workspace_empty": (
        "{path} 里还没有数据。先用 junheng template 得到模板，填好后 junheng import {path} 文件 --commit。",
        "There are no tables in {path} yet. Get a template with junheng template, fill it in, then "
        "junheng import {path} FILE --commit.",
    ),
    "cli.run_headline": (
        "预警：红 {red} 条，橙 {orange} 条，黄 {yellow} 条",
        "Warnings: {red} red, {orange} orange, {yellow} yellow",
    ),
    "cli.step_forecast": ("预测", "forecast"),
    "cli.step_seats": ("学位", "seats"),
    "cli.step_monitoring": ("均衡监测", "monitoring"),
    "cli.step_accuracy": ("预测回看", "accuracy look-back"),
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
    "cli.runs_headings": (
        "运行|情景|起点学年|种子|软件版本|文件夹",
        "run|scenario|origin|seed|software|folder",
    ),
    "cli.no_runs": ("还没有运行记录。请执行 junheng run {path}", "No runs yet. Try: junheng run {path}"),
    "cli.skipped": ("未做 {step}：{reason}", "Skipped {step}: {reason}"),
    "cli.wrote": ("已写入 {path}", "Wrote {path}"),
    "cli.more_rows": (
        "…… 另有 {count} 行；用 --out 写出全部。",
        "… and {count} more rows; write them all with --out.",
    ),
    "cli.forecast_title": (
        "{region}：分学段学生预测，中位数（80% 区间）",
        "{region}: pupils by stage, median (80 % range)",
    ),
    "cli.year": ("学年", "year"),
    "cli.scenarios": ("情景比较", "scenarios"),
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
        "学年|学段|学生增减（80% 区间）|少等候的学生（80% 区间）",
        "year|stage|pupils more or fewer (80 %)|fewer pupils waiting (80 %)",
    ),
    "cli.what_if_nothing": (
        "情景“{scenario}”不改变全区域的学生数，也不减少等候。",
        'Scenario "{scenario}" changes neither the pupils of the region nor those waiting.',
    ),
    "cli.what_if_warnings": (
        "预警：基准 {before} → 情景 {after}",
        "Warnings: base {before} → scenario {after}",
    ),
    "cli.scenario_step": ("测算情景“{scenario}”", 'Working out scenario "{scenario}"'),
    "cli.scenario_is_base": (
        "“{scenario}”是基准的名称，情景请另取一个名字。",
        '"{scenario}" names the base; give the scenario another name.',
    ),
    "cli.no_scenario": (
        "没有名为“{scenario}”的情景；现有：{known}。",
        'There is no scenario "{scenario}"; there are: {known}.',
    ),
    "cli.no_levers": (
        "工作区没有情景措施表。可用 --scenario 选一个内置情景（{known}）；"
        "或用 junheng forecast template 措施.xlsx 得到模板，填写后以 --levers 给出。",
        "The workspace has no scenario levers. Choose a built-in scenario with --scenario ({known}), or get a "
        "template with: junheng forecast template levers.xlsx, fill it in and pass it with --levers.",
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
    "cli.explain_unknown": (
        "没有单位“{unit}”、学段“{stage}”、{year} 学年的预测；学年须在 {first}–{last} 之间，单位用学校或区域的代码或名称，学段须是该单位所设。",
        'There is no forecast of unit "{unit}", stage {stage}, year {year}; years run from {first} to {last} '
        "a unit is the code or name of a school or area, and it must teach that stage.",
    ),
    "cli.explained": (
        "{unit} {stage}：{first} 年 {before} 人 → {last} 年 {after} 人\n{words}",
        "{unit}, {stage}: {before} in {first} → {after} in {last}\n{words}",
    ),
    "cli.warning_unknown": (
        "没有编号为“{warning}”的预警；用 junheng forecast seats 列出编号。若要解释人数变化，请再写学年与学段。",
        'There is no warning "{warning}"; list them with junheng forecast seats. '
        "To explain a change of pupils add the year and the stage.",
    ),
    "cli.rule": ("依据：{citation}", "Rule: {citation}"),
    "cli.levers_title": ("试过的措施（由省到费）", "Levers tried, cheapest first"),
    "cli.levers_headings": ("措施|生效学年|仍短缺概率|能否解决", "lever|from|left short|closes it"),
    "cli.levers_faulty": (
        "{path} 中的情景措施有 {count} 处错误，或没有 scenario_levers 表。",
        "Faults in the levers of {path}: {count}, or there is no table scenario_levers.",
    ),
    "cli.method_ours": ("本系统", "ours"),
    "cli.method_carry_forward": ("沿用上年", "carry-forward"),
    "cli.method_last_1": ("上年比率", "last ratio"),
    "cli.method_mean_3": ("三年平均比率", "mean of 3 ratios"),
    "cli.method_mean_5": ("五年平均比率", "mean of 5 ratios"),
    "cli.method_nces_like": ("指数平滑", "exponential smoothing"),
    "cli.nothing_published": (
        "还没有公布过任何内容：{path} 不存在。请先在系统的“对外公布”页公布。",
        "Nothing has been published yet: {path} does not exist. Publish on the page “Publication” first.",
    ),
    "cli.public_at": (
        "公众页面：http://{host}:{port}/（Ctrl+C 结束）",
        "Public pages at http://{host}:{port}/ (Ctrl+C ends)",
    ),
    "cli.gained_title": ("首次短缺推迟或提前的年数", "Years by which the first shortage moves"),
    "cli.gained_headings": (
        "单位|学段|基准首缺年|情景首缺年|推迟年数",
        "unit|stage|first short, base|first short, scenario|years gained",
    ),
}
