"""Addresses of this room that others are sent to."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone


def run_of_job(job: Any) -> str:
    """The page of the run a job is about."""
    year = timezone.localtime(job.created_at).year
    return reverse("manage:run", kwargs={"unit": job.unit.code, "year": year, "run_id": job.args["run"]})
