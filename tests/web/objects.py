"""One object of every kind that addresses name, made once for a desk."""

from __future__ import annotations

from typing import Any


def made_objects(desk: Any) -> dict[str, Any]:
    """Values by the names `matrix.yaml` uses under `with`."""
    from junheng.web.jobs.actions import start
    from junheng.web.runs.models import RunRecord

    run = RunRecord.objects.first().run_id
    job = start(verb="verify", args={"run": run}, unit=desk.unit("region"), by=desk.person("planner"))
    return {"run": run, "job": job.pk}


def strangers() -> dict[str, Any]:
    """The same names with ids nobody has."""
    return {"run": "year-000000000000", "job": 999_999}
