"""A plan of a workspace from its tables to its result: the same frozen files give the same result, always.

Before the freeze the workspace's newest tables count, for trials alone; from then on the pinned ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from junheng import admission, rules
from junheng.admission.frozen import Frozen, freeze, lines_of
from junheng.admission.plan_inputs import inputs
from junheng.admission.plan_programme import apart, applied
from junheng.admission.plan_ring import from_seed
from junheng.admission.plan_ticket_lines import tickets_alone
from junheng.admission.receipts import Secret, nonces_of, receipts_of
from junheng.admission.tickets import Seed, drawn
from junheng.data import Workspace
from junheng.data.admission_folder import DRAW, AdmissionFolder, of_plan, plan_file
from junheng.model.errors import BadData, VerificationFailed
from junheng.report.admission.draw_folder import DrawFolder, Held
from junheng.rules import AdmissionPlan, RuleBook

if TYPE_CHECKING:
    from junheng.admission import PlanMarket, PlanResult
    from junheng.admission.public_draw import PublicDraw

SENIOR = "senior_high"
TRIAL = "trial"
"""Scope and name of tickets of a trial: no draw has it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A plan with its tables of the model; `pinned` once they are frozen."""

    folder: AdmissionFolder
    plan: AdmissionPlan
    plan_text: str
    tables: Mapping[str, pl.DataFrame]
    pinned: bool

    @property
    def drawn(self) -> bool:
        """Whether a public draw decides; where scores do there is none."""
        return self.plan.stage != SENIOR


@dataclass(frozen=True, slots=True)
class Worked:
    """A result and where its tickets came from: `held` and `draw` of the public draw, None where scores
    decide."""

    result: PlanResult
    held: Held | None
    draw: PublicDraw | None


def case_of(workspace: Workspace, plan_id: str) -> Case:
    """The plan as it was frozen, or as it stands today. Refused `admission_folder.plan_unknown`, BadData for
    a plan that cannot be read or has no children, VerificationFailed where a pinned file differs."""
    folder = AdmissionFolder(workspace, plan_id)
    if folder.exists:
        return Case(folder, folder.plan(), folder.plan_text(), folder.tables(), pinned=True)
    path = plan_file(workspace, plan_id)
    plan = replace(rules.read_plan(path), id=plan_id)
    tables = of_plan(workspace.tables(), plan_id)
    if "applicants" not in tables:
        raise BadData("admission.plan_without_children", {"plan": plan_id})
    return Case(folder, plan, path.read_text(encoding="utf-8"), tables, pinned=False)


def problem_of(case: Case, book: RuleBook | None = None, plan: AdmissionPlan | None = None) -> PlanMarket:
    """The problem of a case; with `book` the plan is held against the law first; `plan` in place of the
    case's own to compare. Raises what `inputs` and `market` raise."""
    own = plan or case.plan
    region = case.folder.workspace.region.code
    return admission.market(inputs(case.tables, own, case.plan.id), own, book, region)


def worked(folder: AdmissionFolder) -> Worked:
    """The result of a frozen plan, from the public draw or, where scores decide, from the scores. Refused
    `admission_folder.not_pinned`, `admission.not_a_draw`, `admission.not_drawn`; VerificationFailed where a
    file differs from its seal."""
    problem = problem_of(Case(folder, folder.plan(), "", folder.tables(), pinned=True))
    if problem.plan.stage == SENIOR:
        return Worked(admission.run_plan(problem, score_tickets(folder, problem)), None, None)
    from junheng.admission import plan_draw  # noqa: PLC0415 - the kernel, which the web's pages do without

    store = DrawFolder(folder.path(DRAW))
    held = store.held()
    seed = store.seed(held.announced)
    draw = admission.hold_draw(held.frozen, held.announced, seed, held.handed)
    tickets = plan_draw.tickets_of(draw, held.receipt_of)
    result = admission.run_plan(problem, tickets)
    if not tickets_alone(problem):
        _refuse_other_outcome(result, draw, held)
    return Worked(result, held, draw)


