"""Turns policy files into documents, collecting every fault with file and line, not only the first.

    document: {id, title, issuer, number, issued, period: [from, to], verified}
    clauses:
    - id: "7"                      # as in the inventory
      title: …                     # our words
      gist: …                      # our words, one or two sentences
      rooms: [monitoring, forecast]
      duty: {force: must|strive|encourage, actor: [...]}
      measures: [{id, text, due: "04-30" or a date, every: year, actor: [...], evidence: [...]}]
      targets:
      - {id: t1, indicator, scope: {area: county}, op: ">=", value: 0.55, unit: share, basis: stock,
         by: 2033-12-31, hold: at_date, force: must, quote_at: {para: 12, nth_number: 1}}
      tasks: [{id, text, unit, owner, due, every, indicator, evidence: [...]}]        # a region's own plan
      delivered_by: [{indicator: x}, {verb: forecast.seats}, {command: "forecast seats"}, {page: x}, …]
      evidence: [{kind: file, name: …}]
    readings: [{id, targets: ["7#t1", "一(二)#t2"], judged_by: "7#t1", note}]

`para` counts the lines of the text that are not blank, from 1; `nth_number` the numerals within it. A target
may add `earliest` (first day of a span of years), `since` (a flow counts from then), `baseline: {value, on}`,
`path: {2026: 0.5, …}` and `note`. Readings name one target said in several places; those that differ are
listed as conflicts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules.conditions_reader import nearest
from junheng.rules.policies import (
    BASES,
    FORCES,
    HOLDS,
    KINDS,
    OPERATORS,
    SCOPE_KEYS,
    Clause,
    Conflict,
    Delivery,
    Evidence,
    Measure,
    PolicyDocument,
    Target,
    Task,
)
from junheng.rules.policy_fields import Fields
from junheng.rules.reader import MAX_BYTES, Fault, Mapping, fault, read
from junheng.rules.value import VERIFIED

PACKAGED = Path(__file__).parent
_TOP = ("document", "clauses", "readings")
_DOCUMENT = ("id", "title", "issuer", "number", "issued", "period", "verified")
_CLAUSE = (
    *("id", "title", "gist", "rooms", "duty", "measures", "targets", "tasks"),
    *("delivered_by", "evidence"),
)
_DUTY = ("force", "actor")
_MEASURE = ("id", "text", "due", "every", "actor", "evidence")
_TASK = ("id", "text", "unit", "owner", "due", "every", "indicator", "evidence")
_TARGET = (
    *("id", "indicator", "scope", "op", "value", "unit", "basis", "by", "hold", "force", "earliest", "since"),
    *("quote_at", "baseline", "path", "note"),
)
_QUOTE = ("para", "nth_number")
_BASELINE = ("value", "on")
_EVIDENCE = ("kind", "name")
_READING = ("id", "targets", "judged_by", "note")
_EVERY = ("", "once", "day", "week", "month", "term", "school_year", "year")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CLOCK = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_COMPARED = ("op", "value", "unit", "by", "scope", "hold", "force")


def policies(*folders: Path) -> AnyMapping[str, PolicyDocument]:
    """The packaged documents and the plans in `folders` (a workspace's rules folders), by id.

    BadData lists every fault at once, each with file and line and how to mend it.
    """
    documents, findings = build([Path(folder) for folder in folders])
    if findings:
        raise BadData("policy.invalid", {"count": len(findings)}, findings)
    return documents


def build(folders: Sequence[Path]) -> tuple[dict[str, PolicyDocument], list[Finding]]:
    """(documents by id, every fault) of the package and of `folders`."""
    packaged, faults = _packaged()
    documents, findings = dict(packaged), list(faults)
    for folder in folders:
        _read(folder, True, documents, findings)
    return documents, findings


def unknown_indicators(folders: Sequence[Path], known: Collection[str]) -> list[Finding]:
    """A finding for every target or task whose indicator the catalogue lacks, with the nearest name."""
    found: list[Finding] = []
    for document in build(folders)[0].values():
        for clause in document.clauses():
            named = [(target.indicator, target.line, target.id) for target in clause.targets]
            named += [(task.indicator, clause.line, task.id) for task in clause.tasks if task.indicator]
            for name, line, part in named:
                if name and name not in known:
                    entry, near = f"{document.id} {clause.id}#{part}", nearest(name, known) or "–"
                    about = {"entry": entry, "value": name, "near": near}
                    found.append(fault("policy.unknown_indicator", document.file, line, **about))
    return found


@cache
def _packaged() -> tuple[dict[str, PolicyDocument], list[Finding]]:
    """The package's own documents, which do not change while it runs."""
    documents: dict[str, PolicyDocument] = {}
    findings: list[Finding] = []
    _read(PACKAGED, False, documents, findings)
    return documents, findings


def _read(folder: Path, local: bool, documents: dict[str, PolicyDocument], findings: list[Finding]) -> None:
    for path in sorted((folder / "policies").glob("*.yaml")):
        name = f"policies/{path.name}"
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        try:
            data = read(content, name)
        except Fault as stopped:
            findings.append(stopped.finding)
            continue
        document = _File(name, local, findings).document(data)
        if document is None:
            continue
        if document.id in documents:
            other = documents[document.id].file
            findings.append(fault("policy.document_twice", name, 1, value=document.id, other=other))
        else:
            documents[document.id] = document


class _File(Fields):
    """One policy file while it is read."""

    def document(self, data: Mapping) -> PolicyDocument | None:
        """The document of a file, or None when its head cannot be read."""
        self.known(data, _TOP)
        head = self.mapping(data.get("document"), data.lines.get("document", 1))
        if "document" not in data:
            self.fault("header_missing", 1, field="document")
            return None
        self.known(head, _DOCUMENT)
        name = self.text(head, "id", "document")
        period = head.get("period")
        if not (
            isinstance(period, list)
            and len(period) == 2
            and all(part is None or isinstance(part, date) for part in period)
        ):
            if period is not None:
                self.fault("policy.period", head.lines["period"], value=period)
            period = [None, None]
        clauses: list[Clause] = []
        if not isinstance(data.get("clauses"), list):
            self.fault("header_missing", 1, field="clauses")
        else:
            for raw in self.mappings(data, "clauses"):
                clause = self._clause(raw, name)
                if any(held.id == clause.id for held in clauses):
                    self.fault("policy.clause_twice", raw.line, value=clause.id)
                clauses.append(clause)
        document = PolicyDocument(
            id=name,
            title=self.text(head, "title", name),
            issuer=self.text(head, "issuer", name),
            number=self.text(head, "number", name, needed=False),
            issued=self.day(head, "issued", name),
            period=(period[0], period[1]),
            verified=self.choice(head, "verified", VERIFIED, name),
            file=self.file,
            local=self.local,
            all_clauses=tuple(clauses),
        )
        return self._read_together(document, data)

    def _clause(self, raw: Mapping, document: str) -> Clause:
        self.known(raw, _CLAUSE)
        name = str(raw.get("id") or "")
        if not isinstance(raw.get("id"), str) or not name:
            self.fault("policy.clause_id", raw.line, value=raw.get("id"))
        label = f"{document} {name}"
        duty = self.mapping(raw.get("duty"), raw.lines.get("duty", raw.line))
        self.known(duty, _DUTY)
        if "duty" not in raw:
            self.fault("entry_field", raw.line, entry=label, field="duty")
        targets: list[Target] = []
        for item in self.mappings(raw, "targets"):
            target = self._target(item, label)
            if any(held.id == target.id for held in targets):
                self.fault("policy.target_twice", item.line, entry=label, value=target.id)
            targets.append(target)
        return Clause(
            document=document,
            id=name,
            title=self.text(raw, "title", label),
            gist=self.text(raw, "gist", label),
            force=self.choice(duty, "force", FORCES, label, "must"),
            actors=self.words(duty, "actor"),
            rooms=self.words(raw, "rooms"),
            targets=tuple(targets),
            measures=tuple(self._measure(item, label) for item in self.mappings(raw, "measures")),
            tasks=tuple(self._task(item, label) for item in self.mappings(raw, "tasks")),
            delivered_by=tuple(
                part for item in self.mappings(raw, "delivered_by") for part in self._delivery(item, label)
            ),
            evidence=tuple(self._evidence(item, label) for item in self.mappings(raw, "evidence")),
            line=raw.line,
        )

    def _measure(self, raw: Mapping, label: str) -> Measure:
        self.known(raw, _MEASURE)
        due = raw.get("due")
        if isinstance(due, str) and not _CLOCK.fullmatch(due):
            self.fault("policy.clock", raw.lines["due"], entry=label, value=due)
        return Measure(
            self.text(raw, "id", label),
            self.text(raw, "text", label),
            due.isoformat() if isinstance(due, date) else str(due or ""),
            self.choice(raw, "every", _EVERY, label) if raw.get("every") else "",
            self.words(raw, "actor"),
            self.words(raw, "evidence"),
        )

    def _task(self, raw: Mapping, label: str) -> Task:
        self.known(raw, _TASK)
        return Task(
            self.text(raw, "id", label),
            self.text(raw, "text", label),
            self.text(raw, "unit", label),
            self.text(raw, "owner", label, needed=False),
            self.day(raw, "due", label),
            self.choice(raw, "every", _EVERY, label, "once"),
            self.text(raw, "indicator", label, needed=False),
            self.words(raw, "evidence"),
        )

    def _delivery(self, raw: Mapping, label: str) -> list[Delivery]:
        found: list[Delivery] = []
        for kind, name in raw.items():
            if kind not in KINDS:
                self.fault("unknown_field", raw.lines[kind], field=kind, known=", ".join(KINDS))
            elif not isinstance(name, str) or not name:
                self.fault("policy.not_text", raw.lines[kind], entry=label, field=kind, value=name)
            else:
                found.append(Delivery(cast(Any, kind), name))
        return found

    def _evidence(self, raw: Mapping, label: str) -> Evidence:
        self.known(raw, _EVIDENCE)
        return Evidence(self.text(raw, "kind", label), self.text(raw, "name", label, needed=False))

    def _target(self, raw: Mapping, label: str) -> Target:
        self.known(raw, _TARGET)
        name = self.text(raw, "id", label)
        label = f"{label}#{name}"
        indicator = self.text(raw, "indicator", label)
        if indicator and not _NAME.fullmatch(indicator):
            self.fault("policy.indicator_name", raw.lines["indicator"], entry=label, value=indicator)
        quote = self.mapping(raw.get("quote_at"), raw.lines.get("quote_at", raw.line))
        baseline = self.mapping(raw.get("baseline"), raw.lines.get("baseline", raw.line))
        self.known(quote, _QUOTE)
        self.known(baseline, _BASELINE)
        paragraph, nth = (self.number(quote, part, label) for part in _QUOTE)
        target = Target(
            id=name,
            indicator=indicator,
            op=self.choice(raw, "op", OPERATORS, label),
            value=self.number(raw, "value", label),
            unit=self.text(raw, "unit", label, needed=raw.get("basis") != "direction"),
            by=self.day(raw, "by", label),
            scope=self._scope(raw, label),
            basis=self.choice(raw, "basis", BASES, label),
            hold=self.choice(raw, "hold", HOLDS, label, "at_date"),
            force=self.choice(raw, "force", FORCES, label, "must"),
            earliest=self.day(raw, "earliest", label),
            since=self.day(raw, "since", label),
            paragraph=None if paragraph is None else int(paragraph),
            nth_number=None if nth is None else int(nth),
            baseline=self.number(baseline, "value", label),
            baseline_on=self.day(baseline, "on", label),
            path=self._path(raw, label),
            note=self.text(raw, "note", label, needed=False),
            line=raw.line,
        )
        self._sense(target, raw, label)
        return target

    def _sense(self, target: Target, raw: Mapping, label: str) -> None:
        """Faults no single field shows."""
        if (target.basis == "direction") != (target.op in ("up", "down")):
            self.fault("policy.direction", raw.line, entry=label, value=target.op)
        if (target.basis == "direction") != (target.value is None):
            self.fault("policy.value", raw.line, entry=label, value=raw.get("value"))
        shares = [target.value, target.baseline, *target.path.values()]
        if target.unit == "share" and any(share is not None and not 0 <= share <= 1.5 for share in shares):
            self.fault("policy.share", raw.line, entry=label, value=target.value)
        if target.earliest and target.by and target.earliest > target.by:
            self.fault("policy.span", raw.line, entry=label, value=target.earliest)

    def _scope(self, raw: Mapping, label: str) -> dict[str, str | tuple[str, ...]]:
        scope = self.mapping(raw.get("scope"), raw.lines.get("scope", raw.line))
        self.known(scope, SCOPE_KEYS)
        return {
            name: words[0] if isinstance(scope[name], str) else words
            for name in scope
            if (words := self.words(scope, name))
        }

    def _path(self, raw: Mapping, label: str) -> dict[int, float]:
        path = self.mapping(raw.get("path"), raw.lines.get("path", raw.line))
        found: dict[int, float] = {}
        for key in path:
            value = self.number(path, key, label)
            if key not in path.numbers:
                self.fault("policy.path_year", path.lines[key], entry=label, value=key)
            elif value is not None:
                found[path.numbers[key]] = value
        return dict(sorted(found.items()))

    def _read_together(self, document: PolicyDocument, data: Mapping) -> PolicyDocument:
        """`document` with the readings of one target linked and those that differ listed as conflicts."""
        conflicts: list[Conflict] = []
        linked: dict[str, tuple[str, ...]] = {}
        judges: dict[str, str] = {}
        for raw in self.mappings(data, "readings"):
            self.known(raw, _READING)
            name, held = self.text(raw, "id", "readings"), self.words(raw, "targets")
            judged = self.text(raw, "judged_by", name)
            found: list[Target] = []
            for reference in (*held, judged):
                try:
                    found.append(document.target(reference))
                except KeyError:
                    self.fault("policy.no_target", raw.line, entry=name, value=reference)
            if judged not in held:
                self.fault("policy.judged_by", raw.line, entry=name, value=judged)
            for reference in held:
                linked[reference], judges[reference] = held, judged
            differ = tuple(part for part in _COMPARED if _differs([getattr(one, part) for one in found]))
            if differ:
                note = self.text(raw, "note", name, needed=False)
                conflicts.append(Conflict(document.id, name, held, differ, judged, note))
        return replace(document, all_conflicts=tuple(conflicts), linked=linked, judges=judges)


def _differs(values: list[Any]) -> bool:
    plain = [dict(value) if isinstance(value, AnyMapping) else value for value in values]
    return any(value != plain[0] for value in plain[1:])
