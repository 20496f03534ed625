"""Tokens by which a program reads with one of a person's grants."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from junheng.web.accounts.models import Grant, User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens by who may see them."""

    def for_user(self, user: Any) -> ApiTokenQuerySet:
        """A person's own tokens."""
        return self.filter(user=user)


class ApiToken(models.Model):
    """A read-only key to what one grant opens. Only its digest is kept; it was shown once."""

    user_id: int
    grant_id: int
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    beginning = models.CharField(max_length=12)
    """First characters, by which its owner knows it again."""
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    valid_to = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.beginning}… {self.name}"

    @property
    def open(self) -> bool:
        """Whether it opens anything today, as far as the token itself goes."""
        return self.ended_at is None and self.valid_to >= timezone.localdate()
