"""What a backtest noticed about its table, worded from `backtest_messages`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from junheng.forecast.entry_births import BirthsEntry
from junheng.forecast.panel import Flags, Panel
from junheng.forecast.validation.rolling_origin import Origin
from junheng.model.reason import Finding

ENOUGH_ORIGINS, ENOUGH_UNITS = 5, 30
_NAMED = 5


def findings_of(
    panel: Panel,
    counted: Flags,
    said: Mapping[int, Origin],
    everywhere: Flags,
    scored: Sequence[int],
    dropped: Sequence[int],
    births: BirthsEntry | None,
) -> tuple[Finding, ...]:
    """The mask, missing and dented years, explosive growth, units still filling up, thin evidence."""
    found = [
        _note("backtest_mask", units=len(panel.units), scored=int(everywhere.sum()), origins=_years(scored))
    ]
    missing = [year for year, known in zip(panel.years, counted.tolist(), strict=True) if not known]
    if missing:
        found.append(_note("backtest_years_missing", years=_years(missing)))
    if dropped:
        found.append(_warning("backtest_origins_dropped", years=_years(dropped)))
    last = said[max(said)].structure
    for i in range(last.dented.shape[1]):
        units = int(last.dented[:, i].sum())
        if units:
            found.append(_note("backtest_year_dented", year=panel.years[i], units=units))
    explosive = sorted(
        {panel.units[int(u)] for origin in said.values() for u in origin.structure.explosive.nonzero()[0]}
    )
    if explosive:
        found.append(
            _warning("backtest_explosive", units=len(explosive), names=", ".join(explosive[:_NAMED]))
        )
    rising = int(last.rising.any(axis=1).sum())
    if rising:
        found.append(_note("backtest_rising", units=rising, year=max(said)))
    if len(scored) < ENOUGH_ORIGINS or int(everywhere.sum()) < ENOUGH_UNITS:
        found.append(_warning("backtest_similar_regions", origins=len(scored), units=int(everywhere.sum())))
    if births is not None and not births.speaks:
        found.append(_warning("backtest_births_silent", grade=panel.grades[0]))
    elif births is not None:
        ended = [year for year in scored if births.ended(year)]
        if ended:
            found.append(_warning("backtest_births_ended", years=_years(ended)))
    return tuple(found)


def _years(years: Sequence[int]) -> str:
    return ", ".join(str(year) for year in years)


def _note(code: str, **parameters: object) -> Finding:
    return Finding(code, "note", parameters=parameters)


def _warning(code: str, **parameters: object) -> Finding:
    return Finding(code, "warning", parameters=parameters)
