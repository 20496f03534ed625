"""Uploads inside a scope, and what may be read of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404

from junheng.model.errors import Refused
from junheng.web.accounts.roles import IMPORT
from junheng.web.data_centre.collecting.queries import closed_units
from junheng.web.data_centre.mappings.editor import headings_of
from junheng.web.data_centre.mappings.reading import LONGEST
from junheng.web.data_centre.models import Collection, SavedMapping, Submission, Upload
from junheng.web.data_centre.uploads import files
from junheng.web.data_centre.uploads.command import whole_region
from junheng.web.house.scope import Scope
from junheng.web.units import tree
from junheng.web.units.models import Unit
from junheng.web.wording import say

SHOWN_UPLOADS = 200


def inside(scope: Scope) -> list[Upload]:
    """The newest uploads of the scope's units that the person may see."""
    found = Upload.objects.for_user(scope.user).filter(
        unit__path__gte=scope.unit.path, unit__path__lt=tree.after(scope.unit.path)
    )
    return list(found.select_related("unit", "by", "job")[:SHOWN_UPLOADS])


def upload(scope: Scope, number: int) -> Upload:
    """One upload inside the scope that the person may see; Http404 otherwise."""
    found = (
        Upload.objects.for_user(scope.user)
        .filter(pk=number, unit__path__gte=scope.unit.path, unit__path__lt=tree.after(scope.unit.path))
        .select_related("unit", "by", "job", "job__owner", "job__unit", "follows")
        .first()
    )
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """An upload with what its report tells: sample rows by table, faults by unit, units that have handed in,
    names of units, saved mappings that fit, and the submissions its rows belong to."""

    upload: Upload
    sample: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    by_unit: tuple[dict[str, Any], ...] = ()
    closed: tuple[Unit, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    mappings: tuple[SavedMapping, ...] = ()
    submissions: tuple[Submission, ...] = ()
    whole: bool = False
    """Whether the upload is the region's, not one unit's."""


def shown(scope: Scope, number: int) -> Shown:
    """Everything the page of an upload needs."""
    held = upload(scope, number)
    if held.now not in (Upload.FAULTY, Upload.READY, Upload.COMMITTED):
        return Shown(held, mappings=fitting(scope, held))
    sample = files.told(held.folder, "sample.json")
    units = files.told(held.folder, "units.json")
    by_unit = tuple(units.get("faults", ()))
    codes = {one["unit"] for one in by_unit} | {
        str(value)
        for rows in sample.values()
        for row in rows
        for name, value in row.items()
        if name.endswith(("school_id", "area_code", "parent_code")) and value
    }
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    closed = ()
    if held.now == Upload.READY:
        closed = tuple(closed_units(units.get("touched", ()), held.corrections.exists()))
    return Shown(
        held,
        sample,
        by_unit,
        closed,
        names,
        fitting(scope, held),
        tuple(_submissions(held)) if held.now == Upload.COMMITTED else (),
        whole_region(held.unit),
    )


def _submissions(held: Upload) -> list[Submission]:
    """Of the upload's own unit, what waits to be handed in."""
    waiting = Submission.objects.filter(
        unit=held.unit,
        collection__year=held.year,
        state__in=(Submission.FILLING, Submission.RETURNED),
    ).exclude(collection__unit=held.unit)
    return list(waiting.select_related("collection"))


def fitting(scope: Scope, held: Upload) -> tuple[SavedMapping, ...]:
    """Saved mappings one may choose, those made for the headings that were found first."""
    found = list(SavedMapping.objects.for_user(scope.user).select_related("by"))
    theirs = set(headings_of(held.draft)) if held.draft else set()
    found.sort(key=lambda one: -len(theirs & set(one.headings)) / max(len(set(one.headings) | theirs), 1))
    return tuple(found)


def mappings(scope: Scope) -> list[SavedMapping]:
    """Saved mappings by name."""
    return list(SavedMapping.objects.for_user(scope.user).select_related("by"))


def mapping(scope: Scope, number: int) -> SavedMapping:
    """One saved mapping; Http404 otherwise."""
    found = SavedMapping.objects.for_user(scope.user).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def may_replace(scope: Scope) -> bool:
    """Whether whole tables may be replaced here."""
    return scope.may(IMPORT) and whole_region(scope.unit)


def collected(scope: Scope) -> tuple[str, ...]:
    """Tables the scope's unit is asked for this year."""
    asked = Collection.objects.filter(year=scope.year, submissions__unit=scope.unit)
    return tuple(dict.fromkeys(table for one in asked for table in one.tables))


def followed(scope: Scope, asked: str) -> Upload | None:
    """The upload whose faults the next one mends."""
    return upload(scope, int(asked)) if asked.isdecimal() and len(asked) < 12 else None


def form_needs(scope: Scope) -> dict[str, Any]:
    """What the form for files offers."""
    return {"mappings": mappings(scope), "asked": collected(scope), "replace": may_replace(scope)}


def received(
    scope: Scope, sent: Mapping[str, str], sent_files: list[Any], follows: Upload | None
) -> dict[str, Any]:
    """Arguments of `receive`: the mapping chosen, else that of the upload that is mended."""
    chosen = sent.get("mapping", "")
    held = mapping(scope, int(chosen)) if chosen.isdecimal() and len(chosen) < 12 else None
    again = follows if held is None and chosen != "none" else None
    return {
        "by": scope.user,
        "unit": scope.unit,
        "year": scope.year,
        "files": sent_files,
        "mode": Upload.REPLACE if sent.get("mode") == Upload.REPLACE else Upload.MERGE,
        "reason": sent.get("reason", "")[:300],
        "mapping": held.text if held else again.mapping if again else "",
        "mapping_name": held.name if held else again.mapping_name if again else "",
        "follows": follows,
    }


def marked_name(held: Upload, name: str) -> str:
    """What a marked workbook is called when it is taken away."""
    for one in held.summary.get("marked", ()):
        if one["name"] == name:
            return say("data_centre.marked_name", stem=one["file"].split(".")[0])
    return name


def mapping_sent(scope: Scope, chosen: str, file: Any) -> tuple[str, str]:
    """Text and name of a saved mapping or of a file sent; Refused without either, or for one that is no
    text."""
    if file is not None:
        if file.size > LONGEST:
            raise Refused("data_centre.mapping_too_long", {"most": LONGEST})
        try:
            return file.read().decode("utf-8-sig"), files.safe_name(file.name).removesuffix(".toml")[:60]
        except UnicodeDecodeError:
            raise Refused("data_centre.mapping_not_text", {}) from None
    if not (chosen.isdecimal() and len(chosen) < 12):
        raise Refused("data_centre.mapping_none_chosen", {})
    held = mapping(scope, int(chosen))
    return held.text, held.name
