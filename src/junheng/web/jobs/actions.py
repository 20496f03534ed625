"""What may be done with a job: started, cancelled, tried again; and finding those whose worker is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from junheng.model.errors import Refused
from junheng.web.accounts.roles import OPERATE, PERMISSIONS
from junheng.web.audit.chain import record as audit
from junheng.web.jobs import registry, tasks
from junheng.web.jobs.models import QUEUES, Job, WorkerBeat
from junheng.web.notices.actions import tell
from junheng.web.units.models import Unit

SILENT = timedelta(seconds=60)
"""Without a heartbeat for so long, a job's worker is gone."""
FORGOTTEN = timedelta(days=1)


@transaction.atomic
def start(
    *,
    verb: str,
    args: Mapping[str, Any],
    unit: Any,
    by: Any,
    queue: str = "heavy",
    input_digest: str = "",
) -> Job:
    """Ask for a long action; it is before the workers as soon as the caller's transaction stands.

    The room's own action has checked that `by` may do this; here nobody without any right on `unit` gets in
    (PermissionDenied). With an `input_digest` that a living or finished job of this verb carries, that job is
    returned instead. KeyError for a verb no room knows.
    """
    registry.verb(verb)
    if queue not in QUEUES:
        raise ValueError(f"queue {queue!r}")
    if not any(by.may(permission, unit) for permission in PERMISSIONS):
        raise PermissionDenied(verb)
    Unit.objects.select_for_update().get(pk=unit.pk)  # two who ask for the same at once get one job
    if input_digest:
        wanted = Job.objects.filter(verb=verb, unit=unit, input_digest=input_digest)
        if same := wanted.filter(state__in=(Job.WAITING, Job.RUNNING, Job.DONE), cancel_asked=False).first():
            return same
    job = Job.objects.create(
        verb=verb, args=dict(args), owner=by, unit=unit, queue=queue, input_digest=input_digest
    )
    tasks.enqueue(job)
    audit("job.started", by=by, unit=unit, object=f"{verb} {job.pk}", diff={"input": input_digest})
    return job


@transaction.atomic
def cancel(*, job: Job, by: Any) -> Job:
    """Stop a job: a waiting one at once, a running one within seconds. By its owner, or by who operates its
    unit (else PermissionDenied). Refused when it has ended."""
    held = _locked(job, by)
    if held.ended:
        raise Refused("jobs.has_ended", {"job": held.pk})
    held.cancel_asked = True
    if held.state == Job.WAITING:
        held.state, held.ended_at = Job.CANCELLED, timezone.now()
    held.save()
    audit("job.cancelled", by=by, unit=held.unit, object=f"{held.verb} {held.pk}")
    return held


@transaction.atomic
def retry(*, job: Job, by: Any) -> Job:
    """Start again, as a new job, what failed, was cancelled or lost. Rights as for `cancel`; Refused for one
    that is under way or done."""
    held = _locked(job, by)
    if held.state not in (Job.FAILED, Job.CANCELLED, Job.LOST):
        raise Refused("jobs.not_to_retry", {"job": held.pk})
    return start(
        verb=held.verb,
        args=held.args,
        unit=held.unit,
        by=by,
        queue=held.queue,
        input_digest=held.input_digest,
    )


def _locked(job: Job, by: Any) -> Job:
    held = Job.objects.select_for_update().get(pk=job.pk)
    if held.owner_id != by.pk and not by.may(OPERATE, held.unit):
        raise PermissionDenied(OPERATE)
    return held


def reap() -> list[int]:
    """Find jobs whose worker is gone and let each be tried once more; returns the jobs put back or given up.

    Running jobs without a heartbeat, and waiting ones whose place in the queue was taken by a worker that
    ended before it began them.
    """
    now = timezone.now()
    silent = Job.objects.filter(state=Job.RUNNING, heartbeat__lt=now - SILENT).values_list("pk", flat=True)
    found = [pk for pk in silent if _rescue(pk, Job.RUNNING)]
    waiting = dict(Job.objects.filter(state=Job.WAITING).values_list("pk", "task_id"))
    if waiting:
        queued = DBTaskResult.objects.filter(pk__in=waiting.values())
        alive = queued.filter(status=TaskResultStatus.READY) | queued.filter(started_at__gt=now - SILENT)
        held = {str(pk) for pk in alive.values_list("pk", flat=True)}
        found += [pk for pk, task in waiting.items() if task not in held and _rescue(pk, Job.WAITING)]
    WorkerBeat.objects.filter(at__lt=now - FORGOTTEN).delete()
    return found


@transaction.atomic
def _rescue(pk: int, state: str) -> bool:
    """Put one lost job back, or give it up after its second attempt."""
    job = Job.objects.select_for_update().get(pk=pk)
    now = timezone.now()
    if job.state != state or (state == Job.RUNNING and job.heartbeat > now - SILENT):
        return False
    DBTaskResult.objects.filter(pk=job.task_id, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.FAILED, finished_at=now
    )
    title = registry.verb(job.verb).title_code
    if state == Job.RUNNING and job.cancel_asked:
        job.state, job.ended_at = Job.CANCELLED, now
        job.save()
    elif state == Job.RUNNING and job.attempts >= tasks.ATTEMPTS:
        job.state, job.ended_at = Job.LOST, now
        job.save()
        tell(to=[job.owner], code="jobs.lost", link=tasks.address(job), title=title)
    else:
        job.state, job.message = Job.WAITING, {}
        job.save()
        tasks.enqueue(job)
        if state == Job.RUNNING:
            tell(to=[job.owner], code="jobs.again", link=tasks.address(job), title=title)
    return True
