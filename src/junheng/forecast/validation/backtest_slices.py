"""The ledger of a backtest: per origin and lead it takes measures, at the end it averages them over
origins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from junheng.forecast.panel import Flags, Floats, Panel
from junheng.forecast.validation import scoring
from junheng.forecast.validation.backtest_result import SLICE_SCHEMA, TABLE_SCHEMA
from junheng.forecast.validation.rolling_origin import OURS, Origin
from junheng.forecast.validation.rolling_ranges import SMALLEST_CELL, Ranges
from junheng.forecast.validation.scoring import RangeScore

TOTAL_SIZES = (
    ("<500", 0.0, 500.0),
    ("500-1499", 500.0, 1500.0),
    ("1500-4999", 1500.0, 5000.0),
    ("5000+", 5000.0, np.inf),
)
CELL_SIZES = (("<25", 0.0, 25.0), ("25-99", 25.0, 100.0), ("100+", 100.0, np.inf))
FALLING = -0.05
"""Yearly change of a unit's intake over three years from which it counts as falling."""
_TREND_YEARS = 3
_NAN = float("nan")


class Ledger:
    """Collects measures of each method, origin and lead."""

    def __init__(self, panel: Panel, everywhere: Flags, horizon: int) -> None:
        self._panel = panel
        self._everywhere = everywhere
        self._horizon = horizon
        self._main: dict[tuple[str, int], list[dict[str, float]]] = {}
        self._slices: dict[tuple[str, str, str, int], list[dict[str, float]]] = {}

    def add(self, method: str, origin: Origin, cells: Floats, known: Ranges | None) -> None:
        """Score `cells` [U, H, G] said at an origin by a method, with its ranges where it has some."""
        panel = self._panel
        at = panel.year_index(origin.year)
        falling = _falling(panel, at, origin)
        for h in range(1, min(self._horizon, len(panel.years) - 1 - at) + 1):
            counted = panel.counted[:, at] & panel.counted[:, at + h]
            if not (counted & self._everywhere).any():
                continue
            actual = np.nan_to_num(panel.pupils[:, at + h])
            said = cells[:, h - 1]
            total, count = said.sum(axis=1), actual.sum(axis=1)
            big = counted & (count >= scoring.SMALLEST_SCORED)
            main, all_main = big & self._everywhere, counted & self._everywhere
            range_of = _total_ranges(total, count, float(h), known)
            row = _measures(total, count, main, range_of)
            row["wmape"] = scoring.wmape(total[all_main], count[all_main])
            row["cell_wmape"] = scoring.wmape(said[all_main], actual[all_main])
            self._main.setdefault((method, h), []).append(row)
            moved = big & ~self._everywhere
            self._note(method, h, "units", "all", _measures(total, count, big, range_of))
            self._note(method, h, "units", "opened_or_closed", _measures(total, count, moved, range_of))
            self._note(
                method, h, "trend", "intake_falling", _measures(total, count, main & falling, range_of)
            )
            self._note(method, h, "trend", "other", _measures(total, count, main & ~falling, range_of))
            self._note(method, h, "region", "total", _region(total, count, counted))
            if known is None:
                continue
            self._note(method, h, "origin", str(origin.year), _measures(total, count, main, range_of))
            for label, low, high in TOTAL_SIZES:
                sized = main & (total >= low) & (total < high)
                self._note(method, h, "size", label, _measures(total, count, sized, range_of))
            offered = all_main[:, None] & (said > SMALLEST_CELL) & ~np.isnan(panel.pupils[:, at + h])
            coming = origin.entering[:, h - 1]
            cell_ranges = _cell_ranges(said, actual, float(h), coming, known)
            for kind, part in (("enrolled", offered & ~coming), ("entering", offered & coming)):
                self._note(method, h, "cell_kind", kind, _measures(said, actual, part, cell_ranges))
                for label, low, high in CELL_SIZES:
                    sized_cells = part & (said >= low) & (said < high)
                    measures = _measures(said, actual, sized_cells, cell_ranges)
                    self._note(method, h, "cell_size", f"{kind} {label}", measures)

    def _note(self, method: str, lead: int, family: str, value: str, measures: dict[str, float]) -> None:
        if measures["rows"] > 0:
            self._slices.setdefault((family, value, method, lead), []).append(measures)

    def table(self, methods: Sequence[str]) -> pl.DataFrame:
        """TABLE_SCHEMA: methods in the order asked, leads with at least one scored origin."""
        rows: list[dict[str, object]] = []
        for method in methods:
            for lead in range(1, self._horizon + 1):
                found = self._main.get((method, lead))
                if not found:
                    continue
                mean = _average(found)
                rows.append(
                    {
                        "method": method,
                        "lead": lead,
                        "total_mape": mean["mape"],
                        "total_wmape": mean["wmape"],
                        **{name: mean[name] for name in list(TABLE_SCHEMA)[4:]},
                    }
                )
        return pl.DataFrame(rows, schema=TABLE_SCHEMA)

    def slices(self) -> pl.DataFrame:
        """SLICE_SCHEMA, ours first, in a fixed order."""
        rows: list[dict[str, object]] = []
        for (family, value, method, lead), found in self._slices.items():
            mean = _average(found)
            rows.append(
                {
                    "slice": family,
                    "value": value,
                    "method": method,
                    "lead": lead,
                    "origins": len(found),
                    "rows": int(sum(one["rows"] for one in found)),
                    **{name: mean.get(name) for name in list(SLICE_SCHEMA)[6:]},
                }
            )
        frame = pl.DataFrame(rows, schema=SLICE_SCHEMA)
        return frame.sort(pl.col("slice"), pl.col("value"), pl.col("method") != OURS, "method", "lead")


