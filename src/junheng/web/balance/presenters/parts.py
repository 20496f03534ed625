"""Parts the pages of this room share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from junheng.model import TABLES
from junheng.model.stages import STAGES
from junheng.monitoring.assessment_row import ItemRow, ResultRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report import wording
from junheng.rules import Value
from junheng.rules.indicator import Indicator
from junheng.web.balance.queries import Judged
from junheng.web.files.protection import audience
from junheng.web.house.page import Anchor, DataTable, Download, Island, Light, Method
from junheng.web.house.scope import Scope
from junheng.web.runs.reading import sees_whole_region
from junheng.web.wording import say

PAGES = ("board", "evidence", "rounds", "warnings", "pass", "indicators")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: a table, a figure or lines (term, text); folded under its `summary` if it has one.
    `more` leads on; `style` is a class of the stylesheet: tables of one style have the same columns."""

    style: str = ""
    summary: str = ""
    tables: tuple[DataTable, ...] = ()
    islands: tuple[Island, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    more: Anchor | None = None


def tabs(scope: Scope, here: str) -> tuple[tuple[Anchor, bool], ...]:
    """The pages of this room; rounds are the county's, and shown to those who see all of it."""
    return tuple(
        (Anchor(say(f"balance.tab_{page}"), scope.url(f"balance:{page}")), page == here)
        for page in PAGES
        if page != "rounds" or sees_whole_region(scope)
    )


def chosen(held: Judged) -> tuple[tuple[Anchor, bool], ...]:
    """The assessments to choose from."""
    return tuple(
        (Anchor(name, address(held.scope, "balance:board", one)), one == held.result.assessment.id)
        for one, name in held.known
    )


def downloads(held: Judged) -> tuple[Download, ...]:
    """The official report for those who work for the county, the rows of the assessment for the others."""
    scope, assessment = held.scope, held.result.assessment.id
    if not scope.may("export"):
        return ()
    if held.county is not None and audience(scope, "export") == "bureau":
        return tuple(
            Download(say(f"balance.take_{form}"), address(scope, "balance:report", assessment, form=form))
            for form in ("docx", "xlsx")
        )
    return (rows_file(scope, held.record.run_id, "assessment_items"),)


def rows_file(scope: Scope, run_id: str, table: str) -> Download:
    """A table of the run as a workbook, from where all files are taken."""
    place = scope.url("files:table", source=run_id, table=table, form="xlsx")
    return Download(say("balance.take_rows"), place)


def stage_place(stage: str | None) -> int:
    """Where a stage stands among the others, none first."""
    return 1 + list(STAGES).index(stage) if stage in STAGES else 0


def number(indicator: Indicator | None, value: float | None) -> str:
    """A value of an indicator as shown: shares in per cent, others with their decimals."""
    if indicator is None:
        return fmt.decimal(value, 3)
    if indicator.display.unit.endswith("share"):
        return fmt.percent(value, max(indicator.display.decimals - 2, 1))
    return fmt.decimal(value, indicator.display.decimals)


def school(held: Judged, code: str, name: str) -> Anchor | str:
    """A school's name, leading to its card where the person sees it."""
    scope = held.scope
    unit = scope.register.by_code.get(code)
    if unit is None or unit.level != "school" or not scope.unit.holds(unit):
        return name
    return Anchor(name, address(scope.on(unit), "balance:board", held.result.assessment.id))


def address(scope: Scope, view: str, assessment: str, **parts: str) -> str:
    """A page of this room, of one assessment."""
    return scope.url(view, query=f"assessment={assessment}", **parts)


def light(held: Judged, row: ItemRow | ResultRow) -> Light:
    """The status by shape, colour and word: what nobody examined is never met."""
    kind = {MET: "good", UNMET: "bad"}.get(row.status, "unseen")
    if over_floor(row):
        return Light("near", say("balance.over_floor"))
    return Light(kind, held.words.status(row))  # type: ignore[arg-type]


def over_floor(row: ItemRow | ResultRow) -> bool:
    """Whether a line is missed while its floor is held."""
    return row.status == UNMET and isinstance(row, ItemRow) and row.floor_status == MET


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


def day(at: datetime) -> str:
    """A moment as its day here."""
    return timezone.localtime(at).strftime("%Y-%m-%d")
