"""Where collections and submissions stand, inside a scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.http import Http404
from django.urls import NoReverseMatch
from django.utils import timezone

from junheng.data.unit_limits import unit_column
from junheng.model import INPUTS
from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import COLLECT, FILL, ROLES
from junheng.web.data_centre.models import Collection, Correction, Submission, SubmissionEvent
from junheng.web.house.navigation import name_of
from junheng.web.house.scope import Scope
from junheng.web.units import tree
from junheng.web.units.models import Unit
from junheng.web.workspace import FRAMES, workspace

OPEN = (Submission.FILLING, Submission.RETURNED)


@dataclass(frozen=True, slots=True)
class Standing:
    """One collection inside a scope: its submissions there (without the collecting unit's own), how many in
    each state, the collecting unit's own part, and whether its day has passed."""

    collection: Collection
    submissions: tuple[Submission, ...]
    own: Submission | None
    today: date
    areas: Mapping[str, Unit]
    """Areas above the submitting units by path."""

    def area_code(self, one: Submission) -> str:
        """Code of the area a unit lies in."""
        area = self.areas.get(tree.parent(one.unit.path))
        return area.code if area else ""

    def area_name(self, one: Submission, scope: Scope) -> str:
        """Name of the area a unit lies in."""
        area = self.areas.get(tree.parent(one.unit.path))
        return name_of(area, scope.language) if area else ""

    @property
    def counts(self) -> dict[str, int]:
        """Submissions by state."""
        held: dict[str, int] = dict.fromkeys(Submission.STATES, 0)
        for one in self.submissions:
            held[one.state] += 1
        return held

    @property
    def handed_in(self) -> int:
        """How many are on their way up."""
        return sum(one.state in Submission.CLOSED for one in self.submissions)

    @property
    def late(self) -> tuple[Submission, ...]:
        """Those not handed in after the day."""
        return tuple(one for one in self.submissions if self.is_late(one))

    @property
    def waiting(self) -> tuple[Submission, ...]:
        """Those not handed in."""
        return tuple(one for one in self.submissions if one.state in OPEN)

    def is_late(self, one: Submission) -> bool:
        """Whether this one is late."""
        return one.state in OPEN and self.today > self.collection.due


def standings(scope: Scope) -> list[Standing]:
    """Collections of the scope's year with submissions inside the scope, the earliest due first."""
    return _standings(scope, collection__year=scope.year)


def _standings(scope: Scope, **which: Any) -> list[Standing]:
    inside = (
        Submission.objects.for_user(scope.user, scope.permission)
        .filter(
            **which,
            unit__path__gte=scope.unit.path,
            unit__path__lt=tree.after(scope.unit.path),
        )
        .select_related("collection", "collection__unit", "unit", "submitted_by", "changed_by")
    )
    by_collection: dict[int, list[Submission]] = {}
    for one in inside:
        by_collection.setdefault(one.collection_id, []).append(one)
    today = timezone.localdate()
    above = {tree.parent(one.unit.path) for some in by_collection.values() for one in some}
    areas = {unit.path: unit for unit in Unit.objects.filter(path__in=above)}
    found = [
        Standing(
            some[0].collection,
            tuple(one for one in some if not one.upward),
            next((one for one in some if one.upward), None),
            today,
            areas,
        )
        for some in by_collection.values()
    ]
    return sorted(found, key=lambda one: (one.collection.due, one.collection.pk))


def collection(scope: Scope, number: int) -> Standing:
    """One collection, of whatever year; Http404 when nothing of it lies in the scope."""
    found = _standings(scope, collection=number)
    if not found:
        raise Http404
    return found[0]


def submission(scope: Scope, number: int) -> Submission:
    """One submission inside the scope; Http404 otherwise."""
    found = (
        Submission.objects.for_user(scope.user, scope.permission)
        .filter(pk=number, unit__path__gte=scope.unit.path, unit__path__lt=tree.after(scope.unit.path))
        .select_related("collection", "collection__unit", "unit", "submitted_by", "changed_by", "asked_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Detail:
    """A submission with what a person deciding on it needs to see."""

    submission: Submission
    rows: Mapping[str, pl.DataFrame]
    """Rows of each table asked for, of the unit, in the year."""
    now: Mapping[str, Any]
    before: Mapping[str, Any]
    """Counts by table now and of the year before, as in `handed_in`."""
    events: tuple[SubmissionEvent, ...]
    corrections: tuple[Correction, ...]
    today: date
    decides: bool
    """Whether the person accepts and returns it: who collects, for the collecting unit's own part above
    it."""
    schools: Mapping[str, int] = field(default_factory=dict[str, int])
    """For the collecting unit's own part: schools by state."""

    @property
    def complete(self) -> bool:
        """Whether there is something in every table asked for."""
        return all(count["rows"] for count in self.now.values())


def detail(scope: Scope, number: int) -> Detail:
    """Everything the page of one submission shows."""
    one = submission(scope, number)
    year, tables = one.collection.year, one.collection.tables
    below: dict[str, int] = {}
    if one.upward:
        below = dict.fromkeys(Submission.STATES, 0)
        others = Submission.objects.filter(collection=one.collection).exclude(pk=one.pk)
        for state in others.values_list("state", flat=True):
            below[state] += 1
    return Detail(
        one,
        {} if one.upward else {name: rows_of(one.unit, name, year) for name in tables},
        handed_in(one.unit, tables, year),
        handed_in(one.unit, tables, year - 1),
        tuple(one.events.select_related("by")[:50]),
        tuple(one.corrections.select_related("asked_by", "decided_by", "upload")),
        timezone.localdate(),
        scope.user.may(COLLECT, decided_at(one)),
        below,
    )


def decided_at(one: Submission) -> Unit:
    """The unit on which one must collect to decide: its own, or for the collecting unit's part the one
    above."""
    if not one.upward:
        return one.unit
    return Unit.objects.filter(path=tree.parent(one.unit.path)).first() or one.unit


def rows_of(unit: Unit, table: str, year: int) -> pl.DataFrame:
    """A unit's own rows of a table, of the year where the table has years: a school's, or all below a
    unit."""
    store = workspace().store
    found = store.find()
    if found is None or table not in found.tables:
        return INPUTS[table].empty()
    held = found.tables[table]
    frame = FRAMES.get(("table", held.file), lambda: store.table(table, held))
    column = unit_column(INPUTS[table])
    if not column:
        return frame.clear()
    codes = [unit.code]
    if unit.level != "school":
        codes = list(Unit.objects.within([unit.path]).values_list("code", flat=True))
    mine = frame.filter(pl.col(column).is_in(codes))
    return mine.filter(pl.col("year") == year) if "year" in mine.columns else mine


def handed_in(unit: Unit, tables: Iterable[str], year: int) -> dict[str, dict[str, int]]:
    """What stands there now: rows and, where the table counts them, pupils."""
    counts: dict[str, dict[str, int]] = {}
    for name in tables:
        frame = rows_of(unit, name, year)
        counts[name] = {"rows": frame.height}
        if "pupils" in frame.columns:
            counts[name]["pupils"] = int(frame["pupils"].sum())
    return counts


def closed_units(touched: Iterable[Mapping[str, Any]], correcting: bool) -> list[Unit]:
    """Units whose rows an import would change although they have handed in that table and year. A table
    without years belongs to the newest collection that asks for it. An approved correction passes."""
    if correcting:
        return []
    wanted = [(one["table"], one["year"], set(one["units"])) for one in touched]
    codes = {code for _, _, units in wanted for code in units}
    held = (
        Submission.objects.filter(state__in=Submission.CLOSED, unit__code__in=codes)
        .select_related("collection", "unit")
        .order_by("collection__year")
    )
    newest = {
        table: max((c.year for c in Collection.objects.all() if table in c.tables), default=None)
        for table, year, _ in wanted
        if year is None
    }
    found: dict[str, Unit] = {}
    for one in held:
        for table, year, units in wanted:
            asked = year if year is not None else newest.get(table)
            if one.unit.code in units and table in one.collection.tables and one.collection.year == asked:
                found[one.unit.code] = one.unit
    return sorted(found.values(), key=lambda unit: unit.path)


def clerks(units: Iterable[Unit]) -> dict[str, list[Any]]:
    """By unit code, the people who fill for it: on itself, or on a unit above it."""
    filling = [name for name, role in ROLES.items() if FILL in role.permissions and "school" in role.levels]
    filling += [name for name, role in ROLES.items() if FILL in role.permissions and "area" in role.levels]
    grants = list(
        Grant.objects.in_force(timezone.localdate()).filter(role__in=filling).select_related("unit", "user")
    )
    return {
        unit.code: list({g.user.pk: g.user for g in grants if unit.path.startswith(g.unit.path)}.values())
        for unit in units
    }


def collectors(unit: Unit) -> list[Any]:
    """People who collect for this unit."""
    collecting = [name for name, role in ROLES.items() if "collect" in role.permissions]
    grants = Grant.objects.in_force(timezone.localdate()).filter(
        role__in=collecting, unit__path__in=tree.ancestors(unit.path)
    )
    return list({grant.user.pk: grant.user for grant in grants.select_related("user")}.values())


def polygons(scope: Scope) -> str:
    """Address of the polygons of the areas below the scope; empty where the region has no map."""
    if scope.unit.level == "school" or workspace().boundaries() is None:
        return ""
    try:
        return scope.url("overview:areas")
    except NoReverseMatch:
        return ""
