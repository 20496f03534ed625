"""Words of pages: the catalogues of the web's applications joined with those of the rooms."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils import translation

from junheng.model.reason import Language
from junheng.report import wording

APPLICATIONS = (
    "house",
    "units",
    "accounts",
    "audit",
    "jobs",
    "files",
    "api",
    "runs",
    "figures",
    "notices",
    "privacy",
    "desk",
    "overview",
    "data_centre",
    "forecast",
    "balance",
    "plan",
    "admission",
    "admission.draws",
    "admission.results",
    "publication",
    "manage",
    "manage.administration",
)


@cache
def catalogue() -> dict[str, tuple[str, str]]:
    """Every sentence of the web by code. ValueError when a code is worded twice."""
    held: dict[str, tuple[str, str]] = {}
    for application in APPLICATIONS:
        sentences = importlib.import_module(f"junheng.web.{application}.messages").MESSAGES
        if twice := sorted((held.keys() | wording.CATALOGUE.keys()) & sentences.keys()):
            raise ValueError(f"codes worded twice, again in {application}: {twice}")
        held |= sentences
    return held


def language() -> Language:
    """Language of the request being served."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def say(code: str, chosen: Language | None = None, /, **parameters: Any) -> str:
    """The sentence of one of the web's codes; KeyError for a code nobody words."""
    text = catalogue()[code][0 if (chosen or language()) == "zh" else 1]
    return text.format(**parameters)


def reason(code: str, parameters: Mapping[str, Any] | None = None, chosen: Language | None = None) -> str:
    """The sentence of a code from anywhere: the web's, or a room's (findings, failures, progress)."""
    if code in catalogue():
        shown = {name: _value(value, chosen) for name, value in (parameters or {}).items()}
        try:
            return say(code, chosen, **shown)
        except (KeyError, IndexError, ValueError):
            return catalogue()[code][0 if (chosen or language()) == "zh" else 1]
    return wording.reason(code, parameters or {}, chosen or language())


def _value(value: Any, chosen: Language | None) -> Any:
    """A parameter as it is shown: a code of ours that stands as a word in the sentence is worded itself."""
    if value is None:
        return ""
    return say(value, chosen) if isinstance(value, str) and value in catalogue() else value
