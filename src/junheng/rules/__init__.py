"""The law as data: dated standards with citation, and cited assumptions. `rules.load().at(day, region)`.

Three verbs: `load` reads the packaged rules and local folders, `at` looks them up on a day in a region,
`check` lists every fault of a folder instead of raising.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.rules.admission_plan import AdmissionPlan
from junheng.rules.admission_plan_lint import lint as lint_plan
from junheng.rules.admission_plans_reader import admission_plans, plan_of, read_plan
from junheng.rules.admission_plans_reader import build as build_plans
from junheng.rules.assessment import Assessment
from junheng.rules.book import RuleBook, Standards, build
from junheng.rules.indicator import Indicator
from junheng.rules.policies import PolicyDocument
from junheng.rules.policies_reader import build as build_policies
from junheng.rules.policies_reader import policies, unknown_indicators
from junheng.rules.value import Value

__all__ = [
    "AdmissionPlan",
    "Assessment",
    "Indicator",
    "PolicyDocument",
    "RuleBook",
    "Standards",
    "Value",
    "admission_plans",
    "at",
    "check",
    "check_plans",
    "lint_plan",
    "load",
    "plan_of",
    "policies",
    "read_plan",
]


def load(*folders: Path) -> RuleBook:
    """The packaged rules with the overrides of `folders` (a workspace's rules/ folder).

    BadData lists every fault at once, each naming file, line, entry, key and how to mend it; a local rule
    laxer than the level above it is such a fault.
    """
    if not folders:
        return _packaged()
    book, findings = build([Path(folder) for folder in folders])
    if findings:
        raise BadData("rules_invalid", {"count": len(findings)}, findings)
    return book


@cache
def _packaged() -> RuleBook:
    book, findings = build(())
    if findings:
        raise BadData("rules_invalid", {"count": len(findings)}, findings)
    return book


def at(day: date, region: Region | str | None = None) -> Standards:
    """The packaged standards in force on `day` in `region`."""
    return load().at(day, region)


def check(*folders: Path, day: date | None = None) -> list[Finding]:
    """Every fault of the packaged rules and of `folders`, indicators, assessments and policies with them;
    empty when all is well. With `day` also every reference that has no rule in force on that day."""
    places = [Path(folder) for folder in folders]
    book, findings = build(places)
    unset = book.catalogue.unset_on(book, day) if day is not None else []
    strange = unknown_indicators(places, book.catalogue.indicators)
    return [*findings, *book.catalogue.findings, *unset, *build_policies(places)[1], *strange]


def check_plans(*folders: Path, book: RuleBook, region: str | None = None) -> list[Finding]:
    """Every fault of the packaged admission plans and of those in `folders`, and where there is none, what
    the law holds against them (notices have severity `warning`)."""
    plans, findings = build_plans([Path(folder) for folder in folders])
    return findings or [one for plan in plans.values() for one in lint_plan(plan, book, region)]
