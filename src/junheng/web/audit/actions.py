"""Checking the chain and keeping what was found."""

from __future__ import annotations

import logging

from junheng.web.audit.checking import Verdict, verify
from junheng.web.audit.models import AuditCheck

_log = logging.getLogger("junheng.audit")


def check(*, known: tuple[int, str] | None = None) -> Verdict:
    """Verify the chain, keep the verdict, and write the head's digest to the log, for a second system."""
    verdict = verify(known=known)
    AuditCheck.objects.create(
        at=verdict.checked_at,
        events=verdict.events,
        head=verdict.head,
        broken_at=verdict.broken_at,
        cause=verdict.cause,
    )
    level = logging.INFO if verdict.holds else logging.ERROR
    found = "sound" if verdict.holds else f"broken at {verdict.broken_at} ({verdict.cause})"
    _log.log(level, "audit chain %s: %s events, head %s", found, verdict.events, verdict.head)
    return verdict
