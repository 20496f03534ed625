"""招生入学: programmes and their seats, children under fixed numbers, their checked facts, choices and scores.

Every row belongs to a plan, the file's name under `plans/admission/`. No column takes a name or the number of
an identity card.
"""

from __future__ import annotations

from dataclasses import replace

from junheng.model.column import Column, Table
from junheng.model.tables.places import SCHOOL_ID

PLAN_ID = Column("plan_id", "code", "招生方案", "admission plan", "招生方案的文件名（不含扩展名）", "Name of the plan's file, without its ending", required=True, example="2027-primary", aliases=("方案", "方案编号", "招生方案编号"))  # fmt: skip
PROGRAM_ID = Column("program_id", "code", "招生项目", "programme", "招生项目的固定编号：一所学校的一类招生计划", "Fixed id of a programme: one kind of place at one school", required=True, references="admission_programs.program_id", example="2199000001-p", aliases=("项目编号", "招生项目编号", "志愿代码", "计划代码"))  # fmt: skip
APPLICANT_ID = Column("applicant_id", "code", "报名编号", "applicant id", "本地固定编号；不得填姓名或证件号", "Fixed local number; never a name or an identity card", required=True, references="applicants.applicant_id", example="A2027-000001", aliases=("报名号", "考生号", "考号", "准考证号", "学生编号", "登记编号"), personal=True)  # fmt: skip
FAMILY_ID = Column("family_id", "code", "家庭编号", "family id", "家庭的本地固定编号；同胞相同", "Fixed local number of the family, the same for siblings", example="F000001", aliases=("家庭代码", "户编号"), personal=True)  # fmt: skip
ADDRESS_ID = Column("address_id", "code", "地址编号", "address id", "地址的本地固定编号，不填门牌", "Fixed local number of the address, not the address itself", example="D000001", aliases=("地址代码", "房屋编号"), personal=True)  # fmt: skip
BATCH = Column("batch", "code", "批次", "batch", "方案中的批次；入学方案填 public（公办）或 private（民办）", "Batch of the plan; entry plans use public or private", required=True, example="public", aliases=("批次代码", "录取批次"))  # fmt: skip
CHECKED_BY = Column("checked_by", "text", "核验人", "checked by", "核验材料的人或单位；未核验留空", "Person or office that checked; empty until then", example="报名点一", aliases=("审核人", "经办人"), personal=True)  # fmt: skip
CHECKED_ON = Column("checked_on", "date", "核验日期", "checked on", "核验日期；未核验留空", "Date of the check; empty until then", example="2027-05-20", aliases=("审核日期",), personal=True)  # fmt: skip

ADMISSION_PROGRAMS = Table(
    "admission_programs",
    "招生项目",
    "admission programmes",
    "每个方案每个招生项目一行：学校、片区与计划数",
    "One row for each programme of a plan: school, zone and seats",
    key=("plan_id", "program_id"),
    columns=(
        PLAN_ID,
        replace(PROGRAM_ID, references=""),
        SCHOOL_ID,
        Column("zone_id", "code", "片区", "zone", "招生片区的编号；不划片的留空", "Id of the admission zone; empty where there are none", example="Z01", aliases=("学区", "服务区", "片区编号")),
        Column("seats", "integer", "计划数", "seats", "招生计划数", "Seats of the plan", unit="人 pupils", required=True, minimum=0, maximum=20000, example="180", aliases=("招生计划", "招生人数", "计划招生数")),
        Column("ownership", "code", "办学性质", "ownership", "公办、普惠性民办或民办；民办的由民办志愿录取", "Public, inclusive private or private; private ones admit from the private lists", required=True, codes="ownership", example="public", aliases=("性质",)),
        Column("track", "text", "类别", "track", "班型或类别，如国际课程；没有留空", "Kind of class, as an international track; empty if none", example="", aliases=("班型", "招生类别")),
        Column("boarding", "flag", "寄宿", "boarding", "是否提供寄宿", "Whether it boards", example="否", aliases=("是否寄宿",)),
        Column("district", "code", "所在区", "district", "项目所在区的代码；只有一个区的留空", "Code of its district; empty where there is only one", example="990101", aliases=("区代码",)),
    ),
    by_region=True,
)  # fmt: skip

