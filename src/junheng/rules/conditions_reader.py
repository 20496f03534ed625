"""Reads conditions, quantities and references to standards out of a declaration, with every fault placed."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from junheng.model.reason import Finding
from junheng.rules.indicator import (
    COMPARATORS,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Literals,
    Not,
    Operand,
    Quantity,
    Standard,
    Term,
)
from junheng.rules.reader import Mapping as Read
from junheng.rules.reader import fault

_OPERAND = ("rule", "by", "column", "times", "per")
_ORDER = ("lt", "le", "gt", "ge")


@dataclass(slots=True)
class Reading:
    """Where one declaration is being read: its file and name, what it may name, and the faults so far.

    `columns` None: the grain is unknown, columns are then not checked. `topics` holds the keys of each topic.
    """

    file: str
    entry: str
    topics: Mapping[str, Collection[str]]
    columns: frozenset[str] | None = None
    findings: list[Finding] = field(default_factory=list[Finding])

    def fault(self, code: str, line: int, **parameters: Any) -> None:
        """Note a fault of this declaration."""
        self.findings.append(fault(f"indicator.{code}", self.file, line, entry=self.entry, **parameters))

    def fields(self, data: Read, known: Iterable[str]) -> None:
        """Refuse fields nobody knows, each with the nearest name."""
        names = list(known)
        for name in data:
            if name not in names:
                self.unknown("unknown_word", data.lines[name], name, names)

    def unknown(self, code: str, line: int, value: str, known: Iterable[str]) -> None:
        """A name that does not exist, with the nearest that does."""
        names = sorted(known)
        near = nearest(value, names)
        self.fault(code, line, value=value, near=near or "–", known=", ".join(names[:40]))

    def column(self, name: Any, line: int) -> str:
        """A column of the grain; a name that differs only by case is said to be that."""
        if not isinstance(name, str):
            self.fault("not_a_name", line, value=name)
            return ""
        if self.columns is None or name in self.columns:
            return name
        if twin := next((known for known in self.columns if known.lower() == name.lower()), ""):
            self.fault("case_differs", line, value=name, near=twin)
        else:
            self.unknown("unknown_column", line, name, self.columns)
        return name


def nearest(value: str, known: Iterable[str]) -> str:
    """The known name most like `value`, or ""."""
    return next(iter(difflib.get_close_matches(value.lower(), list(known), 1, 0.5)), "")


def standard(reading: Reading, given: Any, line: int, by: str = "") -> Standard | None:
    """A reference topic.key, or the beginning of keys with `by`; None when it is faulty."""
    if not isinstance(given, str):
        reading.fault("literal_limit", line, value=given)
        return None
    topic, _, rest = given.partition(".")
    if topic not in reading.topics:
        every = [f"{name}.{key}" for name, keys in reading.topics.items() for key in keys]
        reading.unknown("unknown_rule", line, given, [*reading.topics, *every])
        return None
    keys = reading.topics[topic]
    ahead = f"{rest}_" if rest else ""
    found = any(key.startswith(ahead) for key in keys) if by else rest in keys
    if not found:
        every = [f"{topic}.{key}" for key in keys]
        reading.unknown("unknown_rule", line, given, every)
        return None
    return Standard(given, by)


def condition(reading: Reading, given: Any, line: int) -> Condition | None:
    """A map of columns to what they must be, with `all`, `any` and `not`; None when nothing can be read."""
    if not isinstance(given, Read) or not given:
        reading.fault("condition_form", line)
        return None
    parts: list[Condition] = []
    for name, spec in given.items():
        at = given.lines[name]
        if name in ("all", "any"):
            listed = cast("list[Any]", spec) if isinstance(spec, list) else []
            if not listed:
                reading.fault("condition_form", at)
            inner = tuple(one for item in listed if (one := condition(reading, item, at)) is not None)
            parts.append(AllOf(inner) if name == "all" else AnyOf(inner))
        elif name == "not":
            if (one := condition(reading, spec, at)) is not None:
                parts.append(Not(one))
        else:
            parts += _comparisons(reading, reading.column(name, at), spec, at)
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _comparisons(reading: Reading, column: str, spec: Any, line: int) -> list[Condition]:
    if isinstance(spec, Read):
        found: list[Condition] = []
        for word, bound in spec.items():
            at = spec.lines[word]
            if word not in COMPARATORS:
                reading.unknown("unknown_comparator", at, word, COMPARATORS)
                continue
            operand = _operand(reading, word, bound, at)
            if operand is not None:
                found.append(Comparison(column, word, operand))
        return found
    if isinstance(spec, list):
        return [Comparison(column, "in", Operand(_literals(reading, spec, line)))]
    if spec is None:
        reading.fault("blank_compared", line, value=column)
        return []
    return [Comparison(column, "eq", Operand(_literals(reading, [spec], line)))]


def _literals(reading: Reading, listed: Any, line: int) -> tuple[Literals, ...]:
    """Words, numbers and true or false; anything else, or nothing at all, is a fault."""
    values = cast("list[Any]", listed)
    if not values or not all(isinstance(one, str | int | float | bool) for one in values):
        reading.fault("condition_form", line)
        return ()
    return tuple(values)


def _operand(reading: Reading, word: str, bound: Any, line: int) -> Operand | None:
    if word in ("in", "not_in"):
        if isinstance(bound, list):
            return Operand(_literals(reading, bound, line))
        reading.fault("condition_form", line)
        return None
    if word == "known":
        if isinstance(bound, bool):
            return Operand((bound,))
        reading.fault("condition_form", line)
        return None
    if isinstance(bound, Read):
        return _compared(reading, bound, line)
    if word in _ORDER:
        if isinstance(bound, str):
            held = standard(reading, bound, line)
            return None if held is None else Operand(standard=held)
        if isinstance(bound, bool) or bound != 0:
            reading.fault("literal_limit", line, value=bound)
            return None
    return Operand(_literals(reading, [bound], line))


def _compared(reading: Reading, bound: Read, line: int) -> Operand | None:
    reading.fields(bound, _OPERAND)
    if ("rule" in bound) == ("column" in bound):
        reading.fault("condition_form", line)
        return None
    by = reading.column(bound["by"], bound.lines["by"]) if "by" in bound else ""
    held = standard(reading, bound["rule"], bound.lines["rule"], by) if "rule" in bound else None
    column = reading.column(bound["column"], bound.lines["column"]) if "column" in bound else ""
    beside = {
        word: standard(reading, bound[word], bound.lines[word]) for word in ("times", "per") if word in bound
    }
    return Operand((), held, column, beside.get("times"), beside.get("per"))


def quantity(reading: Reading, given: Any, line: int) -> Quantity:
    """`pupils`, `[a, b]` or `{plus: [...], minus: [...]}`; an element may be {column, when}."""
    if isinstance(given, Read) and "column" not in given:
        reading.fields(given, ("plus", "minus"))
        plus = _terms(reading, given.get("plus"), given.lines.get("plus", line), 1)
        return plus + _terms(reading, given.get("minus"), given.lines.get("minus", line), -1)
    terms = _terms(reading, given, line, 1)
    if not terms:
        reading.fault("quantity_form", line)
    return terms


def _terms(reading: Reading, given: Any, line: int, sign: int) -> Quantity:
    if given is None:
        return ()
    listed = cast("list[Any]", given) if isinstance(given, list) else [given]
    terms: list[Term] = []
    for item in listed:
        if isinstance(item, Read):
            reading.fields(item, ("column", "when"))
            column = reading.column(item.get("column"), item.line)
            when = condition(reading, item["when"], item.lines["when"]) if "when" in item else None
            terms.append(Term(column, sign, when))
        else:
            terms.append(Term(reading.column(item, line), sign))
    return tuple(terms)
