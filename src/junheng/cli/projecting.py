"""A projection of a workspace's tables, refused when its own checks fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from junheng.cli import speech
from junheng.model.errors import VerificationFailed

if TYPE_CHECKING:
    from junheng.data import Workspace
    from junheng.forecast.result import Projection
    from junheng.forecast.seat_balance.seat_outlook import SeatOutlook
    from junheng.rules import RuleBook


def project(
    workspace: Workspace,
    book: RuleBook,
    origin: int | None,
    years: int,
    draws: int,
    seed: int,
    version: str | None = None,
) -> Projection:
    """Children and pupils of the coming years from the newest version of the tables, or the one named."""
    from junheng import forecast
    from junheng.forecast.problem import Problem

    with speech.progress() as step:
        step("year.forecasting")
        problem = Problem.from_tables(workspace.tables(version), book, workspace.region, origin_year=origin)
        projection = forecast.project(problem, years=years, draws=draws, seed=seed)
    refuse_failed(projection.check())
    return projection


def refuse_failed(failed: Sequence[str]) -> None:
    """VerificationFailed naming the checks that did not hold; nothing where all hold."""
    if failed:
        raise VerificationFailed("cli.checks_failed", {"checks": "; ".join(failed)})


def warning_counts(outlook: SeatOutlook) -> Mapping[str, int]:
    """Warnings by level, every level named."""
    levels = outlook.tables["seat_warnings"]["level"].to_list()
    return {level: levels.count(level) for level in ("red", "orange", "yellow")}