ADMISSION_RESERVES = Table(
    "admission_reserves",
    "预留名额",
    "reserved seats",
    "某招生项目为某类儿童预留的名额及其先后；有本表时不再按方案中的比例预留",
    "Seats of a programme reserved for a group, and their order; where rows exist the plan's shares are not used",
    key=("plan_id", "program_id", "reserve_id"),
    columns=(
        PLAN_ID,
        PROGRAM_ID,
        Column("reserve_id", "code", "预留编号", "reserve id", "预留的编号", "Id of the reserve", required=True, example="staff", aliases=("预留项目",)),
        Column("position", "integer", "次序", "position", "在各预留与公开名额中的先后，从 1 起", "Place in the order of reserves and open seats, from 1", required=True, minimum=1, maximum=50, example="1", aliases=("先后", "顺序")),
        Column("kind", "code", "预留方式", "kind", "只收、优先或公开", "Holders only, holders first, or open", required=True, codes="reserve_kind", example="hard", aliases=("方式",)),
        Column("trait", "code", "资格", "trait", "方案中的条件名；公开名额留空", "A fact of the plan; empty for open seats", example="staff_child", aliases=("条件",)),
        Column("seats", "integer", "名额", "seats", "预留名额；公开名额留空", "Seats reserved; empty for open seats", unit="人 pupils", minimum=0, maximum=20000, example="5", aliases=("预留数",)),
        Column("origin_school_id", "code", "来源学校", "school of origin", "对口直升的来源学校；没有留空", "School whose pupils they are for; empty if none", references="schools.school_id", example="", aliases=("对口学校",)),
        Column("returns", "code", "余额去向", "unfilled seats", "用不完的名额如何处理", "What happens to seats left over", codes="reserve_returns", example="after_run", aliases=("剩余名额",)),
    ),
    by_region=True,
)  # fmt: skip

APPLICANTS = Table(
    "applicants",
    "报名儿童",
    "applicants",
    "每个方案每名儿童一行，用不含姓名、证件号的固定编号；材料写入“材料与条件”，志愿写入“志愿”",
    "One row for each child of a plan, under a fixed number that is neither name nor identity card; papers go into applicant_facts, choices into applications",
    key=("plan_id", "applicant_id"),
    columns=(
        PLAN_ID,
        replace(APPLICANT_ID, references=""),
        Column("identity_code", "code", "身份摘要", "identity digest", "本地固定编号或证件号的加密摘要，用来认出同一名儿童；不得填证件号本身", "Fixed local number or keyed hash, to know one child from another; never the number of the card itself", required=True, example="I7f3a9c0e51b2", aliases=("身份编码", "学籍编码"), personal=True),
        FAMILY_ID,
        Column("birth_date", "date", "出生日期", "date of birth", "出生日期", "Date of birth", example="2021-03-05", aliases=("出生年月日",), personal=True),
        Column("sex", "code", "性别", "sex", "性别", "Sex", codes="sex", example="1", personal=True),
        ADDRESS_ID,
        Column("home_zone", "code", "居住片区", "home zone", "居住地所在的招生片区", "Admission zone of the home", example="Z01", aliases=("居住地片区", "户籍片区"), personal=True),
        Column("own_program_id", "code", "登记入学项目", "own programme", "登记入学（对口、保障）的招生项目；没有留空", "Programme of the school the child registers with or is guaranteed at; empty if none", references="admission_programs.program_id", example="2199000001-p", aliases=("对口学校项目", "登记入学校"), personal=True),
        Column("origin_school_id", "code", "毕业学校", "school of origin", "现就读或毕业的学校；没有留空", "School the child leaves; empty if none", references="schools.school_id", example="", aliases=("来源学校", "初中学校", "毕业初中"), personal=True),
        Column("district", "code", "学籍所在区", "district", "学籍或户籍所在区的代码；只有一个区的留空", "Code of the child's district; empty where there is only one", example="990101", aliases=("户籍区",), personal=True),
        Column("school_id", "code", "报名点", "registering school", "受理登记的学校；在线登记的留空", "School that takes the registration; empty if online", references="schools.school_id", example="", aliases=("受理学校", "登记学校"), personal=True),
        CHECKED_BY,
        CHECKED_ON,
    ),
    by_region=True,
)  # fmt: skip

APPLICANT_FACTS = Table(
    "applicant_facts",
    "材料与条件",
    "papers and facts",
    "每名儿童每项条件一行：值、凭何材料、谁在何时核验；待核的不能封存",
    "One row for each fact of a child: its value, the paper, who checked it and when; pending ones stop the freeze",
    key=("plan_id", "applicant_id", "fact"),
    columns=(
        PLAN_ID,
        APPLICANT_ID,
        Column("fact", "code", "条件", "fact", "方案中的条件名", "A fact of the plan", required=True, example="hukou", aliases=("条件名", "材料项目"), personal=True),
        Column("value", "text", "值", "value", "条件的值：日期写 2019-01-01，是否写 是 或 否", "Value of the fact: a day as 2019-01-01, yes or no", example="local", aliases=("条件值", "内容"), personal=True),
        Column("state", "code", "核验状态", "state", "核验状态", "State of the check", required=True, codes="fact_state", example="verified", aliases=("审核状态",), personal=True),
        CHECKED_BY,
        CHECKED_ON,
        Column("paper", "text", "材料", "paper", "所凭的材料名称，不含编号", "Name of the paper shown, without its number", example="户口簿", aliases=("证件名称", "凭证"), personal=True),
    ),
    by_region=True,
)  # fmt: skip

