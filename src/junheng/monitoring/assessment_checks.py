"""Items no verb can say: rooms needed for so many classes, size, single classes. One row a school.

Each check takes the ground and an empty row of its item, and returns the rows it judged. What cannot be
known stays unknown; what can be proved from less (an average class over the limit) is not waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any

from junheng.model.stages import stage_of
from junheng.monitoring.assessment_basis import COMPULSORY, Basis, School
from junheng.monitoring.assessment_logic import exact, line
from junheng.monitoring.assessment_row import ExceptionRow, ItemRow, cited
from junheng.monitoring.status import MET, NOT_COMPUTABLE, UNMET
from junheng.rules import Value

CHOICES = "quality_balance_choices"
"""Standards by which a place says which relaxations it uses."""
_ROOM_KINDS = ("music", "art")
_NINE_YEAR, _TWELVE_YEAR = "312", "345"


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows a check judged. `none_concerned`: it is known that the rule touches nobody here. `shown` are
    rows that stand beside without a say."""

    rows: tuple[ItemRow, ...]
    none_concerned: bool = False
    exceptions: tuple[ExceptionRow, ...] = ()
    shown: tuple[ItemRow, ...] = ()


Check = Callable[[Basis, ItemRow], Checked]


def unknown(row: ItemRow, reason: str, **parameters: Any) -> ItemRow:
    """The row as not computable."""
    return replace(row, status=NOT_COMPUTABLE, status_reason=reason, reason_parameters=parameters)


def special_rooms(basis: Basis, blank: ItemRow) -> Checked:
    """音乐、美术专用教室: for every so many classes one room of each kind, each of at least its area.

    Classes are those of the compulsory stages. A room whose area is blank may or may not do: with it the
    school stays unknown, unless the others suffice. Relaxations for old rooms and small rural schools apply
    only where the place has chosen them.
    """
    rows: list[ItemRow] = []
    exceptions: list[ExceptionRow] = []
    rooms = _rooms_in_use(basis)
    per_room = basis.value("special_rooms", "classes_per_room")
    for school in basis.compulsory():
        classes = school.total("classes")
        for kind in _ROOM_KINDS:
            row = replace(blank, level="school", area=school.school_id, part=kind, den=classes)
            area = basis.value("special_rooms", f"{kind}_area")
            if per_room is None or area is None:
                rows.append(unknown(row, "no_rule"))
                continue
            row = replace(row, **cited((per_room, area)))
            if classes is None:
                rows.append(unknown(row, "classes_unknown"))
                continue
            needed = ceil(Fraction(classes) / line(per_room.number))
            held = rooms.get((school.school_id, kind), [])
            fits, doubtful, relaxed = _fitting(basis, school, kind, held, area)
            row = replace(row, value=float(fits), num=float(fits), threshold=float(needed), op=">=")
            row = replace(row, missing_full=float(max(needed - fits, 0)), missing_unit="room")
            parameters: dict[str, Any] = {"room": kind, "have": fits, "needed": needed, "classes": classes}
            parameters["area"] = area.number
            if fits >= needed:
                row = replace(row, status=MET, status_reason="rooms_enough", reason_parameters=parameters)
            elif fits + doubtful >= needed:
                row = unknown(row, "room_area_unknown", **parameters)
            else:
                row = replace(row, status=UNMET, status_reason="rooms_short", reason_parameters=parameters)
            if relaxed:
                row = replace(row, flags="relaxed")
                exceptions.append(
                    ExceptionRow(
                        "room_relaxed", school.school_id, "", blank.item, school.total("pupils"),
                        **cited(relaxed),
                    )
                )  # fmt: skip
            rows.append(row)
    return Checked(tuple(rows), not rows, _once(exceptions))


