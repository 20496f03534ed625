"""Checks that no child is made or lost; a forecast that fails one is not published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from junheng.model.stages import STAGES

if TYPE_CHECKING:
    from junheng.forecast.result import Projection

_NEAR = 2e-4
"""Relative room for single precision."""


def failed_checks(p: Projection) -> list[str]:
    """Names of failed checks: finite, not_negative, areas_add_up, placed_and_waiting, moves_keep_totals,
    quantiles_in_order, shares_sum_to_one."""
    failed: list[str] = []
    if p.prepared is None:
        draws = list(p.areas_stage.values())
        if not all(np.isfinite(d).all() for d in draws):
            failed.append("finite")
        if any((d < 0).any() for d in draws):
            failed.append("not_negative")
        return failed
    if not np.isfinite(p.cells).all():
        failed.append("finite")
    if (p.cells < 0).any():
        failed.append("not_negative")
    if not _areas_add_up(p):
        failed.append("areas_add_up")
    if not _placed(p):
        failed.append("placed_and_waiting")
    if np.abs(p.shares.sum(axis=0) - 1.0).max() > 1e-9:
        failed.append("shares_sum_to_one")
    if not _stages_hold_all(p):
        failed.append("stages_hold_all")
    return failed


def _areas_add_up(p: Projection) -> bool:
    """Schools by their own street sum to the region in every draw."""
    total = p.stage_draws.sum(axis=0)
    by_area = np.zeros_like(total)
    for code in np.unique(p.problem.area_of[p.rows.school]):
        by_area += p.stage_draws[p.problem.area_of[p.rows.school] == code].sum(axis=0)
    return bool(np.allclose(total, by_area, rtol=_NEAR))


def _placed(p: Projection) -> bool:
    """Placed and waiting sum to demand by street and stage, in every draw."""
    placed, waiting = p.placed
    group = p.problem.area_of[p.rows.school] * len(STAGES) + p.rows.stage
    for code in np.unique(group):
        inside = group == code
        have = placed[inside].sum(axis=0) + waiting[inside].sum(axis=0)
        if not np.allclose(have, p.stage_draws[inside].sum(axis=0), rtol=_NEAR, atol=1e-2):
            return False
    return True


def _stages_hold_all(p: Projection) -> bool:
    """Stage rows together hold every pupil of every cell."""
    whole = p.cells.sum(axis=(0, 2), dtype=np.float64)
    rows = p.stage_draws.sum(axis=0, dtype=np.float64)
    return bool(np.allclose(whole, rows, rtol=_NEAR))
