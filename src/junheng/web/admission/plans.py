"""Admission plans as this installation knows them: shipped, in the workspace, or a text being written."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from junheng import rules
from junheng.model.reason import Finding, Language
from junheng.report.admission import plan_page
from junheng.rules import AdmissionPlan
from junheng.rules.admission_plans_reader import FOLDER, PACKAGED
from junheng.web.admission.models import Entry
from junheng.web.workspace import book, region, workspace

FILE = ".yaml"
VERSIONS = "versions"
"""Folder beside the plans where every saved version stays."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read as a plan: `plan` is None while it cannot be read. `faults` stop it, `notices` do not."""

    text: str
    plan: AdmissionPlan | None
    faults: tuple[Finding, ...]
    notices: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that differs between two plans, under its heading: as it was and as it is, either may be
    empty."""

    heading: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of a plan in words with its rules, each with what belongs to it (source, remark)."""

    heading: str
    rules: tuple[tuple[str, tuple[str, ...]], ...]


def folder() -> Path:
    """Where the region's plans lie."""
    return workspace().path / FOLDER


def file_of(plan_id: str) -> Path:
    """The plan's file."""
    return folder() / f"{plan_id}{FILE}"


def shipped() -> dict[str, str]:
    """Texts of the plans that come with the program, by id."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(PACKAGED.glob(f"*{FILE}"))}


def own() -> dict[str, str]:
    """Texts of the plan files of the workspace, by id; files that are no text are left out."""
    found: dict[str, str] = {}
    for path in sorted(folder().glob(f"*{FILE}")):
        try:
            found[path.stem] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue
    return found


def reading(text: str, plan_id: str) -> Reading:
    """The text as a plan, with everything the reader and the law hold against it."""
    return _reading(text, plan_id, region().code, book().digest())


def of(entry: Entry) -> Reading:
    """The entry's plan as saved last."""
    return reading(entry.plan_text, entry.plan_id)


@lru_cache(maxsize=64)
def _reading(text: str, plan_id: str, region_code: str, _law: str) -> Reading:
    plan, findings = rules.plan_of(text.encode("utf-8"), plan_id)
    if plan is not None:
        findings = rules.lint_plan(plan, book(), region_code)
    faults = tuple(one for one in findings if one.severity == "error")
    return Reading(text, plan, faults, tuple(one for one in findings if one.severity != "error"))


def words(plan: AdmissionPlan, language: Language) -> tuple[str, ...]:
    """The plan in words, line by line."""
    return tuple(plan_page.page(plan, language).splitlines())


def parts(plan: AdmissionPlan, language: Language) -> tuple[tuple[str, ...], tuple[Part, ...]]:
    """(what stands before the first heading, the headings with their rules)."""
    lead: list[str] = []
    found: list[tuple[str, list[tuple[str, list[str]]]]] = []
    for line in words(plan, language)[1:]:
        if line.startswith("## "):
            found.append((line[3:], []))
        elif not found:
            lead += [line] if line else []
        elif line.startswith("- "):
            found[-1][1].append((line[2:], []))
        elif line.strip() and found[-1][1]:
            found[-1][1][-1][1].append(line.strip())
    told = tuple(Part(name, tuple((rule, tuple(subs)) for rule, subs in held)) for name, held in found)
    return tuple(lead), told


def changes(before: AdmissionPlan, after: AdmissionPlan, language: Language) -> list[Change]:
    """What differs between two plans, in words, in the order of the later one."""
    old, new = _under_headings(before, language), _under_headings(after, language)
    found: list[Change] = []
    for heading in [*new, *(one for one in old if one not in new)]:
        was, now = old.get(heading, ()), new.get(heading, ())
        matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag != "equal":
                found.append(Change(heading, tuple(was[i1:i2]), tuple(now[j1:j2])))
    return found


def _under_headings(plan: AdmissionPlan, language: Language) -> Mapping[str, Sequence[str]]:
    lead, told = parts(plan, language)
    held: dict[str, Sequence[str]] = {"": (plan.title, *lead)}
    for part in told:
        held[part.heading] = tuple(line for rule, subs in part.rules for line in (rule, *subs))
    return held


def condition(plan: AdmissionPlan, identity: str, language: Language) -> str:
    """When an identity is given, in words."""
    return plan_page.condition(plan, plan.identity(identity).when, language)
