"""Runs the cases of batches: lines and ties at the line, each on both sides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from junheng import admission, rules
from junheng.model.errors import JunhengError

GROUPS = yaml.safe_load((Path(__file__).parent / "batches.yaml").read_text(encoding="utf-8"))
CASES = [pytest.param(group, case, id=case["say"]) for group in GROUPS for case in group["cases"]]
PLAN = {
    "plan": "批次 · 示例",
    "stage": "senior_high",
    "year": 2027,
}


def plan_of(group: dict[str, Any], folder: Path) -> rules.AdmissionPlan:
    shared = {"pools": "program", "choices": 2, "mechanism": "serial_dictatorship"}
    early = {"id": "early", "name": "提前", **shared, "unfilled": {"to_batch": "unified"}}
    if group["line"]:
        early["line"] = group["line"]
    said = {
        **PLAN,
        "score": {
            "total": 510,
            "unit": 0.5,
            "chain": ["total"],
            "left_over": "lottery",
            **group.get("score", {}),
        },
        "batches": [early, {"id": "unified", "name": "统招", **shared}],
    }
    path = folder / "batches.yaml"
    path.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return rules.read_plan(path)


@pytest.mark.parametrize(("group", "case"), CASES)
def test_lines_and_ties(group: dict[str, Any], case: dict[str, Any], tmp_path: Path) -> None:
    plan = plan_of(group, tmp_path)
    children = case["children"]
    rows = [
        (who, batch, rank, program)
        for who, (_, *lists) in children.items()
        for batch, listed in zip(("early", "unified"), lists, strict=True)
        for rank, program in enumerate(listed, start=1)
    ]
    tables = {
        "programs": pl.DataFrame({"program_id": ["g1", "g2"], "school_id": ["h1", "h2"], "seats": [1, 1]}),
        "applicants": pl.DataFrame({"applicant_id": list(children)}),
        "applications": pl.DataFrame(
            rows, schema=["applicant_id", "batch", "choice_rank", "program_id"], orient="row"
        ),
        "exam_scores": pl.DataFrame(
            {
                "applicant_id": list(children),
                "subject": "total",
                "points": [int(one[0] * 2) for one in children.values()],
                "unit": "0.5",
            }
        ),
    }
    tickets = pl.DataFrame({"applicant_id": list(children), "ticket": range(len(children))})
    problem = admission.market(tables, plan)
    if "refused" in case:
        with pytest.raises(JunhengError) as caught:
            admission.run_plan(problem, tickets)
        assert caught.value.code == case["refused"]
        return
    result = admission.run_plan(problem, tickets)
    assert result.check() == ()
    assert result.tables["cutoffs"].height
    got = {
        row["applicant_id"]: f"{row['batch']} {row['program_id']}" if row["program_id"] else ""
        for row in result.assignment.iter_rows(named=True)
    }
    assert got == case["got"]
    for who in children:
        assert result.explain(who)
        assert result.explain(who, "en")
