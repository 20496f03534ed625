"""Notices: a code with parameters and a link, worded when read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from junheng.web.accounts.models import User


class Notice(models.Model):
    """One message to one person."""

    to_id: int
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    code = models.CharField(max_length=80)
    parameters = models.JSONField(default=dict, blank=True)
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["to", "read_at"])]

    def __str__(self) -> str:
        return f"{self.to_id} {self.code}"
