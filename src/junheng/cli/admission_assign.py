"""`junheng admission assign` and `simulate`: a plan carried out, and tried before the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from junheng.cli import admission_case, speech
from junheng.cli.admission_case import PlanId, TablesOut
from junheng.cli.admission_told import show
from junheng.cli.arguments import Folder, Seed
from junheng.model.errors import VerificationFailed

if TYPE_CHECKING:
    import polars as pl

    from junheng.admission import PlanResult
    from junheng.data import Workspace
    from junheng.data.runs import Run
    from junheng.report.admission.worked_plan import Case, Worked
    from junheng.rules import RuleBook

VERB = "admission"
OF_NOBODY = ("quota_use", "batch_log", "placement_prices", "admission_summary")
"""Tables without a row about one child: these a stored run keeps; the others stay in the plan's folder, which
is erased when the plan says so, and the run keeps their digests."""
DIGESTS = "tables_of_children"


def assign(workspace: Folder, plan: PlanId, tables: TablesOut = None) -> None:
    """按封存的方案、表格和派位结果录取，核验通过后存入方案的文件夹，并保存一次可复算的运行。

    高中阶段按成绩录取，没有派位。核验不通过则什么也不写（退出码 7）。

    Admit by the frozen plan, its tables and the draw (by scores, where scores decide). The result is checked,
    kept in the plan's folder and stored as a run that can be recomputed; nothing is written when the check
    fails (exit code 7).
    """
    from junheng.report.admission.worked_plan import worked

    with speech.progress() as step:
        step("admission_cli.reading")
        opened, case, book = admission_case.opened(workspace, plan)
        step("admission_cli.assigning")
        done = worked(case.folder)
        refuse_failed(done.result)
        step("admission_cli.saving")
        frames = {**done.result.tables, **by_hand(opened, plan, done.result)}
        case.folder.keep("result", frames, done.result.summary())
        run = store(opened, case, book, done)
    summary = show(case, done.result)
    admission_case.write_out(tables, frames)
    speech.say("admission_cli.assigned", plan=plan, run=run.id, path=case.folder.path("result"))
    speech.answer(plan=plan, run=run.id, summary=summary, out=str(tables) if tables else "")


def simulate(
    workspace: Folder,
    plan: PlanId,
    seed: Seed = 1,
    tables: TablesOut = None,
) -> None:
    """派位之前的试算：用声明的种子跑一遍，看哪里不够。标明是试算，不保存，也不能用作结果。

    A trial before the day with a declared seed: where it is tight. It is marked as a trial, never stored and
    never a result.
    """
    with speech.progress() as step:
        step("admission_cli.reading")
        _, case, book = admission_case.opened(workspace, plan)
        step("admission_cli.assigning")
        result = admission_case.result_of(case, book, seed)
    admission_case.mark_trial(seed)
    summary = show(case, result)
    if failed := result.check():
        speech.say("admission_cli.trial_fails", what=shortened(failed))
    admission_case.write_out(tables, result.tables)
    speech.answer(plan=plan, trial=True, seed=seed, summary=summary, out=str(tables) if tables else "")


def refuse_failed(result: PlanResult) -> None:
    """VerificationFailed `admission_cli.not_proved` when the result fails its own check."""
    if failed := result.check():
        about = {"plan": result.problem.plan.id, "count": len(failed), "what": shortened(failed)}
        raise VerificationFailed("admission_cli.not_proved", about)


def shortened(failed: tuple[str, ...], most: int = 5) -> str:
    """The first few of what fails, in words where there are some."""
    shown = ", ".join(failed[:most])
    return f"{shown} …" if len(failed) > most else shown


def by_hand(workspace: Workspace, plan_id: str, result: PlanResult) -> dict[str, pl.DataFrame]:
    """Placements by hand as they stand in the workspace, beside what the plan gave: `changes`."""
    import polars as pl

    held = workspace.tables().get("hand_placements")
    rows = held.filter(pl.col("plan_id") == plan_id) if held is not None else None
    if rows is None or not rows.height:
        return {}
    given = result.assignment.select("applicant_id", from_program_id="program_id")
    return {"changes": rows.drop("plan_id").join(given, on="applicant_id", how="left").sort("applicant_id")}


def store(workspace: Workspace, case: Case, book: RuleBook, done: Worked) -> Run:
    """Store the run: what it was made of, digests of every table, and the tables about nobody."""
    from junheng.data import runs
    from junheng.data.digest import frame_digest

    seal = case.folder.seal()
    tables = done.result.tables
    options: dict[str, Any] = {
        "plan_id": case.plan.id,
        "software_of": "admission.run_plan",
        DIGESTS: {name: frame_digest(tables[name]) for name in sorted(tables) if name not in OF_NOBODY},
        "draw_id": "",
        "root": "",
        "seed": "",
    }
    if done.draw is not None:
        options |= {
            "draw_id": done.draw.announced.draw_id,
            "root": done.draw.announced.root,
            "seed": done.draw.seed.seed.digest.hex(),
        }
    kept = {name: tables[name] for name in OF_NOBODY if name in tables}
    inputs = {**seal["tables"], "plan": seal["plan"]}
    record = runs.record(VERB, workspace.region, inputs, book.digest(), options, 0, kept)
    return runs.save(workspace, record, kept)
