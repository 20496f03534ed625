"""One catalogue from all rooms: codes with parameters become Chinese or English sentences."""

from __future__ import annotations

import importlib
import json
import re
import string
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from junheng.model.codes import CODE_LISTS
from junheng.model.reason import Language, words
from junheng.report import format as fmt

SHARES = ("floor", "utilisation", "share", "line", "occupied", "probability")
"""Names of parameters that are shares where they lie between 0 and 1."""
ROOMS = ("rules", "data", "forecast", "monitoring", "admission", "year", "scale", "report")


def _joined() -> dict[str, tuple[str, str]]:
    """The sentences of every room, whose `messages.py` joins its own parts; a code is worded once."""
    catalogue: dict[str, tuple[str, str]] = {}
    for room in ROOMS:
        sentences = importlib.import_module(f"junheng.{room}.messages").MESSAGES
        if twice := sorted(catalogue.keys() & sentences.keys()):
            raise ValueError(f"codes worded by two rooms, again in {room}: {twice}")
        catalogue |= sentences
    return catalogue


CATALOGUE: dict[str, tuple[str, str]] = _joined()
"""Every room's sentences and the report's own, by code."""


@cache
def _fields(template: str) -> frozenset[str]:
    return frozenset(
        name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(template) if name
    )


def has(code: str) -> bool:
    """Whether the catalogue words this code."""
    return code in CATALOGUE


def say(code: str, language: Language = "zh", **parameters: Any) -> str:
    """The sentence of a code the catalogue is known to hold; KeyError otherwise."""
    return words(CATALOGUE, code, parameters, language)


def reason(
    code: str,
    parameters: Mapping[str, Any],
    language: Language = "zh",
    named: Callable[[str], str] | None = None,
) -> str:
    """The sentence of a code from a table. A code nobody words is shown as it stands with its parameters,
    and a parameter nobody gave as a dash: a report is never stopped by a missing word. `named` turns codes
    of schools and areas into their names."""
    shown = {name: _value(name, value, language, named) for name, value in parameters.items()}
    if code not in CATALOGUE:
        rest = "，".join(f"{name}={value}" for name, value in shown.items() if value not in ("", fmt.BLANK))
        return f"{code}（{rest}）" if rest else code
    template = CATALOGUE[code][0 if language == "zh" else 1]
    for name in _fields(template):
        shown.setdefault(name, fmt.BLANK)
    shown |= {
        name: str(parameters[name]) for name in _years(CATALOGUE[code][0]) if _is_year(parameters.get(name))
    }
    raw = {name: parameters[name] for name in _formatted(template) if name in parameters}
    try:
        return template.format(**{**shown, **raw})
    except (KeyError, ValueError, IndexError, AttributeError):
        return template


@cache
def _formatted(template: str) -> frozenset[str]:
    """Names of fields that carry their own number format and so need the raw value."""
    return frozenset(name for _, name, spec, _ in string.Formatter().parse(template) if name and spec)


@cache
def _years(template: str) -> frozenset[str]:
    """Names of fields of a Chinese template that stand before 年 or 学年: years take no comma."""
    return frozenset(re.findall(r"\{(\w+)\}\s*学?年(?!级)", template))


def _is_year(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2100


def _value(name: str, value: Any, language: Language, named: Callable[[str], str] | None) -> str:
    if value is None:
        return fmt.BLANK
    if isinstance(value, bool):
        return say("report.yes" if value else "report.no", language)
    if isinstance(value, int | float):
        return _number(name, value)
    if isinstance(value, list | tuple):
        return fmt.listed([_value(name, part, language, named) for part in value], language)
    if isinstance(value, str):
        word = name_of_word(value, language)
        return named(value) if named is not None and word == value else word
    return str(value)


def _number(name: str, value: float) -> str:
    """Years as they stand, probabilities and shares as per cent, counts with commas."""
    if "year" in name and "years" not in name:
        return str(int(value))
    if (name.startswith("p_") or name in SHARES) and 0 <= value <= 1:
        return fmt.percent(value)
    if isinstance(value, int) or abs(value) >= 100 or float(value).is_integer():
        return fmt.count(value)
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def name_of_word(value: str, language: Language) -> str:
    """A code that stands as a word inside a sentence (a driver, a lever, a stage); others as they are."""
    for code in (f"part_{value}", f"component.{value}", f"lever.{value}", f"kind.{value}"):
        if code in CATALOGUE:
            return say(code, language)
    for family in ("stage", "grade"):
        if value in CODE_LISTS[family].entries:
            return code_name(family, value, language)
    return value


def code_name(code_list: str, code: str | None, language: Language = "zh") -> str:
    """Name of a code of a declared list; the code itself when the list does not hold it."""
    if code is None:
        return fmt.BLANK
    entry = CODE_LISTS[code_list].entries.get(code)
    return code if entry is None else entry[0 if language == "zh" else 1]


def parameters_of(text: str | None) -> dict[str, Any]:
    """Parameters stored as JSON in a table; empty when absent or unreadable."""
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
