"""`junheng verify` for admission: a stored run, or a plan's folder, worked out again table by table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from junheng.cli import speech
from junheng.cli.admission_assign import DIGESTS, VERB
from junheng.cli.admission_rounds import kept_rounds
from junheng.model.errors import Refused, VerificationFailed

if TYPE_CHECKING:
    from junheng.admission import PlanRound
    from junheng.data import Workspace
    from junheng.data.admission_folder import AdmissionFolder
    from junheng.data.runs import Record, Run
    from junheng.report.admission.worked_plan import Worked

BESIDE = ("changes", "answers")
"""Tables kept with a result that people wrote and no computation gives."""


def is_folder(path: Path) -> bool:
    """Whether the path is a plan's folder in a workspace."""
    from junheng.data.admission_folder import ROOM, SEAL

    place = path.resolve()
    return place.parent.name == ROOM and (place / SEAL).is_file()


def is_run(record: Record) -> bool:
    """Whether a stored run is one of admission."""
    return record.verb == VERB


def verify_folder(path: Path) -> None:
    """Recompute what a plan's folder keeps: its result and every round. VerificationFailed
    `admission_cli.differs` names each table that differs."""
    from junheng.data import Workspace
    from junheng.data.admission_folder import AdmissionFolder

    place = path.resolve()
    folder = AdmissionFolder(Workspace.open(place.parent.parent), place.name)
    with speech.progress() as step:
        step("admission_cli.assigning")
        done = _worked(folder)
    count = _compare(folder, done, folder.plan_id)
    speech.say("admission_cli.verified", what=folder.plan_id, count=count)
    speech.answer(plan=folder.plan_id, tables=count)


def verify_run(workspace: Workspace, run: Run) -> None:
    """Recompute a stored run from the plan's folder. Refused `admission_cli.erased` when the folder was
    erased as the plan says, VerificationFailed when a digest or table differs."""
    from junheng.data.admission_folder import AdmissionFolder
    from junheng.data.digest import frame_digest

    record = run.record
    folder = AdmissionFolder(workspace, str(record.options["plan_id"]))
    if not folder.exists:
        raise Refused("admission_cli.erased", {"plan": folder.plan_id, "run": run.id})
    seal = folder.seal()
    _refuse(run.id, {**seal["tables"], "plan": seal["plan"]}, record.inputs)
    with speech.progress() as step:
        step("admission_cli.assigning")
        done = _worked(folder)
    _refuse(run.id, _draw(done), {name: record.options[name] for name in ("draw_id", "root", "seed")})
    now = {name: frame_digest(frame) for name, frame in done.result.tables.items()}
    _refuse(run.id, now, {**record.outputs, **record.options[DIGESTS]})
    count = _compare(folder, done, run.id)
    speech.say("admission_cli.verified", what=run.id, count=count)
    speech.answer(run=run.id, plan=folder.plan_id, tables=count)


def _worked(folder: AdmissionFolder) -> Worked:
    from junheng.report.admission.worked_plan import worked

    done = worked(folder)
    if failed := done.result.check():
        about = {"plan": folder.plan_id, "count": len(failed), "what": ", ".join(failed[:5])}
        raise VerificationFailed("admission_cli.not_proved", about)
    return done


def _draw(done: Worked) -> dict[str, str]:
    if done.draw is None:
        return {"draw_id": "", "root": "", "seed": ""}
    announced = done.draw.announced
    return {
        "draw_id": announced.draw_id,
        "root": announced.root,
        "seed": done.draw.seed.seed.digest.hex(),
    }


def _compare(folder: AdmissionFolder, done: Worked, what: str) -> int:
    """Hold what is kept against what was worked out; how many tables."""
    from junheng.data.admission_folder import RESULT
    from junheng.data.digest import frame_digest
    from junheng.report.admission.late import kept_tables

    count = 0
    steps = [(f"rounds/{number}", after.tables) for number, after in _rounds(folder, done)]
    for name, tables in [(RESULT, done.result.tables), *steps]:
        if not folder.has(name):
            continue
        frames = folder.read(name)
        written = {*BESIDE, *kept_tables(frames)}
        kept = {one: frame_digest(frame) for one, frame in frames.items() if one not in written}
        again = {one: frame_digest(frame) for one, frame in tables.items()}
        _refuse(what, again, kept, f"{name}/")
        count += len(kept)
    return count


def _rounds(folder: AdmissionFolder, done: Worked) -> list[tuple[int, PlanRound]]:
    return list(zip(folder.rounds(), kept_rounds(folder, done), strict=True))


def _refuse(what: str, now: Mapping[str, str], then: Mapping[str, str], prefix: str = "") -> None:
    differing = sorted(name for name in {*now, *then} if now.get(name) != then.get(name))
    if differing:
        tables = ", ".join(prefix + name for name in differing)
        raise VerificationFailed("admission_cli.differs", {"what": what, "tables": tables})
