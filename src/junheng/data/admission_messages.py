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
}  # fmt: skip
