"""The annual report: what is shown, in the order a leader needs it. Assembles, computes nothing."""

from __future__ import annotations

from junheng.model.reason import Language
from junheng.report import format as fmt
from junheng.report.content import Report
from junheng.report.reading import Reading, ReportInput
from junheng.report.sections import drivers, evidence, headline, idle, pupils, schools, seats, warnings
from junheng.report.suppression import Protection

ORDER = (
    pupils.section,
    seats.section,
    warnings.section,
    idle.section,
    drivers.section,
    schools.section,
    evidence.data_section,
    evidence.method_section,
)
FINGERPRINT = 8


def assemble(source: ReportInput, language: Language = "zh", protection: Protection | None = None) -> Report:
    """All that is shown, in one language, for one audience (the bureau unless told otherwise)."""
    protection = protection or Protection()
    reading = Reading(source, language)
    say, run = reading.say, source.run
    title = say("title", region=reading.region_name)
    last = reading.future[-1] if reading.future else None
    period = (
        say("period", year=fmt.school_year(reading.origin, language), last=last)
        if last
        else say("period_bare")
    )
    provenance = _provenance(reading)
    if protection.active:
        provenance += " · " + say("public_note")
    declared = say("declared", region=reading.region_name) if source.region.synthetic else ""
    footer = say("footer", region=reading.region_name, title=period, run=run.get("id") or fmt.BLANK)
    if source.region.synthetic:
        footer = f"{say('declared_short')} · {footer}"
    cited = _cited(reading)
    return Report(
        language=language,
        title=title,
        bureau=source.region.bureau
        if source.region.bureau and language == "zh"
        else say("bureau", region=reading.region_name),
        period=period,
        declared=declared,
        headline=headline.headline(reading),
        key_figures=headline.key_figures(reading),
        sections=tuple(section(reading, protection) for section in ORDER),
        provenance=provenance,
        footer=footer,
        standards=cited,
        facts={"origin": reading.origin, "region": reading.region_name},
    )


def _provenance(reading: Reading) -> str:
    """The line that leads from a figure to its run: what is known of it, in order."""
    run = reading.source.run
    shown = {
        "id": run.get("id"),
        "rules_digest": str(run.get("rules_digest") or "")[:FINGERPRINT],
        "seed": run.get("seed"),
        "draws": fmt.count(run["draws"]) if run.get("draws") else None,
        "software": run.get("software"),
    }
    parts = [
        reading.say(f"provenance.{name}", value=value)
        for name, value in shown.items()
        if value not in (None, "")
    ]
    if run.get("id") and run.get("rules_digest"):
        parts.append(reading.say("provenance.verify"))
    return " · ".join(parts)


def _cited(reading: Reading) -> tuple[str, ...]:
    """Each document once, marked where a number taken from it was not checked against the original."""
    sources: dict[str, bool] = {}
    for one in reading.source.citations:
        if one.value is not None and one.verified != "ours" and one.source:
            sources[one.source] = sources.get(one.source, True) and one.verified == "original"
    mark = reading.say("std.mark")
    return tuple(
        name if sure else reading.say("std.marked", name=name, mark=mark)
        for name, sure in sorted(sources.items())
    )
