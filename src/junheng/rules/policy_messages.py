"""Words about policy files: every fault with how to mend it, and the vocabulary of duties and statuses."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "policy.invalid": ("政策文件有 {count} 处错误，未载入任何文件", "Policy files hold {count} faults; none was loaded"),
    "policy.document_twice": ("{file}：文件编号“{value}”已用于 {other}；请改名", "{file}: document id '{value}' is already used by {other}; rename one"),
    "policy.not_a_list": ("{file} 第 {line} 行：“{field}”应为列表，每项以“- ”开头", "{file} line {line}: '{field}' must be a list, each item beginning with '- '"),
    "policy.not_words": ("{file} 第 {line} 行：“{field}”应为词语列表", "{file} line {line}: '{field}' must be a list of words"),
    "policy.not_text": ("{file} 第 {line} 行：{entry} 的“{field}”应为文字，不是“{value}”；数字请加引号", "{file} line {line}: '{field}' of {entry} must be text, not '{value}'; put numbers in quotes"),
    "policy.choice": ("{file} 第 {line} 行：{entry} 的“{field}”是“{value}”；应为 {known} 之一", "{file} line {line}: '{field}' of {entry} is '{value}'; use one of {known}"),
    "policy.date": ("{file} 第 {line} 行：{entry} 的“{field}”“{value}”不是日期；请写作 2027-12-31", "{file} line {line}: '{field}' of {entry}, '{value}', is no date; write 2027-12-31"),
    "policy.number": ("{file} 第 {line} 行：{entry} 的“{field}”应为数，不是“{value}”", "{file} line {line}: '{field}' of {entry} must be a number, not '{value}'"),
    "policy.period": ("{file} 第 {line} 行：期限应为 [起, 止] 两个日期", "{file} line {line}: the period must be two dates, [from, to]"),
    "policy.clause_id": ("{file} 第 {line} 行：条款编号“{value}”应为加引号的文字", "{file} line {line}: clause id '{value}' must be text in quotes"),
    "policy.clause_twice": ("{file} 第 {line} 行：条款“{value}”重复；请合并", "{file} line {line}: clause '{value}' is given twice; merge them"),
    "policy.target_twice": ("{file} 第 {line} 行：{entry} 的目标“{value}”重复；请改编号", "{file} line {line}: target '{value}' of {entry} is given twice; rename one"),
    "policy.clock": ("{file} 第 {line} 行：{entry} 的期限“{value}”应为日期，或每年的月日如 \"04-30\"", "{file} line {line}: '{value}' of {entry} must be a date, or month and day such as \"04-30\""),
    "policy.indicator_name": ("{file} 第 {line} 行：{entry} 的指标名“{value}”只能用小写字母、数字与下划线", "{file} line {line}: indicator '{value}' of {entry} may hold lower-case letters, digits and underscores only"),
    "policy.direction": ("{file} 第 {line} 行：{entry} 的运算符“{value}”与 basis 不符；up、down 只用于 direction", "{file} line {line}: operator '{value}' of {entry} does not fit its basis; up and down go with direction only"),
    "policy.value": ("{file} 第 {line} 行：{entry} 的数值“{value}”不符；direction 不写数，其他都要写数", "{file} line {line}: value '{value}' of {entry} does not fit; a direction has none, everything else has one"),
    "policy.share": ("{file} 第 {line} 行：{entry} 的比例“{value}”应写成小数，如 0.9", "{file} line {line}: the share '{value}' of {entry} must be a fraction such as 0.9"),
    "policy.span": ("{file} 第 {line} 行：{entry} 的最早日期“{value}”晚于截止日期", "{file} line {line}: the earliest date '{value}' of {entry} is after its last"),
    "policy.path_year": ("{file} 第 {line} 行：{entry} 的年度路径“{value}”应以年份为名，如 2026", "{file} line {line}: '{value}' in the path of {entry} must be a year such as 2026"),
    "policy.no_target": ("{file} 第 {line} 行：{entry} 所指的目标“{value}”不存在；请写作 条款#目标", "{file} line {line}: target '{value}' named by {entry} does not exist; write clause#target"),
    "policy.unknown_indicator": ("{file} 第 {line} 行：{entry} 的指标“{value}”不在指标库中；相近的是 {near}", "{file} line {line}: indicator '{value}' of {entry} is not in the catalogue; the nearest is {near}"),
    "policy.judged_by": ("{file} 第 {line} 行：{entry} 的 judged_by“{value}”应为所列目标之一", "{file} line {line}: judged_by '{value}' of {entry} must be one of its targets"),
}  # fmt: skip
