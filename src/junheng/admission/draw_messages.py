"""Words of the public draw, Chinese first."""

from __future__ import annotations

DRAW_MESSAGES: dict[str, tuple[str, str]] = {
    "admission.secret_short": (
        "密钥文件应为十六进制文本，至少 {bytes} 字节（{signs} 个字符）；请用手册所列命令生成，并由两人保管。",
        "The secret must be hexadecimal text of at least {bytes} bytes ({signs} signs); make it as the handbook says and keep it between two people.",
    ),
    "admission.secret_unreadable": ("读不到密钥文件 {path}。", "The secret {path} cannot be read."),
    "admission.bad_identities": (
        "身份标识有 {count} 处错误，未封存；请经办人逐一核对，系统不自行取舍。",
        "The identities hold {count} faults; nothing was frozen. A clerk has to settle each, nothing is chosen automatically.",
    ),
    "admission.identity_twice": (
        "与第 {first} 行是同一身份：一个孩子登记了两次。",
        "This is the identity of row {first}: one child is registered twice.",
    ),
    "admission.identity_empty": ("没有身份标识。", "There is no identity."),
    "admission.receipts_collide": (
        "与第 {first} 行身份不同而受理编号相同（极罕见），请另用一个密钥。",
        "Another identity than row {first}, yet the same receipt (very rare); use another secret.",
    ),
    "admission.facts_unsettled": (
        "还有 {count} 个孩子的条件没有核验完，不能封存。",
        "The facts of {count} children are not settled; nothing can be frozen.",
    ),
    "admission.status_pending": (
        "{applicant} 的条件还在核验，请核验后再封存。",
        "The facts of {applicant} are still being checked; settle them first.",
    ),
    "admission.status_rejected": (
        "{applicant} 的条件未通过核验：请更正、或按方案改入别的类别、或撤出本次派位，再封存。",
        "The facts of {applicant} were rejected: correct them, move the child to the class the plan gives, or take it out of this draw.",
    ),
    "admission.status_unknown": (
        "{applicant} 的核验状态“{value}”不认识，应为 verified（已核验）、pending（待核验）或 rejected（不通过）。",
        'The status "{value}" of {applicant} is unknown; it is verified, pending or rejected.',
    ),
    "admission.fact_own": (
        "{heading} 不是条件列，不能列入 --facts。",
        "{heading} is no column of facts and cannot stand in --facts.",
    ),
    "admission.bad_freeze": (
        "要封存的内容有 {count} 处错误，未封存。",
        "What was to be frozen holds {count} faults; nothing was frozen.",
    ),
    "admission.fact_odd": (
        "受理编号 {receipt} 的“{value}”含分号、等号、制表符、换行或小数；请改用整数或文字。",
        'The value "{value}" of receipt {receipt} holds a semicolon, an equals sign, a tab, a line break or a decimal; use whole numbers or words.',
    ),
    "admission.line_odd": ("这一行不合封存的格式：{value}", "This is no line of a freeze: {value}"),
    "admission.line_twice": ("受理编号 {value} 有两行。", "Receipt {value} has two lines."),
    "admission.freeze_program": (
        "公告的计划里没有项目 {value}。",
        "Programme {value} has no announced seats.",
    ),
    "admission.time_odd": (
        "时刻“{value}”读不出，应写作 2027-06-20T21:15。",
        'The time "{value}" cannot be read; write it as 2027-06-20T21:15.',
    ),
    "admission.bad_announcement": (
        "公告有 {count} 处错误，未封存、未公告。",
        "The announcement holds {count} faults; nothing was frozen or announced.",
    ),
    "admission.draw_name": (
        "派位名称或范围“{value}”不可用：不含空白和斜线，至多 60 个字符。",
        'The name or scope "{value}" cannot be used: no blanks or slashes, 60 signs at most.',
    ),
    "admission.draw_mechanism": (
        "公开派位不能用 {value}：公布的分数线证明不了它，可用 {known}。",
        "A public draw cannot use {value}, which published cut-offs do not prove; use one of {known}.",
    ),
    "admission.sources_absent": (
        "没有公布随机数的来源。",
        "No source of the random numbers is announced.",
    ),
    "admission.ring_unused": (
        "来源 {value} 是起始号和间隔（ring），但这次派位不按环取号。请改 kind，或在方案写 draw.order: ring（三张表用 --ring）。",
        "Source {value} gives start and step of a ring, but this draw has none. Change its kind, or write draw.order: ring in the plan (--ring for plain tables).",
    ),
    "admission.ring_sources": (
        "起始号和间隔只能由一个来源给出，现有：{value}。",
        "One source alone gives start and step; there are {value}.",
    ),
    "admission.ring_count": (
        "来源 {source} 给出起始号和间隔，count 应为 2。",
        "Source {source} gives start and step; its count is 2.",
    ),
    "admission.ring_drawn": (
        "来源 {source} 抽出起始号 {start}、间隔 {step}，都应在 1 与 {numbers} 之间；请照现场摇出的次序录入（先起始号，后间隔）。",
        "Source {source} gave start {start} and step {step}; both lie between 1 and {numbers}. Enter them as drawn, the start first.",
    ),
    "admission.ring_from_balls": (
        "方案写明起始号和间隔由 {source} 摇出，公告的来源里却没有 kind 为 ring 的；请补上这个来源（count 为 2），或改方案。",
        "By the plan start and step are drawn by {source}, but no announced source is of the kind ring; add it with a count of 2, or change the plan.",
    ),
    "admission.ring_from_seed": (
        "方案没有写起始号和间隔由谁摇出，应由种子算出，公告的来源 {source} 却是 ring；请在方案的 draw.seed 里给它写上 gives: ring，或改来源表。",
        "The plan names nobody to draw start and step, so they follow from the seed, but the announced source {source} is a ring; write gives: ring beside it in the plan, or change the sources.",
    ),
    "admission.lottery_unknown": (
        "随机号的办法“{value}”不认识，可用 {known}。",
        'There is no lottery "{value}"; use {known}.',
    ),
    "admission.lottery_ring": (
        "一个项目一个随机号与起始号加间隔不能同用：环只有一个次序。请去掉其中一项。",
        "A ticket for each programme and a ring exclude each other: a ring is one order. Drop one of them.",
    ),
    "admission.lottery_sd": (
        "sd 按一个共同的次序依次挑选，不能每个项目一个随机号；请用 da，或去掉 lottery: programme。",
        "Under sd everybody chooses in one common order, so programmes have no tickets of their own; use da, or drop lottery: programme.",
    ),
    "admission.lottery_twins": (
        "有 {count} 对双胞胎绑定同一随机号；一个项目一个随机号时没有哪个号可以共用，公布的分数线也证明不了。请把方案的 twins.mode 写为 none，各抽各的；或去掉 lottery: programme，每人一个随机号。",
        "{count} bound pairs share a ticket; where every programme has tickets of its own there is none to share, and cut-offs prove nothing. Write twins.mode none in the plan, or drop lottery: programme and give each child one ticket.",
    ),
    "admission.announced_early": (
        "公告时刻 {value} 早于封存时刻 {frozen}。",
        "The announcement ({value}) comes before the freeze ({frozen}).",
    ),
    "admission.source_odd": (
        "来源“{source}”没有名称或期次，或名称重复。",
        'Source "{source}" has no name or event, or its name stands twice.',
    ),
    "admission.event_early": (
        "来源 {source} 的开奖时刻 {value} 不晚于公告时刻 {announced}：随机数必须在公告之后才产生。",
        "The event of {source} at {value} is not after the announcement at {announced}: the numbers must not exist before it.",
    ),
    "admission.fallback_odd": (
        "来源 {source} 的备用期次须同时写明期次和时刻，且晚于 {at}。",
        "The fallback of {source} needs an event and a time after {at}.",
    ),
    "admission.source_kind": (
        "来源 {source} 的种类“{value}”不认识，可用：{known}。",
        'The kind "{value}" of source {source} is unknown; known are {known}.',
    ),
    "admission.source_count": (
        "来源 {source} 要写明开出几个数。",
        "Source {source} must say how many numbers are drawn.",
    ),
    "admission.round_time": (
        "来源 {source} 的第 {value} 轮不在所写的时刻 {at}（按其起点和间隔推算）。",
        "Round {value} of source {source} does not fall on {at} by its genesis and period.",
    ),
    "admission.announcement_changed": (
        "公告与派位编号不符：公告被改动过，或用错了文件夹。",
        "The announcement does not fit its draw id: it was changed, or this is another folder.",
    ),
    "admission.seed_early": (
        "来源 {source} 的开奖时刻是 {event}，{drawn} 还不能派位。",
        "The event of {source} takes place at {event}; at {drawn} the draw cannot be held.",
    ),
    "admission.seed_sources": (
        "还缺这些来源的开奖结果：{sources}。",
        "Results of these sources are missing: {sources}.",
    ),
    "admission.seed_twice": (
        "本次派位（{draw}）已用过一个种子，不能再抽；如对结果有疑，请核验。",
        "The draw {draw} already has its seed; there is no second one. Whoever doubts it can verify it.",
    ),
    "admission.bad_results": (
        "开奖结果有 {count} 处与公告不符，未派位。",
        "The results differ from the announcement in {count} places; no draw was held.",
    ),
    "admission.result_odd": (
        "公告里没有来源“{value}”，或同一来源写了两次。",
        'Source "{value}" is not announced, or stands twice.',
    ),
    "admission.result_event": (
        "来源 {source} 的期次“{value}”不是公告的 {event}（备用 {fallback}）。",
        'Event "{value}" of {source} is not the announced {event} (fallback {fallback}).',
    ),
    "admission.result_count": (
        "来源 {source} 应有 {count} 个数，录入了 {given} 个。",
        "Source {source} draws {count} numbers, {given} were entered.",
    ),
    "admission.root_differs": (
        "封存的内容与公告的根不符，不能派位。",
        "What is frozen does not give the announced root; no draw can be held.",
    ),
    "admission.changed_after_freeze": (
        "封存之后数据有变（{count} 处），不能派位：开奖前可重新封存并公告，开奖后只能用备用受理编号和签字更正。",
        "The data changed after the freeze ({count} places); no draw can be held. Before the event freeze and announce anew; after it there are only spare receipts and signed corrections.",
    ),
    "admission.compare_all": (
        "核对现在的登记须同时给出三张表和密钥。",
        "To compare with what is registered today give all three tables and the secret.",
    ),
    "admission.line_changed": (
        "这个孩子的登记与封存时不同。",
        "What is registered for this child differs from what was frozen.",
    ),
    "admission.seats_changed": (
        "项目 {value} 的计划数与封存时不同。",
        "The seats of programme {value} differ from what was frozen.",
    ),
    "admission.file_changed": (
        "{file} 在封存后被改动或丢失，不能继续；请取回封存时的备份。",
        "{file} was changed or lost after the freeze; nothing goes on. Bring back the copy made at the freeze.",
    ),
    "admission.not_a_draw": (
        "{path} 不是封存过的文件夹。",
        "{path} is not a folder of a frozen draw.",
    ),
    "admission.draw_there": (
        "{path} 里已有一次封存；请另选文件夹，旧的保留备查。",
        "{path} already holds a freeze; choose another folder and keep the old one.",
    ),
    "admission.not_drawn": (
        "还没有派位，不能公布。",
        "The draw has not been held; there is nothing to publish.",
    ),
    "admission.bad_changes": (
        "人工改动有 {count} 处错误，未公布。",
        "The changes by hand hold {count} faults; nothing was published.",
    ),
    "admission.change_lacks": (
        "改动（{value}）缺受理编号、理由、文号、经办人、批准人或时刻，或其中有换行、制表符。",
        "The change ({value}) lacks its receipt, ground, document, persons or time, or one of them holds a break.",
    ),
    "admission.change_alone": (
        "改动（{value}）的经办人与批准人是同一人。",
        "The change ({value}) is made and approved by one person.",
    ),
    "admission.change_early": (
        "改动时刻 {value} 早于派位或上一条改动。",
        "The change at {value} comes before the draw or the change above it.",
    ),
    "admission.change_receipt": ("没有受理编号 {value}。", "There is no receipt {value}."),
    "admission.change_program": ("没有项目 {value}。", "There is no programme {value}."),
    "admission.change_twice": (
        "受理编号 {value} 已有一条改动。",
        "Receipt {value} is already changed once.",
    ),
    "admission.spare_out_of_turn": (
        "备用受理编号须按公布的次序使用：{value}",
        "Spare receipts are used in their published order: {value}",
    ),
    "admission.full_small": (
        "全部行不能公开：有 {groups} 种条件与志愿的组合不足 {least} 人，能认出是谁。请用 list 或 own；审计现场用 --on-site。",
        "The lines cannot be public: {groups} combinations of facts and choices cover fewer than {least} children. Use list or own; on the auditors' own desk --on-site.",
    ),
    "admission.verifier_disagrees": (
        "核验程序与本机结果不一致（{number}：{sentence}），没有公布任何文件。",
        "The verifier disagrees ({number}: {sentence}); nothing was published.",
    ),
    "admission.table_unreadable": (
        "{file} 缺列 {missing}；应有 {columns}。",
        "{file} lacks {missing}; its columns are {columns}.",
    ),
    "admission.bad_record": (
        "表中有 {count} 处不是整数，请核对录入。",
        "{count} cells are not whole numbers; check what was entered.",
    ),
    "admission.cell_odd": (
        "“{value}”不是整数。",
        '"{value}" is not a whole number.',
    ),
    "admission.freezing": ("核对三张表并封存", "Checking the three tables and freezing"),
    "admission.drawing": ("派位并核验", "Holding the draw and checking it"),
    "admission.publishing": ("写出公布的文件并用核验程序复算", "Writing the publication and verifying it"),
    "admission.frozen": (
        "已封存 {receipts} 个孩子、{programs} 个项目。派位编号 {draw_id}；根 {root}。请公布 {path} 并送公证存档。",
        "{receipts} children and {programs} programmes are frozen. Draw {draw_id}, root {root}. Publish {path} and lodge it with the notary.",
    ),
    "admission.drawn": (
        "已派位：{assigned} 人有位（共 {receipts} 人），未得 {unassigned} 人。种子 {digest}，结果在 {path}",
        "Drawn: {assigned} of {receipts} children have a place, {unassigned} have none. Seed {digest}. Written to {path}",
    ),
    "admission.published": (
        "已公布到 {path}（{level}），核验程序复算全部相符。清单摘要 {manifest}",
        "Published to {path} ({level}); the verifier agrees with everything. Digest of the manifest {manifest}",
    ),
}
