"""What was frozen and drawn, worked out again from the entry's folder: the same files, the same result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from junheng import admission
from junheng.admission import PlanMarket, PlanResult, plan_draw
from junheng.admission.plan_inputs import inputs
from junheng.admission.public_draw import PublicDraw, hold_draw
from junheng.data.admission_folder import DRAW, AdmissionFolder
from junheng.report.admission.draw_folder import SEED, DrawFolder, Held
from junheng.rules.admission_plan import AdmissionPlan
from junheng.web.admission.draws.folders import draw_path, folder_of
from junheng.web.workspace import Recent

SENIOR = "senior_high"
_KEPT = Recent(most=3)


@dataclass(frozen=True, slots=True)
class Again:
    """A result with everything behind it; `held` and `draw` are None where scores decide and no draw was
    held."""

    problem: PlanMarket
    result: PlanResult
    held: Held | None
    draw: PublicDraw | None

    @property
    def receipts(self) -> Mapping[str, str]:
        """Receipt of each applicant; her own number where no draw was held."""
        if self.held is not None:
            return self.held.receipt_of
        return {one: one for one in self.problem.standing["applicant_id"].to_list()}


def decided_by_draw(plan: AdmissionPlan) -> bool:
    """Whether a public draw decides; where scores do there is none."""
    return plan.stage != SENIOR


def problem_of(folder: AdmissionFolder) -> PlanMarket:
    """The frozen problem."""
    plan = folder.plan()
    return admission.market(inputs(folder.tables(), plan, folder.plan_id), plan)


def worked_out(plan_id: str) -> Again:
    """The result of an entry that was drawn. What differs from its seal stops it (VerificationFailed or
    Refused); kept between requests as long as the sealed files are the same."""
    folder = folder_of(plan_id)
    parts = [_stamp(folder.path("seal.json")), _stamp(draw_path(plan_id) / SEED)]
    return _KEPT.get(("admission", plan_id, *parts), lambda: _work_out(folder))


def _work_out(folder: AdmissionFolder) -> Again:
    problem = problem_of(folder)
    if not decided_by_draw(problem.plan):
        return Again(problem, admission.run_plan(problem, score_tickets(folder, problem)), None, None)
    store = DrawFolder(folder.path(DRAW))
    held = store.held()
    draw = hold_draw(held.frozen, held.announced, store.seed(held.announced))
    tickets = plan_draw.tickets_of(draw, held.receipt_of)
    return Again(problem, admission.run_plan(problem, tickets), held, draw)


def score_tickets(folder: AdmissionFolder, problem: PlanMarket) -> pl.DataFrame:
    """Where scores decide, what is still equal after the whole chain goes by an order that follows from the
    seal of the frozen tables, so that nobody chooses it; a plan that forbids it stops at such a tie."""
    from junheng.admission.tickets import Seed, drawn  # noqa: PLC0415 - only senior-high entries come here

    seal = folder.seal()
    canonical = "/".join(f"{name}:{value}" for name, value in sorted(seal["tables"].items()))
    ids = problem.standing["applicant_id"].to_list()
    rows = drawn(Seed.from_canonical(canonical), folder.plan_id, ids)
    return pl.DataFrame(rows, schema={"applicant_id": pl.String, "ticket": pl.String}, orient="row")


def _stamp(path: Path) -> Any:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return (str(path), stat.st_mtime_ns, stat.st_size)
