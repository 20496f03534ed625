"""Sentences of 均衡监测: Chinese, English."""

from __future__ import annotations

from junheng.web.balance import evidence_messages, indicator_messages, round_messages, way_messages

_BOARD: dict[str, tuple[str, str]] = {
    "balance.title": ("{unit}：{assessment}", "{unit}: {assessment}"),
    "balance.none_title": ("还没有评估结果", "Nothing has been assessed yet"),
    "balance.none_text": (
        "请先导入办学条件、教师、经费等数据表（至少 school_years），再计算一次。多个县的地区逐县评估。",
        "Import the tables of conditions, staff and money (at least school_years) and run the year. A region of several counties is assessed county by county.",
    ),
    "balance.unconcerned": (
        "没有一项评估对{unit}单独下结论。",
        "No assessment judges {unit} by itself.",
    ),
    "balance.unconcerned_title": ("不参加校级判断", "Not judged by itself"),
    "balance.unconcerned_text": (
        "评估只对全县和参加校级判断的学校下结论；与本单位有关的数值和预警在下面两页。",
        "Assessments judge the county and the schools they concern; figures and warnings of this unit stand on these pages.",
    ),
    "balance.to_data": ("导入数据", "Import data"),
    "balance.to_start": ("开始计算", "Start a run"),
    "balance.headline_schools": (
        "{unit}参加{assessment}判断的学校（学段）<b>{judged} 个</b>，达标 <b>{met} 个</b>，未达标 <b>{unmet} 个</b>。",
        "{unit}, {assessment}: of <b>{judged}</b> schools (by stage) <b>{met}</b> pass and <b>{unmet}</b> do not.",
    ),
    "balance.headline_item_schools": (
        "{item}：{judged} 个学校（学段）中 <b>{unmet} 个</b>未达到要求，<b>{unknown} 个</b>数据不全。",
        "{item}: of {judged} schools (by stage) <b>{unmet}</b> fall short and <b>{unknown}</b> lack data.",
    ),
    "balance.headline_item": ("{item}：{statuses}。", "{item}: {statuses}."),
    "balance.not_judged": (
        "{unit}不参加本项评估的校级判断。",
        "{unit} is not judged as a school by this assessment.",
    ),
    "balance.figure_met": ("达标项目", "Items met"),
    "balance.figure_unmet": ("未达标项目", "Items not met"),
    "balance.figure_unknown": ("尚不能判断", "Not known yet"),
    "balance.figure_schools": ("达标学校（学段）", "Schools that pass (by stage)"),
    "balance.figure_of": ("共 {of} 项", "of {of}"),
    "balance.schools": ("各校情况", "School by school"),
    "balance.schools_note": (
        "按未达标、尚不能判断、达标三组排列，组内按学校代码，不作排名。",
        "In three groups (not passing, unknown, passing), within a group by code: this is no ranking.",
    ),
    "balance.of_county": ("全县", "The county"),
    "balance.by_school": ("各校", "Schools"),
    "balance.card": ("本校达标各项", "Items of the school's own verdict"),
    "balance.card_others": ("本校影响全县的其他项目", "Other items of the county this school counts in"),
    "balance.card_note": (
        "“尚差”为按现有学生数达到要求还需增加的数量；“最多学生”为现有条件下仍能达到要求的学生数。",
        "Missing: what must be added for the present pupils; most pupils: how many the present resources can hold and still meet the line.",
    ),
    "balance.col_item": ("项目", "Item"),
    "balance.col_stage": ("学段", "Stage"),
    "balance.col_value": ("结果", "Value"),
    "balance.col_line": ("要求", "Requirement"),
    "balance.col_floor": ("底线", "Floor"),
    "balance.col_status": ("结论", "Status"),
    "balance.col_why": ("说明", "Why"),
    "balance.col_school": ("学校", "School"),
    "balance.col_unit": ("单位", "Unit"),
    "balance.col_pupils": ("学生数", "Pupils"),
    "balance.col_missing": ("尚差", "Missing"),
    "balance.col_most": ("最多学生", "Most pupils"),
    "balance.method_unknown": ("未查验", "Not examined"),
    "balance.method_unknown_text": (
        "没有证据或数据的项目不算达标，只记为未查验或无法判断。",
        "What has no evidence or data never counts as met; it is shown as not examined or not computable.",
    ),
    "balance.method_exceptions": ("不计入", "Left out"),
    "balance.method_exceptions_text": (
        "{count} 个学校（学段）按规则不计入或另行判断，理由见项目页。",
        "{count} schools (by stage) are left out or judged otherwise by rule; reasons stand with the items.",
    ),
    "balance.method_self": ("自评", "Self-evaluation"),
    "balance.schools_every": ("全部学校（{count} 个）", "All schools ({count})"),
    "balance.tab_board": ("评估结果", "Assessments"),
    "balance.tab_warnings": ("监测预警", "Warnings"),
    "balance.tab_pass": ("达标路径", "Way to pass"),
    "balance.tab_indicators": ("指标库", "Indicators"),
    "balance.chosen": ("评估", "Assessment"),
    "balance.headline": (
        "{unit}{year}{assessment}：<b>{verdict}</b>。{items} 项要求中 <b>{unmet} 项</b>未达到，{unknown} 项尚不能判断。",
        "{unit}, {year}, {assessment}: <b>{verdict}</b>. Of {items} requirements <b>{unmet}</b> are not met, {unknown} not known.",
    ),
    "balance.headline_of_schools": (
        "{judged} 个学校（学段）中 <b>{unmet} 个</b>未达标。",
        " Of {judged} schools (by stage) <b>{unmet}</b> fall short.",
    ),
    "balance.figure_of_schools": ("共 {of} 个", "of {of}"),
    "balance.open_items": ("未达到与尚不能判断的项目", "Not met, or not known yet"),
    "balance.open_none": ("没有：各项都已达到。", "None: every item is met."),
    "balance.met_items": ("已达到的项目（{count} 行）", "Items that are met ({count} rows)"),
    "balance.schools_wanting": ("未达标与尚不能判断的学校", "Schools that fall short or are not known yet"),
    "balance.schools_none_wanting": ("没有：参加判断的学校都已达标。", "None: every school judged passes."),
    "balance.matrix_note": (
        "● 达标　▲ 未达要求、过了底线　■ 未达标　○ 未查验或无法判断。{items}。组内按学校代码，不作排名。",
        "● met　▲ under the line, over the floor　■ not met　○ not examined or not known. {items}. By code: no ranking.",
    ),
    "balance.over_floor": ("过底线", "over floor"),
    "balance.not_asked": ("不要求", "not asked"),
    "balance.course": (
        "{first}—{last} 年：{count} 个指标，{unmet} 个现在未达要求",
        "{first}–{last}: {count} figures, {unmet} now outside their line",
    ),
    "balance.course_note": (
        "阶梯线为当年的要求；各图同一刻度。",
        "The stepped line is the requirement of each year; all on one scale.",
    ),
    "balance.course_table": ("历年数值", "Figures by year"),
    "balance.course_caption": ("历年数值与要求", "Figures and requirement by year"),
    "balance.course_years": (
        "每年按当年有效的规则判断；规则改变的年份前后不可比。",
        "Each year by the rules then in force; years on both sides of a change of rules do not compare.",
    ),
    "balance.spread": (
        "{stage}：{count} 个学校中 {short} 个未达要求",
        "{stage}: {short} of {count} schools are under the line",
    ),
    "balance.spread_unit": ("学校（个）", "schools"),
    "balance.spread_table": ("各档学校数", "Schools by class"),
    "balance.spread_caption": ("学校离要求多远", "How far schools are from the line"),
    "balance.spread_class": ("与要求相比", "Against the line"),
    "balance.spread_under_floor": ("不足底线", "under the floor"),
    "balance.spread_under_line": ("底线至要求", "floor to line"),
    "balance.spread_under": ("不足要求", "under the line"),
    "balance.spread_step_1": ("要求的 1–1.25 倍", "1–1.25 times the line"),
    "balance.spread_step_2": ("1.25–1.5 倍", "1.25–1.5 times"),
    "balance.spread_step_3": ("1.5–2 倍", "1.5–2 times"),
    "balance.spread_step_4": ("2 倍以上", "twice and more"),
    "balance.worst": ("影响最大的学校", "Schools that weigh most"),
    "balance.worst_note": (
        "影响：该校占差异（离差平方和）的份额；“偏高”的学校也会拉大差距。",
        "Share: the school's part in the spread; schools far above widen it as well.",
    ),
    "balance.col_ratio": ("该校比值", "Its ratio"),
    "balance.col_share": ("影响", "Share"),
    "balance.col_direction": ("与平均相比", "Against the mean"),
    "balance.direction_above": ("偏高", "above"),
    "balance.direction_below": ("偏低", "below"),
    "balance.direction_missing": ("缺数", "no data"),
    "balance.left_out": ("不计入与另行判断的（{count} 条）", "Left out or judged otherwise ({count})"),
    "balance.excluded": ("按规则不计入", "Left out by rule"),
    "balance.exceptions": ("另行判断的学校", "Schools judged otherwise"),
    "balance.col_reason": ("理由", "Reason"),
    "balance.col_count": ("个数", "Count"),
    "balance.col_units": ("单位", "Units"),
    "balance.col_rule": ("依据", "By"),
    "balance.col_sure": ("核实程度", "How sure"),
    "balance.take_docx": ("自评报告 Word", "Report, Word"),
    "balance.take_xlsx": ("导出 Excel", "Excel"),
    "balance.take_rows": ("导出 Excel", "Excel"),
}
MESSAGES: dict[str, tuple[str, str]] = (
    _BOARD
    | indicator_messages.MESSAGES
    | way_messages.MESSAGES
    | evidence_messages.MESSAGES
    | round_messages.MESSAGES
)
