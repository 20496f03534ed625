"""Where the results of this room's jobs are read."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from junheng.web.data_centre.models import Upload
from junheng.web.house.calendar import school_year


def upload(job: Any) -> str:
    """The page of the upload a job is about; nothing for an import that was not brought here."""
    return _of(job, "data:upload_one")


def mapping(job: Any) -> str:
    """The page of the upload's mapping."""
    return _of(job, "data:upload_mapping")


def _of(job: Any, view: str) -> str:
    held = Upload.objects.filter(pk=job.args.get("upload")).select_related("unit").first()
    if held is None:
        return ""
    return reverse(view, kwargs={"unit": held.unit.code, "year": held.year, "upload": held.pk})


def versions(job: Any) -> str:
    """The list of versions."""
    return reverse("data:versions", kwargs={"unit": job.unit.code, "year": school_year()})
