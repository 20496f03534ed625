"""Parts the pages on runs share: lights, tabs, names of tables."""

from __future__ import annotations

from junheng.model import TABLES
from junheng.report import wording
from junheng.web.house.page import Anchor, Light
from junheng.web.house.scope import Scope
from junheng.web.runs.models import RunRecord
from junheng.web.wording import language, say

_STATE = {"draft": "unseen", "reviewed": "near", "published": "good", "superseded": "none"}
TABS = (("reports", "see"), ("runs", "see"), ("rules", "see"))


def state_light(record: RunRecord) -> Light:
    """Where a run stands between draft and publication."""
    return Light(_STATE[record.state], say(f"runs.state_{record.state}"))  # type: ignore[arg-type]


def verdict_light(record: RunRecord) -> Light:
    """What computing the run again showed last."""
    kind = {RunRecord.HOLDS: "good", RunRecord.DIFFERS: "bad"}.get(record.verdict, "unseen")
    return Light(kind, say(f"manage.verdict_{record.verdict or 'none'}"))  # type: ignore[arg-type]


def tabs(scope: Scope, here: str) -> tuple[tuple[Anchor, bool], ...]:
    """Reports, all runs, standards."""
    return tuple(
        (Anchor(say(f"manage.tab_{name}"), scope.url(f"manage:{name}")), name == here) for name, _ in TABS
    )


def table_name(name: str, language: str) -> str:
    """A table's name in the reader's language; `boundaries` and `levers` are inputs beside the tables."""
    if name not in TABLES:
        return say(f"manage.input_{name}") if name in ("boundaries", "levers") else name
    return TABLES[name].zh if language == "zh" else TABLES[name].en


def scenario_name(record: RunRecord) -> str:
    """What a scenario is called: the ready-made ones in the reader's language, others as they were named."""
    code = f"scenario_{record.scenario}"
    return wording.say(code, language()) if wording.has(code) else record.scenario


def verb_name(record: RunRecord) -> str:
    """Annual run or scenario."""
    return say(f"runs.verb_{record.verb}")
