"""Words of the rules room: sureness, and every fault of a rule file with how to mend it."""

from __future__ import annotations

from junheng.rules import policy_messages

MESSAGES: dict[str, tuple[str, str]] = {
    "verified_original": ("已对照原件核实", "checked against the original"),
    "verified_second-hand": ("转引，未对照原件核实", "second-hand, not checked against the original"),
    "verified_unverified": ("未核实", "unverified"),
    "verified_ours": ("本系统默认值，非法定", "our own default, not law"),
    "no_rule": ("无现行规定", "no rule in force"),
    "rules_invalid": ("规则文件有 {count} 处错误，未载入任何规则", "Rule files hold {count} faults; no rule was loaded"),
    "unknown_topic": ("没有名为“{topic}”的标准；已有：{known}", "No standard called '{topic}'; there are: {known}"),
    "unknown_key": ("标准“{topic}”没有“{key}”一项；已有：{known}", "Standard '{topic}' has no key '{key}'; it has: {known}"),
    "unknown_assumption": ("没有名为“{name}”的假设；已有：{known}", "No assumption called '{name}'; there are: {known}"),
    "folder_missing": ("规则文件夹不存在：{folder}", "The rule folder does not exist: {folder}"),
    "not_utf8": ("{file} 不是 UTF-8 文本；请另存为 UTF-8", "{file} is not UTF-8 text; save it as UTF-8"),
    "too_large": ("{file} 超过 {limit} 字节；规则文件应很小，请拆分", "{file} exceeds {limit} bytes; split the file"),
    "too_deep": ("{file} 第 {line} 行：嵌套过深；请按模板书写", "{file} line {line}: nested too deeply; follow the template"),
    "not_yaml": ("{file} 第 {line} 行不是合法的 YAML：{problem}；请检查缩进与冒号", "{file} line {line} is not YAML: {problem}; check indents and colons"),
    "alias": ("{file} 第 {line} 行：不接受锚点或引用（& *）；请写出数值", "{file} line {line}: anchors and aliases (& *) are refused; write the value out"),
    "tag": ("{file} 第 {line} 行：不接受标签 {tag}；只写数、文字、日期", "{file} line {line}: tag {tag} is refused; write numbers, words and dates only"),
    "duplicate_key": ("{file} 第 {line} 行：“{key}”重复；请删去一处", "{file} line {line}: '{key}' is given twice; delete one"),
    "not_a_mapping": ("{file} 第 {line} 行：此处应为“名称: 内容”", "{file} line {line}: expected 'name: content' here"),
    "header_missing": ("{file}：缺少“{field}”；请补上", "{file}: '{field}' is missing; add it"),
    "unknown_field": ("{file} 第 {line} 行：不认识“{field}”；可用：{known}", "{file} line {line}: unknown field '{field}'; use one of: {known}"),
    "topic_not_declared": ("{file}：没有名为“{topic}”的标准可覆盖；已有：{known}", "{file}: there is no standard '{topic}' to override; there are: {known}"),
    "topic_twice": ("{file}：标准“{topic}”已在 {other} 中声明；请合并", "{file}: standard '{topic}' is already declared in {other}; merge them"),
    "entry_field": ("{file} 第 {line} 行：{entry} 缺少“{field}”；请补上", "{file} line {line}: {entry} lacks '{field}'; add it"),
    "bad_date": ("{file} 第 {line} 行：{entry} 的起始日期“{value}”不是日期；请写作 2026-09-01", "{file} line {line}: {entry} begins on '{value}', which is no date; write 2026-09-01"),
    "bad_region": ("{file} 第 {line} 行：{entry} 的区划代码“{value}”应为 2、4、6 或 9 位数字并加引号", "{file} line {line}: {entry} has region '{value}'; quote a division code of 2, 4, 6 or 9 digits"),
    "bad_verified": ("{file} 第 {line} 行：{entry} 的核实程度“{value}”应为 {known} 之一", "{file} line {line}: {entry} says verified '{value}'; use one of {known}"),
    "bad_limit": ("{file} 第 {line} 行：{entry} 的限制种类“{value}”应为 {known} 之一", "{file} line {line}: {entry} has limit '{value}'; use one of {known}"),
    "bad_value": ("{file} 第 {line} 行：{entry} 的“{key}”应为数或 null，不是“{value}”", "{file} line {line}: '{key}' of {entry} must be a number or null, not '{value}'"),
    "key_not_declared": ("{file} 第 {line} 行：{entry} 的“{key}”不在此标准中；可用：{known}", "{file} line {line}: '{key}' of {entry} is not part of the standard; use one of: {known}"),
    "dates_not_ordered": ("{file} 第 {line} 行：{entry} 早于或同于上一条（{previous}）；请按日期先后排列，同日只留一条", "{file} line {line}: {entry} is not after the one before it ({previous}); order entries by date, one a day"),
    "limit_changed": ("{file} 第 {line} 行：{entry} 的“{key}”不得改变限制种类（应为 {expected}）；请删去 limit", "{file} line {line}: '{key}' of {entry} may not change the kind of limit ({expected}); delete `limit`"),
    "unit_changed": ("{file} 第 {line} 行：{entry} 的“{key}”单位应为 {expected}；请换算后填写并删去 unit", "{file} line {line}: '{key}' of {entry} must be in {expected}; convert it and delete `unit`"),
    "laxer": ("{file} 第 {line} 行：{entry} 的“{key}”为 {value}，比上级规定 {expected}（{rule_id}）宽松；地方只能更严，请改为{bound} {expected}", "{file} line {line}: '{key}' of {entry} is {value}, laxer than {expected} above it ({rule_id}); local rules may only be stricter: make it {bound_en} {expected}"),
    "ends_law": ("{file} 第 {line} 行：{entry} 不能废止上级的“{key}”（{rule_id}）；null 只能结束同级规定", "{file} line {line}: {entry} cannot end '{key}' of the level above ({rule_id}); null ends a rule of the same level only"),
    "bound_max": ("不大于", "at most"),
    "bound_min": ("不小于", "at least"),
    "assumption_source": ("{file}：假设文件须写明来源 source 与核实程度 verified", "{file}: an assumption file must state its source and how sure it is (verified)"),
}  # fmt: skip

MESSAGES |= policy_messages.MESSAGES
