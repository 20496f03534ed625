"""What may be done with an upload: received, given a mapping, checked, committed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng.model.errors import Refused
from junheng.report import format as fmt
from junheng.web.accounts.roles import FILL, IMPORT
from junheng.web.audit.chain import record as audit
from junheng.web.data_centre.collecting.queries import closed_units
from junheng.web.data_centre.mappings import reading
from junheng.web.data_centre.models import Correction, Upload
from junheng.web.data_centre.uploads import files as kept
from junheng.web.data_centre.uploads.command import arguments, whole_region
from junheng.web.jobs.actions import start
from junheng.web.wording import language

MOST_FILES = 20
OPEN = (Upload.RECEIVED, Upload.FAULTY, Upload.READY, Upload.FAILED)
"""States in which an upload may be checked (again)."""


def receive(
    *,
    by: Any,
    unit: Any,
    year: int,
    files: Sequence[Any],
    mode: str = Upload.MERGE,
    reason: str = "",
    mapping: str = "",
    mapping_name: str = "",
    follows: Upload | None = None,
    correction: int | None = None,
) -> Upload:
    """Keep files for this unit and have them checked.

    PermissionDenied without `fill` or `import` on the unit. Refused without files, with too many, with
    empty or too large ones, and for replacing whole tables without `import` on the region or without a
    reason.
    """
    _may(by, unit)
    _acceptable(files)
    if mode == Upload.REPLACE:
        if not (by.may(IMPORT, unit) and whole_region(unit)):
            raise PermissionDenied(IMPORT)
        if not reason.strip():
            raise Refused("data_centre.replace_needs_reason", {})
    elif mode != Upload.MERGE:
        raise Refused("data_centre.mode_unknown", {})
    folder, held = kept.keep(files)
    try:
        return _received(
            by=by,
            unit=unit,
            year=year,
            folder=folder,
            files=held,
            mode=mode,
            reason=reason.strip(),
            mapping=mapping,
            mapping_name=mapping_name,
            follows=follows,
            correction=correction,
        )
    except BaseException:
        kept.forget(folder)
        raise


def _acceptable(files: Sequence[Any]) -> None:
    if not files:
        raise Refused("data_centre.no_files", {})
    if len(files) > MOST_FILES:
        raise Refused("data_centre.too_many_files", {"count": len(files), "most": MOST_FILES})
    limit = settings.UPLOAD_LIMIT_BYTES
    for file in files:
        if not file.size:
            raise Refused("data_centre.file_is_empty", {"file": kept.safe_name(file.name)})
    if (total := sum(file.size for file in files)) > limit:
        raise Refused("data_centre.files_too_large", {"size": _megabytes(total), "most": _megabytes(limit)})


def _megabytes(size: int) -> str:
    return fmt.decimal(size / 1024**2, 1 if size < 100 * 1024**2 else 0)


@transaction.atomic
def _received(*, by: Any, unit: Any, correction: int | None, **fields: Any) -> Upload:
    upload = Upload.objects.create(by=by, unit=unit, **fields)
    if correction is not None:
        Correction.objects.filter(pk=correction).update(upload=upload)
    for file in upload.files:
        audit(
            "upload.received",
            by=by,
            unit=unit,
            object=f"{upload.pk} {file['name']}",
            reason=upload.reason,
            diff={"size": file["size"], "mode": upload.mode},
            file_sha256=file["sha256"],
        )
    return check(upload=upload, by=by)


@transaction.atomic
def check(*, upload: Upload, by: Any) -> Upload:
    """Have the files read and checked again, nothing stored. Refused while a job is under way or after the
    commit."""
    held = _locked(upload, by, OPEN)
    kept.write_mapping(held.folder, held.mapping)
    job = start(verb="preview", args=arguments(held), unit=held.unit, by=by, queue=_queue(held))
    held.state, held.job, held.summary = Upload.CHECKING, job, {}
    held.row_version += 1
    held.save()
    return held


@transaction.atomic
def draft_mapping(*, upload: Upload, by: Any) -> Upload:
    """Have a mapping drafted from the headings of the files."""
    held = _locked(upload, by, OPEN)
    args = {**arguments(held), "upload": held.pk}
    held.job = start(verb="draft_mapping", args=args, unit=held.unit, by=by, queue="quick")
    held.state = Upload.CHECKING
    held.row_version += 1
    held.save()
    return held


@transaction.atomic
def set_mapping(*, upload: Upload, by: Any, text: str, name: str = "") -> Upload:
    """Read the files by this mapping from now on, and check them again. BadData lists what is wrong in it."""
    held = _locked(upload, by, OPEN)
    if text.strip():
        reading.mapping(text)
    held.mapping, held.mapping_name = text, name
    held.save()
    audit(
        "upload.mapped",
        by=by,
        unit=held.unit,
        object=str(held.pk),
        diff={"mapping": name, "characters": len(text)},
    )
    return check(upload=held, by=by)


@transaction.atomic
def commit(*, upload: Upload, by: Any, note: str, row_version: int) -> Upload:
    """Have the checked files stored as one new version, all or nothing.

    Refused when the upload has changed since the page was made, holds faults, or touches rows of units that
    have handed in.
    """
    held = _locked(upload, by, (Upload.READY,))
    if held.row_version != row_version:
        raise Refused("data_centre.upload_changed", {})
    touched = kept.told(held.folder, "units.json").get("touched", [])
    if closed := closed_units(touched, held.corrections.exists()):
        names = fmt.listed([unit.name for unit in closed[:5]], language())
        raise Refused("data_centre.units_handed_in", {"count": len(closed), "units": names})
    held.note = note.strip()
    args = {**arguments(held), "base": held.base_version, "note": held.note or _note(held)}
    held.job = start(verb="commit", args=args, unit=held.unit, by=by, queue=_queue(held))
    held.state = Upload.COMMITTING
    held.row_version += 1
    held.save()
    return held


def _note(upload: Upload) -> str:
    """What a version is noted as when nobody wrote anything: unit and files."""
    return f"{upload.unit.name} · {'、'.join(file['name'] for file in upload.files)}"[:200]


def _queue(upload: Upload) -> str:
    """A school's small table does not wait behind a province's forecast."""
    return "quick" if sum(file["size"] for file in upload.files) < QUICK_BYTES else "heavy"


QUICK_BYTES = 2 * 1024 * 1024


def _may(by: Any, unit: Any) -> None:
    if not (by.may(FILL, unit) or by.may(IMPORT, unit)):
        raise PermissionDenied(FILL)


def _locked(upload: Upload, by: Any, states: Sequence[str]) -> Upload:
    _may(by, upload.unit)
    held = Upload.objects.select_for_update().select_related("unit").get(pk=upload.pk)
    if held.now not in states:
        raise Refused("data_centre.upload_in_state", {"state": held.now})
    return held
