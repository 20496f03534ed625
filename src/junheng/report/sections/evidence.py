"""What the data lack and what was repaired, past accuracy, method, standards and the run itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from junheng.model import TABLES
from junheng.model.reason import Finding
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.content import Block, Cell, Head, Section, Table, Text
from junheng.report.reading import Reading
from junheng.report.suppression import Protection
from junheng.rules import Value

WANTED = (
    "areas",
    "schools",
    "enrolment",
    "births",
    "population",
    "seats",
    "housing",
    "grade_flows",
    "school_events",
    "area_links",
    "control_totals",
)
MOST_KINDS = 25
SEVERITIES = ("error", "warning", "note")


def data_section(reading: Reading, protection: Protection) -> Section:
    """Tables present and missing with what each gives; findings by kind; looking back."""
    say = reading.say
    blocks: list[Block] = []
    if tier := _tier(reading):
        blocks.append(Text(say("data.tier", tier=tier, meaning=say(f"tier.{tier}")), "lead"))
    blocks.append(_tables(reading))
    blocks += _findings(reading, protection)
    blocks += _accuracy(reading)
    return Section("data", say("data.title"), tuple(blocks))


def _tier(reading: Reading) -> str:
    frame = reading.base("forecast_enrolment")
    if frame is None:
        return ""
    tiers = sorted(set(frame["tier"].drop_nulls().to_list()))
    return tiers[0] if tiers and wording.has(f"report.tier.{tiers[0]}") else ""


def _tables(reading: Reading) -> Table:
    say = reading.say
    rows: list[tuple[str | Cell, ...]] = []
    names = [*WANTED, *(["area_enrolment"] if reading.table("area_enrolment") is not None else [])]
    for name in names:
        frame = reading.table(name)
        title = f"{TABLES[name].zh} {name}" if reading.language == "zh" else f"{TABLES[name].en} ({name})"
        if frame is None:
            rows.append((title, Cell(say("data.absent"), light="absent"), fmt.BLANK, say(f"use.{name}")))
            continue
        rows.append((title, fmt.count(frame.height), _span(frame), say(f"use.{name}")))
    features = len((reading.source.boundaries or {}).get("features", ()))
    title = say("data.boundaries") + (" areas.geojson" if reading.language == "zh" else " (areas.geojson)")
    held = fmt.count(features) if features else Cell(say("data.absent"), light="absent")
    rows.append((title, held, fmt.BLANK, say("use.boundaries")))
    head = (
        Head(say("col.table"), width=2.2),
        Head(say("col.rows"), "right", width=1),
        Head(say("col.span"), width=1.3),
        Head(say("col.use"), width=4),
    )
    return Table("tables", say("data.caption"), head, tuple(rows))


def _span(frame: pl.DataFrame) -> str:
    for name in ("year", "handover_year"):
        if name in frame.columns and (years := frame[name].drop_nulls()).len():
            first, last = years.min(), years.max()
            return str(first) if first == last else f"{first}–{last}"
    return fmt.BLANK


def _findings(reading: Reading, protection: Protection) -> list[Block]:
    say = reading.say
    entries = [_of_intake(reading, finding) for finding in reading.source.findings]
    frame = reading.table("forecast_findings")
    if frame is not None:
        entries += [of_forecast(reading, protection, row) for row in frame.iter_rows(named=True)]
    if not entries:
        return [Text(say("find.none"))]
    kinds: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in entries:
        kinds.setdefault((entry["severity"], entry["code"]), []).append(entry)
    ranked = sorted(
        kinds.items(),
        key=lambda item: (SEVERITIES.index(item[0][0]), -_worst(item[1]), item[0][1]),
    )
    rows: list[tuple[str | Cell, ...]] = []
    for (severity, _), members in ranked[:MOST_KINDS]:
        first = max(members, key=lambda entry: abs(entry["effect"] or 0.0))
        rows.append(
            (
                Cell(say(f"severity.{severity}"), light=f"severity-{severity}"),
                first["what"],
                first["where"],
                fmt.count(len(members)),
                fmt.signed(first["effect"]),
            )
        )
    head = (
        Head(say("col.severity"), width=0.9),
        Head(say("col.what"), width=5),
        Head(say("col.where"), width=2.4),
        Head(say("col.count"), "right", width=0.8),
        Head(say("col.effect"), "right", width=1.2),
    )
    note = say("find.summary", count=len(entries), sheet=reading.sheet("forecast_findings"))
    return [Table("findings", say("find.caption"), head, tuple(rows), note=note)]


def _worst(members: list[dict[str, Any]]) -> float:
    return max(abs(entry["effect"] or 0.0) for entry in members)


def _of_intake(reading: Reading, finding: Finding) -> dict[str, Any]:
    parameters: Mapping[str, Any] = {
        "value": finding.value,
        "column": finding.column,
        "row": finding.row or fmt.BLANK,
        "table": finding.table,
        "file": finding.file,
        "sheet": finding.sheet,
        **finding.parameters,
    }
    table = TABLES.get(finding.table)
    name = (table.zh if reading.language == "zh" else table.en) if table else finding.table
    place = " ".join(part for part in (name, finding.column) if part)
    return {
        "severity": finding.severity,
        "code": finding.code,
        "effect": None,
        "where": place,
        "what": wording.reason(finding.code, parameters, reading.language, reading.unit),
    }


def of_forecast(reading: Reading, protection: Protection, row: dict[str, Any]) -> dict[str, Any]:
    """One finding of the forecast: severity, code, effect, where and what in words."""
    unit = reading.name(row["unit_kind"] or "", row["unit_code"]) if row["unit_code"] else ""
    grade = wording.code_name("grade", row["grade"], reading.language) if row["grade"] else ""
    place = " ".join(part for part in (unit, str(row["year"] or ""), grade) if part)
    parameters = {
        "unit": unit,
        "year": row["year"] or fmt.BLANK,
        "grade": grade,
        "table": row["table"] or fmt.BLANK,
        "observed": row["observed"],
        "expected": row["expected"],
        "effect": row["effect"],
        **wording.parameters_of(row["parameters"]),
    }
    if row["unit_kind"] != "region":
        parameters = protection.parameters(parameters)
    what = wording.reason(row["code"], parameters, reading.language, reading.unit)
    if row["action"] and wording.has(row["action"]):
        done = wording.reason(row["action"], parameters, reading.language, reading.unit)
        what = what.rstrip("。；.; ") + reading.say("semicolon") + done
    severity = row["severity"] if row["severity"] in SEVERITIES else "note"
    return {"severity": severity, "code": row["code"], "effect": row["effect"], "where": place, "what": what}


def _accuracy(reading: Reading) -> list[Block]:
    say = reading.say
    frame = reading.table("forecast_accuracy")
    own = None if frame is None else frame.filter(pl.col("unit_kind") == "region")
    if own is None or own.is_empty():
        return [Text(say("acc.none"), "note")] if reading.stages else []
    rows = [
        (
            row["past_run"],
            str(row["target_year"]),
            reading.stage(row["stage"]) if row["stage"] else fmt.BLANK,
            fmt.count(row["lead"]),
            fmt.count(row["forecast"]),
            fmt.count(row["actual"]),
            fmt.signed(row["error"]),
            fmt.BLANK if row["inside_80"] is None else say("yes" if row["inside_80"] else "no"),
        )
        for row in own.sort("target_year", "past_run", "stage", descending=[True, True, False])
        .head(24)
        .iter_rows(named=True)
    ]
    head = (
        Head(say("col.run"), width=2),
        Head(say("col.target")),
        Head(say("col.stage")),
        Head(say("col.lead"), "right"),
        Head(say("col.forecast"), "right"),
        Head(say("col.actual"), "right"),
        Head(say("col.error"), "right"),
        Head(say("col.inside"), "right"),
    )
    return [Table("accuracy", say("acc.caption"), head, tuple(rows))]


def method_section(reading: Reading, _: Protection) -> Section:
    """How it was done, by which standards, and what identifies the run."""
    say = reading.say
    draws = reading.source.run.get("draws")
    blocks: list[Block] = []
    if reading.future:
        blocks += [Text(say(f"method.{number}", draws=fmt.count(draws))) for number in range(1, 5)]
    blocks += _standards(reading)
    if reading.source.run:
        blocks.append(_run(reading))
    return Section("method", say("method.title"), tuple(blocks))


def sureness(reading: Reading, citation: Value) -> str:
    """原件, 待核 or 本系统默认."""
    mark = {"original": "std.original", "ours": "std.local"}.get(citation.verified, "std.mark")
    return reading.say(mark)


def _standards(reading: Reading) -> list[Block]:
    say, language = reading.say, reading.language
    if not reading.source.citations:
        return [Text(say("std.none"))]
    rows: list[tuple[str | Cell, ...]] = []
    seen: set[tuple[str, Any]] = set()
    for one in sorted(reading.source.citations, key=lambda one: (one.verified == "ours", one.rule_id)):
        if (one.rule_id, one.value) in seen or one.value is None:
            continue
        seen.add((one.rule_id, one.value))
        unsure = one.verified in ("second-hand", "unverified")
        rows.append(
            (
                standard_name(reading, one),
                f"{fmt.plain(one.value)} {unit(one, language)}".strip(),
                one.citation(language),
                Cell(sureness(reading, one), light="tocheck" if unsure else ""),
            )
        )
    head = (
        Head(say("col.standard"), width=2.2),
        Head(say("col.value"), "right", width=1.4),
        Head(say("col.document"), width=4.6),
        Head(say("col.sure"), width=1),
    )
    note = (
        say("std.unsure")
        if any(one.verified in ("second-hand", "unverified") for one in reading.source.citations)
        else ""
    )
    return [Table("standards", say("std.caption"), head, tuple(rows), note=note)]


def standard_name(reading: Reading, one: Value) -> str:
    """Name of a standard in words: topic and key."""
    topic = f"topic.{one.topic}"
    head = wording.say(topic, reading.language) if wording.has(topic) else one.topic
    key = one.zh if reading.language == "zh" else one.en
    return head + (reading.say("colon") + (key or one.key))


def unit(one: Value, language: str) -> str:
    """Unit in one language, from a unit given as "人/班 pupils per class"."""
    chinese, _, english = one.unit.partition(" ")
    return chinese if language == "zh" else english or chinese


def _run(reading: Reading) -> Table:
    say, run = reading.say, reading.source.run
    rows: list[tuple[str | Cell, ...]] = []
    for name in ("id", "origin_year", "seed", "draws", "software", "rules_digest"):
        if run.get(name) not in (None, ""):
            value = str(run[name])
            rows.append(
                (
                    say(f"run.{name}"),
                    fmt.count(run[name])
                    if name == "draws"
                    else value[:16]
                    if name == "rules_digest"
                    else value,
                )
            )
    for table, digest in sorted((run.get("inputs") or {}).items()):
        known = TABLES.get(table)
        name = (known.zh if reading.language == "zh" else known.en) if known else str(table)
        if table == "boundaries":
            name = say("data.boundaries")
        rows.append((say("run.input", table=name), str(digest)[:16]))
    return Table(
        "run",
        say("run.caption"),
        (Head(say("col.item"), width=1), Head(say("col.content"), width=2)),
        tuple(rows),
    )
