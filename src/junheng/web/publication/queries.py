"""What there is to publish and what has been."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.data import publication
from junheng.data.publication import Edition
from junheng.web.house.scope import Scope
from junheng.web.jobs import queries as jobs
from junheng.web.jobs.models import Job
from junheng.web.publication.actions import VERB
from junheng.web.runs.models import RunRecord
from junheng.web.runs.queries import ANNUAL, listed
from junheng.web.workspace import region, workspace


@dataclass(frozen=True, slots=True)
class Shown:
    """The run that may be published, the editions there are, the person's publishing jobs still going on."""

    run: RunRecord | None
    editions: tuple[Edition, ...]
    jobs: tuple[Job, ...]
    map_approval: str
    has_map: bool


def shown(scope: Scope) -> Shown:
    """The state of publication."""
    ws = workspace()
    living = [job for job in jobs.mine(scope.user, 5) if job.verb == VERB and job.state != Job.DONE]
    return Shown(
        listed(scope, verb=ANNUAL, state=RunRecord.PUBLISHED).first(),
        tuple(publication.editions(ws.path)),
        tuple(living[:1]),
        region().map_approval,
        (ws.path / "maps" / "areas.geojson").is_file(),
    )
