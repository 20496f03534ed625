"""Where an entry's frozen files lie."""

from __future__ import annotations

from pathlib import Path

from junheng.data.admission_folder import DRAW, AdmissionFolder
from junheng.web.workspace import workspace


def folder_of(plan_id: str) -> AdmissionFolder:
    """The entry's folder in the workspace."""
    return AdmissionFolder(workspace(), plan_id)


def draw_path(plan_id: str) -> Path:
    """The folder of its public draw."""
    return folder_of(plan_id).path(DRAW)
