"""Reading the whole chain: whether every event is the one written, in its place, and none is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from junheng.web.audit.chain import GENESIS, digest_of
from junheng.web.audit.models import AuditCheck, AuditEvent, AuditHead

_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking found: events read, the last digest, and the first event that does not hold.

    `cause` is altered (its content does not give its digest), unchained (it does not follow the one before),
    missing (its number is not there), cut (the chain ends before what the head says), head (the head is not
    the last event), rewritten (an earlier check, or a digest kept elsewhere, saw another event there).
    """

    events: int
    head: str
    checked_at: datetime
    broken_at: int | None = None
    cause: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing was altered, removed or put in."""
        return self.broken_at is None


def verify(*, known: tuple[int, str] | None = None) -> Verdict:
    """Read the whole chain and name the first event that does not hold.

    `known` is a number and digest kept outside the database (printed, in a log, in a backup): whoever can
    rewrite every digest here cannot rewrite that one. The last sound check in the database serves likewise.
    """
    now = timezone.now()
    before, count = GENESIS, 0
    head = _head()  # read first: events appended while we read lie behind it
    anchors = _anchors(known)
    for event in _events():
        if event["seq"] != count + 1:
            return Verdict(count, before, now, count + 1, "missing")
        if event["prev_hash"] != before:
            return Verdict(count, before, now, event["seq"], "unchained")
        if digest_of(event) != event["hash"]:
            return Verdict(count, before, now, event["seq"], "altered")
        before, count = event["hash"], event["seq"]
        if anchors.pop(count, before) != before:
            return Verdict(count, before, now, count, "rewritten")
        if count == head[0] and before != head[1]:
            return Verdict(count, before, now, count, "head")
    if anchors or count < head[0]:
        return Verdict(count, before, now, count + 1, "cut")
    if count > _head()[0]:
        return Verdict(count, before, now, _head()[0] + 1, "head")
    return Verdict(count, before, now)


def _head() -> tuple[int, str]:
    held = AuditHead.objects.filter(pk=1).first()
    return (held.seq, held.hash) if held else (0, GENESIS)


def last_check() -> AuditCheck | None:
    """The most recent check on record."""
    return AuditCheck.objects.first()


def _anchors(known: tuple[int, str] | None) -> dict[int, str]:
    """Digests that must stand at certain numbers."""
    sound = AuditCheck.objects.filter(broken_at__isnull=True, events__gt=0).first()
    anchors = {sound.events: sound.head} if sound else {}
    if known is not None:
        anchors[known[0]] = known[1]
    return anchors


def _events() -> Iterator[dict[str, Any]]:
    return AuditEvent.objects.order_by("seq").values().iterator(chunk_size=_CHUNK)
