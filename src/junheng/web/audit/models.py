"""The audit trail. No foreign keys: it outlives whatever it speaks of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AuditHead(models.Model):
    """One row: the last number and digest of the chain, locked while an event is appended."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class AuditEvent(models.Model):
    """One act. `diff` holds masks or digests where a value is personal."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    roles = models.CharField(max_length=200, blank=True)
    unit_path = models.CharField(max_length=32, blank=True)
    verb = models.CharField(max_length=60)
    object = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    diff = models.JSONField(default=dict, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    run_id = models.CharField(max_length=60, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["at"]),
            models.Index(fields=["verb"]),
            models.Index(fields=["actor"]),
        ]


class AuditCheck(models.Model):
    """What one reading of the whole chain found; what a sound one saw must stay in the chain."""

    at = models.DateTimeField()
    events = models.BigIntegerField()
    head = models.CharField(max_length=64)
    broken_at = models.BigIntegerField(null=True, blank=True)
    cause = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at} {self.cause}"
