"""Words of the admission room, Chinese first."""

from __future__ import annotations

from junheng.admission.draw_messages import DRAW_MESSAGES
from junheng.admission.option_messages import OPTION_MESSAGES
from junheng.admission.plan_messages import PLAN_MESSAGES

MESSAGES: dict[str, tuple[str, str]] = {
    "admission.bad_tables": (
        "表中有 {count} 处错误，未作任何安排；请按下列位置改好后重试。",
        "The tables hold {count} faults; nobody was assigned. Mend the places below and try again.",
    ),
    "admission.column_missing": (
        "缺少列 {heading}；表中现有：{there}。",
        "The column {heading} is missing; the table has: {there}.",
    ),
    "admission.column_twice": ("列 {heading} 出现了两次。", "The column {heading} stands twice."),
    "admission.empty": ("{column} 为空。", "{column} is empty."),
    "admission.not_whole": (
        "“{value}”不是整数；{column} 只能是整数，不接受小数、千分位和科学记数。",
        '"{value}" is not a whole number; {column} takes whole numbers only, no decimals, separators or exponents.',
    ),
    "admission.too_small": (
        "“{value}”小于 {column} 可取的最小值 {limit}。",
        '"{value}" is below {limit}, the least that {column} may be.',
    ),
    "admission.too_large": (
        "“{value}”大于 {column} 可取的最大值 {limit}。",
        '"{value}" is above {limit}, the most that {column} may be.',
    ),
    "admission.too_many": ("行数超过上限 {most}。", "More than {most} rows."),
    "admission.repeated_id": (
        "“{value}”已在第 {first} 行出现过。",
        '"{value}" already stands in row {first}.',
    ),
    "admission.ids_collide": (
        "“{value}”与第 {first} 行的“{other}”统一写法（全角转半角、去空格）后成为同一个编号。",
        '"{value}" and "{other}" in row {first} become one identifier in plain writing (full width, spaces).',
    ),
    "admission.written_otherwise": (
        "{column} 有 {count} 处全角、空格或不可见字符，已按统一写法（NFKC）读取，首处“{value}”。",
        "{count} values of {column} held full-width, invisible or outer blank characters and were read in plain "
        'writing (NFKC), the first is "{value}".',
    ),
    "admission.unknown_id": (
        "“{value}”在对应的名单中不存在。",
        '"{value}" is not in the table that lists it.',
    ),
    "admission.unknown_zeros": (
        "“{value}”在对应的名单中不存在，只有“{near}”：可能丢了前面的 0。",
        '"{value}" is not in the table that lists it, but "{near}" is: leading zeros may have been lost.',
    ),
    "admission.program_twice": (
        "申请人 {applicant} 重复填报“{value}”，第 {first} 行已有。",
        'Applicant {applicant} lists "{value}" twice, first in row {first}.',
    ),
    "admission.rank_twice": (
        "申请人 {applicant} 有两个第 {value} 志愿，第 {first} 行已有。",
        "Applicant {applicant} has rank {value} twice, first in row {first}.",
    ),
    "admission.rank_gap": (
        "申请人 {applicant} 的志愿序号不连续：应为 {expected}，却是 {value}。",
        "The ranks of applicant {applicant} have a gap: {expected} is due, {value} stands there.",
    ),
    "admission.undecided_tie": (
        "{applicant} 与第 {other_row} 行的 {other_applicant} 在 {program} 的优先级和随机号（{value}）都相同，无从分先后。",
        "{applicant} and {other_applicant} (row {other_row}) have the same priority and the same ticket ({value}) "
        "at {program}: nothing puts one before the other.",
    ),
    "admission.mechanism_unknown": (
        "没有机制 {value}，可用：{known}。",
        "There is no mechanism {value}; known are {known}.",
    ),
    "admission.bands_needed": (
        "parallel（志愿组）须用 --bands 写明每组志愿数，如 --bands 3 或 --bands 1,3,3。一组到底请用 da，逐个志愿请用 ia。",
        "parallel needs --bands, the number of choices in each band, as --bands 3 or --bands 1,3,3. "
        "One band for all choices is da, bands of one are ia.",
    ),
    "admission.bands_unused": (
        "--bands 只用于 parallel，不能与 {mechanism} 同用。",
        "--bands belongs to parallel and cannot be given with {mechanism}.",
    ),
    "admission.bands_wrong": (
        "--bands “{value}”不对：应为正整数，用逗号隔开，如 3,3。",
        '--bands "{value}" is wrong: positive whole numbers separated by commas, as 3,3.',
    ),
    "admission.out_is_file": (
        "{path} 是文件而不是文件夹，请另选一个位置。",
        "{path} is a file and not a folder; choose another place.",
    ),
    "admission.out_unwritable": ("无法写入 {path}：{detail}", "Cannot write {path}: {detail}"),
    "admission.not_proved": (
        "结果未通过自身的核验（{what}），没有写出任何文件。",
        "The result failed its own check ({what}); nothing was written.",
    ),
    "admission.seed_absent": (
        "公开随机数还没有或不全，不能抽签；请等公布的来源开奖后再来。",
        "The public random numbers are absent or incomplete; wait until the announced sources have been drawn.",
    ),
    "admission.seed_number": (
        "公开随机数里有负数 {value}，请核对录入。",
        "The public random numbers hold {value}; check what was entered.",
    ),
    "admission.seed_drand": (
        "drand 第 {round} 轮的随机值不是其签名的摘要，不能使用。",
        "The randomness of drand round {round} is not the digest of its signature and cannot be used.",
    ),
    "admission.bad_receipts": (
        "受理编号有 {count} 处错误，未抽签。",
        "The receipts hold {count} faults; nothing was drawn.",
    ),
    "admission.receipt_twice": (
        "受理编号 {value} 在第 {first} 行已有。",
        "Receipt {value} already stands in row {first}.",
    ),
    "admission.receipt_odd": (
        "受理编号“{value}”为空、含换行或制表符，或不是统一写法（NFC）。",
        'Receipt "{value}" is empty, holds a line break or tab, or is not in NFC.',
    ),
    "admission.bad_lines": (
        "封存需要每行一个 {bytes} 字节的随机数，且行内无换行；现有 {lines} 行、{nonces} 个。",
        "Freezing needs a nonce of {bytes} bytes a line and lines without breaks; there are {lines} lines and {nonces} nonces.",
    ),
    "admission.bad_families": (
        "双胞胎绑定有 {count} 处错误，未作任何安排。",
        "The links of twins hold {count} faults; nobody was assigned.",
    ),
    "admission.twins_tickets": (
        "{first} 与 {second} 绑定，随机号却不相邻。",
        "{first} and {second} are linked, but their tickets do not follow one another.",
    ),
    "admission.twins_lists": (
        "{first} 与 {second} 绑定，志愿或优先级却不相同。",
        "{first} and {second} are linked, but their lists or priorities differ.",
    ),
    "admission.twins_twice": (
        "{first} 或 {second} 已与别人绑定。",
        "{first} or {second} is already linked to another child.",
    ),
    "admission.bad_batches": (
        "批次设置有 {count} 处错误，未作任何安排。",
        "The batches hold {count} faults; nobody was assigned.",
    ),
    "admission.batch_twice": ("批次 {batch} 出现了两次。", "The batch {batch} stands twice."),
    "admission.batch_children": (
        "批次 {batch} 与 {other} 的考生名单或次序不同。",
        "The batches {batch} and {other} do not have the same children in the same order.",
    ),
    "admission.batch_sizes": (
        "批次 {batch} 的资格或项目与志愿、计划的行数不符。",
        "Eligibility or programmes of batch {batch} do not fit its applications and pools.",
    ),
    "admission.batch_target": (
        "批次 {batch} 的剩余名额要转入 {target}，后面没有这个批次。",
        "Batch {batch} sends its seats left over to {target}, and no later batch has that name.",
    ),
    "admission.batch_pools": (
        "批次 {batch} 的剩余名额转不进 {target}：其中有的项目没有名额池，或有不止一个。",
        "Seats left over in {batch} cannot go to {target}: a programme has no pool there, or several.",
    ),
    "admission.over_limit": (
        "{program} 末位同分全录将超出计划 {over} 人，多于允许的 {most} 人。",
        "Admitting all who tie with the last would put {program} {over} over its seats, more than the {most} allowed.",
    ),
    "admission.metres_wrong": (
        "距离 {metres} 米不可用：应为不小于 0 的合理整数。",
        "A distance of {metres} metres cannot be used; it must be a sensible whole number from 0.",
    ),
    "admission.bad_reserves": (
        "预留名额有 {count} 处错误，未作任何安排。",
        "The reserves hold {count} faults; nobody was assigned.",
    ),
    "admission.reserve_program": (
        "预留 {reserve} 所属的项目 {program} 不存在。",
        "Reserve {reserve} belongs to the programme {program}, which does not exist.",
    ),
    "admission.reserve_negative": (
        "{program} 的预留 {reserve} 名额为 {seats}，不能为负。",
        "Reserve {reserve} of {program} has {seats} seats; it cannot be negative.",
    ),
    "admission.reserve_trait": (
        "{program} 的预留 {reserve} 所用资格“{trait}”没有数据。",
        'Reserve {reserve} of {program} is for "{trait}", of which there are no data.',
    ),
    "admission.reserve_position": (
        "{program} 有两项预留同在第 {position} 位（{reserve}）；先后次序须写明。",
        "Two reserves of {program} stand at position {position} ({reserve}); their order must be stated.",
    ),
    "admission.reserve_open": (
        "{program} 的普通名额写了两次（{reserve}）。",
        "The open seats of {program} are given twice ({reserve}).",
    ),
    "admission.reserve_over": (
        "{program} 的预留合计 {reserved}，超过计划 {seats}（到 {reserve} 为止）。",
        "The reserves of {program} add up to {reserved}, over its {seats} seats (up to {reserve}).",
    ),
    "admission.minimum_over_total": (
        "各校保底名额合计 {minimum}，超过总名额 {total}。",
        "The minimum seats add up to {minimum}, more than the total of {total}.",
    ),
    "admission.caps_under_total": (
        "各校上限之内分不完总名额 {total}，还剩 {left}。",
        "The caps do not hold the total of {total} seats; {left} are left over.",
    ),
    "admission.reading": ("读取并核对三张表", "Reading and checking the three tables"),
    "admission.assigning": ("录取", "Assigning"),
    "admission.writing": ("写出结果", "Writing the result"),
    "admission.assigned": (
        "录取 {assigned} 人（共 {applicants} 人），未录取 {unassigned} 人，余额 {seats_left}；"
        "优先却被后来者占先 {envy} 对。结果在 {path}",
        "{assigned} of {applicants} applicants assigned, {unassigned} not, {seats_left} seats left; "
        "{envy} pairs with justified envy. Written to {path}",
    ),
    "admission.applicant_unknown": ("没有申请人 {applicant}。", "There is no applicant {applicant}."),
    "admission.no_list": ("未填报志愿。", "No list was handed in."),
    "admission.choice": ("第{rank}志愿 {program}：{reason}。", "Choice {rank}, {program}: {reason}."),
    "admission.reason.ADMITTED": ("第{mine}志愿录取", "admitted to choice {mine}"),
    "admission.reason.NOT_REACHED": (
        "已录取更靠前的第{last}志愿",
        "holds the better choice {last}",
    ),
    "admission.reason.NO_SEATS": ("无计划", "no seats offered"),
    "admission.reason.BELOW_CUTOFF_TICKET": (
        "同类随机号{mine}，录取至{last}（同类共{of}人报名）",
        "ticket {mine}, last admitted {last}, {of} applicants in the class",
    ),
    "admission.reason.BELOW_CUTOFF_CLASS": (
        "优先级为第{mine}类，录取至第{last}类",
        "priority class {mine}, last admitted class {last}",
    ),
    "admission.reason.BELOW_CUTOFF_FIELD": (
        "填在第{mine}志愿组，录取至第{last}志愿组",
        "listed in band {mine}, last admitted band {last}",
    ),
    "admission.reason.BAND_PASSED": (
        "填在第{mine}志愿组，已由填在第{last}组及以前者录满；不计志愿先后本可录取",
        "listed in band {mine}, filled by those who listed it up to band {last}; the key alone would have passed",
    ),
    "admission.reason.NO_TRADE": (
        "到第{last}步名额已换完，未轮到",
        "the last seat was traded in step {last}",
    ),
    **DRAW_MESSAGES,
    **PLAN_MESSAGES,
    **OPTION_MESSAGES,
}
