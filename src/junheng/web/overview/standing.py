"""How a unit stands: counted now, forecast ahead, seats short or to spare. Pure numbers, no words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from junheng.web.overview.queries import Held

AHEAD_BY = 5
"""Years over which the change in pupils is told."""
LINE_FROM = 8
"""Counted years in the small line of a row."""
LINE_TO = 10
"""Forecast years in it."""


@dataclass(frozen=True, slots=True)
class Years:
    """`counted`: the count shown; `ahead`: the forecast year shown; all years of either kind."""

    counted: int | None
    ahead: int | None
    counts: tuple[int, ...]
    forecast: tuple[int, ...]

    @property
    def far(self) -> int | None:
        """The year to which the change in pupils is told."""
        if self.counted is None or not self.forecast:
            return None
        return min(max(self.counted + AHEAD_BY, self.forecast[0]), self.forecast[-1])


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit, one stage or all. None where nothing is known. Seats belong to the year ahead."""

    pupils: int | None
    schools: int | None
    ahead: tuple[float, float, float] | None
    """P10, median, P90 of pupils in the year ahead."""
    far: float | None
    seats: float | None
    demand: float | None
    short: float | None
    short_low: float | None
    short_high: float | None
    spare: float | None
    line: tuple[float | None, ...]
    line_counted: int
    warnings: Mapping[str, int]

    @property
    def alive(self) -> bool:
        """Whether there is anything to say of this unit in these years."""
        return bool(self.pupils) or bool(self.ahead and self.ahead[1] >= 1) or bool(self.seats)

    @property
    def utilisation(self) -> float | None:
        """Demand over seats."""
        return self.demand / self.seats if self.demand is not None and self.seats else None

    @property
    def change(self) -> float | None:
        """Share by which pupils change from the count to five years on."""
        return self.far / self.pupils - 1 if self.far is not None and self.pupils else None

    @property
    def balance(self) -> float | None:
        """Seats short (positive), or, where no stage of any town is short, seats to spare (negative)."""
        if self.short is None:
            return None
        return self.short if self.short > 0 else -(self.spare or 0.0)

    @property
    def balance_share(self) -> float | None:
        """The balance as a share of seats."""
        return self.balance / self.seats if self.balance is not None and self.seats else None


def standings(
    codes: Sequence[str],
    held: Held,
    years: Years,
    stage: str,
    warnings: Iterable[Mapping[str, Any]],
    child_of: Mapping[str, str],
) -> dict[str, Standing]:
    """Standing by unit code. The first code is the unit itself; warnings of units below count for the child
    they lie in (`child_of`) and for the unit."""
    wanted = pl.col("unit_code").is_in(list(codes))
    if stage:
        wanted = wanted & (pl.col("stage") == stage)
    counted = _sums(held.counted.filter(wanted), ("pupils", "schools"))
    schools = (
        {} if stage else _sums(held.schools.filter(pl.col("unit_code").is_in(list(codes))), ("schools",))
    )
    ahead = _sums(held.ahead.filter(wanted), ("p10", "p50", "p90"))
    seats = _sums(
        held.seats.filter(wanted, pl.col("year") == (years.ahead or 0)),
        ("demand", "seats", "short", "short_low", "short_high", "spare"),
    )
    tallies: dict[str, dict[str, int]] = {code: {} for code in codes}
    for row in warnings:
        targets = {codes[0], child_of.get(row["unit_code"], codes[0])}
        for target in targets & tallies.keys():
            tallies[target][row["level"]] = tallies[target].get(row["level"], 0) + 1
    return {
        code: _standing(code, counted, schools if not stage else counted, ahead, seats, years, tallies[code])
        for code in codes
    }


Sums = dict[tuple[str, int], dict[str, float]]


def _sums(frame: pl.DataFrame, names: tuple[str, ...]) -> Sums:
    summed = frame.group_by("unit_code", "year").agg(pl.col(*names).sum())
    return {(row["unit_code"], row["year"]): row for row in summed.iter_rows(named=True)}


def _standing(
    code: str,
    counted: Sums,
    schools: Sums,
    ahead: Sums,
    seats: Sums,
    years: Years,
    tally: Mapping[str, int],
) -> Standing:
    now = counted.get((code, years.counted or 0))
    then = ahead.get((code, years.ahead or 0))
    far = ahead.get((code, years.far or 0))
    seat = seats.get((code, years.ahead or 0), {})
    counts = [year for year in years.counts if years.counted is None or year <= years.counted][-LINE_FROM:]
    future = [year for year in years.forecast if not counts or year > counts[-1]][:LINE_TO]
    past_line = [_value(counted.get((code, year)), "pupils") for year in counts]
    line = (*past_line, *(_value(ahead.get((code, year)), "p50") for year in future))
    return Standing(
        pupils=None if now is None else int(now["pupils"]),
        schools=None if now is None else int(schools.get((code, years.counted or 0), now)["schools"]),
        ahead=None if then is None else (then["p10"], then["p50"], then["p90"]),
        far=None if far is None else far["p50"],
        seats=seat.get("seats"),
        demand=seat.get("demand"),
        short=seat.get("short"),
        short_low=seat.get("short_low"),
        short_high=seat.get("short_high"),
        spare=seat.get("spare"),
        line=line,
        line_counted=len(past_line),
        warnings=dict(tally),
    )


def _value(row: Mapping[str, float] | None, name: str) -> float | None:
    return None if row is None else float(row[name])
