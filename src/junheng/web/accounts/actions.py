"""What may be done with accounts and grants. Every act stands in the audit trail, with what was before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.utils import reset as reset_tries
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts import sealing, separation
from junheng.web.accounts.lockout import normal
from junheng.web.accounts.models import Grant, PasswordUse, User
from junheng.web.accounts.roles import GRANTS, PEOPLE, ROLES
from junheng.web.accounts.signals import told
from junheng.web.accounts.temporary import temporary_password
from junheng.web.audit.chain import record as audit
from junheng.web.units.models import Unit

PHONE = "accounts.User.phone_sealed"
OIDC_PROVIDER = "unified"
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


@transaction.atomic
def create_person(
    *, username: str, name: str, unit: Unit, by: User, email: str = "", phone: str = "", identity: str = ""
) -> tuple[User, str]:
    """A new account with a temporary password, returned once and kept nowhere. `identity` is the person's
    `sub` at the unified identity service. PermissionDenied without `people` on the unit; Refused for a name
    that is taken or not of lower-case letters, digits and ._-"""
    if not by.may(PEOPLE, unit):
        raise PermissionDenied(PEOPLE)
    person, password = _made(username, name, unit, email, phone)
    _link(person, identity)
    audit("person.created", by=by, unit=unit, object=person.username, diff={"after": _facts(person)})
    return person, password


def _made(username: str, name: str, unit: Unit, email: str, phone: str) -> tuple[User, str]:
    username = normal(username)
    if not _USERNAME.fullmatch(username):
        raise Refused("accounts.username_form", {"username": username})
    if User.objects.filter(username=username).exists():
        raise Refused("accounts.username_taken", {"username": username})
    password = temporary_password()
    person = User(username=username, name=name.strip(), unit=unit, email=email.strip())
    person.phone_sealed = sealing.seal(phone.strip(), field=PHONE)
    person.must_change_password = True
    person.set_password(password)
    person.save()
    return person, password


@transaction.atomic
def change_person(
    *, person: User, by: User, name: str, unit: Unit, email: str, phone: str | None = None, identity: str = ""
) -> User:
    """Change what is known of a person; `phone` None keeps the number. PermissionDenied, Refused as in
    `separation.look_after`; a move needs `people` on the new unit, too."""
    held = _held(person, by)
    if not by.may(PEOPLE, unit):
        raise PermissionDenied(PEOPLE)
    before = _facts(held)
    held.name, held.unit, held.email = name.strip(), unit, email.strip()
    if phone is not None:
        held.phone_sealed = sealing.seal(phone.strip(), field=PHONE)
    held.save()
    _link(held, identity)
    changed = _changes(before, _facts(held))
    if phone is not None:
        changed["phone"] = "changed"
    audit("person.changed", by=by, unit=unit, object=held.username, diff=changed)
    return held


@transaction.atomic
def stop_person(*, person: User, by: User, reason: str) -> User:
    """Close an account from now on; its sessions end. The grants stay to be ended by who answers for them."""
    held = _held(person, by)
    if not held.is_active:
        raise Refused("accounts.person_stopped", {"name": held.name})
    held.is_active, held.ended_at = False, timezone.now()
    _end_sessions(held)
    audit("person.stopped", by=by, unit=held.unit, object=held.username, reason=reason)
    return held


@transaction.atomic
def resume_person(*, person: User, by: User, reason: str) -> tuple[User, str]:
    """Open a stopped account again, with a temporary password."""
    held = _held(person, by)
    if held.is_active:
        raise Refused("accounts.person_active", {"name": held.name})
    held.is_active, held.ended_at = True, None
    password = _temporary(held)
    audit("person.resumed", by=by, unit=held.unit, object=held.username, reason=reason)
    return held, password


@transaction.atomic
def set_password(*, person: User, by: User, reason: str) -> str:
    """A temporary password, returned once; the old one and all sessions end. A second factor stays: taking it
    away is `reset_second_factor`, which is another person's to do."""
    held = _held(person, by)
    password = _temporary(held)
    audit("person.password_set", by=by, unit=held.unit, object=held.username, reason=reason)
    return password


@transaction.atomic
def end_sessions(*, person: User, by: User, reason: str) -> int:
    """End every session of a person; returns how many there were."""
    held = _held(person, by)
    count = _end_sessions(held)
    diff = {"sessions": count}
    audit("person.sessions_ended", by=by, unit=held.unit, object=held.username, reason=reason, diff=diff)
    return count


