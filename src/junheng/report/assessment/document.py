"""The self-evaluation report as a 红头 document an office edits, numbers and stamps."""

from __future__ import annotations

from collections.abc import Mapping

from junheng.model.reason import Language
from junheng.monitoring.assessment_result import AssessmentResult
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.assessment.headline import headline
from junheng.report.assessment.notes import with_footnotes
from junheng.report.assessment.sections import sections
from junheng.report.assessment.words import Words
from junheng.report.content import Report
from junheng.report.official_document import document
from junheng.rules.indicator import Indicator

FINGERPRINT = 8


def docx(
    result: AssessmentResult,
    indicators: Mapping[str, Indicator],
    *,
    language: Language = "zh",
    template: bytes | None = None,
) -> bytes:
    """The report as docx, sources as footnotes with how sure each is. Same input, same bytes.

    `indicators` are those of the law on that day (`law.indicators`), for units and decimals. Document number,
    recipient and date are left for the office; `template` is its own letterhead with the same field names.
    """
    words = Words(result, language, indicators)
    return with_footnotes(document(assemble(words), template), _notes(words))


def assemble(words: Words) -> Report:
    """All that is shown, in one language."""
    say, result = words.say, words.result
    region = result.region
    assessment = result.assessment
    year = fmt.school_year(result.year, words.language)
    title = say("title", region=words.region, name=assessment.name(words.language), year=year)
    version = assessment.rule_version[:FINGERPRINT] or fmt.BLANK
    synthetic = region.synthetic
    footer = say("footer", title=title, version=version)
    if synthetic:
        footer = f"{wording.say('report.declared_short', words.language)} · {footer}"
    return Report(
        language=words.language,
        title=title,
        bureau=region.bureau
        if region.bureau and words.language == "zh"
        else wording.say("report.bureau", words.language, region=words.region),
        period=say("period", year=year),
        declared=wording.say("report.declared", words.language, region=words.region) if synthetic else "",
        headline=headline(words),
        key_figures=(),
        sections=sections(words),
        provenance=footer,
        footer=footer,
        standards=(),
        facts={"origin": result.year, "region": words.region},
    )


def _notes(words: Words) -> dict[str, str]:
    """Text of each footnote: the document and how sure its figures are."""
    found: dict[str, str] = {}
    for value in words.result.citations:
        found[value.source] = words.say("footnote", document=value.source, sure=words.sure(value.verified))
    source = words.result.assessment.source
    named = next(
        (value.source for value in words.result.citations if source.doc and source.doc in value.source),
        source.doc,
    )
    found[source.doc] = words.say("footnote", document=named, sure=words.sure(source.verified))
    return found
