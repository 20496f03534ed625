"""Which rows a person asked for, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.http import Http404
from django.utils import timezone

from junheng.model import INPUTS, OUTPUTS, TABLES, Table
from junheng.report import ReportInput
from junheng.report import format as fmt
from junheng.report.export import About
from junheng.report.protected_rows import protected
from junheng.report.suppression import Audience
from junheng.web.files.protection import protection
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.units import tree
from junheng.web.units.models import Unit
from junheng.web.wording import say
from junheng.web.workspace import region, workspace

INPUT = "input"
"""Source of the region's own tables; any other source is a run's id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table asked for: `source` is "input" or a run's id; `version` is of input tables."""

    source: str
    table: str
    form: str
    version: str = ""
    stage: str = ""
    scenario: str = ""

    def plain(self) -> dict[str, str]:
        """As kept with a job."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows, already inside the scope and protected, with the version and run they are from."""

    table: Table
    frame: pl.DataFrame
    version: str
    run_id: str
    audience: Audience


def contents(scope: Scope, wanted: Wanted, audience: Audience) -> Contents:
    """The rows of what was asked for. Http404 for tables, versions and runs there are not, or not for her."""
    frame, version, run_id = _input(scope, wanted) if wanted.source == INPUT else _output(scope, wanted)
    if wanted.stage and "stage" in frame.columns:
        frame = frame.filter(pl.col("stage") == wanted.stage)
    table, shown = protected(
        TABLES[wanted.table], frame, protection(audience), _parents(scope, frame, audience)
    )
    return Contents(table, shown, version, run_id, audience)


def _input(scope: Scope, wanted: Wanted) -> tuple[pl.DataFrame, str, str]:
    store = workspace().store
    known = {version.id for version in store.versions()}
    if wanted.table not in INPUTS or (wanted.version and wanted.version not in known):
        raise Http404
    frame = reading.table(scope, wanted.table, wanted.version or None)
    newest = store.find(wanted.version or None)
    if frame is None or newest is None:
        raise Http404
    return frame, newest.id, ""


def _output(scope: Scope, wanted: Wanted) -> tuple[pl.DataFrame, str, str]:
    record = reading.visible(scope, wanted.source)
    if record is None or (wanted.table not in OUTPUTS and wanted.table != "scenario_levers"):
        raise Http404
    scenario = wanted.scenario or record.scenario or reading.BASE
    frame = reading.read(scope, record, wanted.table, scenario=scenario)
    if frame is None:
        raise Http404
    return frame, record.data_version, record.run_id


def _parents(scope: Scope, frame: pl.DataFrame, audience: Audience) -> dict[str, str]:
    """The unit above each unit the rows name; read only where counts are protected."""
    if audience != "public":
        return {}
    units = Unit.objects.within([scope.unit.path]).values_list("code", "path")
    return {code: path[: -tree.STEP] for code, path in units}


def about(scope: Scope, held: Contents, at: datetime) -> About:
    """Exporter, time, run or version, range and what was protected."""
    local = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    zh = scope.language == "zh"
    entries = [
        (say("files.about_table"), f"{held.table.zh if zh else held.table.en} {held.table.name}"),
        (say("files.about_rows"), held.table.about_zh if zh else held.table.about_en),
        (say("files.about_unit"), f"{scope.unit.name} {scope.unit.code}"),
        (say("files.about_version"), held.version or fmt.BLANK),
        (say("files.about_run"), held.run_id or fmt.BLANK),
        (say("files.about_count"), fmt.count(held.frame.height)),
        (say("files.about_small"), say(f"files.about_small_{held.audience}")),
        (say("files.about_who"), f"{scope.user.name} {scope.user.username}"),
        (say("files.about_when"), local),
    ]
    if region().synthetic:
        entries.append((say("files.about_note"), say("files.about_synthetic")))
    return About(say("files.about"), entries)


def naming(scope: Scope) -> ReportInput:
    """Names of units inside the scope, for the workbook."""
    named: Mapping[str, Any] = {
        name: frame for name in ("areas", "schools") if (frame := reading.table(scope, name)) is not None
    }
    return ReportInput(region(), named)


def file_name(scope: Scope, held: Contents, form: str) -> str:
    """As in 440103_2027_学位缺口_v7.xlsx."""
    table = held.table.zh if scope.language == "zh" else held.table.en.replace(" ", "-")
    parts = (scope.unit.code, str(scope.year), table, held.version)
    return "_".join(part for part in parts if part) + f".{form}"
