"""Sentences of seats, warnings, one unit and looking back."""

MESSAGES: dict[str, tuple[str, str]] = {
    "seats_page.title": ("学位预测 · {unit}", "Seats forecast · {unit}"),
    "seats_page.tab_seats": ("学位供需", "Seats"),
    "seats_page.tab_warnings": ("预警清单", "Warnings"),
    "seats_page.tab_scenarios": ("情景比较", "Scenarios"),
    "seats_page.tab_accuracy": ("往年准不准", "Past accuracy"),
    "seats_page.tab_start": ("开始测算", "New run"),
    "seats_page.tab_with_count": ("{text} {count}", "{text} {count}"),
    "seats_page.level_red": ("红色预警 {count} 条", "{count} red"),
    "seats_page.level_orange": ("橙色预警 {count} 条", "{count} orange"),
    "seats_page.level_yellow": ("黄色预警 {count} 条", "{count} yellow"),
    "seats_page.level_none": ("没有预警", "no warnings"),
    "seats_page.most_urgent": ("最急的预警", "Most urgent warnings"),
    "seats_page.all_warnings": ("全部 {count} 条预警", "All {count} warnings"),
    # headlines
    "seats_page.head_areas": (
        "{year} 年有 {areas} 个片区{stage}共缺 <b>{seats} 个</b>学位，区间 {range}；最早是 {first} 年的<b>{where}</b>。"
        "借用邻近空余学位后仍缺 <b>{left} 个</b>。",
        "In {year} {areas} areas lack <b>{seats} {stage} seats</b> together (80% range {range}), first "
        "<b>{where}</b> in {first}. After sharing spare seats nearby <b>{left}</b> are still missing.",
    ),
    "seats_page.head_unit": (
        "{unit}{stage} <b>{first} 年</b>起缺学位，{year} 年最多，缺 <b>{seats} 个</b>，区间 {range}；借用邻近空余学位后仍缺 "
        "<b>{left} 个</b>。",
        "{unit} is short of {stage} seats from <b>{first}</b>, most in {year}: <b>{seats} seats</b> (80% range "
        "{range}). After sharing spare seats nearby <b>{left}</b> are still missing.",
    ),
    "seats_page.head_school": (
        "{unit}{stage} <b>{first} 年</b>起缺学位，{year} 年最多，缺 <b>{seats} 个</b>，区间 {range}。",
        "{unit} is short of {stage} seats from <b>{first}</b>, most in {year}: <b>{seats} seats</b> (80% range "
        "{range}).",
    ),
    "seats_page.head_maybe": (
        "{unit}{stage}中位预测不缺学位；最紧的是 <b>{year} 年</b>，有 <b>{chance}</b> 的可能会缺。",
        "In the median {unit} is not short of {stage} seats; it is closest in <b>{year}</b>, with a chance of "
        "<b>{chance}</b> of running short.",
    ),
    "seats_page.head_idle": (
        "{unit}{stage}到 {last} 年都不缺学位；{idle_year} 年空余最多，<b>{idle} 个</b>，利用率 {share}。",
        "{unit} has enough {stage} seats until {last}; most stand empty in {idle_year}: <b>{idle}</b>, with "
        "{share} in use.",
    ),
    "seats_page.head_none": (
        "到 {last} 年，{unit}各片区{stage}中位预测均不缺学位。",
        "Until {last} no area of {unit} runs short of {stage} seats in the median forecast.",
    ),
    "seats_page.head_unknown": (
        "{unit}的{stage}学位没有核算，只有学生数预测。",
        "{stage} seats of {unit} are not known; there is a forecast of pupils only.",
    ),
    "seats_page.head_no_seats": (
        "{course}。学位尚未核算：缺学位表。",
        "{course}. Seats were not worked out: the table of seats is missing.",
    ),
    "seats_page.head_nothing": ("这次运行没有{unit}的预测。", "This run has no forecast for {unit}."),
    "seats_page.assumed": ("{stage}（缺口最大）", "{stage} (shortest)"),
    # heat table
    "seats_page.caption_gap": (
        "{stage}学位缺口（+）与空余（−），单位：个",
        "{stage}: seats short (+) and spare (−)",
    ),
    "seats_page.caption_chance": ("{stage}学位短缺的可能性", "{stage}: chance of a shortage"),
    "seats_page.caption_use": ("{stage}学位利用率（需求 ÷ 学位）", "{stage}: demand as a share of seats"),
    "seats_page.measure_gap": ("缺口", "Gap"),
    "seats_page.measure_chance": ("可能性", "Chance"),
    "seats_page.measure_use": ("利用率", "Use"),
    "seats_page.measures": ("看什么", "Show"),
    "seats_page.stages": ("学段", "Stage"),
    "seats_page.years_shown": ("学年", "Years"),
    "seats_page.years": ("{first}—{last} 学年", "{first}–{last}"),
    "seats_page.years_before": ("前几年", "Earlier"),
    "seats_page.years_after": ("后几年", "Later"),
    "seats_page.col_area": ("片区", "Area"),
    "seats_page.col_school": ("学校", "School"),
    "seats_page.unit_area": ("个片区", "areas"),
    "seats_page.unit_school": ("所学校", "schools"),
    "seats_page.total": ("合计", "Total"),
    "seats_page.total_net": ("合计（互补后净数）", "Total (net)"),
    "seats_page.note_gap": (
        "中位数；粗体：短缺可能性过半。底色为缺口（红）或空余（蓝）占学位的比例：缺 {short}，余 {idle}。",
        "Medians; bold: a shortage is more likely than not. Shade: short (red) or spare (blue) as a share of "
        "seats: short {short}, spare {idle}.",
    ),
    "seats_page.note_chance": (
        "需求超过学位的可能性；底色从 {steps} 起加深；粗体：过半。",
        "Probability that demand exceeds seats; darker from {steps}; bold: more likely than not.",
    ),
    "seats_page.bars_title": (
        "{year} 年{stage}：{count} {unit}缺学位",
        "{stage} in {year}: {count} {unit} are short of seats",
    ),
    "seats_page.bars_title_none": (
        "{year} 年{stage}：没有缺学位的",
        "{stage} in {year}: none of the {unit} is short of seats",
    ),
    "seats_page.bars_more": ("另有 {count} 个，见左表。", "{count} more stand in the table."),
    "seats_page.fan_note": (
        "实线为统计数，虚线为中位预测，三层底色由深到浅是 50%、80%、95% 区间；点线为标准学位。下方色带说明每年的依据。",
        "Solid: counted; dashed: median; shades: 50, 80 and 95% ranges; dotted: seats. The strip says what each "
        "year rests on.",
    ),
    "seats_page.to_unit": ("{unit}逐年明细与原因", "{unit} year by year, and why"),
    # nothing to show
    "seats_page.none_headline": (
        "{unit}还没有可看的学位预测。",
        "There is no seats forecast for {unit} yet.",
    ),
    "seats_page.none_title": ("还不能显示学位预测", "No forecast to show yet"),
    "seats_page.none_no_data": (
        "还没有导入任何数据。先在数据中心导入学校表和历年在校生表，即可测算。",
        "No data yet. Import the schools and their enrolment in the data centre, then start a forecast.",
    ),
    "seats_page.none_missing": (
        "缺 {tables}。导入后即可测算；模板在数据中心下载。",
        "Missing: {tables}. Import them, then start a forecast; templates are in the data centre.",
    ),
    "seats_page.none_start": (
        "数据已到位（版本 {version}），还没有测算过。测算约需一分钟。",
        "The data are there (version {version}); nothing was computed yet. It takes about a minute.",
    ),
    "seats_page.none_published": (
        "本地区还没有发布学位预测。测算完成并发布后，这里会自动显示。",
        "No seats forecast has been published yet. It will appear here once it is.",
    ),
    "seats_page.to_data": ("去数据中心", "To the data centre"),
    "seats_page.to_start": ("开始测算", "Start a run"),
    # what it counts
    "seats_page.method_gap": ("缺口与空余", "Gap"),
    "seats_page.method_gap_text": (
        "需求减学位。需求是在该单位就读的学生预测数（学校满员时按所在片区的实际需求）；正数为缺，负数为余。一个单位先只靠自己的学位；"
        "“借用邻近空余学位后”按片区间通行时间限定的范围，把邻近空余学位算进来。",
        "Demand less seats. Demand is the forecast of pupils of the unit (of its area, where a school is full); "
        "positive is short, negative spare. Each unit relies on its own seats first; 'after sharing' counts spare "
        "seats of areas within the travel time allowed.",
    ),
    "seats_page.method_seats": ("学位（分母）", "Seats (the denominator)"),
    "seats_page.method_range": ("区间", "Ranges"),
    "seats_page.method_pupils": ("学生（分子）", "Pupils (the numerator)"),
    "seats_page.method_excluded": ("排除与修正", "Left out or repaired"),
    "seats_page.method_excluded_none": (
        "数据检查没有排除或修正任何记录。",
        "The checks left out or repaired nothing.",
    ),
    "seats_page.method_excluded_text": ("共 {count} 处。", "{count} in all. "),
    "seats_page.method_excluded_one": ("{what}（{count} 处）。", "{what} ({count}). "),
    "seats_page.method_small": ("小数保护", "Small counts"),
    "seats_page.method_small_text": (
        "本页供内部使用，不足 20 人的预测只看区间；对外公布时，小于 {count} 人的数以“<{count}”表示，并防止由合计倒推。",
        "This page is for the bureau; below 20 pupils read the range only. In public, counts under {count} are "
        "shown as '<{count}' and cannot be worked out from totals.",
    ),
    "seats_page.standard": ("{name} {value}：{source}", "{name} {value}: {source}"),
    # one unit
    "seats_page.detail": ("逐年明细", "Year by year"),
    "seats_page.below_area": ("看 {count} 个片区", "See the {count} areas"),
    "seats_page.below_school": ("看 {count} 所学校", "See the {count} schools"),
    "seats_page.col_year": ("学年", "Year"),
    "seats_page.col_pupils": ("学生", "Pupils"),
    "seats_page.col_seats": ("学位", "Seats"),
    "seats_page.col_gap": ("缺（+）余（−）", "Short + spare −"),
    "seats_page.col_chance": ("短缺可能", "Chance short"),
    "seats_page.col_use": ("利用率", "In use"),
    "seats_page.col_classes": ("需要", "Needed"),
    "seats_page.unit_seats": ("个", "seats"),
    "seats_page.unit_classes": ("班", "classes"),
    "seats_page.signed_range": ("{low} ~ {high}", "{low} to {high}"),
    "seats_page.years_caption": ("{unit}{stage}逐年预测", "{unit}, {stage}, year by year"),
    "seats_page.years_note": (
        "小字为 80% 区间；学年下注明依据：已在册、部分已知（已出生）、假设（取决于今后出生）。缺余 = 需求 − 学位；学校满员时，需求按片区实际需求计，可能大于在校学生。",
        "Small print: 80% range. Under the year: what it rests on (enrolled, partly known, assumption). Gap = demand less seats; where a school is full, demand may exceed the pupils it can take.",
    ),
    "seats_page.causes_note": (
        "各原因之和等于总变化；鼠标停留可看 80% 区间。",
        "The causes add up to the change; hover for the 80% range.",
    ),
    "seats_page.no_causes_school": (
        "变化的原因分解到片区一级；学校一级请看下面预警的主因。",
        "Causes are worked out for areas; for a school see the main causes under its warnings.",
    ),
    "seats_page.no_causes_area": (
        "这个学段没有可分解的变化。",
        "There is no change to take apart for this stage.",
    ),
    "seats_page.no_causes_region": (
        "这个学段没有可分解的变化。",
        "There is no change to take apart for this stage.",
    ),
    "seats_page.grades_title": ("{stage}各年级学生，至 {last} 年", "{stage}: pupils by grade to {last}"),
    "seats_page.why": ("为什么预警，怎么办", "Why the warnings, and what to do"),
    "seats_page.chance_of": ("可能性 {chance}", "chance {chance}"),
    "seats_page.remedy": ("最小措施：{remedy}", "Smallest remedy: {remedy}"),
    "seats_page.left": ("措施后仍会如此的可能 {left}", "chance that it stays so {left}"),
    "seats_page.by_year": ("须在 {year} 年定下", "to be decided in {year}"),
    "seats_page.by_late": ("已来不及赶上首年", "too late for the first year"),
    # the list of warnings
    "seats_page.warnings_title": ("预警清单 · {unit}", "Warnings · {unit}"),
    "seats_page.warnings_none": ("{unit}没有预警。", "{unit} has no warnings."),
    "seats_page.warnings_no_red": (
        "{unit}没有红色预警；橙色 {orange} 条，黄色 {yellow} 条。",
        "{unit} has no red warning; {orange} orange, {yellow} yellow.",
    ),
    "seats_page.warnings_red": (
        "{unit}有 <b>{count} 条</b>红色预警，涉及{where}；其中 {open} 条没有来得及的单项措施。",
        "{unit} has <b>{count} red warnings</b> in {where}; {open} of them no single remedy closes in time.",
    ),
    "seats_page.warnings_red_closed": (
        "{unit}有 <b>{count} 条</b>红色预警，涉及{where}；每条都有能解决它的单项措施。",
        "{unit} has <b>{count} red warnings</b> in {where}; a single remedy closes each.",
    ),
    "seats_page.warned_area": ("{count} 个片区", "{count} areas"),
    "seats_page.warned_school": ("{count} 所学校", "{count} schools"),
    "seats_page.warnings_caption_level": (
        "{count} 条，按级别、先片区后学校、首年排列",
        "{count}, by level, areas before schools, first year",
    ),
    "seats_page.warnings_caption_deadline": (
        "{count} 条，按措施须定下的年份排列",
        "{count}, by the year the remedy must be decided",
    ),
    "seats_page.warnings_caption_pupils": ("{count} 条，按涉及学生排列", "{count}, by pupils affected"),
    "seats_page.warnings_note": (
        "“最小措施”是能消除预警的最省的一项；没有的，列最能缓解的一项。“待核”的标准来自转引，使用前请核对原件。",
        "The smallest remedy is the least costly one that closes the warning; where none does, the one that eases it most. Standards marked 'to check' are second-hand.",
    ),
    "seats_page.warnings_empty": ("没有符合条件的预警。", "No warning fits these choices."),
    "seats_page.export_xlsx": ("导出 Excel", "Excel"),
    "seats_page.export_csv": ("导出 CSV", "CSV"),
    "seats_page.filter_all": ("全部", "all"),
    "seats_page.filter_level": ("级别", "Level"),
    "seats_page.filter_kind": ("种类", "Kind"),
    "seats_page.filter_stage": ("学段", "Stage"),
    "seats_page.filter_area": ("片区", "Area"),
    "seats_page.filter_sort": ("排列", "Order"),
    "seats_page.sort_level": ("按级别", "by level"),
    "seats_page.sort_deadline": ("按期限", "by deadline"),
    "seats_page.sort_pupils": ("按涉及学生", "by pupils"),
    "seats_page.col_level": ("级别", "Level"),
    "seats_page.col_unit": ("单位", "Unit"),
    "seats_page.col_when": ("学年", "Years"),
    "seats_page.col_affected": ("涉及学生", "Pupils"),
    "seats_page.col_reason": ("原因与标准", "Reason and standard"),
    "seats_page.col_remedy": ("最小措施", "Smallest remedy"),
    "seats_page.col_kind": ("种类", "Kind"),
    "seats_page.col_code": ("代码", "Code"),
    "seats_page.col_stage": ("学段", "Stage"),
    "seats_page.col_left": ("措施后仍会如此的可能", "Chance that it stays so"),
    "seats_page.col_by": ("期限", "Deadline"),
    "seats_page.col_rule": ("标准", "Standard"),
    "seats_page.col_sure": ("核实", "How sure"),
    "seats_page.rule_marked": ("{rule}【{sure}】", "{rule} [{sure}]"),
}
