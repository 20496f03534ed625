"""Sentences of the commands on what families get of a plan."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "families_cli.sealing": ("封装各家的结果", "Sealing each family's result"),
    "families_cli.setting": ("排版通知书", "Setting the notices"),
    "families_cli.published": ("已向 {families} 个家庭公布（{edition}），凭查询码在公众页面的 /families/{plan} 查看。", "Published for {families} families ({edition}); with their codes at /families/{plan} of the public pages."),
    "families_cli.withdrawn": ("已撤下：{edition}。", "Withdrawn: {edition}."),
    "families_cli.nothing": ("《{plan}》没有正在公布的家庭查询版。", "Nothing of {plan} is shown to families."),
    "families_cli.notices": ("已写入 {count} 份{kind}：{path}", "{count} notices ({kind}) written to {path}"),
    "families_cli.no_such": ("没有要打印的{kind}：没有这样的儿童。", "There is no notice to print ({kind}): no such child."),
    "families_cli.file_kind": ("“{path}”的扩展名应为 .pdf、.zip（每人一份 docx）或 .docx（只限一人）。", 'The name "{path}" must end in .pdf, .zip (a docx each) or .docx (one child only).'),
    "families_cli.one_child": (".docx 只写一人，这里有 {count} 人；请用 --child 指定，或写 .zip、.pdf。", "A .docx holds one child, here are {count}: name it with --child, or write .zip or .pdf."),
    "families_cli.secret_needed": ("家庭查询码由密钥算出：请用 --secret 指明封存时用的密钥文件。", "Family codes follow from the secret: name the file used at the freeze with --secret."),
    "families_cli.kind_receipt": ("受理回执", "receipt slips"),
    "families_cli.kind_result": ("结果通知书", "notices of results"),
    "families_cli.kind_admission": ("录取通知书", "notices of admission"),
    "families_cli.kind_placement": ("统筹安排通知书", "notices of placement"),
    "families_cli.kind_waiting": ("候补告知书", "notices of waiting lists"),
    "families_cli.kind_not_admitted": ("未录取告知书", "notices of non-admission"),
}  # fmt: skip
