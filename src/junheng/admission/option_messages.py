"""Words of overlapping reserves (meritorious) and of families bound as a block."""

from __future__ import annotations

OPTION_MESSAGES: dict[str, tuple[str, str]] = {
    "admission.overlap_after_run": ("{program} 的预留 {reserve} 写的是录取后退回（after_run）；按最大匹配（overlap: meritorious）时请写 at_once（没人用即归所有人）或 never（空着）。", "Reserve {reserve} of {program} returns seats after the run (after_run); with overlap: meritorious write at_once (free for everybody) or never (kept empty)."),
    "admission.overlap_mixed": ("{program} 的预留 {reserve} 与同校其他预留去向不同：按最大匹配时，一所学校的预留要么用不完都归所有人（soft 或 at_once），要么都空着（hard 且 never）。", "Reserve {reserve} of {program} differs from the others there: with overlap: meritorious unfilled reserved seats of one programme are either all free for everybody (soft or at_once) or all kept (hard and never)."),
    "admission.overlap_open_first": ("{program} 的普通名额 {reserve} 排在预留之前；按最大匹配时预留总在先，请把普通名额放到最后，或改用 by_position。", "The open seats {reserve} of {program} stand before a reserve; with overlap: meritorious reserves always come first, so put them last or use by_position."),
    "admission.overlap_many": ("{program} 有 {count} 项预留；按最大匹配时一所学校最多 {most} 项，请合并同一资格的预留。", "{program} has {count} reserves; with overlap: meritorious a programme has at most {most}, so join reserves of one trait."),
    "admission.overlap_traits": ("预留用到 {count} 种资格；按最大匹配时最多 {most} 种。", "The reserves use {count} traits; with overlap: meritorious there are at most {most}."),
    "admission.overlap_nobody": ("没有一名儿童同时具备两种预留资格，overlap: meritorious 与按次序分配结果相同（提醒）。", "No child holds two of the reserved traits, so overlap: meritorious gives what the order of reserves gives (notice)."),
    "admission.draw_overlap": ("方案《{plan}》的预留按最大匹配分配（overlap: meritorious），各项预留没有分数线，公布的文件证明不了；请写 draw: proves: tickets（只公开核验随机号，录取由审计现场复算），或改用 overlap: by_position。", "The plan {plan} fills reserves by a maximum matching (overlap: meritorious), where a reserve has no cut-off that published files could prove; write draw: proves: tickets (tickets are verified in public, the outcome is worked out again on site), or use overlap: by_position."),
    "admission.draw_block": ("方案《{plan}》让家庭先求同校（twins.mode: block），谁让出志愿要随抽签结果而定，无法事先封存；请写 draw: proves: tickets（只公开核验随机号，录取由审计现场复算），或改用 shared_ticket、none。", "In the plan {plan} families look for one school first (twins.mode: block); who waives which choice depends on the draw and cannot be frozen before it. write draw: proves: tickets (tickets are verified in public, the outcome is worked out again on site), or use shared_ticket or none."),
    "admission.draw_ticket_lines": ("方案《{plan}》每个项目一个随机号（lottery: programme），志愿须写在封存的行里，不能与 draw: proves: tickets 同用；请改其一。", "The plan {plan} has a ticket for each programme (lottery: programme), so choices must stand in the frozen lines; that does not go with draw: proves: tickets. Change one."),
    "admission.tickets_own": ("这次派位只证明随机号（draw.proves: tickets），公布的文件不含录取结果；公布级别只能是 own，全部材料可在审计现场核对（--on-site）。", "This draw proves tickets alone (draw.proves: tickets), its public files hold no outcome; publish at level own, or everything on the auditors' own site (--on-site)."),
    "admission.drawn_tickets": ("已抽出 {receipts} 人的随机号，种子 {digest}；这次派位只证明随机号，录取由 assign 按方案计算。在 {path}", "{receipts} tickets drawn, seed {digest}; this draw proves tickets alone, assign works the outcome out by the plan. In {path}"),
    "admission.enough_place": ("{batch} 第{rank}志愿 {program}：其他人不变，随机号排在第 {place} 位时可得到它或更靠前的志愿（现为第 {mine} 位，共 {of} 人）；方案先求同校，别的名次未必如此。", "{batch}, choice {rank}, {program}: others unchanged, a ticket at place {place} would have given it or a better choice (yours: {mine} of {of}); as families look for one school first, other places need not."),
    "admission.enough_block": ("{batch} 第{rank}志愿 {program}：方案先求同校（启发式办法），不能断定怎样的随机号才够；可以用“假如”试算。", "{batch}, choice {rank}, {program}: families look for one school first (a heuristic), so it cannot be said which ticket would have been enough; suppose one with what-if."),
    "admission.links_none": ("方案《{plan}》没有登记绑定的家庭，或方案不绑定（twins.mode: none），没有可比较的。", "The plan {plan} links no family (none is registered, or twins.mode is none), so there is nothing to compare."),
    "admission.plan_code.RESERVE_FULL": ("预留名额已由排在您之前、符合资格者占满（几种资格之间已尽量腾挪）；其中最后一名：{reason}", "the reserved seats are full of children ahead of you who hold the traits, moved among reserves as far as that makes room; the last of them: {reason}"),
    "admission.plan_code.NO_OPEN_SEATS": ("名额全部由预留录满，没有剩下普通名额。", "all seats were filled by reserves; none was left open."),
    "admission.plan_code.FAMILY_MOVED": ("为与同胞同校而让出这一志愿（不绑定时录取到 {without}）。", "waived so that the family has one school (without the link: {without})."),
    "admission.without_none": ("无", "none"),
    "admission.end.FAMILY_MOVED": ("结果：因家庭绑定同校，录取到 {program}（不绑定时：{without}）。", "Outcome: admitted to {program} with the family (without the link: {without})."),
}  # fmt: skip
