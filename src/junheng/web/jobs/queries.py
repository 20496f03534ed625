"""Reading jobs: one's own, those of the units one operates, one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from junheng.web.accounts.roles import OPERATE
from junheng.web.house import health
from junheng.web.jobs.models import QUEUES, Job, WorkerBeat

RECENT = 50


def mine(user: Any, limit: int = 10) -> list[Job]:
    """The person's own jobs, newest first."""
    return list(_whole().filter(owner=user)[:limit])


def seen(user: Any, limit: int = RECENT) -> list[Job]:
    """Jobs the person may see: her own, and those of her units whose verb is hers too."""
    return list(_whole(Job.objects.for_user(user))[:limit])


def for_operator(user: Any, limit: int = RECENT) -> list[Job]:
    """Every job of the units the person operates, newest first."""
    return list(_whole(Job.objects.for_user(user, OPERATE))[:limit])


def one(user: Any, job: int) -> Job | None:
    """One job, if the person may see it or operates its unit."""
    rows = Job.objects.for_user(user) | Job.objects.for_user(user, OPERATE)
    return rows.filter(pk=job).select_related("owner", "unit").first()


def ahead(jobs: Sequence[Job]) -> dict[int, int]:
    """For each waiting job how many of its queue come before it."""
    if not any(job.state == Job.WAITING for job in jobs):
        return {}
    living = list(
        Job.objects.filter(state__in=(Job.WAITING, Job.RUNNING)).order_by("pk").values_list("queue", "pk")
    )
    return {
        job.pk: sum(queue == job.queue and pk < job.pk for queue, pk in living)
        for job in jobs
        if job.state == Job.WAITING
    }


def served(queue: str) -> bool:
    """Whether a living worker takes jobs of `queue`."""
    return WorkerBeat.objects.filter(
        queues__in=(queue, "*"), at__gt=timezone.now() - health.HEARTBEAT
    ).exists()


def all_served() -> bool:
    """Whether every queue has a living worker."""
    return all(served(queue) for queue in QUEUES)


def lost(user: Any) -> list[Job]:
    """Those of the person's recent jobs that nobody finished and nothing tries again."""
    return [job for job in mine(user, RECENT) if job.state == Job.LOST]


def _whole(rows: Any = None) -> Any:
    return (Job.objects.all() if rows is None else rows).select_related("owner", "unit").defer("log")
