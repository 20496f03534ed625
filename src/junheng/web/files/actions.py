"""Taking files: counted by the day, made at once or in the background, written down with digest and rows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.data.atomic import write_bytes
from junheng.data.digest import bytes_digest
from junheng.model.errors import Refused
from junheng.report.export import SHEET_ROWS, export
from junheng.web.accounts.roles import EXPORT
from junheng.web.audit.chain import record as audit
from junheng.web.files.contents import Contents, Wanted, about, file_name, naming
from junheng.web.files.models import DayCount, StoredFile
from junheng.web.files.reports import WantedReport
from junheng.web.house.scope import Scope
from junheng.web.jobs import actions as jobs

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A file handed out."""

    name: str
    media: str
    content: bytes


def take_table(*, scope: Scope, wanted: Wanted, held: Contents) -> Taken:
    """A table made and handed out at once. PermissionDenied without `export`; Refused over the day's limit or
    for a workbook of too many rows."""
    _may(scope)
    _fits(held, wanted.form)
    now = timezone.now()
    content = build(scope, wanted, held, now)
    name = file_name(scope, held, wanted.form)
    with transaction.atomic():
        _count(scope.user)
        _note(
            "export.taken", scope, name, content, held.run_id, {**wanted.plain(), "rows": held.frame.height}
        )
    return Taken(name, MEDIA[wanted.form], content)


def build(scope: Scope, wanted: Wanted, held: Contents, at: datetime) -> bytes:
    """The file's bytes."""
    form: Any = wanted.form
    return export(form, held.table, held.frame, about(scope, held, at), naming(scope), scope.language)


@transaction.atomic
def ask_table(*, scope: Scope, wanted: Wanted, held: Contents) -> StoredFile:
    """Have a larger table made in the background. Refused as in `take_table`."""
    _may(scope)
    _fits(held, wanted.form)
    _count(scope.user)
    file = _file(scope, StoredFile.TABLE, wanted.plain(), held.audience, file_name(scope, held, wanted.form))
    file.media, file.rows, file.run_id = MEDIA[wanted.form], held.frame.height, held.run_id
    return _started(file, scope, "export")


@transaction.atomic
def take_report(*, scope: Scope, asked: WantedReport, name: str, media: str, content: bytes) -> Taken:
    """A report that is there, handed out. PermissionDenied without `export`; Refused over the day's limit."""
    _may(scope)
    _count(scope.user)
    _note("export.taken", scope, name, content, asked.run_id, asked.plain())
    return Taken(name, media, content)


@transaction.atomic
def ask_report(*, scope: Scope, asked: WantedReport, name: str, media: str) -> StoredFile:
    """Have a report made in another form. PermissionDenied without `export` for anything but the page itself;
    Refused over the day's limit."""
    if asked.form != "html":
        _may(scope)
    _count(scope.user)
    file = _file(scope, StoredFile.REPORT, asked.plain(), asked.audience, name)
    file.media, file.run_id = media, asked.run_id
    return _started(file, scope, "report")


@transaction.atomic
def ask_letters(
    *, scope: Scope, wanted: dict[str, str], name: str, media: str, verb: str, args: dict[str, Any]
) -> StoredFile:
    """Have papers for many made in the background by a room's own verb, whose job gets `token` beside `args`.
    PermissionDenied without `export`; Refused over the day's limit."""
    _may(scope)
    _count(scope.user)
    file = _file(scope, StoredFile.LETTERS, wanted, "bureau", name)
    file.media = media
    return _started(file, scope, verb, args, "heavy")


@transaction.atomic
def keep(*, token: str, content: bytes, rows: int | None = None) -> StoredFile:
    """Put a made file where its owner finds it, and write down that it was made."""
    file = StoredFile.objects.select_for_update().get(token=token)
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    write_bytes(path_of(file), content)
    path_of(file).chmod(0o600)
    file.size, file.sha256, file.ready_at = len(content), bytes_digest(content), timezone.now()
    file.rows = rows if rows is not None else file.rows
    file.save()
    audit(
        "export.made",
        by=file.owner,
        unit=file.unit,
        object=file.name,
        file_sha256=file.sha256,
        run_id=file.run_id,
        diff={**file.wanted, "rows": file.rows},
    )
    return file


