"""Nobody signs up: accounts are made by those who answer for them."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Unified identity: it proves who a known person is and makes no accounts."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False
