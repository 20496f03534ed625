"""What the worker does after the draw: publish, and hold a further round."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import polars as pl

from junheng import admission
from junheng.admission.changes import NO_CHANGES
from junheng.data.admission_folder import PUBLISHED
from junheng.model.errors import VerificationFailed
from junheng.report import admission as paper
from junheng.report.admission import late
from junheng.report.admission.notice import Letter
from junheng.report.admission.publication import publish
from junheng.report.wording import say
from junheng.web.admission.draws.folders import folder_of
from junheng.web.admission.draws.secrets import secret_of
from junheng.web.admission.models import Entry
from junheng.web.admission.results import late_rows
from junheng.web.admission.results.standing import (
    Standing,
    answers_of,
    changes,
    least,
    standing,
)
from junheng.web.jobs.models import Job
from junheng.web.workspace import region, workspace

EARLIER = "superseded"


def publish_entry(job: Job, report: Callable[..., None]) -> Mapping[str, Any]:
    """Verify everything, then write the publication and the families' edition. VerificationFailed when a
    check or the stand-alone verifier disagrees: then nothing is written."""
    entry = Entry.objects.select_related("unit").get(pk=job.args["entry"])
    report("results.working_standing", None, None)
    held = standing(entry)
    found = held.found
    if failed := found.result.check():
        raise VerificationFailed("report.family.not_proved", {"what": ", ".join(failed)})
    level: Any = job.args["level"]
    small = least(entry)
    made = changes(entry, found) if found.draw is not None else NO_CHANGES
    manifest = ""
    if found.draw is not None:
        report("results.working_publish", None, None)
        folder = folder_of(entry.plan_id)
        fresh = folder.path(f"{PUBLISHED}-fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        manifest = publish(fresh, found.draw, made, level, small).manifest
        _put(folder.path(PUBLISHED), fresh, folder.path(EARLIER))
    report("results.working_families", None, None)
    edition = paper.write_edition(
        workspace().path,
        entry.plan_id,
        found.result,
        secret=secret_of(entry.plan_id),
        letter=letter(entry),
        published=date.fromisoformat(job.args["day"]),
        least=small,
        schools=folder_of(entry.plan_id).tables().get("schools"),
        draw=found.draw,
        receipt_of=found.receipts if found.draw is not None else None,
        changes=made,
        level=level,
        present=elsewhere(held),
        waiting=held.waiting,
    )
    return {
        "manifest": manifest,
        "edition": edition.name,
        "families": edition.families,
        "changes": len(made.rows),
    }


def letter(entry: Entry) -> Letter:
    """What notices of the entry share."""
    return Letter(
        bureau=entry.unit.name,
        plan=entry.title,
        year=entry.year,
        declared=say("report.notice.declared", region=region().name) if region().synthetic else "",
    )


def hold_round(job: Job, report: Callable[..., None]) -> Mapping[str, Any]:
    """Hold the round two people confirmed, on the answers as they stood then. VerificationFailed when it
    fails its own check, Refused when an answer has changed since."""
    entry = Entry.objects.get(pk=job.args["entry"])
    number = int(job.args["round"])
    folder = folder_of(entry.plan_id)
    report("results.working_round", None, None)
    held = standing(entry)
    if number in folder.rounds():  # an earlier attempt wrote it and was cut off before saying so
        return folder.summary(f"rounds/{number}")
    answers = answers_of(entry, number)
    came = late_rows.accepted(entry, held.found, late_rows.numbered(entry, job.args.get("late", [])), number)
    joins = late.late_of(folder, late_rows.as_worked(held.found), came)
    made = admission.second_round(held.last, answers, job.args["policy"], number, late=joins)
    if failed := made.check():
        raise VerificationFailed("admission.not_proved", {"what": ", ".join(failed[:5])})
    frames = {**made.tables, "answers": answers, **(late.frames_of(came) if came is not None else {})}
    folder.keep(f"rounds/{number}", frames, made.summary())
    return made.summary()


def elsewhere(held: Standing) -> pl.DataFrame | None:
    """Children who go elsewhere than the result of the day says, with why."""
    was = held.result.assignment.select("applicant_id", before="program_id")
    rows = held.now.join(was, on="applicant_id").filter(
        ~pl.col("program_id").eq_missing(pl.col("before")) | (pl.col("override") != "")
    )
    if not rows.height:
        return None
    ground = pl.when(pl.col("override") != "").then("override").otherwise(pl.lit("round"))
    return rows.select("applicant_id", "program_id", ground.alias("ground"))


def _put(target: Any, fresh: Any, earlier: Any) -> None:
    """The new publication in place of the one before, which is kept."""
    if target.exists():
        earlier.mkdir(exist_ok=True, mode=0o700)
        number = sum(one.startswith(PUBLISHED) for one in os.listdir(earlier)) + 1
        target.rename(earlier / f"{PUBLISHED}-{number}")
    fresh.rename(target)
