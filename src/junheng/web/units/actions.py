"""Keeping the unit tree in step with the region's tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.audit.chain import record as audit
from junheng.web.units import tree
from junheng.web.units.initials import initials
from junheng.web.units.models import Unit
from junheng.web.workspace import region, workspace

_LEVEL_OF_LENGTH = {2: "province", 4: "city", 6: "county"}
_SCHOOL_YEAR_BEGINS = (9, 1)


@dataclass(frozen=True, slots=True)
class _Wanted:
    code: str
    parent: str
    level: str
    name: str
    name_en: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@transaction.atomic
def sync(*, by: Any) -> int:
    """Make the tree agree with the region, its areas and its schools; returns how many units changed.

    A unit keeps its path for ever; one that is gone from the tables gets an end and is never deleted. The
    units above the region (its city, its province) are made from its division code.
    """
    wanted = _wanted()
    held = {unit.code: unit for unit in Unit.objects.select_for_update()}
    numbers = _next_numbers(held)
    paths: dict[str, str] = {unit.code: unit.path for unit in held.values()}
    changed = 0
    for one in wanted:
        parent_path = paths.get(one.parent, "")
        unit = held.get(one.code)
        if unit is None:
            numbers[parent_path] = numbers.get(parent_path, 0) + 1
            path = tree.child(parent_path, numbers[parent_path])
            unit = Unit(code=one.code, path=path)
        elif tree.parent(unit.path) != parent_path and one.level == "school":
            numbers[parent_path] = numbers.get(parent_path, 0) + 1  # a school now counted to another town
            unit.path = tree.child(parent_path, numbers[parent_path])
        before = (unit.path, unit.level, unit.name, unit.name_en, unit.valid_from, unit.valid_to, unit.pk)
        if _derived(one) and unit.pk:
            paths[one.code] = unit.path
            continue  # a name given to a unit above the region stays
        if unit.name != one.name or not unit.initials:  # the dictionary of pinyin takes a second to come
            unit.initials = initials(one.name)
        unit.level, unit.name, unit.name_en = one.level, one.name, one.name_en
        unit.valid_from, unit.valid_to = one.valid_from, one.valid_to
        after = (unit.path, unit.level, unit.name, unit.name_en, unit.valid_from, unit.valid_to, unit.pk)
        paths[one.code] = unit.path
        if before != after or unit.pk is None:
            unit.save()
            changed += 1
    changed += _end_missing(held, {one.code for one in wanted})
    if changed:
        audit("units.synced", by=by, object=region().code, diff={"changed": changed})
    return changed


@transaction.atomic
def name_above(*, unit: Unit, name: str, name_en: str, by: Any) -> Unit:
    """Give a unit above the region (its city, its province) the name people know it by; until then it bears
    its code. PermissionDenied without `people` on the region; Refused for any other unit, whose name comes
    with the data."""
    own = Unit.objects.select_for_update().get(code=region().code)
    if not by.may("people", own):
        raise PermissionDenied("people")
    held = Unit.objects.select_for_update().get(pk=unit.pk)
    if held.pk == own.pk or not held.holds(own):
        raise Refused("units.name_from_data", {"name": held.name})
    before = {"name": held.name, "name_en": held.name_en}
    held.name, held.name_en, held.initials = name.strip(), name_en.strip(), initials(name.strip())
    held.save()
    after = {"name": held.name, "name_en": held.name_en}
    audit("unit.named", by=by, unit=held, object=held.code, diff={"before": before, "after": after})
    return held


def _derived(one: _Wanted) -> bool:
    return one.level in ("province", "city") and len(one.code) < len(region().code)


def _next_numbers(held: dict[str, Unit]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for unit in held.values():
        above = tree.parent(unit.path)
        numbers[above] = max(numbers.get(above, 0), int(unit.path[-tree.STEP :]))
    return numbers


def _wanted() -> list[_Wanted]:
    own = region()
    found: list[_Wanted] = []
    parent = ""
    for length in (2, 4, 6):
        if length < len(own.code):
            code = own.code[:length]
            found.append(_Wanted(code, parent, _LEVEL_OF_LENGTH[length], own.above.get(code, code)))
            parent = code
    level = _LEVEL_OF_LENGTH.get(len(own.code), "area")
    found.append(_Wanted(own.code, parent, level, own.name, own.name_en))
    store = workspace().store
    version = store.find()
    if version is None:
        return found
    codes = {own.code}
    if "areas" in version.tables:
        found += _areas(store.table("areas", version.tables["areas"]), own.code, codes)
    if "schools" in version.tables:
        found += _schools(store.table("schools", version.tables["schools"]), own.code, codes)
    return found


def _areas(frame: pl.DataFrame, root: str, codes: set[str]) -> list[_Wanted]:
    """Areas, parents before children; those whose parent is unknown hang on the region."""
    rows = {row["area_code"]: row for row in frame.sort("area_code").iter_rows(named=True)}
    found: list[_Wanted] = []
    waiting = [code for code in rows if code != root]
    while waiting:
        rest: list[str] = []
        for code in waiting:
            parent = rows[code]["parent_code"] or root
            if parent in rows and parent not in codes and parent != code:
                rest.append(code)
                continue
            above = parent if parent in codes else root
            level = rows[code]["level"] if rows[code]["level"] in ("province", "city", "county") else "area"
            found.append(_Wanted(code, above, level, rows[code]["name"]))
            codes.add(code)
        if len(rest) == len(waiting):  # a circle of parents: intake warns of it, the tree hangs them up
            found += [_Wanted(code, root, "area", rows[code]["name"]) for code in rest]
            codes.update(rest)
            break
        waiting = rest
    return found


def _schools(frame: pl.DataFrame, root: str, codes: set[str]) -> list[_Wanted]:
    month, first = _SCHOOL_YEAR_BEGINS
    found: list[_Wanted] = []
    for row in frame.sort("school_id").iter_rows(named=True):
        if row["school_id"] in codes:
            continue
        above = row["area_code"] if row["area_code"] in codes else root
        opened, closed = row["opened_year"], row["closed_year"]
        found.append(
            _Wanted(
                row["school_id"],
                above,
                "school",
                row["name"],
                valid_from=date(opened, month, first) if opened else None,
                valid_to=date(closed, month, first) if closed else None,
            )
        )
    return found


def _end_missing(held: dict[str, Unit], wanted: set[str]) -> int:
    today = timezone.localdate()
    gone = [u for code, u in held.items() if code not in wanted and u.valid_to is None]
    for unit in gone:
        unit.valid_to = today
        unit.save()
    return len(gone)
