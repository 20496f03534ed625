"""What the folder of an admission plan and the checks of its tables say: code -> (Chinese, English)."""

from __future__ import annotations

from junheng.model.reason import Catalogue

MESSAGES: Catalogue = {
    "admission_folder.plan_name": (
        "“{plan}”不能作招生方案的编号：只用字母、数字、汉字、点、横线和下划线，不以点开头。",
        "`{plan}` cannot be the id of an admission plan: letters, digits, dots, dashes and underscores, no dot in front.",
    ),
    "admission_folder.plan_unknown": (
        "工作区没有招生方案“{plan}”；已有：{known}。方案放在 plans/admission/ 下，文件名即编号。",
        "The workspace has no admission plan `{plan}`; there are: {known}. Plans lie under plans/admission/, the file's name is the id.",
    ),
    "admission_folder.not_pinned": (
        "方案“{plan}”还没有封存：先用 junheng admission freeze 封存。",
        "The plan `{plan}` is not frozen yet: freeze it first with junheng admission freeze.",
    ),
    "admission_folder.pinned": (
        "方案“{plan}”已经封存，内容与现在的不同；封存之后不再改动。要重新开始，须先由有权的人清除该方案的文件夹并公告。",
        "The plan `{plan}` is frozen already, with other content; nothing changes after the freeze. To begin again its folder must first be cleared by who may, and that be announced.",
    ),
    "admission_folder.changed": (
        "方案“{plan}”封存的“{name}”被改动或缺失，停止一切后续步骤；请从备份恢复。",
        "`{name}`, frozen for the plan `{plan}`, was changed or is missing; nothing goes on. Restore it from a backup.",
    ),
    "admission_folder.nothing_kept": (
        "方案“{plan}”没有“{name}”；请先完成上一步。",
        "The plan `{plan}` has no `{name}` yet; do the step before first.",
    ),
    "intake.number_names_somebody": ("“{column_zh}”须是本地固定编号，不能是姓名或身份证号（{value}）。为保护儿童，请改用编号后再导入。", "{column_en} must be a fixed local number, never a name or an identity card ({value}). Use a number instead, to protect the child."),
    "intake.child_twice": ("{value} 与 {other} 是同一名儿童（身份摘要相同）：请经办人核对，保留一条。", "{value} and {other} are one child (the same identity digest): a clerk must look and keep one."),
    "intake.numbers_alike": ("编号“{value}”与“{other}”只差全角、空格或大小写；请统一写法。", "`{value}` and `{other}` differ in full width, blanks or capitals alone; write them alike."),
    "intake.children_unchecked": ("有 {count} 名儿童还没有人核验（核验人为空）；封存前须核完。", "{count} children were not checked by anybody yet; check them before the freeze."),
    "intake.other_plan": ("“{value}”不在方案 {plan} 里，只在别的方案里；请核对招生方案一列。", "`{value}` is not of the plan {plan} but of another; check the column of the plan."),
    "intake.rank_twice": ("{child} 有两个第 {value} 志愿。", "{child} has two choices of rank {value}."),
    "intake.rank_gap": ("{child} 的志愿序号断了：最后是第 {value} 志愿，却只有 {ranks} 个序号。", "The ranks of {child} have a gap: the last is {value}, but there are {ranks}."),
    "intake.fact_unsigned": ("{value} 的“{fact}”已有核验结论，却没有核验人。", "`{fact}` of {value} is said to be checked, but nobody checked it."),
    "intake.card_in_paper": ("{value} 的“{fact}”里像有身份证号；材料只写名称，不写号码。", "`{fact}` of {value} seems to hold the number of an identity card; name the paper, not its number."),
    "intake.reserve_place_twice": ("{program} 有两项预留的次序都是 {value}；请分出先后。", "Two reserves of {program} stand at place {value}; say which comes first."),
    "intake.reserves_over": ("{program} 预留 {kept} 个，多于计划 {seats} 个。", "{program} reserves {kept} seats of {seats}."),
    "intake.two_families": ("{child} 登记在两个家庭里。", "{child} stands in two families."),
    "intake.bound_count": ("家庭 {value} 只绑定了 {count} 名儿童；绑定至少两名。", "Family {value} binds {count} child only; a link has two at least."),
    "intake.bound_many": ("家庭 {value} 绑定了 {count} 名儿童；共用随机号（shared_ticket）只用于两名，先求同校（block）可以更多。", "Family {value} binds {count} children; a shared ticket is for two, a block may hold more."),
    "intake.one_signature": ("人工安排的经办人与批准人是同一人；须由两个人签字。", "One person proposed and approved the placement; two must sign."),
}  # fmt: skip
