"""Code lists of admission: state of papers, links of families, reserves, answers, grounds of placements."""

from __future__ import annotations

from junheng.model.code_list import CodeList

_OWN = "Junheng"

LISTS: tuple[CodeList, ...] = (
    CodeList(
        "fact_state",
        "核验状态",
        "state of a check",
        _OWN,
        {
            "verified": ("已核实", "verified"),
            "pending": ("待核验", "pending"),
            "rejected": ("不通过", "rejected"),
        },
    ),
    CodeList(
        "family_link",
        "绑定方式",
        "link of a family",
        _OWN,
        {
            "twins": ("双胞胎绑定", "twins, bound together"),
            "siblings": ("同胞，不绑定", "siblings, not bound"),
        },
    ),
    CodeList(
        "reserve_kind",
        "预留方式",
        "kind of reserve",
        _OWN,
        {
            "hard": ("只收具备资格者", "holders of the trait only"),
            "soft": ("具备资格者优先", "holders of the trait first"),
            "open": ("不限资格", "open to everybody"),
        },
    ),
    CodeList(
        "reserve_returns",
        "余额去向",
        "where unfilled seats go",
        _OWN,
        {
            "never": ("不退回", "stay empty"),
            "at_once": ("就地退回", "given out at their place in the order"),
            "after_run": ("整轮后退回", "moved to the open seats, run again"),
        },
    ),
    CodeList(
        "zone_ring",
        "与片区的关系",
        "ring around a zone",
        _OWN,
        {
            "zone": ("本片区", "the zone itself"),
            "neighbours": ("相邻片区", "neighbouring zones"),
            "district": ("全区", "the whole district"),
        },
    ),
    CodeList(
        "admission_answer",
        "录取答复",
        "answer to an offer",
        _OWN,
        {
            "accept": ("接受", "accepts"),
            "wait": ("接受并继续候补", "accepts and stays on the waiting lists"),
            "decline": ("放弃", "declines"),
        },
    ),
    CodeList(
        "placement_ground",
        "人工安排的依据类别",
        "ground of a placement by hand",
        _OWN,
        {
            "correction": ("更正经办差错", "an error is put right"),
            "special_needs": ("适龄残疾儿童安置", "placement of a child with special needs"),
            "protected": ("政策照顾对象", "a group protected by policy"),
            "court": ("裁判或复议决定", "decision of a court or a review"),
            "late": ("逾期登记", "late registration"),
            "capacity": ("学校停办或学位变动", "a school closed or seats changed"),
            "other": ("其他（见文件）", "other, see the document"),
        },
    ),
)
