"""Rows of an assessment in words: values with their unit, requirements, reasons, names of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

from junheng.model.reason import Language
from junheng.monitoring.assessment_logic import conjunction
from junheng.monitoring.assessment_result import AssessmentResult
from junheng.monitoring.assessment_row import ItemRow, ResultRow
from junheng.monitoring.status import MET, UNMET, shown
from junheng.report import format as fmt
from junheng.report import wording
from junheng.rules import Value
from junheng.rules.indicator import OPS, Indicator, Op

_SIGN = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "==": "＝"}
_ROOM = "monitoring.assess."
_SHORT = {"zh": 8, "en": 24}
"""Letters up to which the name of a key does not stand by itself."""
_SAID = ("compared", "all_met", "share_enough", "share_short")
"""Reasons that value and requirement say already."""


@dataclass(frozen=True)
class Words:
    """Everything a reader sees of one result, in one language."""

    result: AssessmentResult
    language: Language
    indicators: Mapping[str, Indicator]

    def say(self, code: str, **parameters: Any) -> str:
        """A sentence of this report's catalogue."""
        return wording.say(f"report.assess.{code}", self.language, **parameters)

    def stage(self, stage: str) -> str:
        """Name of a stage; "" for none."""
        return wording.code_name("stage", stage, self.language) if stage else ""

    @cached_property
    def region(self) -> str:
        held = self.result.region
        return held.name if self.language == "zh" or not held.name_en else held.name_en

    def unit(self, code: str) -> str:
        """Name of a school or of the county; the code itself when nobody named it."""
        if code == self.result.region.code:
            return self.region
        held = self.result.schools.get(code)
        return held.name if held is not None else code

    @cached_property
    def _items(self) -> dict[str, str]:
        assessment = self.result.assessment
        named = {item.id: item.name(self.language) for item in assessment.items}
        for one in (*assessment.preconditions, *assessment.vetoes):
            named[one.id] = one.zh if self.language == "zh" else one.en
        return named

    def item(self, code: str) -> str:
        """Name of an item, a precondition or a veto."""
        return self._items.get(code, code)

    def numbered(self, code: str) -> str:
        """`L1:primary` as L1（小学）."""
        name, _, stage = code.partition(":")
        if not stage:
            return name
        return self.beside(name, self.stage(stage))

    def beside(self, name: str, more: str) -> str:
        """A name with what belongs to it in brackets."""
        return f"{name}（{more}）" if self.language == "zh" else f"{name} ({more})"

    def figure(self, value: Value) -> str:
        """The number of a standard with its unit."""
        chinese, _, english = value.unit.partition(" ")
        return f"{fmt.plain(value.value)} {chinese if self.language == 'zh' else english or chinese}".strip()

    def group(self, group: str) -> str:
        """Name of a group of items."""
        for one in self.result.assessment.groups:
            if one.id == group:
                return one.zh if self.language == "zh" else one.en
        return self.say(f"group.{group}")

    def heading(self, text: str) -> str:
        """A name where it begins a line."""
        return text[:1].upper() + text[1:]

    def counts(self, rows: Sequence[ItemRow]) -> dict[str, int]:
        """How many items of the list are met, unmet and unknown; an item of several stages counts once, a
        variation coefficient for itself."""
        found: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            found.setdefault((row.item, row.stage if row.kind == "balance" else ""), []).append(row.status)
        statuses = [conjunction(held) for held in found.values()]
        known = {"met": statuses.count(MET), "unmet": statuses.count(UNMET)}
        return {"items": len(statuses), **known, "unknown": len(statuses) - sum(known.values())}

    def part(self, row: ItemRow) -> str:
        """Name of a part of an item: as the assessment words it, or a room, or a formula."""
        for item in self.result.assessment.items:
            if item.id != row.item:
                continue
            for number, part in enumerate(item.parts, start=1):
                if row.part in (part.indicator, part.check, f"evidence_{number}"):
                    return (part.zh if self.language == "zh" else part.en) or row.part
        if wording.has(f"report.assess.part.{row.part}"):
            return self.say(f"part.{row.part}")
        if row.indicator in self.indicators:
            return self.indicators[row.indicator].name(self.language)
        return "" if row.part == "by_stage" else row.part

    def status(self, row: ItemRow | ResultRow) -> str:
        """What was found, in words; a veto is found or not."""
        family = "veto" if isinstance(row, ItemRow) and row.group == "veto" else "status"
        return self.say(f"{family}.{row.status}")

    def value(self, row: ItemRow) -> str:
        """The value as printed: shares in per cent, others with their decimals, side of the line visible."""
        return self._number(row, row.value, met=row.status == MET if row.status in (MET, UNMET) else None)

    def _number(self, row: ItemRow, value: float | None, met: bool | None = None) -> str:
        if value is None:
            return fmt.BLANK
        indicator = self.indicators.get(row.indicator)
        share = self._is_share(row)
        decimals = indicator.display.decimals if indicator else (3 if share else 0)
        line = row.threshold
        op = cast(Op, row.op or OPS[0])
        if share:
            text = shown(_percent(value), max(decimals - 2, 1), _percent(line), op, met)
            return f"{_grouped(text)}%"
        return _grouped(shown(value, decimals, line, op, met))

    def _is_share(self, row: ItemRow) -> bool:
        indicator = self.indicators.get(row.indicator)
        if indicator is not None:
            return indicator.display.unit.startswith("比例")
        return row.threshold is not None and row.den is not None and 0 < row.threshold <= 1

    def line(self, row: ItemRow) -> str:
        """The requirement with its sign; blank where none."""
        return self._signed(row, row.threshold)

    def bound(self, value: float | None) -> str:
        """A line in a sentence: its number alone."""
        return fmt.BLANK if value is None else _plain(value)

    def floor(self, row: ItemRow) -> str:
        """The floor with its sign."""
        return self._signed(row, row.floor)

    def _signed(self, row: ItemRow, bound: float | None) -> str:
        if bound is None or not row.op:
            return fmt.BLANK
        if self._is_share(row):
            return f"{_SIGN[row.op]}{_plain(_percent(bound) or 0.0)}%"
        return f"{_SIGN[row.op]}{_plain(bound)}"

    def measure(self, name: str) -> str:
        """Unit of what is missing."""
        return self.say(f"unit.{name}") if name else ""

    def missing(self, amount: float | None, unit: str) -> str:
        """An amount still missing, with its unit; a dash for nothing."""
        if not amount:
            return fmt.BLANK
        digits = 0 if float(amount).is_integer() else 2
        return f"{fmt.decimal(amount, digits)} {self.measure(unit)}".strip()

    def why(self, row: ItemRow | ResultRow) -> str:
        """Why a row is judged so."""
        code = f"{_ROOM}{row.status_reason}"
        if not row.status_reason or not wording.has(code):
            return ""
        parameters = dict(row.reason_parameters)
        if "units" in parameters:
            named = [self.unit(code) for code in parameters["units"]]
            parameters["units"] = named + (["…"] if parameters["count"] > len(named) else [])
        for name in ("items", "unmet", "under", "unknown", "vetoes"):
            if isinstance(parameters.get(name), list):
                parameters[name] = [self.numbered(code) for code in parameters[name]] or [fmt.BLANK]
        if "room" in parameters:
            parameters["room"] = self.say(f"part.{parameters['room']}")
        return wording.reason(code, parameters, self.language)

    def note(self, row: ItemRow) -> str:
        """What value and requirement do not say already: why, which part, and equality as printed."""
        if row.kind == "all":
            return self._open_parts(row)
        text = "" if row.status_reason in _SAID else self.why(row)
        return text + (self.say("boundary") if "boundary" in row.flags.split(";") else "")

    def _open_parts(self, row: ItemRow) -> str:
        parts = [
            self.say("part_is", part=self.part(one), status=self.status(one))
            for one in self.result.items
            if (one.item, one.stage, one.level) == (row.item, row.stage, row.level)
            and one.part
            and one.status != MET
        ]
        return ("；" if self.language == "zh" else "; ").join(parts)

    def reason(self, code: str) -> str:
        """A reason without parameters, as of an exception."""
        return wording.reason(f"{_ROOM}{code}", {}, self.language)

    def sure(self, mark: str) -> str:
        """How sure a source is, in a word."""
        return self.say(f"sure.{mark}") if wording.has(f"report.assess.sure.{mark}") else fmt.BLANK

    def standard(self, value: Value) -> str:
        """Name of a standard: its key, with its topic before it where the key is only a few words."""
        chinese = self.language == "zh"
        named = self.result.topics.get(value.topic, ("", ""))[0 if chinese else 1]
        key = value.zh if chinese else value.en
        if not named or named in key or len(key) > _SHORT[self.language]:
            return key
        return f"{named}{'：' if chinese else ': '}{key}"

    def cited(self, value: Value) -> str:
        """Document and article of a standard, without how sure it is."""
        place = value.article
        return f"{value.source}{'，' if self.language == 'zh' else ', '}{place}" if place else value.source


def _percent(value: float | None) -> float | None:
    return None if value is None else float(Fraction(repr(value)) * 100)


def _plain(value: float) -> str:
    return fmt.count(value) if float(value).is_integer() else f"{value:g}"


def _grouped(text: str) -> str:
    """Thousands in groups, as the other numbers of a report."""
    whole, dot, rest = text.partition(".")
    sign = "−" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-') or 0):,}{dot}{rest}"
