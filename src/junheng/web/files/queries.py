"""A person's files and what she has taken today."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone

from junheng.web.files.models import DayCount, StoredFile
from junheng.web.house.scope import Scope
from junheng.web.jobs.models import Job

SHOWN = 100


def mine(scope: Scope) -> tuple[list[StoredFile], dict[int, str]]:
    """Her files, newest first, and the states of the jobs that make them."""
    files = list(StoredFile.objects.for_user(scope.user)[:SHOWN])
    waiting = [file.job_id for file in files if file.ready_at is None and file.job_id]
    return files, dict(Job.objects.filter(pk__in=waiting).values_list("pk", "state"))


def stored(scope: Scope, token: str) -> StoredFile:
    """One of her own files about the scope's unit; Http404 for any other."""
    file = StoredFile.objects.for_user(scope.user).filter(token=token, unit=scope.unit).first()
    if file is None:
        raise Http404
    return file


def today(scope: Scope) -> int:
    """Files she has asked for today."""
    held = DayCount.objects.filter(user=scope.user, day=timezone.localdate()).first()
    return held.count if held is not None else 0
