"""A named list of levers."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from junheng.forecast.scenarios.levers import Lever, levers_of

BASE = "base"


@dataclass(frozen=True)
class Scenario:
    """A name and its levers, in the order in which they are composed."""

    name: str = BASE
    levers: tuple[Lever, ...] = ()

    @staticmethod
    def from_table(frame: pl.DataFrame, name: str | None = None) -> Scenario:
        """One scenario of a frame of `scenario_levers`; `name` picks it where there are several."""
        if name is not None:
            frame = frame.filter(pl.col("scenario") == name)
        title = str(frame["scenario"][0]) if frame.height else (name or BASE)
        return Scenario(title, levers_of(frame))