def _total_ranges(forecast: Floats, actual: Floats, lead: float, known: Ranges | None) -> RangeScore | None:
    if known is None:
        return None
    return scoring.either(
        known.young,
        scoring.ranges(forecast, actual, lead, known.settled.totals),
        scoring.ranges(forecast, actual, lead, known.opened.totals),
    )


def _cell_ranges(forecast: Floats, actual: Floats, lead: float, coming: Flags, known: Ranges) -> RangeScore:
    young = known.young[:, None]
    parts = [
        scoring.either(
            coming,
            scoring.ranges(forecast, actual, lead, kinds.enrolled),
            scoring.ranges(forecast, actual, lead, kinds.entering),
        )
        for kinds in (known.settled, known.opened)
    ]
    return scoring.either(young, parts[0], parts[1])


def _measures(forecast: Floats, actual: Floats, mask: Flags, score: RangeScore | None) -> dict[str, float]:
    f, y = forecast[mask], actual[mask]
    positive = y > 0
    row = {
        "rows": float(f.size),
        "mape": scoring.mape(f[positive], y[positive]),
        "wmape": scoring.wmape(f, y),
        "bias": scoring.bias(f, y),
        "cell_wmape": _NAN,
        "cover50": _NAN,
        "cover80": _NAN,
        "cover95": _NAN,
        "width80": _NAN,
        "crps": _NAN,
    }
    if score is not None and f.size:
        row["cover50"], row["cover80"], row["cover95"] = (
            float(x) for x in score.inside[:, mask].mean(axis=1)
        )
        row["width80"] = float(score.width80[mask].mean())
        row["crps"] = float(score.crps[mask].sum() / max(float(y.sum()), 1.0))
    return row


def _region(total: Floats, count: Floats, counted: Flags) -> dict[str, float]:
    """The sum over units counted at both ends, as one unit."""
    one = np.ones(1, dtype=np.bool_)
    return _measures(np.array([total[counted].sum()]), np.array([count[counted].sum()]), one, None)


def _average(found: list[dict[str, float]]) -> dict[str, float | None]:
    return {name: scoring.mean_of([one[name] for one in found]) for name in found[0]}


def _falling(panel: Panel, at: int, origin: Origin) -> Flags:
    """bool[U]: intake fell by more than FALLING a year over the three years to the origin."""
    none = np.zeros(len(panel.units), dtype=np.bool_)
    if at < _TREND_YEARS:
        return none
    intake = origin.structure.intake
    now = np.where(intake, np.nan_to_num(panel.pupils[:, at]), 0.0).sum(axis=1)
    then = np.where(intake, np.nan_to_num(panel.pupils[:, at - _TREND_YEARS]), 0.0).sum(axis=1)
    return (then > 0) & (now < then * (1.0 + FALLING) ** _TREND_YEARS)
