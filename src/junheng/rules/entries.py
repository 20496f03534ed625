"""Turns one rule file into dated entries, collecting every fault instead of stopping at the first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from junheng.model.reason import Finding
from junheng.rules.reader import Mapping, fault
from junheng.rules.value import LIMITS, VERIFIED, Limit, Value, Verified

_HEADER = ("topic", "name", "about", "unit", "limit", "keys", "entries")
_ENTRY = ("from", "region", "values", "source", "verified", "note")
_SOURCE = ("document", "number", "article", "url")
_CELL = ("value", "limit", "article", "verified", "note")
_KEY = ("zh", "en", "unit", "limit")
_CODE_LENGTHS = (2, 4, 6, 9)


@dataclass(frozen=True, slots=True)
class Key:
    """One declared key of a topic with its names, unit and kind of limit."""

    name: str
    zh: str
    en: str
    unit: str
    limit: Limit


@dataclass(frozen=True, slots=True)
class Topic:
    """What a standard is about; its keys are closed: an entry may not invent one."""

    name: str
    zh: str
    en: str
    file: str
    keys: dict[str, Key]


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated value of one key. `region` is "" for the nation, LOCAL for a workspace's own rule."""

    value: Value
    file: str
    line: int
    local: bool

    @property
    def rank(self) -> int:
        """How specific the entry is: the nation 0, then length of its code, a workspace's own last."""
        return 99 if self.local else len(self.value.region)


@dataclass(slots=True)
class Parsed:
    """What one file held."""

    topic: Topic | None = None
    override_of: str = ""
    raw: list[Mapping] = field(default_factory=list[Mapping])
    findings: list[Finding] = field(default_factory=list[Finding])


def _words(value: Any) -> tuple[str, str]:
    """(zh, en) of a name given as text or as {zh, en}."""
    if isinstance(value, Mapping):
        zh = str(value.get("zh") or "")
        return zh, str(value.get("en") or zh)
    text = "" if value is None else str(value)
    return text, text


def header(data: Mapping, file: str, local: bool) -> Parsed:
    """The topic a file declares, or the one it overrides; entries are read by `dated`."""
    parsed = Parsed()
    for name in data:
        if name not in _HEADER:
            parsed.findings.append(
                fault("unknown_field", file, data.lines[name], field=name, known=", ".join(_HEADER))
            )
    topic = data.get("topic")
    if not isinstance(topic, str) or not topic:
        parsed.findings.append(fault("header_missing", file, data.line, field="topic"))
        return parsed
    entries = data.get("entries")
    if not isinstance(entries, list) or not entries:
        parsed.findings.append(fault("header_missing", file, data.line, field="entries"))
    else:
        for entry in cast(list[Any], entries):
            if isinstance(entry, Mapping):
                parsed.raw.append(entry)
            else:
                parsed.findings.append(fault("not_a_mapping", file, data.lines["entries"]))
    if "keys" not in data:
        if not local:
            parsed.findings.append(fault("header_missing", file, data.line, field="keys"))
        parsed.override_of = topic
        return parsed
    parsed.topic = _topic(data, topic, file, parsed.findings)
    return parsed


def _topic(data: Mapping, name: str, file: str, findings: list[Finding]) -> Topic:
    default_limit = _limit(data.get("limit", "none"), file, data.lines.get("limit", 1), name, findings)
    keys: dict[str, Key] = {}
    declared = data["keys"]
    if not isinstance(declared, Mapping):
        findings.append(fault("not_a_mapping", file, data.lines["keys"]))
        declared = Mapping()
        declared.lines = {}
    for key, about in declared.items():
        line = declared.lines[key]
        limit, unit = default_limit, str(data.get("unit") or "")
        if isinstance(about, Mapping):
            for field_name in about:
                if field_name not in _KEY:
                    findings.append(
                        fault("unknown_field", file, line, field=field_name, known=", ".join(_KEY))
                    )
            limit = _limit(about.get("limit", default_limit), file, line, key, findings)
            unit = str(about.get("unit") or unit)
        zh, en = _words(about)
        if not unit or not zh:
            findings.append(fault("entry_field", file, line, entry=key, field="unit" if zh else "zh"))
        keys[key] = Key(key, zh, en, unit, limit)
    zh, en = _words(data.get("name"))
    if not zh:
        findings.append(fault("header_missing", file, data.line, field="name"))
    return Topic(name, zh, en, file, keys)


def _limit(value: Any, file: str, line: int, entry: str, findings: list[Finding]) -> Limit:
    if value in LIMITS:
        return value
    findings.append(fault("bad_limit", file, line, entry=entry, value=value, known=", ".join(LIMITS)))
    return "none"


