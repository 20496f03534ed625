"""Words of the family edition: what a family reads of its own child, and why an envelope stays shut."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "report.family.code_misread": ("这不是家庭查询码：请对照回执重新输入。", "This is no family code: compare it with your receipt slip."),
    "report.family.envelope_closed": ("这个查询码打不开这份内容，或内容被改动过。", "The code does not open this content, or the content was changed."),
    "report.family.envelope_large": ("一个家庭的内容有 {bytes} 字节，超过上限 {most}。", "The content of one family has {bytes} bytes, more than {most}."),
}  # fmt: skip
