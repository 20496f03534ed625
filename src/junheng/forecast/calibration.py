"""Ranges that hold: one variance form by lead and size, fitted to rolling residuals, with its own quantiles.

Residuals are log((count + 1/2) / (forecast + 1/2)); their variance is v = a h^c + b h^d / n for lead h and
forecast n: what size cannot average out, and what it can. Fitting reads a table of robust spreads by lead and
size, so that a few wild units decide nothing, and leans on pooled priors where residuals are few.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs]

from junheng.forecast.panel import Floats

CENTRAL = (0.50, 0.80, 0.95)
"""Probabilities of the central ranges that are calibrated one by one."""
_SIZE_EDGES = np.array([0, 10, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, np.inf])
SIZE_KNOTS = (5.0, 15.0, 40.0, 100.0, 250.0, 600.0, 1500.0, 4000.0, 10000.0, 30000.0)
"""Sizes between which the correction by size is drawn as straight lines on logs."""
_PRIOR_SPREAD = np.array([0.9, 0.6, 0.35, 0.25])
"""Prior sd of log a, log b, c, d: how much kinds of units differ."""
SHARED_SEEN = 1.0
SHARED_YEARS = 0.6
"""Shocks shared by all units are seen once a year: their variance is raised by this over the origins seen."""
LEAD_PENALTY = 8.0
_BIN_WEIGHT = 35.0
"""Residuals in a bin that count as one full observation; a year moves all its residuals together."""
_ITERATIONS = 40
_CONVERGED = 1e-9


@dataclass(frozen=True)
class Spread:
    """Variance form of log residuals and the multipliers that turn its sd into central ranges.

    a, b, c, d: v = a h^c + b h^d / n. nu: degrees of freedom of the Student-t shape. scale: factor on the sd
    for shared shocks seen in few years. stretch: factors on the half-widths of the 50, 80 and 95 % ranges.
    residuals: how many stand behind it (0 = pooled prior only, "range from similar regions").
    size_effect, lead_effect: log factors on v at SIZE_KNOTS pupils and leads 1, 2, ...: what the form misses.
    """

    a: float
    b: float
    c: float
    d: float
    nu: float = 4.0
    scale: float = 1.0
    stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)
    residuals: int = 0
    size_effect: tuple[float, ...] = (0.0,) * len(SIZE_KNOTS)
    lead_effect: tuple[float, ...] = (0.0,)

    def variance(self, lead: Floats | float, pupils: Floats | float) -> Floats:
        """v by lead and forecast pupils (broadcast); forecasts below one pupil count as one."""
        h = np.asarray(lead, dtype=np.float64)
        n = np.maximum(np.asarray(pupils, dtype=np.float64), 1.0)
        form = self.scale**2 * (self.a * h**self.c + self.b * h**self.d / n)
        effect = np.interp(np.log(n), np.log(SIZE_KNOTS), self.size_effect)
        effect = effect + np.interp(h, np.arange(1, len(self.lead_effect) + 1), self.lead_effect)
        return form * np.exp(effect)

    def sd(self, lead: Floats | float, pupils: Floats | float) -> Floats:
        """Standard deviation of the log residual."""
        return np.sqrt(self.variance(lead, pupils))

    def score(self, level: float) -> float:
        """Standardised quantile: the Student-t of unit variance at `level`, stretched as the residuals
        ask."""
        central = abs(2.0 * level - 1.0)
        if central == 0.0:
            return 0.0
        half = _student(self.nu, (1.0 + central) / 2.0)
        knots = [_student(self.nu, (1.0 + p) / 2.0) for p in CENTRAL]
        value = half * float(np.interp(half, knots, self.stretch))
        return value if level > 0.5 else -value

    def quantile(self, level: float, lead: Floats | float, pupils: Floats) -> Floats:
        """Pupils at a probability level about the forecast `pupils`; never negative."""
        n = np.asarray(pupils, dtype=np.float64)
        return np.maximum((n + 0.5) * np.exp(self.score(level) * self.sd(lead, n)) - 0.5, 0.0)

    def crps(self, lead: Floats | float, pupils: Floats, actual: Floats) -> Floats:
        """Continuous ranked probability score in pupils, by quantile scores at 39 equal levels."""
        return quantile_crps(
            np.stack([self.quantile(level, lead, pupils) for level in _CRPS_LEVELS]), np.asarray(actual)
        )


_CRPS_LEVELS = tuple(float(level) for level in np.arange(1, 40) / 40.0)


def quantile_crps(quantiles: Floats, actual: Floats) -> Floats:
    """CRPS from quantiles [L, ...] at levels 1/(L+1) ... L/(L+1): twice the mean pinball loss (Gneiting
    2011)."""
    levels = np.arange(1, len(quantiles) + 1) / (len(quantiles) + 1)
    shaped = levels.reshape(-1, *([1] * actual.ndim))
    error = actual[None] - quantiles
    return 2.0 * np.mean(np.maximum(shaped * error, (shaped - 1.0) * error), axis=0)


def central_score(level: float, nu: float = 4.0) -> float:
    """Half-width of the central range of probability `level`, in sd of the Student-t of unit variance."""
    return _student(nu, (1.0 + level) / 2.0)


def _student(nu: float, level: float) -> float:
    return float(stdtrit(nu, level)) * float(np.sqrt((nu - 2.0) / nu))


TOTALS_PRIOR = Spread(1.5e-4, 1.5, 1.35, 1.25)
"""Unit totals of similar regions."""
CELLS_PRIOR = Spread(7.0e-4, 1.5, 0.7, 0.8)
"""Grade cells of similar regions."""
SPECIAL_PRIOR = Spread(4.0e-3, 0.6, 1.0, 0.7)
"""Special schools and their grades: log changes of 59 special schools of New York City, 2014-2018, leads 1-4;
a county has too few of them to fit its own."""


@dataclass(frozen=True)
class Residuals:
    """Rows of past errors: lead, forecast and count, arrays of one length, and the origin of each.

    season: factor on each log error, where forecasts then knew less of the past than forecasts now.
    """

    lead: NDArray[np.int64]
    forecast: Floats
    actual: Floats
    origin: NDArray[np.int64]
    season: Floats | float = 1.0

    @property
    def logs(self) -> Floats:
        """float64[N]: log errors, seasoned."""
        return np.log((self.actual + 0.5) / (self.forecast + 0.5)) * self.season

    def __len__(self) -> int:
        return len(self.lead)


def fit(rows: Residuals, prior: Spread = TOTALS_PRIOR) -> Spread:
    """The spread of `rows` leaning on `prior`; the prior itself when there are none.

    Bins of lead and size give robust spreads (the 80 % point of absolute residuals); log v is fitted to them
    by damped least squares on (log a, log b, c, d) with a normal prior. Then each central range is stretched
    so that it holds on the rows, as far as their number allows.
    """
    if not len(rows):
        return prior
    absolute = np.abs(rows.logs)
    lead, size, seen, spread = _bins(rows, absolute, prior.nu)
    if not len(lead):
        return replace(prior, residuals=len(rows))
    weight = np.sqrt(np.minimum(seen / _BIN_WEIGHT, 4.0))
    log_a, log_b, c, d = _form(lead, size, np.log(spread), weight, prior)
    first, second = _parts(lead, size, log_a, log_b, c, d)
    by_size, by_lead = _effects(lead, size, weight, np.log(spread) - np.log(first + second), prior)
    origins = len(np.unique(rows.origin))
    seen_a = float(np.exp(log_a)) * (1.0 + SHARED_SEEN / origins)
    fitted = replace(
        prior,
        a=seen_a,
        b=float(np.exp(log_b)),
        c=c,
        d=d,
        residuals=len(rows),
        size_effect=by_size,
        lead_effect=by_lead,
    )
    fitted = _stretched(fitted, rows, absolute, prior)
    return replace(fitted, a=fitted.a * (1.0 + SHARED_YEARS / origins))


def _parts(
    lead: Floats, size: Floats, log_a: float, log_b: float, c: float, d: float
) -> tuple[Floats, Floats]:
    """a h^c and b h^d / n."""
    return np.exp(log_a + c * np.log(lead)), np.exp(log_b + d * np.log(lead)) / size


def _form(
    lead: Floats, size: Floats, logs: Floats, weight: Floats, prior: Spread
) -> tuple[float, float, float, float]:
    """log a, log b, c, d by Gauss-Newton steps on log v, with a normal prior about `prior`."""
    start: Floats = np.array([np.log(prior.a), np.log(prior.b), prior.c, prior.d])
    theta: Floats = start.copy()
    log_lead: Floats = np.log(lead)
    stiffness: Floats = np.diag(1.0 / _PRIOR_SPREAD**2)
    for _ in range(_ITERATIONS):
        log_a, log_b, c, d = (float(value) for value in theta)
        first, second = _parts(lead, size, log_a, log_b, c, d)
        total: Floats = first + second
        miss: Floats = (logs - np.log(total)) * weight
        share: Floats = np.stack([first, second, first * log_lead, second * log_lead], axis=1)
        slope: Floats = share * (weight / total)[:, None]
        right: Floats = (slope * miss[:, None]).sum(axis=0) + (start - theta) / _PRIOR_SPREAD**2
        left: Floats = (slope[:, :, None] * slope[:, None, :]).sum(axis=0) + stiffness
        move = np.asarray(np.linalg.solve(left, right), dtype=np.float64)
        theta = theta + np.clip(move, -0.5, 0.5)
        if float(np.max(np.abs(move))) < _CONVERGED:
            break
    log_a, log_b, c, d = (float(value) for value in theta)
    return log_a, log_b, min(max(c, 0.0), 3.0), min(max(d, 0.0), 3.0)


def _effects(
    lead: Floats, size: Floats, weight: Floats, miss: Floats, prior: Spread
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Ridge fit of what the form misses, by size (smooth over knots) and by lead."""
    knots = np.log(SIZE_KNOTS)
    basis = np.stack([np.interp(np.log(size), knots, row) for row in np.eye(len(knots))], axis=1)
    leads = int(lead.max())
    design = np.concatenate([basis, np.eye(leads)[lead.astype(np.int64) - 1]], axis=1)
    start = np.concatenate([prior.size_effect, np.zeros(leads)])
    steps = np.diff(np.eye(len(knots)), axis=0)
    penalty = np.zeros((len(start), len(start)))
    penalty[: len(knots), : len(knots)] = 1.0 * np.eye(len(knots)) + 4.0 * steps.T @ steps
    penalty[len(knots) :, len(knots) :] = LEAD_PENALTY * np.eye(leads)
    weighted = design * weight[:, None]
    target = (miss - design @ start) * weight
    found = start + np.linalg.solve(weighted.T @ weighted + penalty, weighted.T @ target)
    effects = np.clip(found, -1.5, 1.5)
    return tuple(effects[: len(knots)].tolist()), tuple(effects[len(knots) :].tolist())


