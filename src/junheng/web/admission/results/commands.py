"""The jobs of this part; the engine is loaded by the worker that runs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from junheng.web.admission.draws.commands import page_of
from junheng.web.admission.results import actions, verbs
from junheng.web.jobs import registry


def register_all(permission: str) -> None:
    """Name the verbs."""
    registry.register(
        verbs.PUBLISH,
        finish=actions.published,
        work=_publish,
        permission=permission,
        leads_to=page_of("results"),
        title="results.job_publish",
    )
    registry.register(
        verbs.ROUND,
        finish=actions.round_held,
        work=_round,
        permission=permission,
        leads_to=page_of("answers"),
        title="results.job_round",
    )
    registry.register(
        verbs.NOTICES,
        work=_notices,
        leads_to=page_of("notices"),
        title="results.job_notices",
    )


def _notices(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    from junheng.web.admission.results.notices import work  # noqa: PLC0415 - as above

    return work.make(job, report)


def _publish(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    from junheng.web.admission.results import work  # noqa: PLC0415 - as above

    return work.publish_entry(job, report)


def _round(job: Any, report: Callable[..., None]) -> Mapping[str, Any]:
    from junheng.web.admission.results import work  # noqa: PLC0415 - as above

    return work.hold_round(job, report)
