"""The jobs of this part: who may see them, what carries them out, where their result is read.

The engine is loaded by the worker that runs it, not by every web process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

from junheng.web.admission.draws import verbs
from junheng.web.admission.draws.actions import ceremony, freezing
from junheng.web.jobs import registry


def register_all(permission: str) -> None:
    """Name the verbs."""
    registry.register(
        verbs.TRIAL, work=_trial, permission=permission, leads_to=page_of("trial"), title="draws.job_trial"
    )
    registry.register(
        verbs.FREEZE,
        finish=freezing.frozen,
        failed=freezing.not_frozen,
        work=_freeze,
        permission=permission,
        leads_to=page_of("freeze"),
        title="draws.job_freeze",
    )
    registry.register(
        verbs.ANNOUNCE,
        finish=freezing.announced,
        work=_announce,
        permission=permission,
        leads_to=page_of("freeze"),
        title="draws.job_announce",
    )
    registry.register(
        verbs.DRAW,
        finish=ceremony.held,
        work=_hold,
        permission=permission,
        leads_to=page_of("ceremony"),
        title="draws.job_draw",
    )
    registry.register(
        verbs.ASSIGN,
        finish=ceremony.held,
        work=_assign,
        permission=permission,
        leads_to=page_of("results"),
        title="draws.job_assign",
    )


def _trial(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    from junheng.web.admission.draws import trying  # noqa: PLC0415 - as above

    return trying.try_out(job, report)


def _freeze(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    from junheng.web.admission.draws import work  # noqa: PLC0415 - as above

    return work.freeze_entry(job, report)


def _announce(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    from junheng.web.admission.draws import work  # noqa: PLC0415 - as above

    return work.announce_draw(job, report)


def _hold(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    from junheng.web.admission.draws import work  # noqa: PLC0415 - as above

    return work.hold(job, report)


def _assign(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    from junheng.web.admission.draws import work  # noqa: PLC0415 - as above

    return work.assign(job, report)


def page_of(view: str) -> Callable[[Any], str]:
    """Address of a page of the job's entry."""

    def address(job: Any) -> str:
        from junheng.web.admission.models import Entry  # noqa: PLC0415 - models must be ready

        entry = Entry.objects.select_related("unit").get(pk=job.args["entry"])
        parts = {"unit": entry.unit.code, "year": entry.year, "plan_id": entry.plan_id}
        return reverse(f"admission:{view}", kwargs=parts)

    return address
