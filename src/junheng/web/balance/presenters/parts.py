"""Parts the pages of this room share."""

from __future__ import annotations

from junheng.model import TABLES
from junheng.monitoring.assessment_row import ItemRow, ResultRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report import wording
from junheng.rules import Value
from junheng.web.balance.queries import Judged
from junheng.web.house.page import Anchor, Light, Method
from junheng.web.house.scope import Scope
from junheng.web.wording import say

VETO = "veto"


def tabs(held: Judged) -> tuple[tuple[Anchor, bool], ...]:
    """One tab an assessment."""
    return tuple(
        (Anchor(name, address(held.scope, "balance:board", one)), one == held.result.assessment.id)
        for one, name in held.known
    )


def address(scope: Scope, view: str, assessment: str, **parts: str) -> str:
    """A page of this room, of one assessment."""
    return scope.url(view, query=f"assessment={assessment}", **parts)


def light(held: Judged, row: ItemRow | ResultRow) -> Light:
    """The status by shape, colour and word: what nobody examined is never met."""
    kind = {MET: "good", UNMET: "bad"}.get(row.status, "unseen")
    if kind == "bad" and isinstance(row, ItemRow) and row.floor_status == MET:
        kind = "near"
    return Light(kind, held.words.status(row))  # type: ignore[arg-type]


def method(held: Judged) -> Method:
    """What is counted, who is left out, and where each line comes from."""
    assessment = held.result.assessment
    language = held.scope.language
    about = assessment.about_zh if language == "zh" else assessment.about_en
    left_out = fmt.count(len({(one.area, one.stage) for one in held.result.exceptions}))
    entries = (
        (assessment.name(language), about),
        (say("balance.method_unknown"), say("balance.method_unknown_text")),
        (say("balance.method_exceptions"), say("balance.method_exceptions_text", count=left_out)),
        (say("balance.method_self"), wording.say("report.assess.honest", language)),
    )
    version = held.record.data_version or fmt.BLANK
    sources = tuple((_table(held.scope, name), version, fmt.BLANK) for name in ("school_years", "enrolment"))
    return Method(entries, sources, tuple(_citation(held, one) for one in held.result.citations))


def _citation(held: Judged, value: Value) -> tuple[str, str]:
    words = held.words
    text = f"{words.standard(value)} {words.figure(value)} · {words.cited(value)}"
    return text, "" if value.sure else words.sure(value.verified)


def _table(scope: Scope, name: str) -> str:
    return TABLES[name].zh if scope.language == "zh" else TABLES[name].en
