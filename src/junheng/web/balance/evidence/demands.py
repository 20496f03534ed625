"""What an assessment asks to be shown by documents, item by item."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from junheng.model.reason import Language
from junheng.rules.assessment import Assessment, Condition
from junheng.rules.indicator import Indicator
from junheng.web.balance.models import Evidence

PRECONDITION, VETO = "precondition", "veto"
OF_COUNTY, OF_SCHOOL = "county", "school"
KINDERGARTEN = "kindergarten"


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing to be shown. `code` is what rows of evidence call it, `item` the item it belongs to. Where an
    indicator decides as well (`measured`), documents are for what the figures do not show."""

    code: str
    item: str
    group: str
    level: str
    zh: str
    en: str
    measured: bool = False

    def name(self, language: Language) -> str:
        """The requirement in words."""
        return self.zh if language == "zh" else self.en

    @property
    def claims(self) -> tuple[str, str]:
        """What may be claimed: what speaks for the unit first."""
        if self.group == VETO:
            return (Evidence.NOT_FOUND, Evidence.FOUND)
        return (Evidence.MET, Evidence.UNMET)

    def concerns(self, level: str) -> bool:
        """Whether a unit of this level may bring something: the county all of its own, schools theirs, and
        what supports the county's item."""
        if level == OF_SCHOOL:
            return self.group not in (PRECONDITION, VETO)
        return self.level == OF_COUNTY

    def counts(self, level: str) -> bool:
        """Whether evidence of a unit of this level decides the item itself."""
        return (level == OF_SCHOOL) == (self.level == OF_SCHOOL)


def demands(assessment: Assessment) -> tuple[Demand, ...]:
    """Everything an assessment asks documents for, in its own order; a code that is asked for twice once."""
    found: dict[str, Demand] = {}
    for item in assessment.items:
        for part in item.parts:
            if part.evidence:
                zh, en = (item.zh, item.en) if part.zh in ("", item.zh) else (part.zh, part.en)
                made = Demand(part.evidence, item.id, item.group, item.level, zh, en)
                found.setdefault(part.evidence, made)
    for group, conditions in ((PRECONDITION, assessment.preconditions), (VETO, assessment.vetoes)):
        for one in conditions:
            found.setdefault(one.id, _condition(one, group))
    return tuple(found.values())


def reaches(assessment: Assessment, indicators: Mapping[str, Indicator], stages: Collection[str]) -> bool:
    """Whether an assessment is about schools of these stages: those its items name, kindergartens where its
    figures are theirs, every school where it says neither."""
    named = {stage for item in assessment.items for stage in item.stages}
    if named:
        return bool(named & set(stages))
    grains = {indicators[name].grain for name in assessment.indicators() if name in indicators}
    return KINDERGARTEN not in grains or KINDERGARTEN in stages


def _condition(one: Condition, group: str) -> Demand:
    return Demand(one.id, one.id, group, OF_COUNTY, one.zh, one.en, measured=bool(one.indicator))