@transaction.atomic
def take_stored(*, scope: Scope, file: StoredFile) -> Taken:
    """A file made before, handed to its owner. Refused when it is not there yet, gone or no longer what was
    made."""
    if file.kind != StoredFile.REPORT or file.wanted.get("form") != "html":
        _may(scope)
    place = path_of(file)
    if file.ready_at is None or not place.is_file():
        raise Refused("files.not_ready", {"name": file.name})
    content = place.read_bytes()
    if bytes_digest(content) != file.sha256:
        raise Refused("files.changed", {"name": file.name})
    _note("export.taken", scope, file.name, content, file.run_id, {**file.wanted, "rows": file.rows})
    return Taken(file.name, file.media, content)


@transaction.atomic
def purge(*, now: datetime | None = None) -> int:
    """Delete files whose time is over, and what lies in the folder without a row; returns how many went."""
    now = now or timezone.now()
    gone = 0
    for file in StoredFile.objects.filter(removed_at__isnull=True, expires_at__lte=now):
        path_of(file).unlink(missing_ok=True)
        file.removed_at = now
        file.save(update_fields=["removed_at"])
        gone += 1
    kept = set(StoredFile.objects.filter(removed_at__isnull=True).values_list("token", flat=True))
    for stray in folder().glob("*") if folder().is_dir() else ():
        if stray.name not in kept:
            stray.unlink(missing_ok=True)
            gone += 1
    DayCount.objects.filter(day__lt=timezone.localdate(now) - timedelta(days=31)).delete()
    return gone


def folder() -> Path:
    """Where files wait for their owners."""
    return Path(settings.MEDIA_ROOT) / "exports"


def path_of(file: StoredFile) -> Path:
    """A file's place: named by its token, never by what the person called it."""
    return folder() / file.token


def _may(scope: Scope) -> None:
    if not scope.may(EXPORT):
        raise PermissionDenied(EXPORT)


def _fits(held: Contents, form: str) -> None:
    if form == "xlsx" and held.frame.height > SHEET_ROWS:
        raise Refused("files.too_many_rows", {"rows": held.frame.height, "limit": SHEET_ROWS})


def _count(user: Any) -> None:
    """One more file today; Refused beyond the limit."""
    day = timezone.localdate()
    DayCount.objects.get_or_create(user=user, day=day)
    held = DayCount.objects.select_for_update().get(user=user, day=day)
    if held.count >= settings.EXPORTS_A_DAY:
        raise Refused("files.too_many_today", {"limit": settings.EXPORTS_A_DAY})
    held.count += 1
    held.save()


def _file(scope: Scope, kind: str, wanted: dict[str, str], audience: str, name: str) -> StoredFile:
    return StoredFile(
        token=secrets.token_urlsafe(24),
        kind=kind,
        owner=scope.user,
        unit=scope.unit,
        year=scope.year,
        wanted=wanted,
        audience=audience,
        name=name,
        expires_at=timezone.now() + timedelta(hours=settings.EXPORT_KEPT_HOURS),
    )


def _started(
    file: StoredFile, scope: Scope, verb: str, more: dict[str, Any] | None = None, queue: str = "quick"
) -> StoredFile:
    args = {**(more or {}), "token": file.token, "language": scope.language}
    file.job_id = jobs.start(verb=verb, args=args, unit=scope.unit, by=scope.user, queue=queue).pk
    file.save()
    return file


def _note(verb: str, scope: Scope, name: str, content: bytes, run_id: str, diff: dict[str, Any]) -> None:
    digest = bytes_digest(content)
    audit(verb, by=scope.user, unit=scope.unit, object=name, file_sha256=digest, run_id=run_id, diff=diff)
