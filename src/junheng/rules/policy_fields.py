"""Fields of a policy file, each read with its type checked and its faults placed at their line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from junheng.model.reason import Finding
from junheng.rules.reader import Mapping, fault


class Fields:
    """Reads fields of one file; every method appends what is wrong to the shared findings and goes on."""

    def __init__(self, file: str, local: bool, findings: list[Finding]) -> None:
        self.file, self.local, self.findings = file, local, findings

    def fault(self, code: str, line: int, **about: Any) -> None:
        """Note a fault at a line of this file."""
        self.findings.append(fault(code, self.file, line, **about))

    def known(self, data: Mapping, allowed: Sequence[str]) -> None:
        """Fault every field of `data` that is not allowed."""
        for name in data:
            if name not in allowed:
                self.fault("unknown_field", data.lines[name], field=name, known=", ".join(allowed))

    def mapping(self, value: Any, line: int) -> Mapping:
        """`value` if it is a mapping, else an empty one."""
        if isinstance(value, Mapping):
            return value
        if value is not None:
            self.fault("not_a_mapping", line)
        empty = Mapping()
        empty.line, empty.lines, empty.numbers = line, {}, {}
        return empty

    def mappings(self, data: Mapping, name: str) -> list[Mapping]:
        """The mappings of a list field; empty when absent."""
        value = data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault("policy.not_a_list", data.lines[name], field=name)
            return []
        return [self.mapping(item, data.lines[name]) for item in cast("list[Any]", value)]

    def words(self, data: Mapping, name: str) -> tuple[str, ...]:
        """A word or a list of words."""
        value = data.get(name)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(item, str) for item in cast("list[Any]", value)):
            return tuple(cast("list[str]", value))
        self.fault("policy.not_words", data.lines[name], field=name)
        return ()

    def text(self, data: Mapping, name: str, label: str, *, needed: bool = True) -> str:
        """A text, faulted when missing but needed."""
        value = data.get(name)
        if value is None or value == "":
            if needed:
                self.fault("entry_field", data.line, entry=label, field=name)
            return ""
        if isinstance(value, str):
            return value
        self.fault("policy.not_text", data.lines[name], entry=label, field=name, value=value)
        return ""

    def choice(self, data: Mapping, name: str, known: Sequence[str], label: str, default: str = "") -> Any:
        """One of the `known` words."""
        value = data.get(name, default)
        if value in known:
            return value
        if value in ("", None):
            self.fault("entry_field", data.line, entry=label, field=name)
        else:
            self.fault(
                "policy.choice", data.lines[name], entry=label, field=name, value=value, known=" ".join(known)
            )
        return known[0]

    def day(self, data: Mapping, name: str, label: str) -> date | None:
        """A date or None."""
        value = data.get(name)
        if value is None or isinstance(value, date):
            return value
        self.fault("policy.date", data.lines[name], entry=label, field=name, value=value)
        return None

    def number(self, data: Mapping, name: str, label: str) -> float | None:
        """A number or None."""
        value = data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault("policy.number", data.lines[name], entry=label, field=name, value=value)
            return None
        return float(value)