def _refuse_other_outcome(result: PlanResult, draw: PublicDraw, held: Held) -> None:
    """What families verify must be what they get: the draw over the frozen lines and the plan over its tables
    give every child the same programme, before anybody is placed by distance. VerificationFailed
    `admission.draw_disagrees`."""
    applicant_of = {receipt: one for one, receipt in held.receipt_of.items()}
    drawn_rows = draw.result.tables["assignment"].select(
        pl.col("applicant_id").replace_strict(applicant_of, return_dtype=pl.String),
        pl.col("program_id").str.split("@").list.first().alias("drawn"),
    )
    listed = pl.when(pl.col("batch") != "placement").then("program_id").alias("given")
    both = result.assignment.select("applicant_id", listed).join(drawn_rows, on="applicant_id", how="full")
    differing = both.filter(~pl.col("given").eq_missing(pl.col("drawn")))
    if differing.height:
        about = {"plan": result.problem.plan.id, "count": differing.height}
        raise VerificationFailed("admission.draw_disagrees", about)


def score_tickets(folder: AdmissionFolder, problem: PlanMarket) -> pl.DataFrame:
    """Where scores decide, what is still equal after the whole chain goes by an order that follows from the
    seal of the frozen tables, so that nobody chooses it; a plan that forbids it stops at such a tie."""
    canonical = "/".join(f"{name}:{value}" for name, value in sorted(folder.seal()["tables"].items()))
    return _tickets(Seed.from_canonical(canonical), folder.plan_id, problem)


def trial_tickets(problem: PlanMarket, seed: int) -> pl.DataFrame:
    """Tickets of a trial before the day, from a declared number, under a name no draw has."""
    from junheng.admission import plan_draw  # noqa: PLC0415 - as above

    canonical = Seed.from_canonical(f"{TRIAL}/{seed}/")
    own = _tickets(canonical, TRIAL, problem)
    if problem.plan.draw is not None and problem.plan.draw.ring:
        return admission.ring_tickets(own, *from_seed(canonical, TRIAL, own.height))
    if apart(problem.plan):
        return plan_draw.with_programmes(own, applied(problem.tables), canonical, TRIAL)
    return own


def _tickets(seed: Seed, name: str, problem: PlanMarket) -> pl.DataFrame:
    rows = drawn(seed, name, problem.standing["applicant_id"].to_list())
    return pl.DataFrame(rows, schema={"applicant_id": pl.String, "ticket": pl.String}, orient="row")


def frozen_lines(
    problem: PlanMarket, applicants: pl.DataFrame, secret: Secret, season: str
) -> tuple[Frozen, dict[str, int], dict[str, str]]:
    """(lines with their nonces, seats by pool, receipt by applicant) of a plan whose outcome a draw decides.
    Raises what `plan_draw.draw_lines`, `receipts_of` and `lines_of` raise."""
    from junheng.admission import plan_draw  # noqa: PLC0415 - as above

    lines = plan_draw.draw_lines(problem)
    ids = lines.people["applicant_id"].to_list()
    codes: dict[str, Any] = dict(applicants.select("applicant_id", "identity_code").iter_rows())
    receipts = receipts_of(secret, season, [codes[one] for one in ids])
    receipt_of = dict(zip(ids, receipts, strict=True))
    named = pl.col("applicant_id").replace_strict(receipt_of, return_dtype=pl.String).alias("receipt")
    people, choices = lines.people.with_columns(named), lines.choices.with_columns(named)
    facts = [one for one in people.columns if one not in ("applicant_id", "receipt", "family")]
    written = lines_of(people, choices, facts)
    nonces = dict(zip(receipts, nonces_of(secret, season, receipts), strict=True))
    return freeze(written, nonces), dict(lines.seats), receipt_of