def _bins(rows: Residuals, absolute: Floats, nu: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Per bin of lead and size: lead, harmonic mean size, residuals, squared spread."""
    key = rows.lead * 100 + np.digitize(rows.forecast, _SIZE_EDGES)
    order = np.lexsort((absolute, key))
    keys, starts, counts = np.unique(key[order], return_index=True, return_counts=True)
    at80 = _student(nu, 0.9)
    out: list[tuple[float, float, float, float]] = []
    sorted_abs, sorted_n = absolute[order], rows.forecast[order]
    for label, start, count in zip(keys.tolist(), starts.tolist(), counts.tolist(), strict=True):
        if count < 10:
            continue
        part = slice(start, start + count)
        point = float(np.quantile(sorted_abs[part], 0.8, method="median_unbiased"))
        size = count / float(np.sum(1.0 / np.maximum(sorted_n[part], 1.0)))
        out.append((float(label // 100), size, float(count), max((point / at80) ** 2, 1e-10)))
    table = np.array(out).reshape(-1, 4)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]


def _stretched(fitted: Spread, rows: Residuals, absolute: Floats, prior: Spread) -> Spread:
    """Stretch each central range to hold on the rows, shrunk to the prior's by the number of rows."""
    scaled = absolute / fitted.sd(rows.lead.astype(np.float64), rows.forecast)
    trust = len(rows) / (len(rows) + 300.0)
    stretch: list[float] = []
    for level, base in zip(CENTRAL, prior.stretch, strict=True):
        wanted = float(np.quantile(scaled, level)) / _student(fitted.nu, (1.0 + level) / 2.0)
        stretch.append(float(base * (wanted / base) ** trust))
    return replace(fitted, stretch=(stretch[0], max(stretch[1], 0.6 * stretch[0]), stretch[2]))
