"""Appending to the chain and checking it: each digest covers the event and the digest before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from junheng.web.audit.models import AuditEvent, AuditHead
from junheng.web.serving import current

GENESIS = "0" * 64
_COVERED = (
    "seq",
    "actor",
    "roles",
    "unit_path",
    "verb",
    "object",
    "reason",
    "diff",
    "file_sha256",
    "run_id",
    "ip",
    "request_id",
    "prev_hash",
)


@transaction.atomic
def record(
    verb: str,
    *,
    by: Any,
    unit: Any = None,
    object: str = "",
    reason: str = "",
    diff: Mapping[str, Any] | None = None,
    file_sha256: str = "",
    run_id: str = "",
) -> AuditEvent:
    """Append one event in the caller's transaction: both stand, or neither.

    `by` is the acting user, or the name of a process ("worker"). Address and request id come from the request
    being served, if there is one.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    request = current()
    event = AuditEvent(
        seq=head.seq + 1,
        at=timezone.now(),
        actor=by if isinstance(by, str) else by.username,
        roles="" if isinstance(by, str) else " ".join(by.roles),
        unit_path=unit.path if unit is not None else "",
        verb=verb,
        object=object[:200],
        reason=reason[:500],
        diff=dict(diff or {}),
        file_sha256=file_sha256,
        run_id=run_id,
        ip=request.address,
        request_id=request.id,
        prev_hash=head.hash,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    head.seq, head.hash = event.seq, event.hash
    head.save()
    return event


def digest(event: AuditEvent) -> str:
    """SHA-256 of the event's canonical JSON, the digest before it included."""
    content = {name: getattr(event, name) for name in _COVERED}
    content["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the chain found: events read, the last digest, and the first event that does not hold."""

    events: int
    head: str
    checked_at: datetime
    broken_at: int | None = None
    cause: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing was altered, removed or put in."""
        return self.broken_at is None


def verify() -> Verdict:
    """Read the whole chain. Names the first event altered, missing or unchained, or a head that differs."""
    before, count = GENESIS, 0
    now = timezone.now()
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
        if event.seq != count + 1:
            return Verdict(count, before, now, count + 1, "missing")
        if event.prev_hash != before:
            return Verdict(count, before, now, event.seq, "unchained")
        if digest(event) != event.hash:
            return Verdict(count, before, now, event.seq, "altered")
        before, count = event.hash, event.seq
    head = AuditHead.objects.filter(pk=1).first()
    if head is not None and (head.seq, head.hash) != (count, before):
        return Verdict(count, before, now, count + 1, "cut" if head.seq > count else "head")
    return Verdict(count, before, now)
