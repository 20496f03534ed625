"""Publishing an edition to everyone, showing another, taking it back. Each is written into the trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.data import publication
from junheng.data import runs as stored
from junheng.model.errors import Refused
from junheng.report.reading import ReportInput
from junheng.web.accounts.roles import PUBLISH
from junheng.web.audit.chain import record as audit
from junheng.web.jobs.actions import start
from junheng.web.jobs.models import Job
from junheng.web.runs.actions import region_unit
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import book, workspace

VERB = "publication"
MINIMUM = 10
"""The smallest count of children published; `report` protects every cell by it."""


@transaction.atomic
def publish_bundle(*, run_id: str, by: Any, reason: str) -> Job:
    """Have the edition of a published annual run made and shown. PermissionDenied without `publish`; Refused
    when the run is not published (two people have seen to that) or no reason is given."""
    unit = _allowed(by)
    wanted = RunRecord.objects.filter(run_id=run_id, verb="year").first()
    if wanted is None or wanted.state != RunRecord.PUBLISHED:
        raise Refused("publication.run_not_published", {"run": run_id})
    _reasoned(reason)
    day = timezone.localdate().isoformat()
    args = {"run": run_id, "day": day, "reason": reason}
    return start(verb=VERB, args=args, unit=unit, by=by, queue="quick", input_digest="")


def make(job: Job, report: Callable[..., None]) -> Mapping[str, Any]:
    """In the worker: write the edition beside what is shown."""
    from junheng.report.public.pages import bundle  # noqa: PLC0415 - only the worker draws, and it takes a second to come

    report("publication.making", None, None)
    ws, run_id, day = workspace(), str(job.args["run"]), date.fromisoformat(job.args["day"])
    held = stored.load(ws, run_id)
    record = RunRecord.objects.get(run_id=run_id)
    inputs = ws.tables(record.data_version or None)
    options = {
        **held.record.options,
        "id": run_id,
        "seed": held.record.seed,
        "software": held.record.software,
    }
    source = ReportInput(
        ws.region,
        {**inputs, **{name: held.table(name) for name in held.record.outputs}},
        boundaries=ws.boundaries(),
        run=options,
        citations=tuple(entry.value for entry in book().entries()),
        map_approval=ws.region.map_approval,
    )
    files = bundle(source, published=day, minimum=MINIMUM)
    report("publication.writing", None, None)
    edition = publication.write(ws.path, _free_name(f"{day}-{run_id}", files), files)
    return {"edition": edition.name, "head": edition.head, "files": edition.files}


def _free_name(name: str, files: Mapping[str, bytes]) -> str:
    """`name`, or `name-2` … when another edition of that day and run has it already."""
    taken = {one.name: one.head for one in publication.editions(workspace().path)}
    new = publication.head_of(files)
    number, found = 1, name
    while found in taken and taken[found] != new:
        number += 1
        found = f"{name}-{number}"
    return found


def made(job: Job, result: Mapping[str, Any]) -> None:
    """When the job ends: show the edition, in the transaction that writes it down."""
    audit(
        "publication.published",
        by=job.owner,
        unit=region_unit(),
        object=str(result["edition"]),
        reason=str(job.args.get("reason", "")),
        file_sha256=str(result["head"]),
        run_id=str(job.args["run"]),
    )
    publication.show(workspace().path, str(result["edition"]))


def address(job: Job) -> str:
    """The page of this room."""
    year = int(str(job.args["day"])[:4])
    return reverse("publication:index", kwargs={"unit": job.unit.code, "year": year})


@transaction.atomic
def show_edition(*, name: str, by: Any, reason: str) -> None:
    """Show an edition made earlier. PermissionDenied without `publish`; Refused when unknown or damaged."""
    unit = _allowed(by)
    _reasoned(reason)
    known = {one.name: one for one in publication.editions(workspace().path)}
    if name not in known:
        raise Refused("publication_unknown", {"name": name})
    one = known[name]
    audit(
        "publication.shown",
        by=by,
        unit=unit,
        object=name,
        reason=reason,
        file_sha256=one.head,
        run_id=one.run,
    )
    publication.show(workspace().path, name)


@transaction.atomic
def withdraw(*, by: Any, reason: str) -> None:
    """Show nothing any more; editions are kept. PermissionDenied without `publish`; Refused when nothing is
    shown or no reason is given."""
    unit = _allowed(by)
    _reasoned(reason)
    shown = publication.current(workspace().path)
    if not shown:
        raise Refused("publication.nothing_shown")
    audit("publication.withdrawn", by=by, unit=unit, object=shown, reason=reason)
    publication.withdraw(workspace().path)


def _allowed(by: Any) -> Any:
    unit = region_unit()
    if unit is None or not by.may(PUBLISH, unit):
        raise PermissionDenied(PUBLISH)
    return unit


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise Refused("publication.reason_missing")
