"""What services further down want people to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.dispatch import receiver

from junheng.web.accounts.signals import told
from junheng.web.notices.actions import tell


@receiver(told)
def pass_on(
    sender: Any, to: Iterable[Any], code: str, link: str, parameters: Mapping[str, Any], **_: Any
) -> None:
    """One notice to each, in the sender's transaction."""
    tell(to=to, code=code, link=link, **parameters)
