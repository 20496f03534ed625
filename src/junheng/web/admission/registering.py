"""Taking in the tables of the workspace, as a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

from junheng.web.house.calendar import school_year

VERB = "admission_take_in"


def work(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    """Carried out in the worker; what it leaves stands or falls with one transaction."""
    from junheng.web.admission.actions.registration import take_in  # noqa: PLC0415 - registered before models
    from junheng.web.admission.models import Entry  # noqa: PLC0415

    report("entry.job_reading", 0, None)
    entry = Entry.objects.select_related("unit").get(pk=job.args["entry"])
    return take_in(entry=entry, by=job.owner)


def leads_to(job: Any) -> str:
    """The entry."""
    from junheng.web.admission.models import Entry  # noqa: PLC0415

    entry = Entry.objects.filter(pk=job.args.get("entry")).select_related("unit").first()
    if entry is None:
        return ""
    parts = {"unit": entry.unit.code, "year": school_year(), "plan_id": entry.plan_id}
    return reverse("admission:entry", kwargs=parts)
