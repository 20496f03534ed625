"""`junheng monitoring assess`: a county by an official assessment, printed and written as report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from junheng.cli import projecting, speech
from junheng.cli.arguments import Folder
from junheng.model.errors import Refused

if TYPE_CHECKING:
    from junheng.data import Workspace
    from junheng.monitoring.assessment_result import AssessmentResult
    from junheng.rules import Standards

FORMATS = (".docx", ".xlsx")


def assess(
    workspace: Folder,
    assessment: Annotated[
        str,
        typer.Option(
            "--assessment",
            metavar="ID",
            help="评估，如 quality_balance、preschool。The assessment, as quality_balance or preschool.",
        ),
    ] = "quality_balance",
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            help="学年，默认最近一次填报。School year; the last one with data by default.",
            show_default=False,
        ),
    ] = None,
    school: Annotated[
        str | None,
        typer.Option(
            "--school",
            metavar="SCHOOL",
            help="只看一所学校的卡片：标识码或校名。Print the card of one school, by id or name.",
            show_default=False,
        ),
    ] = None,
    state: Annotated[
        str,
        typer.Option(
            "--state",
            metavar="STATE",
            help="所处环节，如 county_self。Where the procedure stands, as county_self.",
            show_default=False,
        ),
    ] = "",
    report: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="OUT",
            help="自评报告，.docx 或 .xlsx。The self-evaluation report, .docx or .xlsx.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """按官方评估逐项判断，列出未达标与未查验的项目和学校；可写成自评报告。

    Judge the county by an official assessment: items and schools that fail or are not examined; report on request.
    """
    from junheng import rules
    from junheng.data import Workspace

    if report is not None and report.suffix.lower() not in FORMATS:
        raise Refused("cli.assess_format", {"path": report, "known": ", ".join(FORMATS)})
    opened = Workspace.open(workspace)
    tables = opened.tables()
    chosen = _year(tables) if year is None else year
    law = rules.load(*opened.rule_folders()).at(date(chosen, 9, 1), opened.region)
    result = _assessed(opened, tables, law, assessment, chosen, state)
    speech.answer(summary=result.summary())
    if school is None:
        _show(result, law)
    else:
        _card(result, law, school)
    if report is not None:
        _write(report, result, law)


def _year(tables: dict[str, pl.DataFrame]) -> int:
    """The last year schools reported their conditions, else the last count of pupils."""
    for name in ("school_years", "enrolment"):
        held = tables.get(name)
        if held is not None and held.height:
            return int(held["year"].to_list()[held["year"].arg_max() or 0])
    raise Refused("cli.assess_no_data", {})


def _assessed(
    opened: Workspace,
    tables: dict[str, pl.DataFrame],
    law: Standards,
    name: str,
    year: int,
    state: str,
) -> AssessmentResult:
    from junheng.data import evidence_files
    from junheng.monitoring.assessment import assess as judge

    newest = opened.versions()
    with speech.progress() as step:
        step("cli.assessing")
        result = judge(
            tables,
            law.assessment(name),
            year=year,
            law=law,
            region=opened.region,
            files=evidence_files.digests(opened, tables.get("evidence")),
            state=state,
            data_version=newest[-1].id if newest else "",
        )
    projecting.refuse_failed(result.check())
    return result


def _show(result: AssessmentResult, law: Standards) -> None:
    from junheng.report.assessment.headline import headline
    from junheng.report.assessment.sections import whole
    from junheng.report.assessment.words import Words

    words = Words(result, speech.language(), law.indicators)
    speech.console().print(headline(words), markup=False)
    groups = [group.id for group in result.assessment.groups] + ["precondition", "veto"]
    rows: list[list[Any]] = [
        [
            row.item,
            words.item(row.item),
            words.stage(row.stage),
            words.line(row),
            words.value(row) if row.value is not None else None,
            words.status(row),
            words.note(row),
        ]
        for group in groups
        for row in whole(words, group)
        if row.status != "met"
    ]
    speech.table(
        speech.sentence("cli.assess_title", {"count": len(rows)}),
        speech.sentence("cli.assess_headings", {}).split("|"),
        rows,
    )
    following = [one.zh if speech.language() == "zh" else one.en for one in result.next_states()]
    if following:
        here = next(one for one in result.workflow if one.id == result.state)
        named = here.zh if speech.language() == "zh" else here.en
        speech.say("cli.assess_state", state=named, then=" / ".join(following))


def _card(result: AssessmentResult, law: Standards, school: str) -> None:
    from junheng.report.assessment.card import card

    named = [code for code, held in result.schools.items() if school in (code, held.name)]
    for line in card(result, law.indicators, named[0] if named else school, speech.language()):
        speech.console().print(line, markup=False)


def _write(out: Path, result: AssessmentResult, law: Standards) -> None:
    from junheng.data.atomic import write_bytes
    from junheng.report import assessment as report

    made = report.docx if out.suffix.lower() == ".docx" else report.workbook
    write_bytes(out, made(result, law.indicators, language=speech.language()))
    speech.say("cli.wrote", path=out)
