"""The check of many children, as a job; by the rights its owner has when it is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse


def work(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    """Carried out in the worker, part by part; begun again after an interruption it goes on with the rest."""
    from junheng.web.admission import child_queries  # noqa: PLC0415 - registered before models
    from junheng.web.admission.actions import batches  # noqa: PLC0415
    from junheng.web.admission.models import Entry  # noqa: PLC0415
    from junheng.web.house.scope import Scope  # noqa: PLC0415
    from junheng.web.units.models import Unit  # noqa: PLC0415

    entry = Entry.objects.select_related("unit").get(pk=job.args["entry"])
    by, args = job.owner, job.args
    if args["back"]:
        at = datetime.fromisoformat(args["back"])
        total = batches.untouched(entry, by, at).count()
        return batches.take_back(entry=entry, by=by, at=at, told=_telling(report, total))
    scope = Scope(by, Unit.objects.get(pk=args["unit"]), args["year"], "register")
    wanted = child_queries.asked(args["filters"])
    numbers = child_queries.numbers(scope, entry, wanted)
    at = datetime.fromisoformat(args["at"])
    return batches.pass_many(entry=entry, numbers=numbers, by=by, at=at, told=_telling(report, len(numbers)))


def _telling(report: Callable[..., None], total: int) -> Callable[[int], None]:
    report("child.job_checking", 0, total)
    return lambda done: report("child.job_checking", done, total)


def leads_to(job: Any) -> str:
    """The queue of checks."""
    from junheng.web.admission.models import Entry  # noqa: PLC0415

    entry = Entry.objects.filter(pk=job.args.get("entry")).first()
    if entry is None:
        return ""
    parts = {"unit": job.unit.code, "year": job.args["year"], "plan_id": entry.plan_id}
    return reverse("admission:children", kwargs=parts)
