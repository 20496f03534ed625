"""The form of a scenario: fields made from what the forecast declares of its levers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from junheng.model.codes import CODE_LISTS
from junheng.model.stages import GRADES, STAGES
from junheng.report import format as fmt
from junheng.report import wording
from junheng.web.forecast import lever_fields
from junheng.web.forecast.lever_fields import Parameter
from junheng.web.forecast.presenters import parts
from junheng.web.forecast.scenario_draft import MOST_LEVERS, Draft, Row
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Crumb, Page
from junheng.web.house.scope import Scope
from junheng.web.wording import language, say

SYSTEMS = ("63", "54")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `options` (value, words) make it a choice; `units` lets it find schools and areas."""

    name: str
    label: str
    value: str
    unit: str = ""
    hint: str = ""
    needed: bool = False
    options: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    units: bool = False
    numeric: bool = False
    faults: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Id of the field."""
        return f"id-{self.name}"


@dataclass(frozen=True, slots=True)
class LeverForm:
    """One lever: what it is, what it does, and its fields."""

    number: int
    title: str
    about: str
    kind: Field
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The room's own part of the page. `summary` leads from each fault to its field."""

    name: Field
    levers: tuple[LeverForm, ...]
    settings: tuple[Field, ...]
    summary: tuple[Anchor, ...]
    count: int
    full: bool
    starts: tuple[Anchor, ...]
    action: str
    units_from: str


def page(
    scope: Scope,
    draft: Draft,
    faults: Mapping[str, tuple[str, ...]],
    starts: Sequence[Anchor],
    warnings: int | None,
) -> Page:
    """A scenario being written, with what is wrong beside its fields."""
    levers = tuple(_lever(number, row, faults) for number, row in enumerate(draft.rows))
    name = Field(
        "name", say("seats_page.scenario_name"), draft.name, hint=say("seats_page.scenario_name_hint"),
        needed=True, faults=faults.get("name", ()),
    )  # fmt: skip
    settings = tuple(
        Field(
            key,
            say(f"seats_page.setting_{key}"),
            getattr(draft, key),
            hint=say(f"seats_page.setting_{key}_hint"),
            needed=True,
            numeric=True,
            faults=faults.get(key, ()),
        )
        for key in ("years", "draws", "seed")
    )
    every = [name, *(field for one in levers for field in (one.kind, *one.fields)), *settings]
    summary = [Anchor(text, "") for text in faults.get("", ())]
    summary += [
        Anchor(say("seats_page.fault_at", field=_at(field, levers), fault=text), f"#{field.id}")
        for field in every
        for text in field.faults
    ]
    return Page(
        title=say("seats_page.new_scenario"),
        headline=say("seats_page.new_scenario_headline"),
        crumbs=crumbs(
            scope,
            "forecast:seats",
            Crumb(say("seats_page.tab_scenarios"), scope.url("forecast:scenarios")),
            Crumb(say("seats_page.new_scenario")),
        ),
        tabs=parts.tabs(scope, "scenarios", warnings),
        body=Body(
            name,
            levers,
            settings,
            tuple(summary),
            len(draft.rows),
            len(draft.rows) >= MOST_LEVERS,
            tuple(starts),
            scope.url("forecast:scenario_new"),
            scope.url("forecast:lever_units"),
        ),
    )


def _at(field: Field, levers: Sequence[LeverForm]) -> str:
    """Name of a field, with the number of its lever."""
    number, _, rest = field.name.partition("-")
    if rest and number.isdecimal() and len(number) < 4 and int(number) < len(levers):
        return say("seats_page.lever_field", number=int(number) + 1, field=field.label)
    return field.label


def _lever(number: int, row: Row, faults: Mapping[str, tuple[str, ...]]) -> LeverForm:
    def field(name: str, label: str, value: str, **more: object) -> Field:
        held = f"{number}-{name}"
        return Field(held, label, value, faults=faults.get(held, ()), **more)  # type: ignore[arg-type]

    groups = tuple(
        (say(f"seats_page.group_{group}"), tuple((kind, say(f"seats_page.lever_{kind}")) for kind in kinds))
        for group, kinds in lever_fields.GROUPS
    )
    allowed = lever_fields.scopes(row.kind)
    fields: list[Field] = []
    if allowed != ("region",):
        hint = " / ".join(say(f"seats_page.scope_{one}") for one in allowed)
        fields.append(
            field(
                "scope",
                say("seats_page.lever_scope"),
                row.scope,
                hint=say("seats_page.scope_or_all", scopes=hint) if "region" in allowed else hint,
                needed="region" not in allowed,
                units=True,
            )
        )
    fields += [_parameter(field, one, row) for one in lever_fields.parameters(row.kind)]
    fields += [
        field("from_year", say("seats_page.lever_from_year"), row.from_year, needed=True, numeric=True),
        field(
            "to_year",
            say("seats_page.lever_to_year"),
            row.to_year,
            hint=say("seats_page.lever_to_year_hint"),
            needed=row.kind == "BirthsOverride",
            numeric=True,
        ),
        field(
            "ramp_years",
            say("seats_page.lever_ramp"),
            row.ramp_years,
            unit=say("seats_page.unit_years"),
            hint=say("seats_page.lever_ramp_hint"),
            numeric=True,
        ),
    ]
    about = say(f"seats_page.lever_{row.kind}_about")
    if options := lever_fields.alternatives(row.kind):
        words = [
            fmt.listed([say(f"seats_page.parameter_{name}") for name in option], language())
            for option in options
        ]
        about += say("seats_page.one_of", options=" / ".join(words))
    kind = field("kind", say("seats_page.lever"), row.kind, groups=groups, needed=True)
    return LeverForm(number, say("seats_page.lever_title", number=number + 1), about, kind, tuple(fields))


def _parameter(make: object, one: Parameter, row: Row) -> Field:
    unit = "%" if one.sort == "percent" else ""
    if one.sort == "whole":
        unit = say(f"seats_page.parameter_{one.name}_unit")
    return make(  # type: ignore[operator]
        f"p-{one.name}",
        say(f"seats_page.parameter_{one.name}"),
        row.values.get(one.name, ""),
        unit=unit,
        hint=say(f"seats_page.{one.name}_hint") if one.name in ("grades", "factor") else "",
        needed=one.needed,
        options=_options(one),
        units=one.sort == "school",
        numeric=one.sort in ("number", "percent", "whole"),
    )


def _options(one: Parameter) -> tuple[tuple[str, str], ...]:
    """What a coded parameter may be; one that may be left out can be empty."""
    found: list[tuple[str, str]] = []
    if one.sort == "stage":
        found = [(stage, _coded("stage", stage)) for stage in STAGES]
    elif one.sort == "grade":
        found = [(grade, _coded("grade", grade)) for grade in GRADES]
    elif one.sort == "system":
        found = [(system, say(f"seats_page.system_{system}")) for system in SYSTEMS]
    elif one.sort == "dwelling":
        found = [(code, _coded("housing_kind", code)) for code in CODE_LISTS["housing_kind"].entries]
    if found and not one.needed:
        found.insert(0, ("", say("seats_page.not_set")))
    return tuple(found)


def _coded(family: str, code: str) -> str:
    return wording.code_name(family, code, language())