def _rooms_in_use(basis: Basis) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    frame = basis.tables.get("rooms")
    if frame is None:
        return found
    for row in frame.sort("school_id", "room_id").iter_rows(named=True):
        begins, ends = row.get("year_from"), row.get("year_to")
        if (begins is None or begins <= basis.year) and (ends is None or basis.year <= ends):
            found.setdefault((row["school_id"], row["kind"]), []).append(row)
    return found


def _fitting(
    basis: Basis, school: School, kind: str, rooms: Sequence[Mapping[str, Any]], area: Value
) -> tuple[int, int, list[Value]]:
    """(rooms large enough, rooms of unknown area, relaxations that were needed for the first number)."""
    fits = doubtful = 0
    used: list[Value] = []
    for room in rooms:
        if room["area"] is None:
            doubtful += 1
            continue
        size = exact(room["area"])
        if size >= line(area.number):
            fits += 1
            continue
        for relaxed in _relaxed_areas(basis, school, kind, room):
            if size >= line(relaxed.number):
                fits += 1
                used.append(relaxed)
                break
    return fits, doubtful, used


def _relaxed_areas(basis: Basis, school: School, kind: str, room: Mapping[str, Any]) -> list[Value]:
    found: list[Value | None] = []
    until = basis.value("special_rooms", "old_until")
    if basis.chosen(CHOICES, "relax_old_rooms") and until is not None:
        built = room.get("built_year")
        if built is not None and built <= until.number:
            found.append(basis.value("special_rooms", f"{kind}_area_old"))
    largest = basis.value("special_rooms", "small_rural_class")
    if basis.chosen(CHOICES, "relax_small_rural_rooms") and largest is not None and school.rural:
        biggest = _largest_class(basis, school)
        if biggest is not None and biggest < largest.number:
            stages = [stage for stage in COMPULSORY if stage in school.stages]
            found.append(basis.value("special_rooms", f"small_rural_area_{stages[-1]}"))
    return [value for value in found if value is not None]


def _largest_class(basis: Basis, school: School) -> int | None:
    sizes = [row["pupils"] for row in basis.rows("classes", school_id=school.school_id)]
    return max(sizes) if sizes and None not in sizes else None


def school_size(basis: Basis, blank: ItemRow) -> Checked:
    """学校规模: pupils of the compulsory stages against the limit of the kind of school.

    A place that has chosen the relaxation uses the wider limit for schools built by a year or with more than
    a share of migrant pupils.
    """
    rows: list[ItemRow] = []
    exceptions: list[ExceptionRow] = []
    for school in basis.compulsory():
        pupils = school.total("pupils")
        key = _size_key(school)
        limit = basis.value("school_size", key)
        relaxed = _size_relaxed(basis, school)
        wider = basis.value("school_size", f"{key}_relaxed") if relaxed else None
        row = replace(blank, level="school", area=school.school_id, den=None)
        if limit is None:
            rows.append(unknown(row, "no_rule"))
            continue
        used = limit if wider is None else wider
        row = replace(row, threshold=used.number, op="<=", **cited((used, *(relaxed if wider else ()))))
        if pupils is None:
            rows.append(unknown(row, "pupils_unknown"))
            continue
        parameters = {"pupils": pupils, "limit": used.number}
        holds = pupils <= used.number
        row = replace(
            row,
            value=float(pupils),
            num=float(pupils),
            status=MET if holds else UNMET,
            status_reason="size_within" if holds else "size_over",
            reason_parameters=parameters,
            most_pupils=int(used.number),
        )
        if wider is not None and pupils > limit.number:
            row = replace(row, flags="relaxed")
            exceptions.append(
                ExceptionRow("size_relaxed", school.school_id, "", blank.item, pupils, **cited(relaxed))
            )
        rows.append(row)
    return Checked(tuple(rows), not rows, _once(exceptions))


def _size_key(school: School) -> str:
    if school.kind == _TWELVE_YEAR:
        return "twelve_year"
    if school.kind == _NINE_YEAR or all(stage in school.stages for stage in COMPULSORY):
        return "nine_year"
    return next(stage for stage in COMPULSORY if stage in school.stages)


