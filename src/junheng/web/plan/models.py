"""Progress as the responsible units report it, and what they were reminded of."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from junheng.web.accounts import roles
from junheng.web.accounts.models import User
from junheng.web.units.models import Unit


class TaskReportQuerySet(models.QuerySet["TaskReport"]):
    """Reports by who may see them."""

    def for_user(self, user: Any, permission: str = roles.SEE) -> TaskReportQuerySet:
        """Those of the units where the person holds `permission`."""
        return self.filter(unit__in=Unit.objects.for_user(user, permission))


class TaskReport(models.Model):
    """One report of a task of a plan by the unit responsible for it (`unit`), with its evidence.

    A report is never changed; the unit above examines it once. `file` is empty without evidence; with it
    the file lies under `folder` and `sha256` is its digest when it came.
    """

    DOING, DONE, BLOCKED = "doing", "done", "blocked"
    STATUSES = (DOING, DONE, BLOCKED)
    GIVEN, EXAMINED, RETURNED = "given", "examined", "returned"

    by_id: int
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="task_reports")
    document = models.CharField(max_length=200)
    task_id = models.CharField(max_length=200)
    reported_on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10)
    value = models.FloatField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    folder = models.CharField(max_length=32, blank=True)
    file = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default=GIVEN)
    examined_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    examined_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(max_length=300, blank=True)
    row_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = TaskReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["document", "task_id"])]

    def __str__(self) -> str:
        return f"{self.document} {self.task_id} {self.reported_on} {self.status}"


class TaskReminder(models.Model):
    """That a unit was told of a task in this state for this date: once each, whatever the timer does."""

    document = models.CharField(max_length=200)
    task_id = models.CharField(max_length=200)
    due = models.DateField()
    state = models.CharField(max_length=10)
    on = models.DateField()

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["document", "task_id", "due", "state"], name="reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.task_id} {self.due} {self.state}"
