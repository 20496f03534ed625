"""What a person has already seen, so that what is new can be told."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from junheng.web.accounts.models import User


class SeenRun(models.Model):
    """The run whose warnings a person last said she has read; one row a person."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    run_id = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return self.run_id