APPLICATIONS = Table(
    "applications",
    "志愿",
    "applications",
    "每名儿童每个批次每个志愿一行",
    "One row for each choice of a child in a batch",
    key=("plan_id", "applicant_id", "batch", "program_id"),
    columns=(
        PLAN_ID,
        APPLICANT_ID,
        BATCH,
        PROGRAM_ID,
        Column("choice_rank", "integer", "志愿序号", "rank", "第几志愿，从 1 起", "Which choice it is, from 1", required=True, minimum=1, maximum=1000, example="1", aliases=("志愿顺序", "志愿号", "第几志愿"), personal=True),
        Column("distance_m", "integer", "距离", "distance", "方案按距离排序时用，米", "Metres, where the plan orders by distance", unit="米 m", minimum=0, maximum=1_000_000, example="", aliases=("距离米", "入学路程"), personal=True),
    ),
    by_region=True,
)  # fmt: skip

EXAM_SCORES = Table(
    "exam_scores",
    "招生成绩",
    "admission scores",
    "高中阶段招生用的成绩；总成绩写作“总分”。义务教育阶段不得使用",
    "Scores for senior-high admission; the sum of all is a row of its own. Never used in a compulsory stage",
    key=("plan_id", "applicant_id", "subject"),
    columns=(
        PLAN_ID,
        APPLICANT_ID,
        Column("subject", "code", "科目", "subject", "科目，用方案同分链中的名称；总成绩填“总分”", "Subject as the plan's chain calls it; the sum of all is written as in the example", required=True, example="总分", aliases=("考试科目",)),
        Column("points", "number", "得分", "points", "得分，须是方案计分单位的整数倍", "Points, a whole number of the plan's unit", unit="分 points", required=True, minimum=0, maximum=5000, decimals=2, example="512.5", aliases=("分数", "成绩"), personal=True),
    ),
    by_region=True,
)  # fmt: skip

APPLICANT_FAMILIES = Table(
    "applicant_families",
    "报名家庭",
    "families",
    "同一方案里同一家庭的儿童；绑定由家庭选择，系统从不自动绑定",
    "Children of one family in a plan; families choose to be bound, nobody is bound automatically",
    key=("plan_id", "family_id", "applicant_id"),
    columns=(
        PLAN_ID,
        replace(FAMILY_ID, required=True),
        APPLICANT_ID,
        Column("link", "code", "绑定方式", "link", "双胞胎绑定或不绑定", "Bound twins, or siblings not bound", required=True, codes="family_link", example="siblings", aliases=("是否绑定",), personal=True),
    ),
    by_region=True,
)  # fmt: skip

ADDRESS_USES = Table(
    "address_uses",
    "地址用过的学位",
    "earlier uses of addresses",
    "哪个地址哪一年由哪个家庭在哪所学校用过学位（六年一学位）；跨方案保存",
    "Which family used an address for a place, in which year and at which school; kept from plan to plan",
    key=("address_id", "family_id", "first_year"),
    columns=(
        replace(ADDRESS_ID, required=True),
        replace(FAMILY_ID, required=True),
        Column("first_year", "year", "首用年份", "first year", "用该地址入学的年份", "Year of entry from this address", required=True, minimum=1990, maximum=2100, example="2023", aliases=("入学年份", "使用年份"), personal=True),
        SCHOOL_ID,
        Column("rented", "flag", "租住", "rented", "当时是否租住；不清楚留空", "Whether it was rented then; empty if unknown", example="否", aliases=("是否租房",), personal=True),
    ),
    by_region=True,
)  # fmt: skip

ZONE_PROGRAMS = Table(
    "zone_programs",
    "片区与招生项目",
    "zones and programmes",
    "每个片区能去的招生项目：本片区、相邻、全区",
    "Programmes each zone can reach: its own, neighbours, the district",
    key=("plan_id", "zone_id", "program_id"),
    columns=(
        PLAN_ID,
        Column("zone_id", "code", "片区", "zone", "招生片区的编号", "Id of the admission zone", required=True, example="Z01", aliases=("学区", "片区编号")),
        PROGRAM_ID,
        Column("ring", "code", "关系", "ring", "与片区的关系", "How near the programme is to the zone", required=True, codes="zone_ring", example="zone", aliases=("圈层",)),
    ),
    by_region=True,
)  # fmt: skip

