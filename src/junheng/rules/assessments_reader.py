"""Reads one official assessment (a YAML file) into an unresolved Assessment, with every fault placed.

id, name, about, source {doc, clause, verified}, from, until
groups: {resources: {zh, en}}
items:  [{id, group, level: school|county, stages: [...], name, indicator | evidence | check | parts: [...]}]
school_rule: {group, at_least: topic.key, floor: topic.key, exclude: [...]}
county_rule: {groups: [...], schools: topic.key}
preconditions, vetoes: [{id, name, indicator, source}]
workflow: [{id, name, then: [...], frozen: true, by: county|city|province, entered_by: …}]
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from junheng.model.reason import Finding
from junheng.model.stages import STAGES
from junheng.rules.assessment import (
    LEVELS,
    OFFICES,
    Assessment,
    Condition,
    CountyRule,
    Group,
    Item,
    Part,
    SchoolRule,
    State,
)
from junheng.rules.conditions_reader import Reading, standard
from junheng.rules.grains import GRAINS
from junheng.rules.indicators_reader import exclusions, is_id, source, validity, words
from junheng.rules.reader import Mapping as Read

_FIELDS = (
    "id", "name", "about", "source", "from", "until", "groups", "items", "school_rule", "county_rule",
    "preconditions", "vetoes", "workflow",
)  # fmt: skip
_NEEDED = ("id", "name", "source", "groups", "items")
_ITEM = ("id", "group", "level", "stages", "name", "source", "parts")
_PARTS = ("indicator", "evidence", "check")
_GRAIN = "school_stage"
"""The rows the school rule looks at."""


def assessment(
    given: Read, file: str, topics: Mapping[str, Collection[str]], indicators: Collection[str]
) -> tuple[Assessment | None, list[Finding]]:
    """One assessment; None with its faults when it cannot be used."""
    reading = Reading(file, str(given.get("id") or "?"), topics, GRAINS[_GRAIN].columns())
    reading.fields(given, _FIELDS)
    for field in _NEEDED:
        if given.get(field) in (None, "", []):
            reading.fault("field_missing", given.line, field=field)
    if given.get("id") is not None and not is_id(given["id"]):
        reading.fault("bad_id", given.lines["id"], value=given["id"])
    zh, en = words(given.get("name"))
    about_zh, about_en = words(given.get("about"))
    begins, ends = validity(reading, given)
    groups = _groups(reading, given)
    names = [group.id for group in groups]
    items = tuple(_item(reading, item, names, indicators) for item in _listed(reading, given, "items"))
    _unique(reading, given, items)
    made = Assessment(
        id=str(given.get("id")),
        zh=zh,
        en=en,
        about_zh=about_zh,
        about_en=about_en,
        source=source(reading, given),
        items=items,
        groups=groups,
        school_rule=_school_rule(reading, given, names),
        county_rule=_county_rule(reading, given, names),
        preconditions=_conditions(reading, given, "preconditions", indicators),
        vetoes=_conditions(reading, given, "vetoes", indicators),
        workflow=_workflow(reading, given),
        valid_from=begins,
        valid_until=ends,
        file=file,
        line=given.line,
    )
    return (None if reading.findings else made), reading.findings


def _listed(reading: Reading, given: Read, name: str) -> list[Read]:
    held: Any = given.get(name)
    if held is None:
        return []
    if not isinstance(held, list):
        reading.fault("list_expected", given.lines[name], field=name)
        return []
    found: list[Read] = []
    for one in cast("list[Any]", held):
        if isinstance(one, Read):
            found.append(one)
        else:
            reading.fault("map_expected", given.lines[name], field=name, known="id, name")
    return found


def _names(reading: Reading, given: Read, name: str, known: Collection[str]) -> tuple[str, ...]:
    held: Any = given.get(name, [])
    if not isinstance(held, list):
        reading.fault("list_expected", given.lines[name], field=name)
        return ()
    listed = cast("list[Any]", held)
    for one in listed:
        if one not in known:
            reading.unknown("unknown_word", given.lines[name], str(one), known)
    return tuple(str(one) for one in listed)


def _groups(reading: Reading, given: Read) -> tuple[Group, ...]:
    held: Any = given.get("groups")
    if not isinstance(held, Read):
        if held is not None:
            reading.fault("map_expected", given.lines["groups"], field="groups", known="id: {zh, en}")
        return ()
    return tuple(Group(name, *words(about)) for name, about in held.items())


def _item(reading: Reading, item: Read, groups: Collection[str], indicators: Collection[str]) -> Item:
    reading.fields(item, (*_ITEM, *_PARTS))
    for field in ("id", "group", "level", "name"):
        if item.get(field) in (None, ""):
            reading.fault("field_missing", item.line, field=field)
    for field, known in (("group", groups), ("level", LEVELS)):
        if item.get(field) is not None and item[field] not in known:
            reading.unknown("unknown_word", item.lines[field], str(item[field]), known)
    given = [item] if any(name in item for name in _PARTS) else _listed(reading, item, "parts")
    if not given or ("parts" in item and given[0] is item):
        reading.fault("item_parts", item.line, value=item.get("id"))
    zh, en = words(item.get("name"))
    return Item(
        str(item.get("id")),
        str(item.get("group")),
        "county" if item.get("level") == "county" else "school",
        zh,
        en,
        tuple(_part(reading, part, part is item, indicators) for part in given),
        _names(reading, item, "stages", STAGES),
        source(reading, item) if "source" in item else None,
        item.line,
    )


def _part(reading: Reading, given: Read, whole: bool, indicators: Collection[str]) -> Part:
    if not whole:
        reading.fields(given, (*_PARTS, "name"))
    held = [name for name in _PARTS if given.get(name)]
    if len(held) != 1:
        reading.fault("item_parts", given.line, value=given.get("id", reading.entry))
        return Part()
    kind, name = held[0], str(given[held[0]])
    if kind == "indicator" and name not in indicators:
        reading.unknown("unknown_indicator", given.lines[kind], name, indicators)
    zh, en = words(given.get("name"))
    return Part(**{kind: name}, zh=zh, en=en)


def _unique(reading: Reading, given: Read, items: tuple[Item, ...]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id.lower() in seen:
            reading.fault("item_twice", item.line or given.line, value=item.id)
        seen.add(item.id.lower())


def _school_rule(reading: Reading, given: Read, groups: Collection[str]) -> SchoolRule | None:
    held = _map(reading, given, "school_rule", ("group", "at_least", "floor", "exclude"))
    if held is None:
        return None
    if held.get("group") not in groups:
        reading.unknown("unknown_word", held.line, str(held.get("group")), groups)
    return SchoolRule(
        str(held.get("group")),
        _standard(reading, held, "at_least"),
        _standard(reading, held, "floor"),
        exclusions(reading, held),
    )


def _county_rule(reading: Reading, given: Read, groups: Collection[str]) -> CountyRule | None:
    held = _map(reading, given, "county_rule", ("groups", "schools"))
    if held is None:
        return None
    return CountyRule(_names(reading, held, "groups", groups), _standard(reading, held, "schools"))


def _map(reading: Reading, given: Read, name: str, known: tuple[str, ...]) -> Read | None:
    held: Any = given.get(name)
    if held is None:
        return None
    if not isinstance(held, Read):
        reading.fault("map_expected", given.lines[name], field=name, known=", ".join(known))
        return None
    reading.fields(held, known)
    return held


def _standard(reading: Reading, given: Read, name: str) -> Any:
    return standard(reading, given[name], given.lines[name]) if name in given else None


def _conditions(
    reading: Reading, given: Read, name: str, indicators: Collection[str]
) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for one in _listed(reading, given, name):
        reading.fields(one, ("id", "name", "indicator", "source"))
        for field in ("id", "name"):
            if not one.get(field):
                reading.fault("field_missing", one.line, field=field)
        asked = str(one.get("indicator") or "")
        if asked and asked not in indicators:
            reading.unknown("unknown_indicator", one.lines["indicator"], asked, indicators)
        cited = source(reading, one) if "source" in one else None
        found.append(Condition(str(one.get("id")), *words(one.get("name")), asked, cited))
    return tuple(found)


def _workflow(reading: Reading, given: Read) -> tuple[State, ...]:
    listed = _listed(reading, given, "workflow")
    known = [str(one.get("id")) for one in listed]
    states: list[State] = []
    for one in listed:
        reading.fields(one, ("id", "name", "then", "frozen", "by", "entered_by"))
        for field in ("id", "name"):
            if not one.get(field):
                reading.fault("field_missing", one.line, field=field)
        then = _names(reading, one, "then", known)
        offices = [_office(reading, one, field) for field in ("by", "entered_by")]
        frozen = one.get("frozen") is True
        states.append(State(str(one.get("id")), *words(one.get("name")), then, frozen, *offices))
    return tuple(states)


def _office(reading: Reading, one: Read, field: str) -> str:
    """A level of government, "" where none is named."""
    named = str(one.get(field) or "")
    if named and named not in OFFICES:
        reading.unknown("unknown_word", one.lines[field], named, OFFICES)
    return named
