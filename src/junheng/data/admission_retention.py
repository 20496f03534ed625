"""Data of children whose admission is over: the plan's folder and their rows in every version, erased once
the day of deletion of their plan is past. Seats, zones and sums stay; earlier uses of addresses are kept as
long as the rule on addresses asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from junheng import rules
from junheng.data.admission_folder import ROOM, AdmissionFolder, plan_file, plan_ids
from junheng.data.workspace import Workspace
from junheng.model.errors import JunhengError
from junheng.model.tables import admission
from junheng.rules import AdmissionPlan

OF_CHILDREN = tuple(
    table.name
    for table in admission.TABLES
    if "plan_id" in table.names and any(column.personal for column in table.columns)
)
"""Tables of which the rows of a plan are erased."""
ABOUT_CHILDREN = (*OF_CHILDREN, "address_uses")
"""Tables whose rows are for those alone who carry out the admission."""


def due(workspace: Workspace, today: date) -> list[str]:
    """Ids of plans whose day of deletion is past and of which children's data are left. A frozen plan's own
    day counts, not one written later."""
    folders = {one.name for one in (workspace.path / ROOM).glob("*") if one.is_dir()}
    held = _in_versions(workspace)
    found: list[str] = []
    for plan_id in sorted(folders | (held & set(plan_ids(workspace)))):
        plan = _plan(workspace, plan_id)
        if plan is not None and plan.delete_after is not None and plan.delete_after < today:
            found.append(plan_id)
    return found


def erase(workspace: Workspace, plan_id: str) -> tuple[bool, int]:
    """(whether there was a folder, rows of children that were there) after both are gone."""
    folder = AdmissionFolder(workspace, plan_id).erase()
    other = pl.col("plan_id") != plan_id
    return folder, workspace.store.erase(dict.fromkeys(OF_CHILDREN, other))


def _plan(workspace: Workspace, plan_id: str) -> AdmissionPlan | None:
    """The plan as frozen, else as it lies in the workspace; None where it cannot be read."""
    try:
        folder = AdmissionFolder(workspace, plan_id)
        if folder.exists:
            return folder.plan()
        return replace(rules.read_plan(plan_file(workspace, plan_id)), id=plan_id)
    except JunhengError:
        return None


def _in_versions(workspace: Workspace) -> set[str]:
    """Plans of which any version holds children."""
    store = workspace.store
    files: dict[str, pl.Series] = {}
    for version in store.versions():
        stored = version.tables.get("applicants")
        if stored is not None and stored.rows and stored.file not in files:
            files[stored.file] = store.table("applicants", stored)["plan_id"].unique()
    return {plan for plans in files.values() for plan in plans.to_list()}
