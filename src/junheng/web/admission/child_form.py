"""One child's registration as typed: what the plan asks for, and every fault at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from junheng.admission.plan_tables import needed
from junheng.model import INPUTS
from junheng.rules import AdmissionPlan
from junheng.rules.admission_plan import Condition
from junheng.web.admission.casework import LINK
from junheng.web.admission.models import Child
from junheng.web.admission.standings import kinds_of
from junheng.web.privacy import masking
from junheng.web.wording import say

FieldKind = Literal["text", "day", "whole", "select", "program"]
MOST_SHOWN = 8
"""Lines of choices where the plan sets no limit."""
_CARD = re.compile(r"\d{15}|\d{17}[\dXx]")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,63}")
FLAGS = ("true", "false")
_LINKS = ("twins", "siblings")
_SEXES = ("1", "2")


@dataclass(frozen=True, slots=True)
class Program:
    """One that may be chosen."""

    id: str
    name: str
    ownership: str


@dataclass(frozen=True, slots=True)
class Around:
    """What a registration is filled in against: `programs` of the plan by id, its `zones`, the schools that
    may register it (more than one where the bureau does it)."""

    plan: AdmissionPlan
    programs: Mapping[str, Program]
    zones: tuple[str, ...]
    schools: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form; `options` are (value, text)."""

    name: str
    label: str
    kind: FieldKind
    value: str
    required: bool = False
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    optional: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A registration that can stand."""

    applicant_id: str
    name: str
    school: Any
    row: dict[str, str]
    facts: dict[str, str]
    choices: dict[str, list[str]]


def columns(plan: AdmissionPlan) -> tuple[str, ...]:
    """Particulars the plan needs of a child, in the order of the form."""
    wanted = set(needed(plan)["applicants"]) | {"identity_code", "birth_date", "sex"}
    if plan.zone_lists is not None and plan.zone_lists.twins.mode != "none":
        wanted.add("family_id")
    if plan.stage == "kindergarten":
        wanted.add("home_zone")
    wanted -= {"applicant_id"}
    return tuple(name for name in INPUTS["applicants"].names if name in wanted)


def batches(plan: AdmissionPlan) -> dict[str, int]:
    """Lists a child may hand in, with how many choices each may hold."""
    if plan.batches:
        return {one.id: one.choices for one in plan.batches}
    held: dict[str, int] = {}
    if plan.private is not None:
        held["private"] = plan.private.choices
    if plan.zone_lists is not None:
        held["public"] = plan.zone_lists.choices or MOST_SHOWN
    return held


def listed(around: Around, batch: str) -> dict[str, Program]:
    """Programmes that may stand on a list."""
    if around.plan.batches:
        return dict(around.programs)
    private = batch == "private"
    return {key: one for key, one in around.programs.items() if (one.ownership == "private") == private}


def begun(around: Around, child: Child | None) -> dict[str, str]:
    """The form as it is first seen: empty, or what the child's registration says."""
    typed = {"applicant_id": "", "name": "", "school": ""}
    typed |= dict.fromkeys((*columns(around.plan), LINK), "")
    typed |= {f"fact-{name}": "" for name in kinds_of(around.plan)}
    for batch, most in batches(around.plan).items():
        typed |= {f"choice-{batch}-{rank}": "" for rank in range(1, most + 1)}
    if child is None:
        return typed
    typed |= {"applicant_id": child.applicant_id}
    typed["school"] = child.school.code if child.school is not None else ""
    typed |= {name: str(child.row.get(name) or "") for name in (*columns(around.plan), LINK)}
    typed |= {
        f"fact-{name}": (child.facts.get(name) or {}).get("value", "") for name in kinds_of(around.plan)
    }
    for batch, programs in child.choices.items():
        typed |= {
            f"choice-{batch}-{rank}": program
            for rank, program in enumerate(programs, start=1)
            if f"choice-{batch}-{rank}" in typed
        }
    return typed


def read(posted: Mapping[str, Any], around: Around) -> dict[str, str]:
    """What was typed."""
    return {name: str(posted.get(name, "")).strip()[:100] for name in begun(around, None)}


