"""The one door to rows: input tables and run outputs, filtered to what the scope may see.

Pages, the API, exports and jobs read through here. There is no way in without a scope.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from junheng.data import runs as stored
from junheng.data.admission_retention import ABOUT_CHILDREN
from junheng.data.runs import Run
from junheng.data.versions import Version
from junheng.model import INPUTS
from junheng.report import format as fmt
from junheng.web.accounts.roles import ADMIT, FROM_ABOVE
from junheng.web.house.scope import Scope
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import FRAMES, READINGS, book, region, workspace

BASE = "base"
_REMEDY = "lever_parameters"
_DRAWN_ON = {"to", "with"}
"""Parameters of a remedy that name other schools."""


def newest_version() -> Version | None:
    """The newest version of the workspace's tables."""
    return workspace().store.find()


def table(scope: Scope, name: str, version: str | None = None) -> pl.DataFrame | None:
    """Rows of an input table inside the scope; None when the region has no such table. Rows about single
    persons are for those who work in a unit, not for who only looks down on it; rows about children are for
    those who carry out its admission."""
    if withheld(scope, name):
        return None
    store = workspace().store
    found = store.find(version)
    if found is None or name not in found.tables:
        return None
    held = found.tables[name]
    whole_table = ("table", held.file)
    return FRAMES.get(
        (*whole_table, *_reach(scope)),
        lambda: within(FRAMES.get(whole_table, lambda: store.table(name, held)), scope),
    )


def withheld(scope: Scope, name: str) -> bool:
    """Whether an input table is not for this person."""
    if name in ABOUT_CHILDREN:
        return not scope.may(ADMIT)
    return name in INPUTS and INPUTS[name].of_persons and _looks_down(scope)


def current(scope: Scope) -> RunRecord | None:
    """The annual run shown to this person: the newest published one; for those who forecast, also a newer
    one that is still in draft."""
    records = RunRecord.objects.filter(verb="year")
    if not scope.may("forecast"):
        records = records.filter(state=RunRecord.PUBLISHED)
    return records.order_by("-made_at", "-id").first()


def current_once(scope: Scope) -> RunRecord | None:
    """`current`, looked up once for each person object, which lives as long as a request: for what only
    reads, where several rooms ask the same on one page."""
    kept_runs: dict[str, Any] = vars(scope.user)
    key = f"_current_{scope.may('forecast')}"
    if key not in kept_runs:
        kept_runs[key] = current(scope)
    return kept_runs[key]


def visible(scope: Scope, run_id: str) -> RunRecord | None:
    """The run called `run_id` if this person may see it."""
    return seen(scope).filter(run_id=run_id).first()


def seen(scope: Scope) -> Any:
    """Runs this person may see: all for those who forecast, reviewed ones for those who publish, published
    and superseded ones for everyone."""
    if scope.may("forecast"):
        return RunRecord.objects.all()
    states = [RunRecord.PUBLISHED, RunRecord.SUPERSEDED]
    return RunRecord.objects.filter(
        state__in=[*states, RunRecord.REVIEWED] if scope.may("publish") else states
    )


def run(run_id: str) -> Run:
    """The stored run, for its record (inputs, options, rules), not for its rows; read again when changed."""
    place = workspace().runs / run_id / stored.RECORD
    changed = place.stat().st_mtime_ns if place.is_file() else 0
    return _loaded(str(workspace().path), run_id, changed)


@lru_cache(maxsize=64)
def _loaded(_workspace: str, run_id: str, _changed: int) -> Run:
    return stored.load(workspace(), run_id)


def read(
    scope: Scope, record: RunRecord, name: str, *, scenario: str = BASE, where: pl.Expr | None = None
) -> pl.DataFrame | None:
    """Rows of a run's output table inside the scope, of one scenario; None when the run has no such table.

    `where` narrows further in the same pass, which spares copying a province's rows to keep a few.
    """
    digest = run(record.run_id).record.outputs.get(name)
    if digest is None:
        return None

    def narrowed() -> pl.DataFrame:
        frame = whole(record, name)
        if frame is None:  # the run was replaced between two readings
            raise KeyError(name)
        kept = [] if where is None else [where]
        if "scenario" in frame.columns:
            kept.append(pl.col("scenario") == scenario)
        return within(frame.filter(*kept) if kept else frame, scope)

    return FRAMES.get(("read", record.run_id, digest, scenario, str(where), *_reach(scope)), narrowed)