def dated(raw: Mapping, topic: Topic, file: str, local: bool, findings: list[Finding]) -> list[Entry]:
    """The entries (one a key) of one dated block; faults go to `findings`."""
    begins: Any = raw.get("from")
    label = f"{topic.name} {begins}" if begins is not None else topic.name
    before = len(findings)
    for name in raw:
        if name not in _ENTRY:
            findings.append(
                fault("unknown_field", file, raw.lines[name], field=name, known=", ".join(_ENTRY))
            )
    for name in ("from", "values", "source", "verified"):
        if raw.get(name) in (None, ""):
            findings.append(fault("entry_field", file, raw.line, entry=label, field=name))
    if begins is not None and not isinstance(begins, date):
        findings.append(fault("bad_date", file, raw.line, entry=label, value=begins))
    region: Any = raw.get("region", "")
    if not isinstance(region, str) or (region and not (region.isdigit() and len(region) in _CODE_LENGTHS)):
        findings.append(fault("bad_region", file, raw.line, entry=label, value=region))
    verified = _verified(raw.get("verified"), file, raw.line, label, findings)
    source = _source(raw, file, label, findings)
    values: Any = raw.get("values")
    if not isinstance(values, Mapping):
        if values is not None:
            findings.append(fault("not_a_mapping", file, raw.lines["values"]))
        return []
    entries: list[Entry] = []
    for name, cell in values.items():
        line = values.lines[name]
        key = topic.keys.get(name)
        if key is None:
            findings.append(
                fault("key_not_declared", file, line, entry=label, key=name, known=", ".join(topic.keys))
            )
            continue
        if len(findings) > before and not isinstance(begins, date):
            continue
        value = _value(cell, key, topic, line, file, label, raw, source, verified, findings)
        if value is not None:
            entries.append(Entry(value, file, line, local))
    return entries


def _verified(value: Any, file: str, line: int, label: str, findings: list[Finding]) -> Verified:
    if value in VERIFIED:
        return value
    if value is not None:
        findings.append(
            fault("bad_verified", file, line, entry=label, value=value, known=", ".join(VERIFIED))
        )
    return "unverified"


def _source(raw: Mapping, file: str, label: str, findings: list[Finding]) -> tuple[str, str, str]:
    """(document, number, article)."""
    source: Any = raw.get("source")
    if isinstance(source, str):
        return source, "", ""
    if not isinstance(source, Mapping):
        return "", "", ""
    for name in source:
        if name not in _SOURCE:
            findings.append(
                fault("unknown_field", file, source.lines[name], field=name, known=", ".join(_SOURCE))
            )
    if not source.get("document"):
        findings.append(fault("entry_field", file, source.line, entry=label, field="source.document"))
    document, number, article = (str(source.get(name) or "") for name in ("document", "number", "article"))
    return document, number, article


def _value(
    cell: Any,
    key: Key,
    topic: Topic,
    line: int,
    file: str,
    label: str,
    raw: Mapping,
    source: tuple[str, str, str],
    verified: Verified,
    findings: list[Finding],
) -> Value | None:
    note, (document, number, article) = raw.get("note"), source
    if isinstance(cell, Mapping):
        for name in cell:
            if name in _CELL:
                continue
            if name == "unit":
                findings.append(
                    fault("unit_changed", file, line, entry=label, key=key.name, expected=key.unit)
                )
            else:
                findings.append(fault("unknown_field", file, line, field=name, known=", ".join(_CELL)))
        if "limit" in cell and cell["limit"] != key.limit:
            findings.append(fault("limit_changed", file, line, entry=label, key=key.name, expected=key.limit))
        article = str(cell.get("article") or article)
        verified = _verified(cell.get("verified", verified), file, line, label, findings)
        note = cell.get("note", note)
        cell = cell.get("value")
    if isinstance(cell, bool) or not (cell is None or isinstance(cell, int | float)):
        findings.append(fault("bad_value", file, line, entry=label, key=key.name, value=cell))
        return None
    region = str(raw.get("region") or "")
    begins = cast(date, raw["from"])
    rule_id = f"{topic.name}.{key.name}@{begins.isoformat()}" + (f"/{region}" if region else "")
    note_zh, note_en = _words(note)
    words = f"《{document}》（{number}）" if number else f"《{document}》"
    return Value(
        topic.name, key.name, cell, key.unit, rule_id, words, document, article,
        key.limit, verified, begins, region, key.zh, key.en, note_zh, note_en,
    )  # fmt: skip