def check(
    typed: Mapping[str, str], around: Around, child: Child | None
) -> tuple[Filled | None, dict[str, str]]:
    """(the registration when it can stand, faults by field)."""
    faults: dict[str, str] = {}
    number = child.applicant_id if child is not None else typed["applicant_id"]
    for name, value in (("applicant_id", number), ("identity_code", typed["identity_code"])):
        if not value:
            faults[name] = say("child.fault_missing")
        elif _CARD.fullmatch(value):
            faults[name] = say("child.fault_card")
        elif not _NUMBER.fullmatch(value):
            faults[name] = say("child.fault_number")
    school = next((one for one in around.schools if one.code == typed["school"]), None)
    if school is None and typed["school"]:
        faults["school"] = say("child.fault_school")
    if school is None and len(around.schools) == 1:
        school = around.schools[0]
    faults |= dict(_particulars(typed, around))
    facts: dict[str, str] = {}
    for name, kind in kinds_of(around.plan).items():
        value = typed[f"fact-{name}"]
        before = str((child.facts.get(name) or {}).get("value", "")) if child is not None else ""
        facts[name] = before if kind == "flag" and as_flag(before) == value else value
        if value and not _is(value, kind):
            faults[f"fact-{name}"] = say(f"child.fault_{kind}")
    choices, wrong = _choices(typed, around)
    faults |= wrong
    if faults:
        return None, faults
    row = {name: typed[name] for name in (*columns(around.plan), LINK) if name in typed}
    name = typed["name"] or (child.name if child is not None else "")
    return Filled(number, name, school, row, facts, choices), {}


def _particulars(typed: Mapping[str, str], around: Around) -> Iterator[tuple[str, str]]:
    born = typed.get("birth_date", "")
    if not born and around.plan.age is not None:
        yield "birth_date", say("child.fault_missing")
    elif born and not _is(born, "day"):
        yield "birth_date", say("child.fault_day")
    own = typed.get("own_program_id", "")
    if own and own not in around.programs:
        yield "own_program_id", say("child.fault_program", value=own)
    zone = typed.get("home_zone", "")
    if zone and around.zones and zone not in around.zones:
        yield "home_zone", say("child.fault_zone", value=zone)
    if typed.get(LINK) == "twins" and not typed.get("family_id"):
        yield "family_id", say("child.fault_family")


def _choices(typed: Mapping[str, str], around: Around) -> tuple[dict[str, list[str]], dict[str, str]]:
    held: dict[str, list[str]] = {}
    faults: dict[str, str] = {}
    for batch, most in batches(around.plan).items():
        known = listed(around, batch)
        names = [f"choice-{batch}-{rank}" for rank in range(1, most + 1)]
        made: list[str] = []
        gap = False
        for name in names:
            value = typed[name]
            if not value:
                gap = True
                continue
            if gap:
                faults[name] = say("child.fault_gap")
            elif value not in known:
                faults[name] = say("child.fault_program", value=value)
            elif value in made:
                faults[name] = say("child.fault_twice")
            made.append(value)
        if made:
            held[batch] = made
    lists = around.plan.zone_lists
    fixed = lists is not None and lists.first_choice == "registering_school"
    if fixed and held.get("public") and held["public"][0] != typed.get("own_program_id", ""):
        faults.setdefault("choice-public-1", say("child.fault_first"))
    return held, faults


def _is(value: str, kind: str) -> bool:
    if kind == "day":
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return len(value) == 10
    if kind == "whole":
        return value.isascii() and value.isdecimal() and len(value) < 12
    if kind == "flag":
        return as_flag(value) in FLAGS
    return True


def as_flag(value: str) -> str:
    """A yes or no as the form holds it, however the table wrote it; anything else as it is."""
    words = {say("child.yes", "zh"): "true", say("child.no", "zh"): "false", "1": "true", "0": "false"}
    return words.get(value, {"yes": "true", "no": "false"}.get(value.lower(), value))


