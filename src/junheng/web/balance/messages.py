"""Sentences of 均衡监测: Chinese, English."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "balance.title": ("{unit}：{assessment}", "{unit}: {assessment}"),
    "balance.none_title": ("还没有评估结果", "Nothing has been assessed yet"),
    "balance.none_text": (
        "请先导入办学条件、教师、经费等数据表（至少 school_years），再计算一次。多个县的地区逐县评估。",
        "Import the tables of conditions, staff and money (at least school_years) and run the year. A region of several counties is assessed county by county.",
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
    "balance.card": ("本校各项", "Items of this school"),
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
    "balance.col_passed": ("达标项数", "Items met"),
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
}
