"""Addresses of this room that others are sent to."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone


def seats(job: Any) -> str:
    """The seats of the unit a run was started for: what one computed it to see."""
    year = timezone.localtime(job.created_at).year
    return reverse("forecast:seats", kwargs={"unit": job.unit.code, "year": year})


def comparison(job: Any) -> str:
    """The comparison of the scenario a job computed."""
    year = timezone.localtime(job.created_at).year
    where = reverse("forecast:compare", kwargs={"unit": job.unit.code, "year": year})
    return f"{where}?run={job.run_id}"
