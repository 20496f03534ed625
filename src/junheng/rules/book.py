"""The rule book: every standard and assumption, looked up by day and region."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.rules import strictness
from junheng.rules.assessment import Assessment
from junheng.rules.catalogue import Catalogue, content_of, declared_in, gather, one_of
from junheng.rules.entries import Entry, Key, Parsed, Topic, dated, header
from junheng.rules.indicator import Indicator
from junheng.rules.policies import PolicyDocument
from junheng.rules.policies_reader import policies
from junheng.rules.reader import Fault, fault, read
from junheng.rules.reader import Mapping as Read
from junheng.rules.value import Limit, Value, as_strict

PACKAGED = Path(__file__).parent
KEPT_DAYS = 64
"""Days and places whose standards a book keeps worked out."""


@dataclass(frozen=True, slots=True)
class TopicAt:
    """One standard on one day in one region; `standard["primary"]` is a Value."""

    topic: str
    zh: str
    en: str
    values: Mapping[str, Value]

    def __getitem__(self, key: str) -> Value:
        if key not in self.values:
            raise Refused("unknown_key", {"topic": self.topic, "key": key, "known": ", ".join(self.values)})
        return self.values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __contains__(self, key: object) -> bool:
        return key in self.values

    def get(self, key: str) -> float | None:
        """The bare number, or None when the key is unknown or no rule is in force."""
        value = self.values.get(key)
        return None if value is None or value.value is None else float(value.value)


class Standards:
    """All standards on one day in one region: `std.class_size["primary"]`, or `std["class_size"]`."""

    def __init__(self, book: RuleBook, day: date, lineage: tuple[str, ...]) -> None:
        self._book, self.day, self._lineage = book, day, lineage
        self._cache: dict[str, TopicAt] = {}

    def topics(self) -> list[str]:
        """Names of all standards."""
        return self._book.topics()

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Every indicator valid on this day by id, its standards resolved. BadData when a file has faults."""
        return self._book.catalogue.indicators_on(self._book, self.day, self._lineage)

    @cached_property
    def assessments(self) -> Mapping[str, Assessment]:
        """Every official assessment valid on this day by id. BadData when a file has faults."""
        return self._book.catalogue.assessments_on(self._book, self.day, self._lineage)

    @property
    def policies(self) -> Mapping[str, PolicyDocument]:
        """Policy documents by id, the workspace's own plan among them. BadData when a file has faults."""
        return self._book.policies

    def indicator(self, name: str) -> Indicator:
        """The indicator called `name`; Refused with the nearest name when there is none on this day."""
        return one_of(self.indicators, name, "indicator.unknown")

    def assessment(self, name: str) -> Assessment:
        """The assessment called `name`; Refused with the nearest name when there is none on this day."""
        return one_of(self.assessments, name, "indicator.no_assessment")

    def __getitem__(self, topic: str) -> TopicAt:
        if topic not in self._cache:
            self._cache[topic] = self._book.resolve(topic, self.day, self._lineage)
        return self._cache[topic]

    def __getattr__(self, topic: str) -> TopicAt:
        if topic.startswith("_"):
            raise AttributeError(topic)
        return self[topic]


