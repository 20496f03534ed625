"""The last sections of the self-evaluation: who is left out and why, and what the figures rest on."""

from __future__ import annotations

from junheng.report import format as fmt
from junheng.report.assessment.words import Words
from junheng.report.content import Cell, Head, Section, Table, Text
from junheng.rules import Value


def exceptions(words: Words) -> Section:
    """Units left out or judged by another reading, each with its reason and how sure that is."""
    say = words.say
    rows = [
        (
            words.unit(row.area),
            words.stage(row.stage),
            fmt.count(row.pupils) if row.pupils is not None else fmt.BLANK,
            words.reason(row.reason),
            words.sure(row.verified),
        )
        for row in words.result.exceptions
    ]
    if not rows:
        return Section("exceptions", say("section.exceptions"), (Text(say("no_exceptions")),))
    head = (
        Head(say("col.school"), width=3.4),
        Head(say("col.stage"), width=1.5),
        Head(say("col.pupils"), "right", width=1.1),
        Head(say("col.reason"), width=4.2),
        Head(say("col.sure"), width=2.6),
    )
    return Section(
        "exceptions", say("section.exceptions"), (Table("exceptions", say("exceptions"), head, tuple(rows)),)
    )


def sources(words: Words) -> Section:
    """Standards by document, each with its article."""
    say = words.say
    head = (
        Head(say("col.standard"), width=6),
        Head(say("col.figure"), "right", width=2),
        Head(say("col.document"), width=2.6),
        Head(say("col.sure"), width=1.4),
    )
    by_document: dict[str, list[Value]] = {}
    for value in words.result.citations:
        by_document.setdefault(value.source, []).append(value)
    rows: list[tuple[str | Cell, ...]] = []
    for document, values in by_document.items():
        rows.append((Cell(document, bold=True), "", "", ""))
        rows += [
            (
                words.standard(value),
                words.figure(value),
                value.article,
                Cell(words.sure(value.verified), light="" if value.sure else "tocheck"),
            )
            for value in values
        ]
    table = Table("sources", say("sources"), head, tuple(rows))
    return Section("sources", say("section.sources"), (Text(say("sources_note")), table))
