"""One object of every kind that addresses name, made once for a desk."""

from __future__ import annotations

from typing import Any


def made_objects(desk: Any) -> dict[str, Any]:
    """Values by the names `matrix.yaml` uses under `with`."""
    from junheng.web.jobs.actions import start
    from junheng.web.runs.models import RunRecord

    run = RunRecord.objects.first().run_id
    job = start(verb="verify", args={"run": run}, unit=desk.unit("region"), by=desk.person("planner"))
    return {"run": run, "job": job.pk, **_files(desk), "output_table": "seat_warnings", **FORMS, "school": desk.units["school"], "stage": "kindergarten"}


def strangers() -> dict[str, Any]:
    """The same names with ids nobody has."""
    return {
        "run": "year-000000000000",
        "job": 999_999,
        "file": "nobodys",
        "api_token": 999_999,
        "output_table": "no_such_table",
        "school": "nowhere",
        "stage": "no_such_stage",
        **FORMS,
    }


FORMS = {"page_form": "html", "file_form": "csv", "figure": "fan"}


def _files(desk: Any) -> dict[str, Any]:
    """A file the planner had made, and a token of hers."""
    from datetime import timedelta

    from django.utils import timezone

    from junheng.web.api.actions import create
    from junheng.web.files.actions import ask_table, keep
    from junheng.web.files.contents import Wanted, contents
    from junheng.web.house.scope import Scope

    planner = desk.person("planner")
    scope = Scope(planner, desk.unit("region"), 2026, "export")
    wanted = Wanted("input", "areas", "csv")
    file = ask_table(scope=scope, wanted=wanted, held=contents(scope, wanted, "bureau"))
    keep(token=file.token, content=b"area_code", rows=0)
    day = timezone.localdate() + timedelta(days=1)
    token, _ = create(by=planner, grant=planner.current_grants()[0].pk, name="matrix", valid_to=day)
    return {"file": file.token, "api_token": token.pk}
