"""A scenario as it is being written: typed words, checked all at once by the room's own rules before anything
starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from junheng.forecast.scenarios.levers import KINDS, Lever, levers_of
from junheng.model.errors import BadData, Infeasible
from junheng.model.reason import Finding
from junheng.report import format as fmt
from junheng.web.forecast import lever_fields
from junheng.web.wording import reason, say

MOST_LEVERS = 20
LONGEST_NAME = 40
DRAWS = range(100, 10_001)
AHEAD = range(1, 31)
SEEDS = range(1 << 31)
RESERVED = ("base",)

FindUnit = Callable[[str], "tuple[str, str] | None"]
"""Typed words → (kind of unit, code) of a unit of the region, or None."""


@dataclass(frozen=True, slots=True)
class Row:
    """One lever as typed. `values` are its parameters by name."""

    kind: str = "Expand"
    scope: str = ""
    from_year: str = ""
    to_year: str = ""
    ramp_years: str = ""
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario as typed."""

    name: str = ""
    years: str = ""
    draws: str = ""
    seed: str = ""
    rows: tuple[Row, ...] = (Row(),)


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft read. `faults` are sentences by field (`name`, `0-scope`, `1-p-share`, "" for the whole)."""

    levers: tuple[Lever, ...]
    faults: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]


def read(posted: Mapping[str, Any]) -> Draft:
    """A draft from a posted form."""
    count = whole(str(posted.get("rows", "1"))) or 0
    rows = tuple(_row(posted, number) for number in range(min(max(count, 0), MOST_LEVERS)))
    name, years, draws, seed = (
        str(posted.get(one, "")).strip() for one in ("name", "years", "draws", "seed")
    )
    return Draft(name, years, draws, seed, rows)


def _row(posted: Mapping[str, Any], number: int) -> Row:
    def typed(name: str) -> str:
        return str(posted.get(f"{number}-{name}", "")).strip()

    kind = typed("kind") if typed("kind") in KINDS else "Expand"
    values = {one.name: typed(f"p-{one.name}") for one in lever_fields.parameters(kind)}
    return Row(kind, typed("scope"), typed("from_year"), typed("to_year"), typed("ramp_years"), values)


def changed(draft: Draft, do: str, first_year: int) -> Draft | None:
    """The draft after a button of the form (`add`, `remove-1`); None when the button changes nothing."""
    if do == "add" and len(draft.rows) < MOST_LEVERS:
        return replace(draft, rows=(*draft.rows, Row(from_year=str(first_year))))
    verb, _, place = do.partition("-")
    if verb == "remove" and (number := whole(place)) is not None and number < len(draft.rows):
        rows = (*draft.rows[:number], *draft.rows[number + 1 :])
        return replace(draft, rows=rows or (Row(from_year=str(first_year)),))
    return draft if do in ("kind", "add") else None


def of_levers(
    name: str, levers: Iterable[Lever], named: Callable[[str], str], options: Mapping[str, Any]
) -> Draft:
    """A draft that says what these levers say, to begin from."""
    rows = tuple(
        Row(
            one.kind,
            named(one.scope_code) if one.scope_kind != "region" else "",
            str(one.from_year),
            "" if one.to_year is None else str(one.to_year),
            str(one.ramp_years) if one.ramp_years else "",
            {key: _shown(key, value, named) for key, value in one.parameters.items()},
        )
        for one in levers
    )
    years, draws, seed = (str(options.get(key, "")) for key in ("years", "draws", "seed"))
    return Draft(name[:LONGEST_NAME], years, draws, seed, rows)


def _shown(name: str, value: str, named: Callable[[str], str]) -> str:
    sort = lever_fields.SORTS.get(name)
    if sort == "school":
        return named(value)
    if sort == "percent":
        try:
            return f"{float(value) * 100:.6g}"
        except ValueError:
            return value
    return value


def check(draft: Draft, find: FindUnit, origin: int) -> Checked:
    """Everything that is wrong, each at its field; the levers when nothing is."""
    faults: dict[str, list[str]] = {}

    def fault(place: str, code: str, **facts: Any) -> None:
        faults.setdefault(place, []).append(say(f"seats_page.{code}", **facts))

    _check_name(draft.name, fault)
    numbers = {
        name: _number(getattr(draft, name), name, allowed, fault)
        for name, allowed in (("years", AHEAD), ("draws", DRAWS), ("seed", SEEDS))
    }
    if not draft.rows:
        fault("", "fault_no_lever")
    horizon = range(origin - 10, origin + (numbers["years"] or AHEAD[-1]) + 1)
    levers = [_lever(number, row, find, horizon, fault) for number, row in enumerate(draft.rows)]
    here = set(faults)
    for place, sentence in _by_the_room(levers, draft):
        if place not in here:  # what could not be read has been said; what stands in for it may be wrong too
            faults.setdefault(place, []).append(sentence)
    told = {place: tuple(sentences) for place, sentences in faults.items()}
    return Checked(() if told else tuple(levers), told, {k: v for k, v in numbers.items() if v is not None})


def _check_name(name: str, fault: Callable[..., None]) -> None:
    if not name:
        fault("name", "fault_name_missing")
    elif len(name) > LONGEST_NAME:
        fault("name", "fault_name_long", most=LONGEST_NAME)
    elif name.lower() in RESERVED:
        fault("name", "fault_name_reserved", name=name)


def _number(typed: str, name: str, allowed: range, fault: Callable[..., None]) -> int | None:
    value = whole(typed)
    if value is None or value not in allowed:
        fault(name, "fault_number", low=fmt.count(allowed[0]), high=fmt.count(allowed[-1]))
        return None
    return value


def _lever(number: int, row: Row, find: FindUnit, horizon: range, fault: Callable[..., None]) -> Lever:
    years = {name: whole(getattr(row, name)) for name in ("from_year", "to_year", "ramp_years")}
    first, last = years["from_year"], years["to_year"]
    if first is None or first not in horizon:
        fault(f"{number}-from_year", "fault_year", first=horizon[0], last=horizon[-1])
    if row.to_year and last is None:
        fault(f"{number}-to_year", "fault_whole")
    if row.ramp_years and years["ramp_years"] is None:
        fault(f"{number}-ramp_years", "fault_whole")
    scope_kind, code = _scope(number, row, find, fault)
    given: dict[str, str] = {}
    for one in lever_fields.parameters(row.kind):
        typed = row.values.get(one.name, "")
        if typed:
            given[one.name] = _stored(f"{number}-p-{one.name}", one.sort, typed, find, fault)
    ramp = years["ramp_years"] or 0
    return Lever(row.kind, scope_kind, code, first or horizon[-1], last, ramp, given, str(number))


def _scope(number: int, row: Row, find: FindUnit, fault: Callable[..., None]) -> tuple[str, str]:
    allowed = lever_fields.scopes(row.kind)
    if not row.scope:
        if "region" not in allowed:
            fault(f"{number}-scope", "fault_scope_missing")
        return "region", ""
    found = find(row.scope)
    if found is None:
        fault(f"{number}-scope", "fault_unit_unknown", typed=row.scope)
        return "region", ""
    return found if found[0] != "region" else ("region", "")


def _stored(place: str, sort: str, typed: str, find: FindUnit, fault: Callable[..., None]) -> str:
    if sort == "school":
        found = find(typed)
        if found is None or found[0] != "school":
            fault(place, "fault_unit_unknown", typed=typed)
            return typed
        return found[1]
    if sort == "percent":
        try:
            return f"{float(typed.rstrip('%％')) / 100:.10g}"
        except ValueError:
            return typed
    return typed


def _by_the_room(levers: Sequence[Lever], draft: Draft) -> list[tuple[str, str]]:
    """What the forecast itself says against these levers."""
    try:
        levers_of(levers)
    except (BadData, Infeasible) as refused:
        return [_placed(one, draft) for one in refused.findings]
    return []


def _placed(finding: Finding, draft: Draft) -> tuple[str, str]:
    """A finding at its field, its names in the reader's words."""
    facts = dict(finding.parameters)
    number = whole(str(facts.get("id", "")))
    name = str(facts.get("name", ""))
    if number is None or number >= len(draft.rows):
        facts |= {key: _pair(str(facts[key])) for key in ("one", "other") if key in facts}
        return "", reason(finding.code, facts)
    row = draft.rows[number]
    facts["lever"], facts["id"] = say(f"seats_page.lever_{row.kind}"), str(number + 1)
    place = f"{number}-kind"
    if name in lever_fields.SORTS:
        place = f"{number}-p-{name}"
        facts |= {"name": say(f"seats_page.parameter_{name}"), "value": row.values.get(name, "")}
    elif name == "to_year" or finding.code == "lever_ends_before_it_begins":
        place, facts["name"] = f"{number}-to_year", say("seats_page.lever_to_year")
    elif finding.code == "lever_scope_wrong":
        place = f"{number}-scope"
        facts |= {key: _scopes(str(facts[key])) for key in ("scope", "allowed")}
    elif name:
        facts["name"] = _alternatives(name)
        place = f"{number}-p-{lever_fields.parameters(row.kind)[0].name}"
    return place, reason(finding.code, facts)


def _pair(text: str) -> str:
    """ "0 Close" as 措施 1 停办."""
    number, _, kind = text.partition(" ")
    if not number.isdecimal() or kind not in KINDS:
        return text
    return say("seats_page.lever_numbered", number=int(number) + 1, lever=say(f"seats_page.lever_{kind}"))


def _scopes(text: str) -> str:
    return " / ".join(say(f"seats_page.scope_{one.strip()}") for one in text.split(","))


def _alternatives(text: str) -> str:
    """ "to + share" in words."""
    return " / ".join(
        " + ".join(say(f"seats_page.parameter_{one.strip()}") for one in option.split("+"))
        for option in text.split("/")
    )


def whole(typed: str) -> int | None:
    """A whole number as people type it, or None."""
    text = typed.replace(",", "").replace("，", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
