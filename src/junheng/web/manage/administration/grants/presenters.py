"""Pages about grants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import PERMISSIONS, ROLES
from junheng.web.house.navigation import name_of
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Paging, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.administration.frame import moment, span, tabs, where
from junheng.web.manage.administration.grants.queries import Holder
from junheng.web.manage.administration.people.presenters import Act, grant_light, grants_table
from junheng.web.privacy import access
from junheng.web.wording import say

ACTS = ("confirm", "refuse", "end")
_GRAVE = (access.LEAVER, access.NO_FACTOR)


@dataclass(frozen=True, slots=True)
class RoleProse:
    """A role in words: what it is for, what it may do, on which levels, whether it takes two people."""

    name: str
    prose: str
    may: str
    levels: str
    sensitive: str


@dataclass(frozen=True, slots=True)
class HolderBody:
    """A person as one who grants sees her."""

    grants: DataTable
    acts: tuple[Act, ...]


def grants(
    scope: Scope, shown: Sequence[Grant], counts: Mapping[str, int], paging: Paging, *, sought: bool
) -> Page:
    """The list."""
    code = "admin.grants_headline_waiting" if counts["proposed"] else "admin.grants_headline"
    headline = say(
        code,
        unit=name_of(scope.unit, scope.language),
        current=fmt.count(counts["current"]),
        waiting=fmt.count(counts["proposed"]),
    )
    columns = ("name", "role", "unit", "period", "granted_by", "grant_state", "do")
    table = DataTable(
        "grants",
        say("admin.grants_caption"),
        tuple(Head(say(f"admin.head_{name}")) for name in columns),
        tuple(_row(scope, grant) for grant in shown),
        empty=say("admin.grants_none_found" if sought else "admin.grants_none"),
        paging=paging,
    )
    return Page(
        say("admin.tab_grants"),
        headline,
        crumbs=where(scope, "grants"),
        tabs=tabs(scope, "grants"),
        body=table,
    )


def _row(scope: Scope, grant: Grant) -> Row:
    holder = scope.url("manage:grants_of", username=grant.user.username)
    return Row(
        (
            Anchor(grant.user.name, holder, sub=grant.user.username),
            say(f"accounts.role_{grant.role}"),
            name_of(grant.unit, scope.language),
            span(grant.valid_from, grant.valid_to),
            grant.granted_by.name if grant.granted_by else say("admin.by_installation"),
            grant_light(grant),
            _next(scope, grant),
        )
    )


def _next(scope: Scope, grant: Grant) -> Anchor | str:
    """The one thing most likely to be done with it."""
    own = grant.user_id == scope.user.pk
    if own or grant.state not in (Grant.PROPOSED, Grant.CONFIRMED):
        return ""
    if grant.state == Grant.CONFIRMED:
        return Anchor(say("admin.act_end"), scope.url("manage:grant_act", grant=grant.pk, act="end"))
    name = "refuse" if grant.granted_by_id == scope.user.pk else "confirm"
    word = "admin.act_take_back" if name == "refuse" else "admin.act_decide"
    return Anchor(say(word), scope.url("manage:grant_act", grant=grant.pk, act=name))


def form(scope: Scope) -> Page:
    """Granting a role."""
    return Page(
        say("admin.new_grant"),
        say("admin.new_grant"),
        crumbs=where(scope, "grants", Crumb(say("admin.new_grant"))),
        lead=say("admin.new_grant_lead"),
        body=roles(scope),
    )


def roles(scope: Scope) -> tuple[RoleProse, ...]:
    """Every role in words."""
    return tuple(
        RoleProse(
            say(f"accounts.role_{role.name}"),
            say(f"accounts.role_{role.name}_prose"),
            fmt.listed(
                (say(f"accounts.permission_{one}") for one in PERMISSIONS if one in role.permissions),
                scope.language,
            ),
            fmt.listed((say(f"house.level_{one}") for one in sorted(role.levels)), scope.language),
            say("admin.role_sensitive") if role.sensitive else "",
        )
        for role in ROLES.values()
    )


def act(scope: Scope, grant: Grant, name: str) -> Page:
    """What is about to be done with a grant."""
    what = {
        "name": grant.user.name,
        "role": say(f"accounts.role_{grant.role}"),
        "unit": name_of(grant.unit, scope.language),
        "by": grant.granted_by.name if grant.granted_by else say("admin.by_installation"),
        "reason": grant.reason or fmt.BLANK,
        "period": span(grant.valid_from, grant.valid_to),
    }
    return Page(
        say(f"admin.act_{name}"),
        say(f"admin.question_{name}", **what),
        crumbs=where(scope, "grants", Crumb(say(f"admin.act_{name}"))),
        lead=say(f"admin.follows_{name}", **what),
    )


def holder(scope: Scope, held: Holder) -> Page:
    """A person with her grants."""
    own = held.person.pk == scope.user.pk
    acts = [Act(say("admin.new_grant"), f"{scope.url('manage:grant_new')}?person={held.person.username}")]
    if held.factor:
        reset = scope.url("manage:factor_reset", username=held.person.username)
        acts.append(Act(say("admin.act_factor"), reset, grave=True))
    return Page(
        held.person.name,
        say("admin.holder_headline", name=held.person.name, count=fmt.count(_current(held))),
        crumbs=where(scope, "grants", Crumb(held.person.name)),
        lead=say("admin.own_grants_lead") if own else "",
        lights=(
            Light(
                "good" if held.factor else "unseen",
                say(f"admin.holder_factor_{'on' if held.factor else 'off'}"),
            ),
        ),
        tabs=tabs(scope, "grants"),
        body=HolderBody(grants_table(scope, held.grants), () if own else tuple(acts)),
    )


def _factor_light(held: Holder) -> Light:
    if held.factor:
        return Light("good", say("admin.holder_factor_on"))
    return Light("unseen", say("admin.holder_factor_off"))


def _current(held: Holder) -> int:
    return sum(grant.state == Grant.CONFIRMED for grant in held.grants)


def factor(scope: Scope, held: Holder) -> Page:
    """Taking a lost second factor away."""
    here = scope.url("manage:grants_of", username=held.person.username)
    return Page(
        say("admin.act_factor"),
        say("admin.question_factor", name=held.person.name),
        crumbs=where(scope, "grants", Crumb(held.person.name, here), Crumb(say("admin.act_factor"))),
        lead=say("admin.follows_factor"),
    )


def review(
    scope: Scope, found: Sequence[access.Reviewed], shown: Sequence[access.Reviewed], paging: Paging, tab: str
) -> Page:
    """Who may do what, and what looks wrong."""
    flagged = sum(bool(one.flags) for one in found)
    code = "privacy.review_headline" if flagged else "privacy.review_clean"
    columns = ("name", "role", "unit", "period", "last_login", "flags")
    rows = tuple(
        Row(
            (
                Cell(one.grant.user.name, sub=one.grant.user.username),
                say(f"accounts.role_{one.grant.role}"),
                name_of(one.grant.unit, scope.language),
                span(one.grant.valid_from, one.grant.valid_to),
                moment(one.grant.user.last_login),
                _flags(scope, one),
            )
        )
        for one in shown
    )
    table = DataTable(
        "review",
        say("privacy.review_caption"),
        tuple(Head(say(f"admin.head_{name}")) for name in columns),
        rows,
        empty=say("admin.grants_none"),
        paging=paging,
    )
    return Page(
        say(f"admin.tab_{tab}"),
        say(code, grants=fmt.count(len(found)), flagged=fmt.count(flagged)),
        crumbs=where(scope, tab),
        tabs=tabs(scope, tab),
        body=table,
    )


def _flags(scope: Scope, one: access.Reviewed) -> Light | str:
    if not one.flags:
        return ""
    words = fmt.listed((say(f"privacy.flag_{flag}") for flag in one.flags), scope.language)
    return Light("bad" if any(flag in _GRAVE for flag in one.flags) else "near", words)
