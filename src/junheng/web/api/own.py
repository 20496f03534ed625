"""What the caller may do, her jobs, and how the installation stands."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from junheng import __version__
from junheng.web.accounts.roles import ROLES
from junheng.web.api.asking import Paged, closed, page
from junheng.web.api.problems import DECLARED
from junheng.web.api.tables import Nothing
from junheng.web.house.health import checks
from junheng.web.jobs.models import Job
from junheng.web.runs import reading
from junheng.web.workspace import region

router = Router(tags=["own"])


class GrantOut(Schema):
    """A role on a unit."""

    role: str
    unit: str
    unit_name: str
    permissions: list[str]
    valid_to: str | None


class Me(Schema):
    """Who asks, and with what rights."""

    username: str
    name: str
    grants: list[GrantOut]


class JobOut(Schema):
    """One's own job."""

    id: int
    verb: str
    unit: str
    state: str = Field(description="waiting, running, done, failed, cancelled or lost")
    done: int | None
    total: int | None
    run: str = Field(description="The run it made, if it made one")
    created_at: str
    ended_at: str | None


class Jobs(Schema):
    """A page of jobs, newest first."""

    count: int
    items: list[JobOut]


class WantedJobs(Paged):
    """Which jobs."""

    state: Literal["", "waiting", "running", "done", "failed", "cancelled", "lost"] = ""


class Health(Schema):
    """How the installation stands."""

    ready: bool
    software: str
    region: str
    data_version: str | None
    checks: dict[str, bool]


@router.get("/me", response={200: Me, **DECLARED}, summary="Who you are here, and what you may do")
def me(request: HttpRequest) -> Any:
    """With a token, its one grant."""
    closed(request, Nothing)
    user: Any = request.user
    return {
        "username": user.username,
        "name": user.name,
        "grants": [
            {
                "role": grant.role,
                "unit": grant.unit.code,
                "unit_name": grant.unit.name,
                "permissions": sorted(ROLES[grant.role].permissions),
                "valid_to": grant.valid_to.isoformat() if grant.valid_to else None,
            }
            for grant in user.current_grants()
        ],
    }


@router.get("/jobs", response={200: Jobs, **DECLARED}, summary="Your own jobs, newest first")
def jobs(request: HttpRequest, asked: Query[WantedJobs]) -> Any:
    """On units where the caller holds anything."""
    closed(request, WantedJobs)
    user: Any = request.user
    found = Job.objects.filter(owner=user).select_related("unit").order_by("-id")
    if asked.state:
        found = found.filter(state=asked.state)
    mine = [job for job in found if any(grant.unit.holds(job.unit) for grant in user.current_grants())]
    return {"count": len(mine), "items": [_told(job) for job in page(mine, asked)]}


def _told(job: Job) -> dict[str, Any]:
    return {
        "id": job.pk,
        "verb": job.verb,
        "unit": job.unit.code,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "run": job.run_id,
        "created_at": job.created_at.isoformat(),
        "ended_at": job.ended_at.isoformat() if job.ended_at else None,
    }


@router.get("/health", response={200: Health, **DECLARED}, summary="How the installation stands")
def health(request: HttpRequest) -> Any:
    """What must hold by name, software and data version."""
    closed(request, Nothing)
    held = checks()
    newest = reading.newest_version()
    return {
        "ready": all(held.values()),
        "software": __version__,
        "region": region().code,
        "data_version": newest.id if newest else None,
        "checks": held,
    }
