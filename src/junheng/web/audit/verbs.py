"""Verbs of the trail in words."""

from __future__ import annotations

from junheng.model.reason import Language
from junheng.web.wording import catalogue, say

_PREFIX = "audit.verb_"


def named(verb: str, language: Language | None = None) -> str:
    """A verb as people read it; the verb itself where nobody has worded it."""
    code = _PREFIX + verb.replace(".", "_")
    return say(code, language) if code in catalogue() else verb


def all_verbs() -> list[str]:
    """Every verb that is worded, as it stands in the trail."""
    return [
        code.removeprefix(_PREFIX).replace("_", ".", 1) for code in catalogue() if code.startswith(_PREFIX)
    ]
