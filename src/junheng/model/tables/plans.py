"""What can be done and what is being done: measures with prices, tasks of plans, their progress, projects."""

from __future__ import annotations

from junheng.model.column import Column, Table
from junheng.model.tables.places import SOURCE
from junheng.model.tables.units import UNIT_CODE

RAISED = (
    "degree_teachers",
    "pe_art_teachers",
    "backbone_teachers",
    "teaching_area",
    "sports_area",
    "equipment_value",
    "multimedia_rooms",
    "pupils",
)
"""What a unit of a lever can raise; `pupils` stands alone, for a lever that changes how many there are."""

DOCUMENT = Column("document", "code", "文件", "document", "规划或政策文件的标识，如 yunzhou-2026", "Id of the plan or policy, as yunzhou-2026", required=True, example="yunzhou-2026", aliases=("文件标识", "规划名称"))  # fmt: skip
TASK_ID = Column("task_id", "code", "任务编号", "task id", "文件内任务的固定编号", "Fixed id of the task within the document", required=True, example="7-1", aliases=("任务序号", "序号"))  # fmt: skip
CLAUSE = Column("clause", "code", "条款", "clause", "条款编号，与文件一致", "Number of the clause as in the document", example="7", aliases=("条款编号", "条目号"))  # fmt: skip

IMPROVEMENT_LEVERS = Table(
    "improvement_levers",
    "改进办法",
    "ways to improve",
    "可用的办法及价格：一个单位提高什么、提高多少、至多多少、多少钱、几年见效；达标方案由此求得最省的组合",
    "What can be done and its price: what one unit raises and by how much, the most there is, its cost and years; the cheapest way to pass is put together from these",
    key=("lever_id",),
    by_region=True,
    columns=(
        Column("lever_id", "code", "办法编号", "lever id", "办法的固定编号", "Fixed id", required=True, example="L-recruit-primary", aliases=("措施编号",)),
        Column("unit_code", "code", "适用单位", "unit it is open to", "适用的学校或区域；留空为所有学校", "School or area it is open to; empty for every school", references="schools.school_id", or_references="areas.area_code", example="", aliases=UNIT_CODE.aliases),
        Column("stage", "code", "学段", "stage", "适用的学段；留空为各学段", "Stage it is open to; empty for all", codes="stage", example="primary", aliases=("学段类别",)),
        Column("kind", "code", "方式", "kind", "改进方式", "Kind of improvement", required=True, codes="improvement_kind", example="recruit", aliases=("改进方式", "措施类型")),
        Column("raises", "text", "提高的项目", "raises", "一个单位提高的项目，多项以分号分隔：degree_teachers、pe_art_teachers、backbone_teachers、teaching_area、sports_area、equipment_value、multimedia_rooms、pupils", "What one unit raises, several joined by semicolons: degree_teachers, pe_art_teachers, backbone_teachers, teaching_area, sports_area, equipment_value, multimedia_rooms, pupils", required=True, example="degree_teachers", aliases=("改善项目", "提升项目")),
        Column("per_unit", "number", "每单位提高", "per unit", "一个单位提高多少：教师填 1，面积以㎡、设备以元计；减少招生填负数", "How much one unit raises: 1 for a teacher, ㎡, yuan; negative where intake shrinks", required=True, minimum=-100_000, maximum=100_000_000, example="1", aliases=("每单位增量",), decimals=2),
        Column("whole", "flag", "只取整数", "whole", "是否只能取整数个单位", "Whether only whole units can be had", example="是", aliases=("是否取整",)),
        Column("cap", "number", "上限", "cap", "每校至多多少单位；不限留空", "Most units a school can have; empty for no limit", minimum=0, maximum=100_000_000, example="12", aliases=("数量上限",), decimals=2),
        Column("cost", "number", "单价", "cost", "每单位费用，以元计；持续性费用按一年计", "Cost of one unit in yuan; of a lasting cost, one year's", unit="元 yuan", required=True, minimum=0, maximum=1_000_000_000, example="120000", aliases=("费用", "单位成本"), decimals=2),
        Column("lead_years", "integer", "见效年数", "lead time", "从决定到见效的年数", "Years from decision to effect", unit="年 years", minimum=0, maximum=10, example="1", aliases=("周期",)),
        Column("note", "text", "说明", "note", "说明", "Note", example="按县招聘计划"),
    ),
)  # fmt: skip

