"""Jobs: one row for each long action, from being asked for to its result."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from junheng.web.accounts.models import User
from junheng.web.accounts.roles import OPERATE
from junheng.web.jobs import registry
from junheng.web.units.models import Unit

QUEUES = ("quick", "heavy")


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by who may see them."""

    def for_user(self, user: Any, permission: str = "see") -> JobQuerySet:
        """A person's own jobs and those of verbs she may see on their units; with `operate` every job of the
        units she operates."""
        found = models.Q(owner=user)
        if permission == OPERATE:
            found |= models.Q(unit__in=Unit.objects.for_user(user, OPERATE))
        else:
            shared: dict[str, list[str]] = {}
            for verb in registry.verbs():
                if verb.permission and user.may(verb.permission):
                    shared.setdefault(verb.permission, []).append(verb.name)
            for needed, names in shared.items():
                found |= models.Q(verb__in=names, unit__in=Unit.objects.for_user(user, needed))
        return self.filter(found)


class Job(models.Model):
    """A long action. `state` moves waiting → running → done | failed | cancelled | lost."""

    WAITING, RUNNING, DONE, FAILED, CANCELLED, LOST = (
        "waiting",
        "running",
        "done",
        "failed",
        "cancelled",
        "lost",
    )
    STATES = (WAITING, RUNNING, DONE, FAILED, CANCELLED, LOST)
    ENDED = (DONE, FAILED, CANCELLED, LOST)

    verb = models.CharField(max_length=40)
    args = models.JSONField(default=dict)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="jobs")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="jobs")
    queue = models.CharField(max_length=10, default="heavy")
    state = models.CharField(max_length=10, default=WAITING)
    done = models.BigIntegerField(null=True, blank=True)
    total = models.BigIntegerField(null=True, blank=True)
    message = models.JSONField(default=dict, blank=True)
    """Last progress: `{"code": …, "parameters": {…}}`, worded when shown."""
    result = models.JSONField(default=dict, blank=True)
    failure = models.JSONField(default=dict, blank=True)
    """Of a failed job: code, parameters, exit_code, findings (at most 200), finding_count."""
    log = models.TextField(blank=True)
    run_id = models.CharField(max_length=60, blank=True)
    input_digest = models.CharField(max_length=64, blank=True, db_index=True)
    attempts = models.IntegerField(default=0)
    """How often it was begun; what one attempt writes never reaches the row of the next."""
    task_id = models.CharField(max_length=40, blank=True)
    """The queue's own row for the present attempt."""
    cancel_asked = models.BooleanField(default=False)
    heartbeat = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = JobQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "heartbeat"])]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.state}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in self.ENDED

    @property
    def share(self) -> float | None:
        """Part done between 0 and 1; None where it cannot be known."""
        return None if not self.total or self.done is None else min(self.done / self.total, 1.0)


class WorkerBeat(models.Model):
    """A worker process: which queues it serves and when it last said that it lives."""

    worker = models.CharField(max_length=64, unique=True)
    queues = models.CharField(max_length=60)
    started_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return f"{self.worker} {self.queues}"
