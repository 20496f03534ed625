"""Family editions for the tests of the pages: a real draw that the verifier agrees with, and what each child
was told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.unit.admission.draws import SECRET, changes_of, some_draw

from junheng.admission.public_draw import PublicDraw
from junheng.admission.reason_words import worded
from junheng.report.admission import families_edition
from junheng.report.admission.envelope import personal_code
from junheng.report.admission.families_edition import Family
from junheng.report.admission.publication import proofs_of, publication

PLAN = "2027-primary"
ABOUT = {
    "title": "小学入学 2027 · 示例",
    "stage": "primary",
    "year": 2027,
    "bureau": "云州区教育委员会",
    "declared": "合成数据：云州是虚构的示例区域，没有一个真实的孩子。",
    "objection": "公布后七日内向登记学校提出，登记学校五日内答复。",
    "published": "2027-06-25",
    "expires": "",
}


def code_of(child: str, plan: str = PLAN) -> str:
    return personal_code(SECRET, plan, child)


def written(workspace: Path, plan: str = PLAN, **about: Any) -> PublicDraw:
    """An edition of thirty children with their draw; a child is known by its receipt."""
    draw = some_draw()
    files = dict(publication(draw, changes_of(draw), "own", 1).files)
    proofs = dict(proofs_of(draw, changes_of(draw), 1))
    said = {**ABOUT, "draw_id": draw.announced.draw_id, **about}
    reasons: dict[str, list[dict[str, Any]]] = {}
    for part in draw.result.reasons():
        for row in worded(part).iter_rows(named=True):
            reasons.setdefault(row["applicant_id"], []).append(row)
    families = [
        Family(one, content(one, plan, proofs[one], reasons.get(one, []))) for one in draw.frozen.receipts
    ]
    families_edition.write(workspace, plan, families, files, said, SECRET)
    return draw


def content(child: str, plan: str, proof: bytes, reasons: list[dict[str, Any]]) -> dict[str, Any]:
    held = json.loads(proof)
    school = held["result"]["program_id"]
    texts = {
        "zh": {
            "headline": f"录取到云州第{school}小学，第 2 志愿。"
            if school
            else "目前没有录取，在 2 个候补名单中。",
            "reasons": [
                f"第 {row['rank']} 志愿 云州第{row['program_id']}小学：{row['zh']}" for row in reasons
            ],
            "enough": ["第 1 志愿：同类随机号在第 640 位以内。"],
            "note": "以上各句假定其他孩子不变；分数线说的是已经发生的事，不是明年的承诺。",
            "notice": {
                "title": "录取通知书",
                "opening": "根据《小学入学 2027 · 示例》，您的孩子录取到：",
                "destination": f"云州第{school}小学",
                "lead": ["录取方式：第 2 志愿。"],
                "fields": [["报到时间", ""], ["报到地点", ""]],
                "paragraphs": ["凭受理回执上的家庭查询码可以查看逐条理由。"],
            },
        },
        "en": {
            "headline": f"Admitted to {school}, choice 2 of your list."
            if school
            else "No seat at present; on 2 waiting lists.",
            "reasons": [f"Choice {row['rank']}, {row['program_id']}: {row['en']}" for row in reasons],
            "enough": ["Choice 1: a ticket among the first 640 of the class."],
            "note": "These sentences assume that nothing else changes.",
            "notice": {
                "title": "Notice of admission",
                "opening": "Under the plan your child is admitted to:",
                "destination": school,
            },
        },
    }
    return {
        "format": 1,
        "plan_id": plan,
        "applicant_id": f"YZ-{child[:6]}",
        "receipt": child,
        "kind": "admission" if school else "waiting",
        "texts": texts,
        "waiting": [["云州实验小学", 12], ["滨河小学", 3]],
        "proof": held,
    }
