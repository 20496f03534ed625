"""What signing in and out leaves in the audit trail, and what follows from a new password or factor."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from junheng.web.accounts import actions
from junheng.web.accounts.lockout import normal
from junheng.web.accounts.middleware import begin
from junheng.web.accounts.models import User
from junheng.web.audit.chain import record as audit


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """A session began."""
    begin(request)
    audit("person.signed_in", by=user, unit=user.unit, object=user.username)


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
    """A session ended, by its owner or by its age."""
    if user is not None:
        audit("person.signed_out", by=user, unit=user.unit, object=user.username)


@receiver(user_locked_out)
def locked_out(sender: Any, request: HttpRequest, username: str, **_: Any) -> None:
    """Too many wrong passwords. What was typed is named only when it is an account: it may be a password."""
    person = User.objects.filter(username=normal(username or "")).first()
    named = person.username if person else ""
    audit("person.locked_out", by="sign-in", unit=person.unit if person else None, object=named)


@receiver(password_changed)
def own_password(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """The temporary password is gone."""
    actions.own_password_changed(person=user)


@receiver(authenticator_added)
def factor_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Setting a factor up has just shown it: this session has used it."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)
        audit("person.factor_added", by=user, unit=user.unit, object=user.username)


@receiver(authenticator_removed)
def factor_removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """A person gave her factor up."""
    if authenticator.type == Authenticator.Type.TOTP:
        audit("person.factor_removed", by=user, unit=user.unit, object=user.username)
