"""What was frozen and drawn, worked out again from the entry's folder and kept between requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.data.admission_folder import AdmissionFolder
from junheng.report.admission import worked_plan
from junheng.report.admission.draw_folder import SEED, Held
from junheng.rules.admission_plan import AdmissionPlan
from junheng.web.admission.draws.folders import draw_path, folder_of
from junheng.web.workspace import Recent

if TYPE_CHECKING:
    from junheng.admission import PlanMarket, PlanResult
    from junheng.admission.public_draw import PublicDraw

_KEPT = Recent(most=3)


@dataclass(frozen=True, slots=True)
class Again:
    """A result with everything behind it; `held` and `draw` are None where scores decide and no draw was
    held."""

    result: PlanResult
    held: Held | None
    draw: PublicDraw | None

    @property
    def problem(self) -> PlanMarket:
        """The frozen problem."""
        return self.result.problem

    @property
    def receipts(self) -> Mapping[str, str]:
        """Receipt of each applicant; her own number where no draw was held."""
        if self.held is not None:
            return self.held.receipt_of
        return {one: one for one in self.problem.standing["applicant_id"].to_list()}


def decided_by_draw(plan: AdmissionPlan) -> bool:
    """Whether a public draw decides; where scores do there is none."""
    return plan.stage != worked_plan.SENIOR


def problem_of(folder: AdmissionFolder) -> PlanMarket:
    """The frozen problem."""
    case = worked_plan.Case(folder, folder.plan(), "", folder.tables(), pinned=True)
    return worked_plan.problem_of(case)


def worked_out(plan_id: str) -> Again:
    """The result of an entry that was drawn. What differs from its seal stops it (VerificationFailed or
    Refused); kept between requests as long as the sealed files stay untouched."""
    folder = folder_of(plan_id)
    files = [folder.path("seal.json"), *sorted(folder.path("tables").glob("*")), *_files(draw_path(plan_id))]
    stamp = tuple(_stamp(path) for path in files)
    return _KEPT.get(("admission", plan_id, stamp), lambda: _work_out(folder))


def _work_out(folder: AdmissionFolder) -> Again:
    found = worked_plan.worked(folder)
    return Again(found.result, found.held, found.draw)


def _files(draw: Path) -> list[Path]:
    return [draw / SEED, draw / "announcement.json", *sorted((draw / "private").glob("*"))]


def _stamp(path: Path) -> Any:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return (path.name, stat.st_mtime_ns, stat.st_size)