@transaction.atomic
def release_lock(*, person: User, by: User, reason: str) -> int:
    """Forget the wrong passwords counted for an account; returns how many there were."""
    held = _held(person, by)
    count = reset_tries(username=held.username)
    audit("person.lock_released", by=by, unit=held.unit, object=held.username, reason=reason)
    return count


@transaction.atomic
def reset_second_factor(*, person: User, by: User, reason: str) -> None:
    """Take away a lost second factor; sessions end. For people in sensitive roles this needs `grants` on all
    their units: who may set their passwords cannot also take away their factor."""
    held = User.objects.select_for_update().get(pk=person.pk)
    if held.pk == by.pk:
        raise Refused("accounts.own_account", {})
    if held.needs_second_factor:
        units = [grant.unit for grant in held.current_grants()]
        if not all(by.may(GRANTS, unit) for unit in units):
            raise PermissionDenied(GRANTS)
    else:
        separation.look_after(by, held)
    Authenticator.objects.filter(user=held).delete()
    _end_sessions(held)
    audit("person.factor_reset", by=by, unit=held.unit, object=held.username, reason=reason)


@transaction.atomic
def propose_grant(
    *,
    person: User,
    role: str,
    unit: Unit,
    by: User,
    reason: str,
    valid_from: date,
    valid_to: date | None = None,
) -> Grant:
    """Grant a role. A sensitive one waits for a second person; any other holds at once and ends the person's
    sessions. PermissionDenied, Refused as in `separation.grantable`."""
    held = separation.grantable(by, person, role, unit, valid_from, valid_to)
    grant = Grant.objects.create(
        user=person,
        role=role,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        state=Grant.PROPOSED if held.sensitive else Grant.CONFIRMED,
        granted_by=by,
        confirmed_at=None if held.sensitive else timezone.now(),
        reason=reason,
    )
    verb = "grant.proposed" if held.sensitive else "grant.given"
    audit(verb, by=by, unit=unit, object=person.username, reason=reason, diff={"after": _terms(grant)})
    if held.sensitive:
        others = separation.granters(unit, besides=(by, person))
        told.send(Grant, to=others, code="accounts.notice_proposed", link="", parameters=_named(grant))
    else:
        _took_effect(grant)
    return grant


@transaction.atomic
def confirm_grant(*, grant: Grant, by: User, reason: str = "") -> Grant:
    """The second person's word on a sensitive role. Refused for who proposed it and for who would get it."""
    held = _proposed(grant, by)
    separation.separate(held.user, held.role)
    held.state, held.confirmed_by, held.confirmed_at = Grant.CONFIRMED, by, timezone.now()
    held.save()
    _audit_grant("grant.confirmed", held, by, reason)
    _took_effect(held)
    return held


@transaction.atomic
def refuse_grant(*, grant: Grant, by: User, reason: str) -> Grant:
    """Turn a proposal down; who proposed it may also take it back."""
    held = _proposed(grant, by, own=True)
    held.state, held.ended_at = Grant.REFUSED, timezone.now()
    held.save()
    _audit_grant("grant.refused", held, by, reason)
    return held


@transaction.atomic
def end_grant(*, grant: Grant, by: User, reason: str) -> Grant:
    """End a grant today; the person's sessions end. Refused for one's own, and for the last administrator of
    a kind over a unit."""
    held = _locked(grant, by)
    if held.state != Grant.CONFIRMED:
        raise Refused("accounts.grant_state", {})
    if held.user_id == by.pk:
        raise Refused("accounts.grant_to_self", {})
    if separation.last_of_its_kind(held):
        raise Refused("accounts.last_administrator", {"unit": held.unit.name})
    before = _terms(held)
    held.state, held.ended_at = Grant.ENDED, timezone.now()
    held.save()
    _end_sessions(held.user)
    _audit_grant("grant.ended", held, by, reason, before=before)
    told.send(Grant, to=[held.user], code="accounts.notice_ended", link="", parameters=_named(held))
    return held


@dataclass(frozen=True, slots=True)
class Installed:
    """A person of an installation's first day, with one role on one unit."""

    username: str
    name: str
    unit: Unit
    role: str


@transaction.atomic
def install_people(*, people: Sequence[Installed], must_change: bool = True) -> dict[str, str]:
    """The first accounts of an installation, before anybody could grant anything: passwords by account name.
    Refused as soon as there is somebody who may."""
    able = [name for name, role in ROLES.items() if GRANTS in role.permissions]
    if Grant.objects.in_force(timezone.localdate()).filter(role__in=able, user__is_active=True).exists():
        raise Refused("accounts.installed_already", {})
    passwords: dict[str, str] = {}
    for one in people:
        person, password = _made(one.username, one.name, one.unit, "", "")
        if not must_change:
            person.must_change_password = False
            person.save()
        grant = Grant.objects.create(
            user=person,
            role=one.role,
            unit=one.unit,
            valid_from=timezone.localdate(),
            confirmed_at=timezone.now(),
        )
        diff = {"after": _terms(grant)}
        audit("person.installed", by="installation", unit=one.unit, object=person.username, diff=diff)
        passwords[person.username] = password
    return passwords


