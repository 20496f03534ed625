"""What a desk needs done at regular times, each by a timer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.utils import timezone

from junheng.model.errors import VerificationFailed
from junheng.report.admission import families_edition
from junheng.web.audit.actions import check
from junheng.web.data_centre.collecting.actions import remind_late
from junheng.web.files.actions import purge
from junheng.web.jobs.actions import reap
from junheng.web.plan.actions import remind_due
from junheng.web.privacy.actions import delete_due
from junheng.web.workspace import workspace

TIMER = "timer"
"""Who the audit trail names."""
TASKS_KEPT = timedelta(days=30)


def audit() -> int:
    """Verify the audit trail and keep the verdict; events read. VerificationFailed when it does not hold."""
    verdict = check()
    if not verdict.holds:
        raise VerificationFailed("upkeep.audit_broken", {"event": verdict.broken_at})
    return verdict.events


def remind() -> int:
    """Remind units that are late with their tables, and of tasks of plans that fall due or are overdue; how
    many of both."""
    return remind_late(by=TIMER) + remind_due(by=TIMER)


def retention() -> int:
    """Delete what its retention period no longer allows to keep; how many records, results that families were
    shown of an entry counted as one."""
    shown = families_edition.erase_over(workspace().path, timezone.localdate())
    return sum(delete_due(by=TIMER).values()) + shown


def tidy() -> int:
    """Remove exports whose time is over, ended sessions and old places in the queue; how many exports."""
    SessionStore.clear_expired()
    call_command("prune_db_task_results", min_age_days=TASKS_KEPT.days, verbosity=0)
    return purge()


def rescue() -> int:
    """Put back jobs whose worker is gone; how many."""
    return len(reap())


DUTIES: dict[str, Callable[[], int]] = {
    "audit": audit,
    "remind": remind,
    "retention": retention,
    "tidy": tidy,
    "rescue": rescue,
}
