"""The trail as JSON lines, as it was written: whoever holds the file can check digests and chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from junheng.web.audit.models import AuditEvent

_CHUNK = 2000


def lines(first: date | None = None, last: date | None = None, events: Any = None) -> Iterator[bytes]:
    """One JSON object a line, in order; `first` and `last` are the bureau's days, both included."""
    chosen = AuditEvent.objects.all() if events is None else events
    if first is not None:
        chosen = chosen.filter(at__gte=_midnight(first))
    if last is not None:
        chosen = chosen.filter(at__lt=_midnight(last + timedelta(days=1)))
    for event in chosen.order_by("seq").values().iterator(chunk_size=_CHUNK):
        event["at"] = event["at"].astimezone(UTC).isoformat(timespec="microseconds")
        yield json.dumps(event, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def file_name() -> str:
    """Dated to the second."""
    return f"audit-{timezone.localtime():%Y-%m-%d-%H%M%S}.jsonl"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
