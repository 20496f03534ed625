"""The table of evidence as a job: the import everyone uses, and what is written down when it has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from junheng.web.audit.chain import record as audit
from junheng.web.house.calendar import school_year


def taken(job: Any, result: Mapping[str, Any]) -> None:
    """Write down which version holds the evidence now."""
    audit(
        "balance.evidence_taken",
        by=job.owner,
        unit=job.unit,
        object=str(result.get("version") or ""),
        diff=job.args["counts"],
        file_sha256=job.args["sha256"],
    )


def leads_to(job: Any) -> str:
    """The list of evidence."""
    return reverse("balance:evidence", kwargs={"unit": job.unit.code, "year": school_year()})
