"""Our terms to the sign-in library: nobody signs up, identities are known beforehand, words are ours."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import lazy

from junheng.web.accounts import sealing
from junheng.web.accounts.models import User
from junheng.web.wording import say
from junheng.web.workspace import region

FACTOR = "mfa.Authenticator.data"
_say = lazy(say, str)
_SAID = {
    "account/messages/password_changed.txt": "accounts.password_changed",
    "mfa/messages/totp_activated.txt": "accounts.factor_added",
    "mfa/messages/totp_deactivated.txt": "accounts.factor_removed",
    "mfa/messages/recovery_codes_generated.txt": "accounts.recovery_codes_made",
    "usersessions/messages/sessions_logged_out.txt": "accounts.session_ended",
}


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _say("accounts.wrong_password"),
        "username_password_mismatch": _say("accounts.wrong_password"),
        "incorrect_password": _say("accounts.wrong_own_password"),
        "enter_current_password": _say("accounts.wrong_own_password"),
        "too_many_login_attempts": _say("accounts.too_many_text"),
        "rate_limited": _say("accounts.too_many_text"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To her desk, by way of signing in again; not to the form she has just sent."""
        return reverse("home")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our own sentence for what happened; where we have none, nothing is said."""
        if message_template in _SAID:
            messages.add_message(request, level, say(_SAID[message_template]), extra_tags=extra_tags)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Setting up a factor just after signing in does not ask for the password a second time."""
        request: Any = self.request
        records = get_authentication_records(request, request.user)
        fresh = records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return super().is_reauthentication_required(app=app) and not (app == "allauth.mfa" and fresh)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed like any personal field."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _say("accounts.wrong_code"),
        "cannot_delete_authenticator": _say("accounts.factor_needed"),
    }

    def get_totp_issuer(self) -> str:
        """The bureau's name, under which the authenticator app lists the account."""
        return region().bureau or region().name

    def get_totp_label(self, user: Any) -> str:
        """The account name; no address leaves the desk."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Sealed at rest."""
        return sealing.seal(text, field=FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        """Refused when the key is not ours: a factor that cannot be checked lets nobody in."""
        return sealing.unseal(encrypted_text, field=FACTOR)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not while a role held needs it."""
        return not authenticator.user.needs_second_factor


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Unified identity: it proves who a known person is and makes no accounts."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Only an identity an administrator has tied to an account comes in: the issuer's `sub`, which does
        not change hands, and never a name or an address, which may."""
        person = sociallogin.user if sociallogin.is_existing else None
        if not isinstance(person, User):
            raise ImmediateHttpResponse(refusal(request, "accounts.identity_unknown"))
        if not person.is_active:
            raise ImmediateHttpResponse(refusal(request, "accounts.identity_stopped"))

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The issuer or its answer is not in order: say so and let nobody in."""
        raise ImmediateHttpResponse(refusal(request, "accounts.identity_failed"))


def refusal(request: HttpRequest, code: str, status: int = 403) -> HttpResponse:
    """A page with the reason."""
    context = {"status": status, "title": say("accounts.identity_title"), "text": say(code)}
    return render(request, "house/error.html", context, status=status)
