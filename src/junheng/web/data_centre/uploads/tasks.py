"""What an upload becomes when its job has ended; called in the transaction that ends the job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from junheng.web.audit.chain import record as audit
from junheng.web.data_centre.corrections.tasks import corrected
from junheng.web.data_centre.mappings.reading import for_any_name
from junheng.web.data_centre.models import Upload
from junheng.web.data_centre.uploads.actions import commit
from junheng.web.units.actions import sync

MOST_GROUPS = 300
MOST_HEADINGS = 60


def previewed(job: Any, result: Mapping[str, Any]) -> None:
    """Keep the summary; the upload is faulty or ready."""
    upload = _of(job)
    if upload is None:
        return
    groups = list(result.get("groups", ()))
    unused = [{**one, "headings": one["headings"][:MOST_HEADINGS]} for one in result.get("unused", ())][
        :MOST_GROUPS
    ]
    upload.summary = {**result, "groups": groups[:MOST_GROUPS], "causes": len(groups), "unused": unused}
    upload.base_version = result["base_version"]
    upload.state = Upload.FAULTY if result["errors"] else Upload.READY
    upload.row_version += 1
    upload.save()
    audit(
        "upload.checked",
        by=job.owner,
        unit=upload.unit,
        object=str(upload.pk),
        diff={name: result[name] for name in ("errors", "warnings", "notes")},
    )
    if upload.state == Upload.READY and upload.corrections.exists():
        commit(upload=upload, by=job.owner, note="", row_version=upload.row_version)


def committed(job: Any, result: Mapping[str, Any]) -> None:
    """Note the version made; new areas and schools are units at once."""
    upload = _of(job)
    if upload is not None:
        upload.state, upload.version_id = Upload.COMMITTED, result.get("version") or ""
        upload.committed_at = timezone.now()
        upload.row_version += 1
        upload.save()
        for file in upload.files:
            audit(
                "data.committed",
                by=job.owner,
                unit=upload.unit,
                object=f"{upload.version_id} {file['name']}",
                reason=upload.reason or upload.note,
                diff={"mode": upload.mode, "tables": _counts(result)},
                file_sha256=file["sha256"],
            )
        corrected(upload)
    sync(by=job.owner)


def _counts(result: Mapping[str, Any]) -> dict[str, Any]:
    wanted = ("rows", "new", "changed")
    return {one["table"]: {name: one[name] for name in wanted} for one in result.get("tables", ())}


def drafted(job: Any, result: Mapping[str, Any]) -> None:
    """Keep the drafted mapping; the page of the mapping shows it."""
    upload = _of(job)
    if upload is not None:
        upload.draft = for_any_name(result["mapping"], [file["name"] for file in upload.files])
        upload.state = Upload.FAULTY if upload.summary else Upload.RECEIVED
        upload.row_version += 1
        upload.save()


def _of(job: Any) -> Upload | None:
    """The upload a job is about, unless a later job has taken its place."""
    return Upload.objects.select_for_update().filter(pk=job.args.get("upload"), job=job).first()
