"""Verifying the trail and taking it out: both are acts, and on record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied

from junheng.web.accounts.roles import AUDIT
from junheng.web.audit.actions import check
from junheng.web.audit.chain import record
from junheng.web.audit.checking import Verdict
from junheng.web.audit.export import lines
from junheng.web.house.scope import Scope


def verify(*, scope: Scope) -> Verdict:
    """Read the whole chain and keep the verdict. PermissionDenied without `audit`."""
    if not scope.may(AUDIT):
        raise PermissionDenied(AUDIT)
    verdict = check()
    found: dict[str, Any] = {"events": verdict.events}
    if not verdict.holds:
        found |= {"broken_at": verdict.broken_at, "cause": verdict.cause}
    record("audit.verified", by=scope.user, unit=scope.unit, diff=found)
    return verdict


def export(*, scope: Scope, events: Any, purpose: str) -> Iterator[bytes]:
    """The events as JSON lines, noted before the first leaves. PermissionDenied without `audit`."""
    if not scope.may(AUDIT):
        raise PermissionDenied(AUDIT)
    count = events.count()
    record("audit.exported", by=scope.user, unit=scope.unit, reason=purpose, diff={"events": count})
    return lines(events=events)