@transaction.atomic
def own_password_changed(*, person: User) -> None:
    """The person has replaced her password herself."""
    held = User.objects.select_for_update().get(pk=person.pk)
    held.must_change_password = False
    held.save()
    audit("person.password_changed", by=held, unit=held.unit, object=held.username)


@transaction.atomic
def end_own_session(*, by: User, session: int) -> bool:
    """End one of one's own sessions; False when there is no such session."""
    found = UserSession.objects.filter(user=by, pk=session).first()
    if found is None:
        return False
    found.end()
    audit("person.session_ended", by=by, unit=by.unit, object=by.username)
    return True


@transaction.atomic
def remember_password(*, person: User, keep: int) -> None:
    """Keep the hash of a new password, and of the last `keep` only."""
    PasswordUse.objects.create(user=person, password=person.password)
    kept = PasswordUse.objects.filter(user=person).values_list("pk", flat=True)[:keep]
    PasswordUse.objects.filter(user=person).exclude(pk__in=list(kept)).delete()


def _held(person: User, by: User) -> User:
    held = User.objects.select_for_update().get(pk=person.pk)
    separation.look_after(by, held)
    return held


def _temporary(person: User) -> str:
    password = temporary_password()
    person.set_password(password)
    person.must_change_password = True
    _end_sessions(person)
    return password


def _end_sessions(person: User) -> int:
    """Saves the person, too: the session number is part of what sessions are signed with."""
    person.session_number += 1
    person.save()
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)


def _link(person: User, identity: str) -> None:
    """Tie the account to its identity at the unified service; an empty one unties it."""
    linked = SocialAccount.objects.filter(user=person, provider=OIDC_PROVIDER).first()
    if identity == (linked.uid if linked else ""):
        return
    if SocialAccount.objects.filter(provider=OIDC_PROVIDER, uid=identity).exclude(user=person).exists():
        raise Refused("accounts.identity_taken", {})
    if linked is not None:
        linked.delete()
    if identity:
        SocialAccount.objects.create(user=person, provider=OIDC_PROVIDER, uid=identity)


def _facts(person: User) -> dict[str, Any]:
    """What the trail keeps of a person: no number, no address, only whether there is one."""
    linked = SocialAccount.objects.filter(user=person, provider=OIDC_PROVIDER).exists()
    return {
        "name": person.name,
        "unit": person.unit.code if person.unit else "",
        "email": bool(person.email),
        "phone": bool(person.phone_sealed),
        "identity": linked,
    }


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {key: {"before": before[key], "after": after[key]} for key in after if before[key] != after[key]}


def _terms(grant: Grant) -> dict[str, str]:
    return {
        "role": grant.role,
        "unit": grant.unit.code,
        "from": grant.valid_from.isoformat(),
        "to": grant.valid_to.isoformat() if grant.valid_to else "",
        "state": grant.state,
    }


def _named(grant: Grant) -> dict[str, str]:
    return {"name": grant.user.name, "role": grant.role, "unit": grant.unit.name}


def _audit_grant(
    verb: str, grant: Grant, by: User, reason: str, before: dict[str, str] | None = None
) -> None:
    diff = {"after": _terms(grant)} if before is None else {"before": before, "after": _terms(grant)}
    audit(verb, by=by, unit=grant.unit, object=grant.user.username, reason=reason, diff=diff)


def _took_effect(grant: Grant) -> None:
    _end_sessions(User.objects.select_for_update().get(pk=grant.user_id))
    told.send(Grant, to=[grant.user], code="accounts.notice_given", link="", parameters=_named(grant))


def _locked(grant: Grant, by: User) -> Grant:
    held = Grant.objects.select_for_update(of=("self",)).select_related("unit", "user").get(pk=grant.pk)
    if not by.may(GRANTS, held.unit):
        raise PermissionDenied(GRANTS)
    return held


def _proposed(grant: Grant, by: User, *, own: bool = False) -> Grant:
    held = _locked(grant, by)
    if held.state != Grant.PROPOSED:
        raise Refused("accounts.grant_state", {})
    if held.user_id == by.pk:
        raise Refused("accounts.grant_to_self", {})
    if held.granted_by_id == by.pk and not own:
        raise Refused("accounts.two_people", {})
    return held
