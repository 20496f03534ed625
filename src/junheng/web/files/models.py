"""Files made for somebody, and how many she has taken today."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from junheng.web.accounts.models import User
from junheng.web.units.models import Unit


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Files by who may take them."""

    def for_user(self, user: Any) -> StoredFileQuerySet:
        """A person's own files that are still there, or still being made."""
        return self.filter(owner=user, removed_at__isnull=True, expires_at__gt=timezone.now())


class StoredFile(models.Model):
    """A file made in the background. It is its owner's alone and goes by itself at `expires_at`."""

    TABLE, REPORT, LETTERS = "table", "report", "letters"

    owner_id: int
    unit_id: int
    token = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="files")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.IntegerField()
    wanted = models.JSONField(default=dict)
    """What was asked for; see `contents.Wanted`, `reports.WantedReport` and the room that makes letters."""
    audience = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=100)
    rows = models.BigIntegerField(null=True, blank=True)
    size = models.BigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    run_id = models.CharField(max_length=60, blank=True)
    job_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = StoredFileQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["owner", "removed_at"])]

    def __str__(self) -> str:
        return self.name


class DayCount(models.Model):
    """How many files a person asked for on one day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["user", "day"], name="files_daycount_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.count}"