def _size_relaxed(basis: Basis, school: School) -> list[Value]:
    if not basis.chosen(CHOICES, "relax_school_size"):
        return []
    found: list[Value] = []
    until = basis.value(CHOICES, "size_old_until")
    if until is not None and school.opened_year is not None and school.opened_year <= until.number:
        found.append(until)
    share = basis.value(CHOICES, "size_migrant_share")
    migrants, pupils = school.total("migrant_pupils"), school.total("pupils")
    if share is not None and migrants is not None and pupils and migrants > line(share.number) * pupils:
        found.append(share)
    return found


def class_sizes(basis: Basis, blank: ItemRow) -> Checked:
    """班额: every single class within the limit of its stage.

    Where classes are not listed one by one the grade's average still proves a failure (some class is at
    least as large), but never a success.
    """
    systems = {school.school_id: school.system for school in basis.schools}
    listed, counted = (_by_stage(basis.rows(table), systems) for table in ("classes", "enrolment"))
    rows: list[ItemRow] = []
    for school in basis.compulsory():
        for stage in COMPULSORY:
            if stage not in school.stages or school.stages[stage].pupils == 0:
                continue
            limit = basis.value("class_size", stage)
            row = replace(blank, level="school", area=school.school_id, stage=stage, op="<=")
            if limit is None:
                rows.append(unknown(row, "no_rule"))
                continue
            row = replace(row, threshold=limit.number, **cited((limit,)))
            key = (school.school_id, stage)
            rows.append(
                _one_stage_classes(row, listed.get(key, []), counted.get(key, []), limit, school, stage)
            )
    return Checked(tuple(rows), not rows)


def _by_stage(
    rows: Iterable[Mapping[str, Any]], systems: Mapping[str, str]
) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        school, grade = row["school_id"], row.get("grade")
        stage = stage_of(grade, systems[school]) if grade and school in systems else ""
        found.setdefault((school, stage), []).append(row)
    return found


def _one_stage_classes(
    row: ItemRow,
    classes: Sequence[Mapping[str, Any]],
    grades: Sequence[Mapping[str, Any]],
    limit: Value,
    school: School,
    stage: str,
) -> ItemRow:
    sizes = [one["pupils"] for one in classes]
    known = [size for size in sizes if size is not None]
    over = [size for size in known if size > limit.number]
    expected = school.stages[stage].classes
    row = replace(row, n_units=len(sizes) or expected, value=float(max(known)) if known else None)
    if over:
        return replace(
            row,
            status=UNMET,
            status_reason="classes_over",
            n_unmet=len(over),
            reason_parameters={"count": len(over), "largest": max(over), "limit": limit.number},
        )
    for grade in grades:
        pupils, count = grade.get("pupils"), grade.get("classes")
        if pupils is not None and count and pupils > line(limit.number) * count:
            return replace(
                row,
                status=UNMET,
                status_reason="average_over",
                value=pupils / count,
                n_unmet=1,
                reason_parameters={
                    "grade": grade["grade"],
                    "pupils": pupils,
                    "classes": count,
                    "limit": limit.number,
                },
                flags="average",
            )
    if not sizes:
        return unknown(row, "classes_not_listed")
    if len(known) < len(sizes) or (expected is not None and expected > len(sizes)):
        missing = max(expected or 0, len(sizes)) - len(known)
        return replace(unknown(row, "some_classes_unknown", count=missing), n_unknown=missing)
    return replace(
        row,
        status=MET,
        status_reason="classes_within",
        n_unmet=0,
        reason_parameters={"largest": max(known), "limit": limit.number},
    )


def _once(rows: Iterable[ExceptionRow]) -> tuple[ExceptionRow, ...]:
    return tuple({(row.reason, row.area, row.stage, row.item): row for row in rows}.values())
