"""The way to pass as a command of the machine, and the page of its result."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from junheng.web.jobs.commands import desk_path
from junheng.web.workspace import workspace


def arguments(job: Any) -> list[str]:
    """`monitoring plan-to-pass` with the assessment, horizon, budget and levers of the job."""
    args = job.args
    chosen = ["monitoring", "plan-to-pass", str(workspace().path), "--assessment", args["assessment"]]
    if args.get("horizon"):
        chosen += ["--horizon", args["horizon"]]
    if args.get("budget") is not None:
        chosen += ["--budget", str(args["budget"])]
    if args.get("levers"):
        chosen += ["--levers", desk_path(args["levers"])]
    return [*chosen, "--report", desk_path(args["report"])]


def leads_to(job: Any) -> str:
    """The page that shows the plan."""
    year = timezone.localtime(job.created_at).year
    return reverse("balance:pass", kwargs={"unit": job.unit.code, "year": year})
