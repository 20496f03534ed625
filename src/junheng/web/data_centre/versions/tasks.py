"""What follows when a version has been restored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from junheng.web.audit.chain import record as audit
from junheng.web.units.actions import sync


def arguments(job: Any) -> list[str]:
    """The command that goes back to a version."""
    return ["restore", str(settings.WORKSPACE), job.args["version"]]


def restored(job: Any, result: Mapping[str, Any]) -> None:
    """Units follow the tables."""
    audit(
        "data.restored",
        by=job.owner,
        unit=job.unit,
        object=f"{job.args['version']} {result['version']}",
        reason=job.args.get("reason", ""),
    )
    sync(by=job.owner)
