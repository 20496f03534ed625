"""Levers that a region known only by totals can try: births."""

from __future__ import annotations

import numpy as np

from junheng.forecast.births import BirthsPath
from junheng.forecast.problem import Problem
from junheng.forecast.scenarios.levers import Lever
from junheng.model.errors import Refused


def changed_births(
    problem: Problem, births: BirthsPath | None, levers: tuple[Lever, ...]
) -> BirthsPath | None:
    """Births under FertilityShift and BirthsOverride; Refused names any other lever, which needs schools."""
    other = sorted({lever.kind for lever in levers} - {"FertilityShift", "BirthsOverride"})
    if other:
        raise Refused("lever_needs_schools", {"levers": ", ".join(other)})
    if births is None:
        if levers:
            raise Refused("lever_needs_births", {"lever": levers[0].kind, "id": levers[0].lever_id})
        return None
    factor = np.ones(births.early.shape)
    for lever in levers:
        whole_region = lever.scope_kind == "region" or lever.scope_code == problem.region.code
        rows = [
            i
            for i, area in enumerate(births.areas)
            if whole_region or lever.scope_code in problem.ancestors(area)
        ]
        if lever.kind == "FertilityShift":
            factor[rows] *= 1.0 + (lever.number("factor") - 1.0) * lever.strength(births.years)[None, :]
            continue
        whole = births.total[rows].sum(axis=0)
        for at, year in enumerate(births.years):
            if lever.in_force(year) and whole[at] > 0:
                factor[rows, at] = lever.number("births") / whole[at]
    return births.scaled(factor)
