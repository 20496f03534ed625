"""Words of the family edition: what a family reads of its own child, and why an envelope stays shut."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "report.family.code_misread": ("这不是家庭查询码：请对照回执重新输入。", "This is no family code: compare it with your receipt slip."),
    "report.family.envelope_closed": ("这个查询码打不开这份内容，或内容被改动过。", "The code does not open this content, or the content was changed."),
    "report.family.envelope_large": ("一个家庭的内容有 {bytes} 字节，超过上限 {most}。", "The content of one family has {bytes} bytes, more than {most}."),
    "report.family.codes_collide": ("{families} 名儿童只得到 {codes} 个不同的查询码；请换一个密钥。", "{families} children get only {codes} different codes; use another secret."),
    "report.family.plan_name": ("“{plan}”不能作方案编号。", '"{plan}" cannot be the id of a plan.'),
    "report.family.not_proved": ("结果未通过自身核验（{what}），没有写出家庭查询版。", "The result fails its own check ({what}); no family edition was written."),
    "report.family.nobody": ("结果中没有儿童，没有写出家庭查询版。", "The result holds no child; no family edition was written."),
    "report.family.admission": ("录取到{program}，第 {rank} 志愿。", "Admitted to {program}, choice {rank} of your list."),
    "report.family.guaranteed": ("保障录取到{program}。", "A guaranteed seat at {program}."),
    "report.family.placement": ("由统筹安排到{program}。", "Placed at {program} by coordination."),
    "report.family.by_hand": ("依据文件 {document} 安排到{program}。", "Placed at {program} under document {document}."),
    "report.family.by_round": ("在补录中录取到{program}。", "Admitted to {program} in a later round."),
    "report.family.waiting": ("目前没有录取，在 {count} 个候补名单中。", "No seat at present; on {count} waiting lists."),
    "report.family.not_admitted": ("本次没有录取。", "Not admitted."),
    "report.family.withdrawn": ("已放弃学位。", "The seat was given up."),
    "report.family.identity": ("身份类别：", "Class: "),
    "report.family.others_same": ("以下各句假定其他孩子不变；分数线说的是已经发生的事，不是明年的承诺。", "These sentences assume that nothing else changes; a line tells what happened and promises nothing for next year."),
}  # fmt: skip