class RuleBook:
    """Dated standards of the package and of local folders. Frozen after loading."""

    def __init__(
        self,
        topics: Mapping[str, Topic],
        entries: Mapping[tuple[str, str], Sequence[Entry]],
        assumptions: Mapping[str, Read],
        digest: str,
        folders: Sequence[Path] = (),
    ) -> None:
        self._topics, self._entries, self._assumptions = topics, entries, assumptions
        self._digest, self._folders = digest, tuple(folders)
        self._days: dict[tuple[date, tuple[str, ...]], Standards] = {}

    @cached_property
    def catalogue(self) -> Catalogue:
        """Indicators and assessments, read on first use: whoever only asks for standards does not wait."""
        return gather((PACKAGED, *self._folders), self)

    @cached_property
    def policies(self) -> Mapping[str, PolicyDocument]:
        """Policy documents of the package and of the local folders, read on first use."""
        return policies(*self._folders)

    def keys(self, topic: str) -> list[str]:
        """Names of the keys of a standard."""
        return list(self._topics[topic].keys)

    def limit(self, topic: str, key: str) -> Limit:
        """The kind of limit a key of a standard is."""
        return self._topics[topic].keys[key].limit

    def topics(self) -> list[str]:
        """Names of all standards, sorted."""
        return sorted(self._topics)

    def assumptions(self) -> list[str]:
        """Names of all assumption files, sorted."""
        return sorted(self._assumptions)

    def digest(self) -> str:
        """SHA-256 over the names and bytes of every file of standards, assumptions, indicators and
        assessments, in order of name; policies and plans enter no run."""
        return self._digest

    def at(self, day: date, region: Region | str | None = None) -> Standards:
        """The standards in force on `day` in `region` (a Region, a division code, or None for the nation);
        the same object for the same day and place, since working out every indicator takes a while."""
        if isinstance(region, str):
            region = Region(region, region)
        asked = (day, region.lineage if region else ("",))
        held = self._days.get(asked)
        if held is None:
            if len(self._days) >= KEPT_DAYS:
                self._days.clear()
            held = self._days.setdefault(asked, Standards(self, *asked))
        return held

    def assumption(self, name: str) -> dict[Any, Any]:
        """A statistical assumption as plain data (not law), with its source and sureness inside; keys written
        as whole numbers (years, ages) come back as int. A local folder's file of that name replaces ours."""
        if name not in self._assumptions:
            raise Refused("unknown_assumption", {"name": name, "known": ", ".join(self.assumptions())})
        return _plain(self._assumptions[name])

    def entries(self) -> list[Entry]:
        """Every dated entry, for the reference page and the lint."""
        return [entry for key in sorted(self._entries) for entry in self._entries[key]]

    def resolve(self, topic: str, day: date, lineage: tuple[str, ...]) -> TopicAt:
        """`topic` on `day`: per key the latest entry of each level; the most specific, or the stricter of a
        limit, so that a stricter national rule that comes later is never undone by an older local one."""
        if topic not in self._topics:
            raise Refused("unknown_topic", {"topic": topic, "known": ", ".join(self.topics())})
        declared = self._topics[topic]
        values = {name: self._pick(topic, key, day, lineage) for name, key in declared.keys.items()}
        return TopicAt(topic, declared.zh, declared.en, values)

    def set_anywhere(self, topic: str, key: str, day: date) -> bool:
        """Whether any level has a value in force on `day`."""
        latest: dict[tuple[int, str], Value] = {}
        for entry in self._entries.get((topic, key), ()):
            if entry.value.from_date is not None and entry.value.from_date <= day:
                latest[entry.rank, entry.value.region] = entry.value
        return any(value.in_force for value in latest.values())

    def _pick(self, topic: str, key: Key, day: date, lineage: tuple[str, ...]) -> Value:
        latest: dict[int, Value] = {}
        for entry in self._entries.get((topic, key.name), ()):
            value = entry.value
            if value.region not in lineage or value.from_date is None or value.from_date > day:
                continue
            latest[entry.rank] = value  # entries are ordered by date within a level
        chosen: Value | None = None
        for rank in sorted(latest):
            value = latest[rank]
            if value.value is None:
                continue
            held = None if chosen is None else chosen.value
            if held is None or as_strict(key.limit, value.value, held):
                chosen = value
        if chosen is not None:
            return chosen
        ended = latest[max(latest)] if latest else None
        return ended or Value(
            topic, key.name, None, key.unit, "", "", "", "", key.limit, "unverified", None, "", key.zh, key.en
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Read):
        return {value.numbers.get(key, key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in cast("list[Any]", value)]
    return value


def _files(folders: Sequence[Path]) -> tuple[list[tuple[str, Path, bool]], list[tuple[str, Path, bool]]]:
    """(standards, assumptions): (shown name, path, local), packaged first, each folder in order of name."""
    standards: list[tuple[str, Path, bool]] = []
    assumptions: list[tuple[str, Path, bool]] = []
    for folder in (PACKAGED, *folders):
        local = folder is not PACKAGED
        if not folder.is_dir():
            raise BadData("folder_missing", {"folder": folder.name})
        places = (folder / "standards", folder) if local else (folder / "standards",)
        for place in places:
            standards += [(f"{place.name}/{path.name}", path, local) for path in sorted(place.glob("*.yaml"))]
        assumptions += [
            (f"assumptions/{path.name}", path, local)
            for path in sorted((folder / "assumptions").glob("*.yaml"))
        ]
    return standards, assumptions


def build(folders: Sequence[Path]) -> tuple[RuleBook, list[Finding]]:
    """The book of the package and `folders`, with every fault found; use it only when there is none."""
    standards, assumption_files = _files(folders)
    findings: list[Finding] = []
    sha = hashlib.sha256()

    def told(name: str, content: bytes) -> None:
        for part in (name.encode(), content):
            sha.update(len(part).to_bytes(8, "big") + part)

    def take(name: str, path: Path) -> Read | None:
        content = content_of(path)
        told(name, content)
        try:
            return read(content, name)
        except Fault as stopped:
            findings.append(stopped.finding)
            return None

    topics: dict[str, Topic] = {}
    parsed: list[tuple[str, bool, Parsed]] = []
    for name, path, local in standards:
        data = take(name, path)
        if data is None:
            continue
        held = header(data, name, local)
        findings += held.findings
        if held.topic is not None:
            if held.topic.name in topics:
                findings.append(
                    fault("topic_twice", name, topic=held.topic.name, other=topics[held.topic.name].file)
                )
                continue
            topics[held.topic.name] = held.topic
        parsed.append((name, local, held))
    entries: dict[tuple[str, str], list[Entry]] = {}
    for name, local, held in parsed:
        topic = held.topic or topics.get(held.override_of)
        if topic is None:
            if held.override_of:
                findings.append(
                    fault("topic_not_declared", name, topic=held.override_of, known=", ".join(sorted(topics)))
                )
            continue
        for raw in held.raw:
            for entry in dated(raw, topic, name, local, findings):
                entries.setdefault((topic.name, entry.value.key), []).append(entry)
    for listed in entries.values():
        findings += _order_faults(listed)
        listed.sort(key=lambda entry: (entry.rank, entry.value.region, entry.value.from_date or date.min))
        findings += strictness.faults(listed)
    assumptions: dict[str, Read] = {}
    for name, path, _local in assumption_files:
        data = take(name, path)
        if data is None:
            continue
        if not data.get("source") or not data.get("verified"):
            findings.append(fault("assumption_source", name))
        assumptions[path.stem] = data
    for name, path in declared_in((PACKAGED, *folders)):
        told(name, content_of(path))
    return RuleBook(topics, entries, assumptions, sha.hexdigest(), folders), findings


def _order_faults(listed: Sequence[Entry]) -> list[Finding]:
    """Entries of one key and level must stand in order of date, one a day."""
    found: list[Finding] = []
    last: dict[tuple[bool, str], date] = {}
    for entry in listed:
        level, begins = (entry.local, entry.value.region), entry.value.from_date
        if begins is None:
            continue
        if level in last and begins <= last[level]:
            label = f"{entry.value.topic} {begins}"
            found.append(
                fault(
                    "dates_not_ordered",
                    entry.file,
                    entry.line,
                    entry=label,
                    key=entry.value.key,
                    previous=last[level].isoformat(),
                )
            )
        last[level] = begins
    return found
