"""How a figure moves: differences over a few years, Theil–Sen from five on, and nothing joined over a break.

Full counts have no sampling error, so there are no p-values here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

LONG = 5
"""Years from which a median of slopes says more than a mean of differences."""
TO_NORMAL = 1.4826
"""Median absolute deviation times this is the standard deviation of normal figures."""


@dataclass(frozen=True, slots=True)
class Trend:
    """The unbroken end of a series. slope: change a year; None with fewer than two years.

    expected: what last year's trend leads one to expect for the last year, None with fewer than five
    before it.
    broken: the first year after the last break, None where the series never broke.
    """

    years: tuple[int, ...]
    values: tuple[float, ...]
    slope: float | None
    expected: float | None
    broken: int | None

    def run(self, better: int) -> int:
        """How many years in a row, up to the last, moved against `better` (1: more is better, −1: less
        is)."""
        count = 0
        for before, after in zip(reversed(self.values[:-1]), reversed(self.values[1:]), strict=True):
            if (after - before) * better >= 0:
                break
            count += 1
        return count


def theil_sen(years: Sequence[int], values: Sequence[float]) -> tuple[float, float]:
    """(slope, intercept): the median of all pairwise slopes, and the median of what is left. ValueError for
    fewer than two different years."""
    slopes = [
        (values[j] - values[i]) / (years[j] - years[i])
        for i in range(len(years))
        for j in range(i + 1, len(years))
        if years[j] != years[i]
    ]
    if not slopes:
        raise ValueError("a slope needs two years")
    slope = median(slopes)
    return slope, median(value - slope * year for year, value in zip(years, values, strict=True))


def trend(years: Sequence[int], values: Sequence[float | None], marks: Sequence[str]) -> Trend:
    """The trend of a series in order of years. It breaks where the mark (rule version, boundary, school
    system) changes, where a value is missing and where a year is."""
    start, broken = 0, None
    for n in range(len(years)):
        gap = n > 0 and (marks[n] != marks[n - 1] or years[n] != years[n - 1] + 1)
        if values[n] is None:
            start, broken = n + 1, years[n + 1] if n + 1 < len(years) else years[n]
        elif gap and values[n - 1] is not None:
            start, broken = n, years[n]
    kept_years = tuple(years[start:])
    kept = tuple(float(value) for value in values[start:] if value is not None)
    if len(kept) < 2:
        return Trend(kept_years, kept, None, None, broken)
    if len(kept) < LONG:
        slope = (kept[-1] - kept[0]) / (kept_years[-1] - kept_years[0])
        return Trend(kept_years, kept, slope, None, broken)
    slope, _ = theil_sen(kept_years, kept)
    expected = None
    if len(kept) > LONG:
        before, level = theil_sen(kept_years[:-1], kept[:-1])
        expected = level + before * kept_years[-1]
    return Trend(kept_years, kept, slope, expected, broken)


def outlying(changes: Sequence[float], deviations: float) -> list[int]:
    """Positions further from the median than so many robust deviations. Where more than half are equal any
    other would stand out, so that nothing is said."""
    if len(changes) < LONG:
        return []
    middle = median(changes)
    spread = TO_NORMAL * median(abs(change - middle) for change in changes)
    if spread <= 0:
        return []
    return [n for n, change in enumerate(changes) if abs(change - middle) > deviations * spread]
