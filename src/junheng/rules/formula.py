"""A definition in words: what is measured on which rows, in Chinese and English, for whoever must sign it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junheng.model.reason import Language, words
from junheng.rules.formula_messages import MESSAGES
from junheng.rules.grains import GRAINS, Grain
from junheng.rules.indicator import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Indicator,
    Literals,
    Not,
    Operand,
    Quantity,
    Standard,
    Term,
)
from junheng.rules.value import Value

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "="}


class Wording:
    """Words for the parts of one indicator in one language."""

    def __init__(self, indicator: Indicator, language: Language = "zh") -> None:
        self.indicator = indicator
        self.language: Language = language
        self._grain: Grain = GRAINS[indicator.grain]

    def phrase(self, code: str, **parameters: object) -> str:
        """A sentence of the catalogue of formulas."""
        return words(MESSAGES, f"formula.{code}", parameters, self.language)

    def formula(self) -> str:
        """The measure over its rows, e.g. ratio: sum of teachers over sum of pupils, times 100."""
        one = self.indicator
        value = one.value
        what = self.quantity(value.column)
        if value.num:
            what = self.phrase("quotient", num=self.quantity(value.num), den=self.quantity(value.den))
        weight = self.quantity(one.weight) or self.quantity(value.den)
        condition = self.condition(value.condition) if value.condition else self.phrase("any_row")
        text = self.phrase(
            one.measure,
            what=what,
            num=self.quantity(value.num),
            den=self.quantity(value.den),
            condition=condition,
            weight=weight or self.phrase("each_row"),
            q="" if one.q is None else f"{one.q * 100:g}",
            base=self._base(),
            range=self.phrase(one.range) if one.range else "",
            split=self._grain.named(one.split, self.language) if one.split else self.phrase("no_split"),
        )
        return text if value.factor == 1 else self.phrase("times", text=text, factor=f"{value.factor:g}")

    def rows(self) -> str:
        """Which rows are looked at."""
        grain = self._grain.zh if self.language == "zh" else self._grain.en
        where = self.condition(self.indicator.where) if self.indicator.where else self.phrase("any_row")
        return self.phrase("rows", grain=grain, where=where)

    def report(self) -> str:
        """The groups that come out."""
        return self._list([self._grain.named(name, self.language) for name in self.indicator.report])

    def exclusions(self) -> list[str]:
        """Who is left out, why and by which rule."""
        return [
            self.phrase(
                "exclusion",
                name=(one.zh if self.language == "zh" else one.en) or one.reason,
                when=self.condition(one.when),
                cite=self._cited(one.cite) if one.cite else (one.source.doc if one.source else ""),
            )
            for one in self.indicator.exclude
        ]

    def thresholds(self) -> list[str]:
        """The line of each group with its citation and how sure it is; a line not in force says so."""
        line = self.indicator.threshold
        if line is None:
            return []
        values = line.standard.values
        return [
            self.phrase(
                "threshold",
                group=self._group(line.standard.by, group),
                op=_SIGNS[line.op],
                value=self._number(value),
                unit=self._unit(value),
                cite=value.citation(self.language),
            )
            for group, value in values.items()
            if self._concerns(line.standard.by, group)
        ]

    def quantity(self, quantity: Quantity) -> str:
        """A sum of columns."""
        text = ""
        for term in quantity:
            sign, shown = "−" if term.sign < 0 else "+", self._term(term)
            text = f"{text} {sign} {shown}" if text else shown if term.sign > 0 else sign + shown
        return text

    def condition(self, condition: Condition) -> str:
        """A condition on a row."""
        if isinstance(condition, AllOf):
            return self.phrase("and").join(self.condition(part) for part in condition.parts)
        if isinstance(condition, AnyOf):
            parts = self.phrase("or").join(self.condition(part) for part in condition.parts)
            return self.phrase("any", what=parts)
        if isinstance(condition, Not):
            return self.phrase("not", what=self.condition(condition.part))
        return self._comparison(condition)

    def _comparison(self, one: Comparison) -> str:
        column = self._grain.named(one.column, self.language)
        if one.op == "known":
            return self.phrase("known" if one.operand.literals[0] is True else "blank", column=column)
        bound = self._operand(one.column, one.operand)
        return self.phrase(one.op, column=column, bound=bound)

    def _operand(self, column: str, operand: Operand) -> str:
        if operand.standard is not None:
            text = self._standard(operand.standard)
        elif operand.column:
            text = self._grain.named(operand.column, self.language)
        else:
            text = self._list([self._literal(column, one) for one in operand.literals])
        if operand.times is not None:
            text = f"{text} × {self._standard(operand.times)}"
        return f"{text} ÷ {self._standard(operand.per)}" if operand.per is not None else text

    def _literal(self, column: str, value: Literals) -> str:
        codes = self._grain.codes(column)
        if codes is not None and str(value) in codes.entries:
            return codes.entries[str(value)][0 if self.language == "zh" else 1]
        if isinstance(value, bool):
            return self.phrase("yes" if value else "no")
        return self.phrase(f"value_{value}") if f"formula.value_{value}" in MESSAGES else str(value)

    def _standard(self, reference: Standard) -> str:
        """The numbers a reference stands for, or its name before it is resolved."""
        shown = [
            self._group(reference.by, group) + f"{self._number(value)} {self._unit(value)}"
            for group, value in reference.values.items()
            if self._concerns(reference.by, group)
        ]
        return self._list(shown) if shown else reference.rule

    def _cited(self, reference: Standard) -> str:
        cited = [value.citation(self.language) for value in reference.values.values()]
        return cited[0] if cited else reference.rule

    def _group(self, by: str, group: str) -> str:
        return f"{self._literal(by, group)} " if by and group else ""

    def _concerns(self, by: str, group: str) -> bool:
        """Whether a value is for a group that can occur: a topic holds keys of other kinds and stages too."""
        codes = self._grain.codes(by) if by else None
        scope = _only(self.indicator.where, by) if by else None
        return (codes is None or group in codes.entries) and (scope is None or group in scope)

    def _term(self, term: Term) -> str:
        name = self._grain.named(term.column, self.language)
        return (
            name if term.when is None else self.phrase("term_when", name=name, when=self.condition(term.when))
        )

    def _base(self) -> str:
        base = self.indicator.base
        if base is None:
            return ""
        back = self.phrase("base_year" if base.year else "base_years", year=base.year, years=base.years)
        return self.phrase("base_percent" if base.percent else "base_difference", back=back)

    def _number(self, value: Value) -> str:
        return self.phrase("no_value") if value.value is None else f"{value.value:g}"

    def _unit(self, value: Value) -> str:
        """Units are kept as the Chinese and the English word with a space between."""
        chinese, _, english = value.unit.partition(" ")
        return chinese if self.language == "zh" else english or chinese

    def _list(self, parts: Sequence[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(parts)


def _only(where: Condition | None, column: str) -> tuple[Literals, ...] | None:
    """The values a scope leaves of `column`; None when it leaves all."""
    if isinstance(where, AllOf):
        return next((one for part in where.parts if (one := _only(part, column)) is not None), None)
    if isinstance(where, Comparison) and where.column == column and where.op in ("eq", "in"):
        return where.operand.literals
    return None


def lines(indicator: Indicator, language: Language = "zh") -> Iterator[tuple[str, str]]:
    """(heading code, text) of everything a definition says, in the order an official reads it."""
    wording = Wording(indicator, language)
    yield "why", indicator.why(language)
    source = indicator.source
    sureness = MESSAGES[f"formula.sure_{source.verified}"][0 if language == "zh" else 1]
    yield "source", wording.phrase("source", doc=source.doc, clause=source.clause, sureness=sureness)
    yield "formula", wording.formula()
    yield "rows", wording.rows()
    yield "report", wording.report()
    for text in wording.thresholds():
        yield "threshold", text
    for text in wording.exclusions():
        yield "exclude", text
    missing = indicator.missing.max_share_of_weight
    yield "missing", wording.phrase("missing" if missing else "none_missing", share=f"{missing * 100:g}")
    if indicator.privacy.min_n is not None:
        subject = wording.phrase(indicator.privacy.subject)
        least = indicator.privacy.min_n.of()
        shown = "–" if least is None else f"{least.number:g}"
        yield "privacy", wording.phrase("privacy", subject=subject, least=shown)
    yield "version", f"{indicator.rule_version} ({indicator.file}:{indicator.line})"
