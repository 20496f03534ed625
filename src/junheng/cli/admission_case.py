"""What the commands on a plan of a workspace share: arguments, the case, tickets, tables out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from junheng.cli import speech
from junheng.model.errors import Refused

if TYPE_CHECKING:
    import polars as pl

    from junheng.admission import PlanResult
    from junheng.data import Workspace
    from junheng.report.admission.worked_plan import Case
    from junheng.rules import RuleBook

PlanId = Annotated[
    str,
    typer.Option(
        "--plan",
        metavar="ID",
        help="招生方案的编号：plans/admission/ 下的文件名。Id of the plan, its file's name under plans/admission/.",
    ),
]
TablesOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="OUT",
        help="另写到此：.xlsx 为工作簿，否则为 CSV 文件夹。Also write here: a workbook for .xlsx, else a folder of CSV.",
        show_default=False,
    ),
]
TrialSeed = Annotated[
    int | None,
    typer.Option(
        "--trial",
        metavar="N",
        help="试算：用这个声明的种子，不是派位结果。A trial with this declared seed, never a result.",
        show_default=False,
    ),
]


def opened(path: Path, plan_id: str) -> tuple[Workspace, Case, RuleBook]:
    """Workspace, case and the rules of the region."""
    from junheng import rules
    from junheng.data import Workspace
    from junheng.report.admission.worked_plan import case_of

    workspace = Workspace.open(path)
    return workspace, case_of(workspace, plan_id), rules.load(*workspace.rule_folders())


def result_of(case: Case, book: RuleBook, seed: int | None) -> PlanResult:
    """The plan's own result, or with `seed` a trial of the same tables. Refused `admission_cli.no_result`
    before the draw."""
    from junheng import admission
    from junheng.report.admission import worked_plan

    if seed is not None:
        problem = worked_plan.problem_of(case, book)
        return admission.run_plan(problem, worked_plan.trial_tickets(problem, seed))
    try:
        return worked_plan.worked(case.folder).result
    except Refused as error:
        waiting = ("admission_folder.not_pinned", "admission.not_a_draw", "admission.not_drawn")
        if error.code not in waiting:
            raise
        raise Refused("admission_cli.no_result", {"plan": case.plan.id}) from error


def mark_trial(seed: int | None) -> None:
    """Say that what follows is no result."""
    if seed is not None:
        speech.say("admission_cli.trial", seed=seed)


def write_out(out: Path | None, frames: Mapping[str, pl.DataFrame]) -> None:
    """Write tables where the user asks for them, and say where."""
    if out is None:
        return
    from junheng.report.admission import plan_workbook

    for path in plan_workbook.write(out, frames, speech.language()):
        speech.say("admission_cli.written", path=path)


def told(code: str, rows: Sequence[Sequence[object]], **about: object) -> None:
    """A small table with its title and headings from the catalogue."""
    title = speech.sentence(f"{code}_title", about)
    speech.table(title, speech.sentence(f"{code}_headings", {}).split("|"), rows[: speech.SHOWN_ROWS])
    if len(rows) > speech.SHOWN_ROWS:
        speech.say("cli.more_rows", count=len(rows) - speech.SHOWN_ROWS)


def school_names(case: Case) -> dict[str, str]:
    """Names of schools by id."""
    if "schools" not in case.tables:
        return {}
    return dict(case.tables["schools"].select("school_id", "name").iter_rows())
