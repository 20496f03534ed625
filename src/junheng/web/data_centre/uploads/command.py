"""An upload as arguments of the commands that read it, and whose rows it may bring."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from junheng.web.data_centre.models import Upload
from junheng.web.data_centre.uploads import files
from junheng.web.units.models import Unit
from junheng.web.workspace import region


def arguments(upload: Upload) -> dict[str, Any]:
    """Arguments of the jobs `preview` and `commit`."""
    return {
        "upload": upload.pk,
        "files": [str(files.original(upload.folder, file["name"])) for file in upload.files],
        "report": str(files.report(upload.folder)),
        "mapping": str(files.mapping(upload.folder)) if upload.mapping else "",
        "replace": upload.mode == Upload.REPLACE,
        **limits(upload.unit),
    }


def limits(unit: Unit) -> dict[str, list[str]]:
    """Whose rows may be new or changed: those of the unit and below, everything where that is the region."""
    if whole_region(unit):
        return {}
    return {"schools": [unit.code]} if unit.level == "school" else {"areas": [unit.code]}


def whole_region(unit: Unit) -> bool:
    """Whether the unit is the region served, or above it."""
    own = Unit.objects.filter(code=region().code).first()
    return own is not None and unit.holds(own)


def drafting(job: Any) -> list[str]:
    """The command that drafts a mapping from headings."""
    return ["import", str(settings.WORKSPACE), *job.args["files"], "--suggest-mapping"]
