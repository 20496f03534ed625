"""Passwords: none of the last few again, and temporary ones made by us."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from junheng.web.accounts import actions
from junheng.web.accounts.models import PasswordUse, User
from junheng.web.wording import say


class NotUsedBefore:
    """A password validator: the present password and the `last` before it are refused."""

    def __init__(self, last: int) -> None:
        self.last = last

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError when the password was one of the last."""
        if not isinstance(user, User) or user.pk is None:
            return
        used = PasswordUse.objects.filter(user=user)[: self.last]
        hashes = [user.password, *(use.password for use in used)]
        if any(check_password(password, held) for held in hashes):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password: str, user: Any = None) -> None:
        """Remember the hash; called by Django after a new password is stored."""
        if isinstance(user, User) and user.pk is not None:
            actions.remember_password(person=user, keep=self.last)

    def get_help_text(self) -> str:
        """What is asked, in the reader's language."""
        return say("accounts.password_used", last=self.last)
