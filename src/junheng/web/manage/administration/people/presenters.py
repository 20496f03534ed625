"""Pages about people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.web.accounts.models import Grant, User
from junheng.web.house.navigation import name_of
from junheng.web.house.page import Absent, Anchor, Cell, Crumb, DataTable, Head, Light, Page, Paging, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.administration.frame import moment, span, tabs, where
from junheng.web.manage.administration.people.queries import Known, PersonState
from junheng.web.privacy import masking
from junheng.web.wording import say

ACTS = ("password", "sessions", "lock", "stop", "resume")
_GRANT_LIGHTS: Mapping[str, Any] = {
    "confirmed": "good",
    "proposed": "near",
    "ended": "none",
    "refused": "none",
}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that may be done with an account."""

    text: str
    href: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class PersonBody:
    """A person's page: facts as (term, value), grants, what may be done."""

    facts: tuple[tuple[str, str], ...]
    grants: DataTable
    acts: tuple[Act, ...]
    phone: str
    phone_href: str


def people(
    scope: Scope, shown: Sequence[PersonState], counts: Mapping[str, int], paging: Paging, *, sought: bool
) -> Page:
    """The list."""
    unit = name_of(scope.unit, scope.language)
    headline = say(
        "admin.people_headline",
        unit=unit,
        count=fmt.count(counts["all"]),
        stopped=fmt.count(counts["stopped"]),
        locked=fmt.count(counts["locked"]),
    )
    columns = ("name", "unit", "roles", "factor", "last_login", "state")
    table = DataTable(
        "people",
        say("admin.people_caption"),
        tuple(Head(say(f"admin.head_{name}")) for name in columns),
        tuple(_row(scope, one) for one in shown),
        empty=say("admin.people_none_found" if sought else "admin.people_none"),
        paging=paging,
    )
    return Page(
        say("admin.tab_people"),
        headline,
        crumbs=where(scope, "people"),
        tabs=tabs(scope, "people"),
        body=table,
    )


def _row(scope: Scope, one: PersonState) -> Row:
    person: Any = one.person
    roles = fmt.listed((say(f"accounts.role_{grant.role}") for grant in person.shown_grants), scope.language)
    return Row(
        (
            Anchor(person.name, scope.url("manage:person", username=person.username), sub=person.username),
            name_of(person.unit, scope.language),
            roles or fmt.BLANK,
            say("admin.factor_on") if one.factor else fmt.BLANK,
            moment(person.last_login),
            state_light(one),
        )
    )


def state_light(one: PersonState) -> Light:
    """Whether an account can be used."""
    if not one.person.is_active:
        return Light("none", say("admin.state_stopped"))
    if one.locked:
        return Light("bad", say("admin.state_locked"))
    if one.person.must_change_password:
        return Light("near", say("admin.state_temporary"))
    return Light("good", say("admin.state_active"))


def person(scope: Scope, held: Known, *, own: bool) -> Page:
    """One person."""
    one = held.state.person
    values = {
        "username": one.username,
        "unit": name_of(one.unit, scope.language) if one.unit else "",
        "email": masking.email(one.email),
        "identity": say("admin.identity_known") if held.identity else "",
        "factor": say("admin.factor_on") if held.state.factor else say("admin.factor_off"),
        "sessions": fmt.count(held.sessions),
        "last_login": moment(one.last_login),
        "created": moment(one.created_at),
    }
    if not one.is_active:
        values["ended"] = moment(one.ended_at)
    body = PersonBody(
        facts=tuple((say(f"admin.fact_{name}"), value or fmt.BLANK) for name, value in values.items()),
        grants=grants_table(scope, held.grants),
        acts=() if own else _acts(scope, held.state),
        phone=say("admin.phone_unreadable") if held.phone is None else held.phone or fmt.BLANK,
        phone_href=scope.url("manage:person_phone", username=one.username) if held.phone else "",
    )
    roles = [say(f"accounts.role_{role}") for role in one.roles]
    headline = (
        say("admin.person_headline", name=one.name, roles=fmt.listed(roles, scope.language))
        if roles
        else say("admin.person_headline_none", name=one.name)
    )
    return Page(
        one.name,
        headline,
        crumbs=where(scope, "people", Crumb(one.name)),
        lead=say("admin.own_account_lead") if own else "",
        lights=(state_light(held.state),),
        tabs=tabs(scope, "people"),
        body=body,
    )