def whole(record: RunRecord, name: str) -> pl.DataFrame | None:
    """A run's table unfiltered, for jobs of the region itself; rooms read by `read`."""
    held = run(record.run_id)
    if name not in held.record.outputs:
        return None
    return FRAMES.get(("run", record.run_id, name, held.record.outputs[name]), lambda: held.table(name))


def derived(
    scope: Scope, record: RunRecord, name: str, make: Callable[[Raw], pl.DataFrame], *, salt: str = ""
) -> pl.DataFrame:
    """A frame worked out once from whole tables (`make` gets them by name: the run's, else those of the data
    version it was made from) and kept, then filtered to the scope like any other. It must name its units.
    `salt` tells apart frames of one name that depend on more than the run."""
    raw = Raw(record)
    key = ("derived", name, record.run_id, record.data_version, salt)
    return FRAMES.get((*key, *_reach(scope)), lambda: within(FRAMES.get(key, lambda: make(raw)), scope))


def kept(scope: Scope, record: RunRecord, name: str, make: Callable[[Scope], Any], *parts: Hashable) -> Any:
    """What `make` works out of a run, its data, the rules and `parts`, kept for whoever asks the same next.

    `make` gets the scope of anyone with the person's grants: these are part of the key, and nothing else of
    hers may show in what it returns, which nobody may change.
    """
    grants = frozenset((grant.role, grant.unit.path) for grant in scope.grants)
    view = (scope.unit.path, scope.year, scope.permission, scope.stage, scope.language, grants)
    basis = (record.run_id, tuple(run(record.run_id).record.outputs.items()), record.data_version)
    rules = (book(), repr(region()), scope.register.stamp, str(workspace().path))
    return READINGS.get((name, *parts, *view, *basis, *rules), lambda: make(scope.of_anyone()))


@dataclass(frozen=True, slots=True)
class Raw:
    """Whole tables behind a run, for `derived` alone."""

    record: RunRecord

    def output(self, name: str) -> pl.DataFrame | None:
        """A table of the run, the base scenario."""
        frame = whole(self.record, name)
        if frame is not None and "scenario" in frame.columns:
            frame = frame.filter(pl.col("scenario") == BASE)
        return frame

    def input(self, name: str) -> pl.DataFrame | None:
        """A table of the data version the run was made from, of the newest when that is not known."""
        store = workspace().store
        found = store.find(self.record.data_version or None)
        return None if found is None or name not in found.tables else store.table(name, found.tables[name])


def within(frame: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Rows about the scope's unit or a unit below it. Rows that name no unit (assumptions, national paths)
    are for those who see the whole region."""
    codes = _codes(scope)
    if codes is None:
        return frame
    named = [name for name in ("unit_code", "school_id", "area_code", "area") if name in frame.columns]
    if not named:
        return frame.clear()
    return _unnamed(frame.filter(pl.col(named[0]).is_in(codes)), set(codes))


def _looks_down(scope: Scope) -> bool:
    """Whether all the person may do here is to look on from a level above."""
    return all(grant.role in FROM_ABOVE for grant in scope.grants)


def _reach(scope: Scope) -> tuple[str, ...]:
    """What tells the rows one scope sees from those of another: equal only for equal units below."""
    codes = _codes(scope)
    return ("all",) if codes is None else (scope.unit.path, str(hash(tuple(codes))))


def _unnamed(frame: pl.DataFrame, codes: set[str]) -> pl.DataFrame:
    """Remedies without the neighbours they would draw on: who they are is for those who see them too."""
    if _REMEDY not in frame.columns:
        return frame

    def own(text: str) -> str:
        held = parameters(text)
        for name in _DRAWN_ON & set(held):
            if isinstance(held[name], list):
                held[name] = [code for code in held[name] if code in codes]
            elif held[name] not in codes:
                held[name] = fmt.BLANK
        return json.dumps(held, ensure_ascii=False)

    return frame.with_columns(pl.col(_REMEDY).map_elements(own, return_dtype=pl.String))


def sees_whole_region(scope: Scope) -> bool:
    """Whether the scope's unit is the region served or one above it."""
    return _codes(scope) is None


def _codes(scope: Scope) -> list[str] | None:
    """Codes of the scope's units, None for the region served and all above it."""
    own = scope.register.by_code.get(region().code)
    if own is not None and own.path.startswith(scope.unit.path):
        return None
    return [unit.code for unit in scope.register.within(scope.unit.path)]


def parameters(text: str | None) -> dict[str, Any]:
    """Parameters kept as JSON in a column."""
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
