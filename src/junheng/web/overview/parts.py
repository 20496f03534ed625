"""What the presenters of this room share."""

from __future__ import annotations

from junheng.web.house.scope import Scope
from junheng.web.overview.queries import Overview


def school_below(held: Overview) -> bool:
    """Whether the tightest unit below is a school: a town's shortage is not the sum of its schools'."""
    return any(one.level == "school" for one in held.below)


def stage_name(held: Overview, stage: str) -> str:
    return held.words.stage(stage) if held.words is not None else stage


def unit_href(scope: Scope, code: str, extra: str) -> str:
    return scope.url("overview:map", unit=code, query=extra)
