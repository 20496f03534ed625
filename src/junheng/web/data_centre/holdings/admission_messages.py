"""What the tables of admission are for, and what cannot be done without them."""

from __future__ import annotations

ADMISSION: dict[str, tuple[str, str]] = {
    "data_centre.for_admission_programs": (
        "说明每个招生项目在哪所学校、有多少计划",
        "say at which school each programme is and how many seats it has",
    ),
    "data_centre.without_admission_programs": (
        "没有它，招生方案不能运行。",
        "Without it no admission plan can run.",
    ),
    "data_centre.for_admission_reserves": (
        "按项目写明预留名额及先后",
        "state reserved seats of each programme and their order",
    ),
    "data_centre.without_admission_reserves": (
        "没有它，按方案中的比例预留。",
        "Without it the shares of the plan are reserved.",
    ),
    "data_centre.for_applicants": (
        "登记报名儿童，以编号代替姓名",
        "register the children who apply, under numbers instead of names",
    ),
    "data_centre.without_applicants": ("没有它，招生方案不能运行。", "Without it no admission plan can run."),
    "data_centre.for_applicant_facts": (
        "登记每名儿童的材料、核验状态与核验人",
        "keep each child's papers, the state of their check and who checked",
    ),
    "data_centre.without_applicant_facts": (
        "没有它，方案中的条件都算未知。",
        "Without it every fact of the plan counts as unknown.",
    ),
    "data_centre.for_applications": ("登记每名儿童的志愿", "keep each child's choices"),
    "data_centre.without_applications": (
        "没有它，只有登记入学和统筹。",
        "Without it there are only own schools and placement.",
    ),
    "data_centre.for_exam_scores": ("高中阶段招生按成绩录取", "admit by scores to senior high schools"),
    "data_centre.without_exam_scores": (
        "没有它，高中阶段招生不能运行。",
        "Without it no senior-high plan can run.",
    ),
    "data_centre.for_applicant_families": (
        "双胞胎按家庭的意愿绑定，同胞互认",
        "bind twins as families wish and know siblings",
    ),
    "data_centre.without_applicant_families": ("没有它，谁也不绑定。", "Without it nobody is bound."),
    "data_centre.for_address_uses": (
        "核对同一地址几年内是否用过学位",
        "check whether an address was used for a place in recent years",
    ),
    "data_centre.without_address_uses": ("没有它，不核对地址。", "Without it addresses are not checked."),
    "data_centre.for_zone_programs": ("说明每个片区能去哪些学校", "say which schools each zone can reach"),
    "data_centre.without_zone_programs": (
        "没有它，不能统筹安排。",
        "Without it nobody can be placed by distance.",
    ),
    "data_centre.for_admission_travel": ("统筹安排时按路程最短", "place children by the shortest way"),
    "data_centre.without_admission_travel": (
        "没有它，不能统筹安排。",
        "Without it nobody can be placed by distance.",
    ),
    "data_centre.for_admission_quotas": ("采用已经定下的指标到校名额", "use quotas that were already given"),
    "data_centre.without_admission_quotas": (
        "没有它，名额按方案的规则计算。",
        "Without it quotas are apportioned by the plan.",
    ),
    "data_centre.for_admission_answers": (
        "登记家庭对录取结果的答复，安排候补",
        "keep what families answer and fill vacancies",
    ),
    "data_centre.without_admission_answers": (
        "没有它，不能进行候补和补录。",
        "Without it there is no second round.",
    ),
    "data_centre.for_hand_placements": (
        "登记派位之外的人工安排及其依据",
        "keep placements decided by hand and their grounds",
    ),
    "data_centre.without_hand_placements": (
        "没有它，即没有人工安排。",
        "Without rows, nobody was placed by hand.",
    ),
}
