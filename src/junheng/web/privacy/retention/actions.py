"""What has been kept long enough: counted for the report, deleted by `privacy.actions.delete_due`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from junheng.web.accounts.models import PasswordUse, User
from junheng.web.jobs.models import Job
from junheng.web.notices.models import Notice
from junheng.web.privacy import catalogue
from junheng.web.privacy.catalogue import Period

Apply = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Due:
    """Rows whose period is over. `apply` deletes or erases them and returns how many."""

    period: Period
    count: int
    apply: Apply


Rule = Callable[[datetime], tuple[int, Apply]]
"""(everything before) → how many rows are due, and what removes them."""
_rules: dict[str, list[Rule]] = {}


def register(period: str, rule: Rule) -> None:
    """Let an application say what of its own a period concerns; called in `AppConfig.ready`."""
    _rules.setdefault(period, []).append(rule)


def due() -> list[Due]:
    """Everything due now, by period."""
    now = timezone.now()
    found: list[Due] = []
    for name, period in catalogue.periods(settings.WORKSPACE).items():
        if not period.days or name not in _rules:
            continue
        parts = [rule(now - timedelta(days=period.days)) for rule in _rules[name]]
        found.append(Due(period, sum(count for count, _ in parts), _all(apply for _, apply in parts)))
    return found


def unexpected() -> list[str]:
    """Tables of libraries that the catalogue calls unused and that hold rows all the same."""
    tables = {field.table for field in catalogue.fields() if field.kind.name == "unused"}
    return sorted(label for label in tables if _model(label).objects.exists())


def _model(label: str) -> Any:
    """A model by its label; "auth.Group_permissions" names the table Django makes between two models."""
    return apps.get_model(label)


def _all(parts: Iterator[Apply]) -> Apply:
    held = list(parts)
    return lambda: sum(part() for part in held)


def _deleting(rows: Any) -> tuple[int, Apply]:
    def apply() -> int:
        count = rows.count()
        rows.delete()
        return count

    return rows.count(), apply


def _accounts(before: datetime) -> tuple[int, Apply]:
    """What proves or reaches a person is erased; name and account name stay with the record of her work."""
    ended = User.objects.filter(is_active=False, ended_at__lt=before)
    linked = SocialAccount.objects.values("user")
    factors = Authenticator.objects.values("user")
    usable = ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    held = ~Q(email="") | ~Q(phone_sealed="") | usable | Q(pk__in=linked) | Q(pk__in=factors)
    rows = ended.filter(held)

    def apply() -> int:
        people = list(rows)
        for person in people:
            person.email = person.phone_sealed = ""
            person.set_unusable_password()
            person.save()
        for model in (SocialAccount, Authenticator, PasswordUse):
            model.objects.filter(user__in=people).delete()
        return len(people)

    return rows.count(), apply


def _sessions(before: datetime) -> tuple[int, Apply]:
    over = Session.objects.filter(expire_date__lt=before)
    living = Session.objects.exclude(pk__in=over.values("pk")).values("session_key")
    listed = UserSession.objects.exclude(session_key__in=living).filter(created_at__lt=before)
    (first, end), (second, forget) = _deleting(over), _deleting(listed)
    return first + second, lambda: forget() + end()


def _lockouts(before: datetime) -> tuple[int, Apply]:
    return _deleting(AccessAttempt.objects.filter(attempt_time__lt=before))


def _notices(before: datetime) -> tuple[int, Apply]:
    return _deleting(Notice.objects.filter(read_at__lt=before))


def _job_logs(before: datetime) -> tuple[int, Apply]:
    rows = Job.objects.filter(ended_at__lt=before).exclude(log="", args={}, message={}, failure={})
    return rows.count(), lambda: rows.update(log="", args={}, message={}, failure={})


def _tasks(before: datetime) -> tuple[int, Apply]:
    return _deleting(DBTaskResult.objects.filter(finished_at__lt=before))


def _uploads(before: datetime) -> tuple[int, Apply]:
    """Files that never became data. Named by its label: the data centre stands above this service."""
    model: Any = apps.get_model("data_centre", "Upload")
    rows = model.objects.filter(at__lt=before).exclude(state="committed").exclude(files=[])

    def apply() -> int:
        held = list(rows)
        for upload in held:
            shutil.rmtree(Path(settings.DESK) / "uploads" / upload.folder, ignore_errors=True)
            upload.files, upload.summary = [], {}
            upload.save(update_fields=["files", "summary"])
        return len(held)

    return rows.count(), apply


register("account", _accounts)
register("session", _sessions)
register("lockout", _lockouts)
register("notice", _notices)
register("job_log", _job_logs)
register("job_log", _tasks)
register("upload", _uploads)
