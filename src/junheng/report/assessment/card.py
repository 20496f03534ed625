"""A school's card in words: each item with value, line and floor, and what would close its gap."""

from __future__ import annotations

from collections.abc import Mapping

from junheng.model.reason import Language
from junheng.monitoring.assessment_result import AssessmentResult
from junheng.monitoring.assessment_row import ItemRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report.assessment.words import Words
from junheng.rules.indicator import Indicator


def card(
    result: AssessmentResult, indicators: Mapping[str, Indicator], school: str, language: Language = "zh"
) -> list[str]:
    """The lines of a school's card: its verdict by stage, then its items, then what else touches it.

    Refused when the assessment knows no such school.
    """
    words = Words(result, language, indicators)
    held = result.explain(school)
    lines: list[str] = []
    for verdict in held.results:
        lines.append(
            words.say(
                "card.title",
                school=held.school.name,
                stage=words.stage(verdict.stage),
                result=f"{words.status(verdict)} — {words.why(verdict)}",
            )
        )
        lines += [_line(words, row) for row in held.items if row.stage == verdict.stage]
    lines += [_line(words, row) for row in held.others]
    lines += [words.reason(row.reason) for row in held.exceptions]
    return lines


def _line(words: Words, row: ItemRow) -> str:
    name = f"{row.item} {words.item(row.item)}"
    if words.part(row) and row.part:
        name += f"（{words.part(row)}）" if words.language == "zh" else f" ({words.part(row)})"
    if row.value is None or row.den is None or not row.most_pupils or row.status not in (MET, UNMET):
        return words.say("card.unknown", item=name, why=words.why(row) or words.status(row)) + words.say(
            "card.stop"
        )
    text = words.say(
        "card.value",
        item=name,
        value=words.value(row),
        num=fmt.decimal(row.num, 0 if float(row.num or 0).is_integer() else 2),
        unit=words.measure(row.missing_unit),
        pupils=fmt.count(row.den),
    )
    bounds = {"line": words.bound(row.threshold), "floor": words.bound(row.floor)}
    if row.status == MET:
        text += words.say("card.met", line=bounds["line"])
    elif row.floor is None:
        text += words.say("card.short", line=bounds["line"])
    else:
        text += words.say("card.over_floor" if row.floor_status == MET else "card.under_floor", **bounds)
    if row.status == UNMET:
        text += words.say(
            "card.missing",
            missing=fmt.decimal(row.missing_full, 0 if float(row.missing_full or 0).is_integer() else 2),
            unit=words.measure(row.missing_unit),
            most=fmt.count(row.most_pupils),
        )
    return text + words.say("card.stop")
