"""The index of runs: what lies in the workspace, with its state and who answers for it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from junheng.web.accounts.models import User


class RunRecord(models.Model):
    """A stored run. draft → reviewed → published → superseded; never deleted."""

    DRAFT, REVIEWED, PUBLISHED, SUPERSEDED = "draft", "reviewed", "published", "superseded"
    STATES = (DRAFT, REVIEWED, PUBLISHED, SUPERSEDED)

    HOLDS, DIFFERS = "holds", "differs"

    reviewed_by_id: int | None
    run_id = models.CharField(max_length=60, unique=True)
    verb = models.CharField(max_length=40)
    origin_year = models.IntegerField(null=True, blank=True)
    scenario = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=100, blank=True)
    data_version = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, default=DRAFT)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    review_reason = models.CharField(max_length=500, blank=True)
    publish_reason = models.CharField(max_length=500, blank=True)
    verdict = models.CharField(max_length=10, blank=True)
    """What computing it again showed last: `holds`, `differs`, or nothing yet."""
    verdict_cause = models.JSONField(default=dict, blank=True)
    """Of a run that differs: `{"code": …, "parameters": {…}}`."""
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.run_id