ADMISSION_TRAVEL = Table(
    "admission_travel",
    "入学路程",
    "ways to school",
    "从地址到学校的路程，统筹安排时用",
    "Metres from an address to a school, for placement by distance",
    key=("plan_id", "from_id", "to_id"),
    columns=(
        PLAN_ID,
        Column("from_id", "code", "起点地址", "from", "地址编号", "Id of the address", required=True, example="D000001", aliases=("地址编号",), personal=True),
        Column("to_id", "code", "终点学校", "to", "学校标识码", "Id of the school", required=True, references="schools.school_id", example="2199000001", aliases=("到达学校",)),
        Column("metres", "integer", "路程", "metres", "沿道路的米数", "Metres along the roads", unit="米 m", required=True, minimum=0, maximum=1_000_000, example="850", aliases=("米数", "距离")),
    ),
    by_region=True,
)  # fmt: skip

ADMISSION_QUOTAS = Table(
    "admission_quotas",
    "名额分配",
    "quotas",
    "已经定下的指标到校、到区名额；没有本表时按方案的规则分配",
    "Quotas already given to schools of origin or districts; where no rows exist the plan apportions them",
    key=("plan_id", "batch", "program_id", "origin_id"),
    columns=(
        PLAN_ID,
        BATCH,
        PROGRAM_ID,
        Column("origin_id", "code", "分配对象", "origin", "初中学校标识码或区代码", "Id of the junior school, or code of the district", required=True, references="schools.school_id", or_references="areas.area_code", example="990101", aliases=("初中学校", "生源学校", "分配到")),
        Column("candidates", "integer", "符合条件人数", "candidates", "符合条件的毕业生数；不清楚留空", "Eligible graduates; empty if unknown", unit="人 pupils", minimum=0, maximum=100000, example="212", aliases=("毕业生数", "报名人数")),
        Column("seats", "integer", "名额", "seats", "分得的名额", "Seats given", unit="人 pupils", required=True, minimum=0, maximum=20000, example="12", aliases=("指标数", "分配名额")),
    ),
    by_region=True,
)  # fmt: skip

ADMISSION_ANSWERS = Table(
    "admission_answers",
    "录取答复",
    "answers to offers",
    "每轮录取后家庭的答复；第一轮填 1",
    "What families answer after a round; the first round is 1",
    key=("plan_id", "round", "applicant_id"),
    columns=(
        PLAN_ID,
        Column("round", "integer", "轮次", "round", "答复的是第几轮", "Round the answer is for", required=True, minimum=1, maximum=50, example="1", aliases=("第几轮",)),
        APPLICANT_ID,
        Column("answer", "code", "答复", "answer", "接受、接受并候补或放弃", "Accepts, accepts and waits, or declines", required=True, codes="admission_answer", example="accept", aliases=("是否接受",), personal=True),
        Column("answered_on", "date", "答复日期", "answered on", "答复日期", "Date of the answer", example="2027-07-10", aliases=("回复日期",), personal=True),
    ),
    by_region=True,
)  # fmt: skip

HAND_PLACEMENTS = Table(
    "hand_placements",
    "人工安排",
    "placements by hand",
    "派位之外由人决定的安排：依据、文号、两个人；次数与依据公开",
    "Placements decided by people outside the draw: ground, document, two persons; how many and why is public",
    key=("plan_id", "applicant_id"),
    columns=(
        PLAN_ID,
        APPLICANT_ID,
        PROGRAM_ID,
        Column("ground", "code", "依据类别", "ground", "依据类别", "Ground of the placement", required=True, codes="placement_ground", example="correction", aliases=("原因类别",), personal=True),
        Column("document_no", "text", "文号", "document", "所依据文件的文号", "Number of the document", required=True, example="云教招第5号", aliases=("文件号",), personal=True),
        Column("placed_by", "text", "经办人", "placed by", "提出的人", "Person who proposed it", required=True, example="基教科", aliases=("提出人",), personal=True),
        Column("approved_by", "text", "批准人", "approved by", "批准的人，须不是经办人", "Person who approved it, never the one who proposed it", required=True, example="分管局长", aliases=("审批人",), personal=True),
        Column("placed_on", "date", "日期", "date", "批准日期", "Date of the approval", required=True, example="2027-07-01", aliases=("批准日期",), personal=True),
    ),
    by_region=True,
)  # fmt: skip

TABLES = (
    ADMISSION_PROGRAMS,
    ADMISSION_RESERVES,
    APPLICANTS,
    APPLICANT_FACTS,
    APPLICATIONS,
    EXAM_SCORES,
    APPLICANT_FAMILIES,
    ADDRESS_USES,
    ZONE_PROGRAMS,
    ADMISSION_TRAVEL,
    ADMISSION_QUOTAS,
    ADMISSION_ANSWERS,
    HAND_PLACEMENTS,
)
