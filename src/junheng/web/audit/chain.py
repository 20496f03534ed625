"""Appending to the chain: each digest covers the event and the digest before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
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
        diff=_plain(diff or {}),
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
    return digest_of({name: getattr(event, name) for name in (*_COVERED, "at")})


def digest_of(values: Mapping[str, Any]) -> str:
    """The same of a row's values by column."""
    content = {name: values[name] for name in _COVERED}
    content["at"] = values["at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON gives them back from any database: numbers with a point become text, since databases
    write them differently."""
    return json.loads(json.dumps(dict(value), default=str), parse_float=str)