def _acts(scope: Scope, one: PersonState) -> tuple[Act, ...]:
    usable = one.person.is_active
    wanted = {
        "password": usable,
        "sessions": usable,
        "lock": one.locked,
        "stop": usable,
        "resume": not usable,
    }
    acts = [Act(say("admin.act_change"), scope.url("manage:person_change", username=one.person.username))]
    acts += [
        Act(
            say(f"admin.act_{name}"),
            scope.url("manage:person_act", username=one.person.username, act=name),
            grave=name == "stop",
        )
        for name in ACTS
        if wanted[name]
    ]
    return tuple(acts)


def grants_table(scope: Scope, grants: Sequence[Grant]) -> DataTable:
    """A person's roles, past and present."""
    columns = ("role", "unit", "period", "granted_by", "grant_state")
    rows = tuple(
        Row(
            (
                Cell(say(f"accounts.role_{grant.role}"), sub=grant.reason),
                name_of(grant.unit, scope.language),
                span(grant.valid_from, grant.valid_to),
                grant.granted_by.name if grant.granted_by else say("admin.by_installation"),
                grant_light(grant),
            )
        )
        for grant in grants
    )
    head = tuple(Head(say(f"admin.head_{name}")) for name in columns)
    return DataTable("grants", say("admin.person_grants"), head, rows, empty=say("admin.person_no_grants"))


def grant_light(grant: Grant) -> Light:
    """Where a grant stands."""
    return Light(_GRANT_LIGHTS[grant.state], say(f"privacy.grant_{grant.state}"))


def form(scope: Scope, person: User | None = None) -> Page:
    """Making an account, or changing one."""
    if person is None:
        return Page(
            say("admin.new_person"),
            say("admin.new_person"),
            crumbs=where(scope, "people", Crumb(say("admin.new_person"))),
            lead=say("admin.new_person_lead"),
        )
    here = scope.url("manage:person", username=person.username)
    crumbs = where(scope, "people", Crumb(person.name, here), Crumb(say("admin.act_change")))
    return Page(say("admin.act_change"), say("admin.change_headline", name=person.name), crumbs=crumbs)


def act(scope: Scope, person: User, name: str) -> Page:
    """What is about to be done with an account, and what follows."""
    here = scope.url("manage:person", username=person.username)
    return Page(
        say(f"admin.act_{name}"),
        say(f"admin.question_{name}", name=person.name),
        crumbs=where(scope, "people", Crumb(person.name, here), Crumb(say(f"admin.act_{name}"))),
        lead=say(f"admin.follows_{name}"),
    )


def password(scope: Scope, person: User) -> Page:
    """A temporary password, shown once."""
    here = scope.url("manage:person", username=person.username)
    return Page(
        say("admin.temporary_title"),
        say("admin.temporary_headline", name=person.name),
        crumbs=where(scope, "people", Crumb(person.name, here), Crumb(say("admin.temporary_title"))),
        lead=say("admin.temporary_lead"),
    )


def phone(scope: Scope, person: User, absent: Absent | None = None) -> Page:
    """Asking for a telephone number, or seeing it."""
    here = scope.url("manage:person", username=person.username)
    return Page(
        say("admin.phone_title"),
        say("admin.phone_headline", name=person.name),
        crumbs=where(scope, "people", Crumb(person.name, here), Crumb(say("admin.phone_title"))),
        lead=say("admin.phone_lead"),
        absent=absent,
    )