def words_of(plan: AdmissionPlan, fact: str) -> tuple[str, ...]:
    """Values of a fact that the plan's conditions name, in their order."""
    found: dict[str, None] = {}

    def look(condition: Condition) -> None:
        for part in condition.parts:
            look(part)
        if condition.kind == "test" and condition.field == fact and condition.op == "in":
            found.update({str(value): None for value in condition.values if isinstance(value, str)})

    for one in plan.identities:
        look(one.when)
    for batch in plan.batches:
        look(batch.eligible)
    return tuple(found)


def fields(
    typed: Mapping[str, str], around: Around, child: Child | None, faults: Mapping[str, str]
) -> dict[str, tuple[Field, ...]]:
    """The form in parts: who, particulars, facts, and each list."""
    zh_names = {one.name: one for one in INPUTS["applicants"].columns}
    who = [
        Field(
            "applicant_id",
            say("child.applicant_id"),
            "text",
            typed["applicant_id"],
            True,
            say("child.number_hint"),
        ),
        Field("name", say("child.name"), "text", typed["name"], hint=say("child.name_hint")),
    ]
    if child is not None:
        who = who[1:]
        if child.name:
            kept = say("child.name_kept", name=masking.name(child.name))
            who = [replace(who[0], hint=kept)]
    if len(around.schools) > 1:
        options = tuple((one.code, one.name) for one in around.schools)
        who.append(Field("school", say("child.school"), "select", typed["school"], options=options))
    own: list[Field] = []
    for name in columns(around.plan):
        column = zh_names[name]
        kind: FieldKind = "day" if column.kind == "date" else "text"
        options: tuple[tuple[str, str], ...] = ()
        if name == "own_program_id":
            kind = "program"
        elif name == "sex":
            kind, options = "select", tuple((one, say(f"child.sex_{one}")) for one in _SEXES)
        elif name == "home_zone" and around.zones:
            kind, options = "select", tuple((one, one) for one in around.zones)
        required = name == "identity_code" or (name == "birth_date" and around.plan.age is not None)
        hint = say("child.identity_hint") if name == "identity_code" else ""
        own.append(Field(name, say(f"child.{name}"), kind, typed[name], required, hint, options))
    if "family_id" in columns(around.plan):
        options = tuple((one, say(f"child.link_{one}")) for one in _LINKS)
        own.append(Field(LINK, say("child.link"), "select", typed[LINK], options=options))
    held: dict[str, Iterable[Field]] = {"who": who, "own": own, "facts": _facts(typed, around)}
    for batch, most in batches(around.plan).items():
        held[f"list-{batch}"] = [
            Field(
                f"choice-{batch}-{rank}",
                say("child.choice", rank=rank),
                "program",
                typed[f"choice-{batch}-{rank}"],
            )
            for rank in range(1, most + 1)
        ]
    return {part: tuple(_with(one, faults, around, part) for one in ones) for part, ones in held.items()}


def _facts(typed: Mapping[str, str], around: Around) -> Iterator[Field]:
    plan = around.plan
    for name, kind in kinds_of(plan).items():
        label, value = plan.words.get(name, name), typed[f"fact-{name}"]
        if kind == "place":
            yield Field(f"fact-{name}", label, "program", value, hint=say("child.place_hint"))
        elif kind == "flag":
            options = (("true", say("child.yes")), ("false", say("child.no")))
            yield Field(f"fact-{name}", label, "select", value, options=options)
        elif kind == "text" and (known := words_of(plan, name)):
            options = tuple((one, plan.words.get(one, one)) for one in known)
            if value and value not in known:
                options = (*options, (value, plan.words.get(value, value)))
            yield Field(f"fact-{name}", label, "select", value, options=options)
        else:
            shown: FieldKind = "day" if kind == "day" else "whole" if kind == "whole" else "text"
            yield Field(f"fact-{name}", label, shown, value)


def _with(field: Field, faults: Mapping[str, str], around: Around, part: str) -> Field:
    """The field with its fault, whether it says that it may be left empty, and what its value stands for."""
    held = around.programs.get(field.value)
    return replace(
        field,
        fault=faults.get(field.name, ""),
        optional=part in ("who", "own") and not field.required,
        said=held.name if field.kind == "program" and held is not None else "",
    )
