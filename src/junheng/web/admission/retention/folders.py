"""The workspace's own copies of children's data: a plan's folder and its rows in every version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from junheng.data import admission_retention
from junheng.web.workspace import workspace


def due_folders(_before: datetime) -> tuple[int, Callable[[], int]]:
    """Plans whose own day of deletion is past: that day counts, whatever the period of the catalogue."""

    def over() -> list[str]:
        return admission_retention.due(workspace(), timezone.localdate())

    def apply() -> int:
        plans = over()
        for plan_id in plans:
            admission_retention.erase(workspace(), plan_id)
        return len(plans)

    return len(over()), apply
