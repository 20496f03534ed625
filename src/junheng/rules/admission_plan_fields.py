"""Fields of an admission plan that policy files do not have: conditions, exact shares, whole numbers, the
source of a part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, cast

from junheng.rules.admission_plan import Condition, Fact, Operator, Rule
from junheng.rules.policy_fields import Fields
from junheng.rules.reader import Mapping
from junheng.rules.value import VERIFIED

SOURCE = ("cite", "verified", "note")
"""Fields every part of a plan may carry."""
_OPERATORS: tuple[Operator, ...] = ("before", "from", "at_least", "at_most")


class PlanFields(Fields):
    """Reads fields of one plan; faults are noted and reading goes on."""

    def part(self, data: Mapping, name: str, allowed: Sequence[str]) -> Mapping | None:
        """The mapping of a part, its fields checked; None where the plan does not have it."""
        if data.get(name) is None:
            return None
        raw = self.mapping(data[name], data.lines[name])
        self.known(raw, (*allowed, *SOURCE))
        return raw

    def source(self, raw: Mapping, path: str) -> Rule:
        """Where a part comes from."""
        sure = self.choice(raw, "verified", VERIFIED, path) if "verified" in raw else ""
        cite = self.text(raw, "cite", path, needed=False)
        return Rule(path, cite, sure, self.text(raw, "note", path, needed=False), raw.line)

    def whole(self, raw: Mapping, name: str, label: str, default: int | None = None, least: int = 0) -> Any:
        """A whole number of at least `least`."""
        value = raw.get(name, default)
        if value is None and name not in raw:
            self.fault("entry_field", raw.line, entry=label, field=name)
            return least
        if value is default and name not in raw:
            return value
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            line = raw.lines[name]
            self.fault("admission_plan.whole", line, entry=label, field=name, value=value, least=least)
            return least
        return value

    def exact(self, raw: Mapping, name: str, label: str, default: str | None = None) -> Fraction:
        """A number above nothing, exactly as it is written."""
        value = raw.get(name, default)
        if value is None:
            self.fault("entry_field", raw.line, entry=label, field=name)
            return Fraction(1)
        if isinstance(value, bool) or not isinstance(value, int | float | str) or not _is_number(value):
            self.fault("policy.number", raw.lines[name], entry=label, field=name, value=value)
            return Fraction(1)
        return Fraction(str(value))

    def share(self, raw: Mapping, name: str, label: str) -> Fraction:
        """A share between 0 and 1."""
        value = self.exact(raw, name, label)
        if not 0 <= value <= 1:
            self.fault("admission_plan.share", raw.lines[name], entry=label, value=raw[name])
            return Fraction(0)
        return value

    def flag(self, raw: Mapping, name: str, label: str, default: bool = False) -> bool:
        """true or false."""
        value = raw.get(name, default)
        if isinstance(value, bool):
            return value
        self.fault("admission_plan.flag", raw.lines[name], entry=label, field=name, value=value)
        return default

    def bands(self, raw: Mapping, label: str) -> tuple[int, ...]:
        """Sizes of bands of choices."""
        value = raw.get("bands")
        if value is None:
            return ()
        sizes = cast("list[Any]", value) if isinstance(value, list) else []
        if not sizes or not all(isinstance(one, int) and one > 0 for one in sizes):
            self.fault("admission_plan.bands", raw.lines["bands"], entry=label, value=value)
            return ()
        return tuple(sizes)

    def condition(self, value: Any, line: int, label: str) -> Condition:
        """A condition from maps; several fields in one map must all hold."""
        raw = self.mapping(value, line)
        parts: list[Condition] = []
        for name in raw:
            at = raw.lines[name]
            if name in ("all", "any"):
                listed = cast("list[Any]", raw[name]) if isinstance(raw[name], list) else None
                if not listed:
                    self.fault("admission_plan.condition_list", at, entry=label, field=name)
                    continue
                held = tuple(self.condition(one, at, label) for one in listed)
                parts.append(Condition("all" if name == "all" else "any", held))
            elif name == "not":
                parts.append(Condition("not", (self.condition(raw[name], at, label),)))
            else:
                parts += self._tests(name, raw[name], at, label)
        return parts[0] if len(parts) == 1 else Condition("all", tuple(parts))

    def _tests(self, field: str, value: Any, line: int, label: str) -> list[Condition]:
        if not isinstance(value, Mapping):
            values = cast("list[Any]", value) if isinstance(value, list) else [value]
            if not values or not all(isinstance(one, str | int | bool | date) for one in values):
                self.fault("admission_plan.condition_value", line, entry=label, field=field, value=value)
                return []
            return [Condition("test", field=field, values=tuple(cast("list[Fact]", values)))]
        found: list[Condition] = []
        for op in value:
            if op not in _OPERATORS:
                known = ", ".join(_OPERATORS)
                self.fault("unknown_field", value.lines[op], field=op, known=known)
                continue
            bound = value[op]
            wanted = date if op in ("before", "from") else int
            if not isinstance(bound, wanted) or isinstance(bound, bool):
                code = "admission_plan.bound_day" if wanted is date else "admission_plan.bound_whole"
                self.fault(code, value.lines[op], entry=label, field=f"{field}.{op}", value=bound)
                continue
            found.append(Condition("test", field=field, op=cast(Any, op), values=(bound,)))
        return found


def _is_number(value: int | float | str) -> bool:
    try:
        return Fraction(str(value)) > 0 or float(value) == 0
    except (ValueError, ZeroDivisionError):
        return False
