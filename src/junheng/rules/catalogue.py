"""The catalogue of indicators and assessments: every declaration of the package and of local folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding
from junheng.rules.assessment import Assessment
from junheng.rules.assessments_reader import assessment
from junheng.rules.conditions_reader import nearest
from junheng.rules.indicator import Indicator, Standard
from junheng.rules.indicators_reader import indicator
from junheng.rules.reader import MAX_BYTES, Fault, fault, read, read_list
from junheng.rules.references import against, ends, unset
from junheng.rules.resolution import resolved
from junheng.rules.value import Value

if TYPE_CHECKING:
    from junheng.rules.book import RuleBook

Declared = TypeVar("Declared", Indicator, Assessment)
PLACE = "indicators"
ASSESSMENTS = "assessments"


class Catalogue:
    """Declarations by id; the same id may stand several times with days that do not overlap."""

    def __init__(
        self,
        indicators: Mapping[str, Sequence[Indicator]],
        assessments: Mapping[str, Sequence[Assessment]],
        findings: Sequence[Finding],
    ) -> None:
        self.indicators, self.assessments = indicators, assessments
        self.findings = tuple(findings)

    def require(self) -> None:
        """BadData with every fault at once, if there is any."""
        if self.findings:
            raise BadData("rules_invalid", {"count": len(self.findings)}, self.findings)

    def unset_on(self, book: RuleBook, day: date) -> list[Finding]:
        """Declarations valid on `day` that name a standard no level has set for that day."""
        listed = [*self.indicators.values(), *self.assessments.values()]
        every = [one for several in listed for one in several if one.valid_on(day)]
        return [found for one in every for found in unset(one, book, (day,))]

    def indicators_on(self, book: RuleBook, day: date, lineage: tuple[str, ...]) -> dict[str, Indicator]:
        """Every indicator valid on `day`, resolved, in order of id."""
        self.require()
        return _on(self.indicators, book, day, lineage)

    def assessments_on(self, book: RuleBook, day: date, lineage: tuple[str, ...]) -> dict[str, Assessment]:
        """Every assessment valid on `day`, resolved, in order of id."""
        self.require()
        return _on(self.assessments, book, day, lineage)


def one_of(known: Mapping[str, Declared], name: str, code: str) -> Declared:
    """The declaration called `name`; Refused with the nearest name when there is none."""
    if name not in known:
        near = nearest(name, known) or "–"
        raise Refused(code, {"name": name, "near": near, "known": ", ".join(known)})
    return known[name]


def look(book: RuleBook, day: date, lineage: tuple[str, ...], reference: Standard) -> dict[str, Value]:
    """The values a reference stands for: one under "", or with `by` one for each end of a key."""
    topic, _, rest = reference.rule.partition(".")
    held = book.resolve(topic, day, lineage)
    if not reference.by:
        return {"": held[rest]}
    ahead = f"{rest}_" if rest else ""
    return {key.removeprefix(ahead): held[key] for key in held if key.startswith(ahead)}


def _on(
    declared: Mapping[str, Sequence[Declared]], book: RuleBook, day: date, lineage: tuple[str, ...]
) -> dict[str, Declared]:
    return {
        name: resolved(one, lambda reference: look(book, day, lineage, reference))
        for name in sorted(declared)
        for one in declared[name]
        if one.valid_on(day)
    }


def gather(folders: Sequence[Path], book: RuleBook) -> Catalogue:
    """Every declaration below `indicators/` of the folders, with every fault found."""
    findings: list[Finding] = []
    topics = {name: tuple(book.keys(name)) for name in book.topics()}
    indicators: list[Indicator] = []
    seen: dict[str, tuple[str, str, int]] = {}
    for name, path in _files(folders, PLACE):
        try:
            listed = read_list(content_of(path), name)
        except Fault as stopped:
            findings.append(stopped.finding)
            continue
        for given in listed:
            made, faults = indicator(given, name, topics)
            findings += [*faults, *_collides(str(given.get("id")), name, given.line, seen)]
            if made is not None:
                indicators.append(made)
    known = {one.id for one in indicators}
    assessments: list[Assessment] = []
    for name, path in _files(folders, f"{PLACE}/{ASSESSMENTS}"):
        try:
            given = read(content_of(path), name)
        except Fault as stopped:
            findings.append(stopped.finding)
            continue
        judged, faults = assessment(given, name, topics, known)
        findings += faults
        if judged is not None:
            assessments.append(judged)
    findings += [*_overlaps(indicators), *_overlaps(assessments)]
    for one in (*indicators, *assessments):
        findings += unset(one, book, ends(one))
    findings += [found for one in indicators for found in against(one, book)]
    return Catalogue(_by_id(indicators), _by_id(assessments), findings)


def _files(folders: Sequence[Path], place: str) -> list[tuple[str, Path]]:
    return [
        (f"{place}/{path.name}", path)
        for folder in folders
        for path in sorted((folder / place).glob("*.yaml"))
    ]


def declared_in(folders: Sequence[Path]) -> list[tuple[str, Path]]:
    """(shown name, path) of every file of indicators and assessments, packaged first, then by name."""
    return [*_files(folders, PLACE), *_files(folders, f"{PLACE}/{ASSESSMENTS}")]


def content_of(path: Path) -> bytes:
    """The bytes of a rule file, one more than may be read at most."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)  # a larger file is refused unread


def _by_id(declared: Iterable[Declared]) -> dict[str, list[Declared]]:
    found: dict[str, list[Declared]] = {}
    for one in declared:
        found.setdefault(one.id, []).append(one)
    return found


def _collides(name: str, file: str, line: int, seen: dict[str, tuple[str, str, int]]) -> list[Finding]:
    """Two ids that differ only by case: engines and spreadsheets take them for one."""
    other, where, at = seen.setdefault(name.lower(), (name, file, line))
    if other == name:
        return []
    return [
        fault("indicator.case_collision", file, line, entry=name, value=other, other=where, other_line=at)
    ]


def _overlaps(declared: Sequence[Indicator] | Sequence[Assessment]) -> list[Finding]:
    """Two declarations of one id that are valid on one day."""
    found: list[Finding] = []
    seen: dict[str, list[Indicator | Assessment]] = {}
    for one in declared:
        for other in seen.get(one.id, ()):
            if (one.valid_from or date.min) <= (other.valid_until or date.max) and (
                other.valid_from or date.min
            ) <= (one.valid_until or date.max):
                found.append(
                    fault(
                        "indicator.twice",
                        one.file,
                        one.line,
                        entry=one.id,
                        other=other.file,
                        other_line=other.line,
                    )
                )
        seen.setdefault(one.id, []).append(one)
    return found