POLICY_TASKS = Table(
    "policy_tasks",
    "规划任务",
    "tasks of plans",
    "规划、政策分解出的任务：条款、责任单位、责任人、时限、看什么指标、要什么材料",
    "Tasks a plan or policy is broken into: clause, unit in charge, owner, date, indicator to watch, evidence to bring",
    key=("document", "task_id"),
    by_region=True,
    columns=(
        DOCUMENT,
        TASK_ID,
        CLAUSE,
        Column("title", "text", "任务", "title", "任务名称", "Title of the task", required=True, example="公布学位预警", aliases=("任务名称", "工作任务", "任务内容")),
        Column("unit_code", "code", "责任单位", "unit in charge", "责任单位：学校或区域", "Unit in charge: a school or an area", references="schools.school_id", or_references="areas.area_code", example="990101", aliases=("责任单位代码",)),
        Column("owner", "text", "责任人", "owner", "责任科室或责任人", "Office or person in charge", example="规划科", aliases=("责任科室", "牵头人"), personal=True),
        Column("due", "date", "时限", "due", "完成日期；每年的任务填首个日期", "Date it is due; of a yearly task the first", example="2026-04-30", aliases=("完成时限", "截止日期", "完成时间")),
        Column("every", "code", "频次", "how often", "一次完成或每年", "Once or every year", codes="task_every", example="year", aliases=("周期",)),
        Column("indicator", "code", "指标", "indicator", "说明完成情况的指标；没有留空", "Indicator that shows it is done; empty without", example="public_seat_share", aliases=("对应指标",)),
        Column("evidence", "text", "材料", "evidence", "应当提供的材料", "What must be brought as evidence", example="公告", aliases=("佐证材料", "完成标志")),
    ),
)  # fmt: skip

POLICY_PROGRESS = Table(
    "policy_progress",
    "任务进展",
    "progress of tasks",
    "责任单位按期报告的任务进展",
    "Progress of tasks as the units in charge report it",
    key=("document", "task_id", "reported_on"),
    columns=(
        DOCUMENT,
        TASK_ID,
        Column("reported_on", "date", "报告日期", "reported on", "报告日期", "Date of the report", required=True, example="2026-03-31", aliases=("填报日期", "上报日期")),
        Column("unit_code", "code", "报告单位", "reporting unit", "报告的单位：学校或区域；留空为县区本级", "Unit that reports: a school or an area; empty for the county itself", references="schools.school_id", or_references="areas.area_code", example="990101", aliases=UNIT_CODE.aliases),
        Column("reported_by", "text", "报告人", "reported by", "报告的科室或人", "Office or person who reports", example="规划科", aliases=("填报人",), personal=True),
        Column("status", "code", "进展", "status", "进展", "State of the task", required=True, codes="task_status", example="doing", aliases=("进展状态", "完成情况")),
        Column("value", "number", "完成数", "value", "完成数量；没有数量留空", "How much is done; empty where it has no number", example="3", aliases=("完成数量", "进度值")),
        Column("note", "text", "说明", "note", "说明或受阻原因", "Note, or why it is blocked", example="已报县政府审议", aliases=("备注", "受阻原因")),
        Column("evidence_id", "code", "材料编号", "evidence id", "所附材料的编号", "Id of the evidence attached", references="evidence.evidence_id", example="", aliases=("佐证编号",)),
    ),
)  # fmt: skip

PROJECTS = Table(
    "projects",
    "建设项目",
    "projects",
    "落实规划的项目：数量、签约与交付日期；跟踪时已签约的计入交付之年",
    "Projects that carry out a plan: quantity, contract and delivery; what is contracted counts in the year of delivery",
    key=("project_id",),
    by_region=True,
    columns=(
        Column("project_id", "code", "项目编号", "project id", "项目固定编号", "Fixed id of the project", required=True, example="P2026-01", aliases=("项目代码",)),
        Column("document", "code", "文件", "document", "依据的规划或政策", "Plan or policy it carries out", example="yunzhou-2026", aliases=("文件标识",)),
        CLAUSE,
        UNIT_CODE,
        Column("stage", "code", "学段", "stage", "学段；不分学段留空", "Stage; empty where none is meant", codes="stage", example="primary", aliases=("学段类别",)),
        Column("kind", "code", "建设内容", "kind", "建设内容", "What it delivers", required=True, codes="project_kind", example="new_school", aliases=("项目类型", "建设性质")),
        Column("quantity", "number", "数量", "quantity", "数量", "Quantity", required=True, minimum=0, maximum=1_000_000_000, example="1080", aliases=("建设数量", "建设规模")),
        Column("unit", "text", "计量单位", "unit of quantity", "数量的单位：个学位、所、㎡、间、元", "What is counted: seats, schools, ㎡, rooms, yuan", required=True, example="个学位", aliases=("单位",)),
        Column("contracted_on", "date", "签约日期", "contracted on", "签约日期；未签约留空", "Date of the contract; empty before", example="2026-02-10", aliases=("合同日期",)),
        Column("delivery_on", "date", "交付日期", "delivery on", "预计或实际交付日期", "Date of delivery, expected or actual", example="2027-08-20", aliases=("竣工日期", "预计竣工")),
        Column("status", "code", "进度", "status", "项目进度", "State of the project", codes="project_status", example="contracted", aliases=("项目进度", "项目状态")),
        SOURCE,
    ),
)  # fmt: skip

TABLES = (IMPROVEMENT_LEVERS, POLICY_TASKS, POLICY_PROGRESS, PROJECTS)
