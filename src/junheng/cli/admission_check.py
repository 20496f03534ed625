"""`junheng admission check`: a plan of a workspace and its tables, before the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junheng.cli import admission_case, speech
from junheng.cli.admission_case import PlanId, TablesOut
from junheng.cli.arguments import Folder
from junheng.model.errors import BadData

if TYPE_CHECKING:
    from junheng.admission.plan_review import Counts
    from junheng.report.admission.worked_plan import Case


def check(workspace: Folder, plan: PlanId, tables: TablesOut = None) -> None:
    """检查一份招生方案和它的全部表格：不合规定之处、每一处错误，以及各身份人数、各校需求与计划。

    有错误则全部列出，退出码 3。

    Check an admission plan with all its tables: what breaks the rules, every fault, children by identity and
    demand over seats. Errors are all listed and end with exit code 3.
    """
    from junheng.admission.plan_review import counts, review

    with speech.progress() as step:
        step("admission_cli.reading")
        opened, case, book = admission_case.opened(workspace, plan)
        step("admission_cli.checking")
        found = review(case.tables, case.plan, book, opened.region.code)
    if found.problem is None:
        raise BadData("admission_cli.faulty", {"plan": plan, "count": len(found.errors)}, found.findings)
    speech.findings(found.findings)
    counted = counts(found.problem)
    _show(case, counted)
    waits = {
        "children": found.problem.standing.height,
        "seats": int(counted.programs["seats"].sum()),
        "warnings": len(found.findings),
    }
    frames = {"identities": counted.identities, "programs": counted.programs, "lists": counted.lists}
    admission_case.write_out(tables, frames)
    speech.say("admission_cli.sound", plan=plan, pinned=_word(case), **waits)
    speech.answer(
        plan=plan,
        pinned=case.pinned,
        identities=counted.identities.to_dicts(),
        lists=counted.lists.to_dicts(),
        **waits,
    )


def _word(case: Case) -> str:
    return speech.sentence("admission_cli.is_pinned" if case.pinned else "admission_cli.is_open", {})


def _show(case: Case, counted: Counts) -> None:
    import polars as pl

    names = admission_case.school_names(case)
    if case.plan.identities:
        rows = [
            [one["identity"], one["children"], speech.sentence(f"admission_cli.to_{one['to']}", {})]
            for one in counted.identities.iter_rows(named=True)
        ]
        admission_case.told("admission_cli.identities", rows)
    asked = counted.programs.with_columns(
        ((pl.col("guaranteed") + pl.col("first")) / pl.col("seats")).alias("ratio")
    ).sort("ratio", "program_id", descending=[True, False], nulls_last=True)
    wanted = [
        [
            one["program_id"],
            names.get(one["school_id"], one["school_id"]),
            one["seats"],
            one["guaranteed"],
            one["first"],
            one["listed"],
            f"{one['ratio']:.2f}" if one["seats"] else "–",
        ]
        for one in asked.iter_rows(named=True)
    ]
    admission_case.told("admission_cli.demand", wanted)
    rows = [[one["batch"], one["choices"], one["children"]] for one in counted.lists.iter_rows(named=True)]
    admission_case.told("admission_cli.lists", rows)
