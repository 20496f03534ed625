"""Charts of a report: the fan with its strip of what is known, and the bars of causes.

Actual is solid, projected dashed; labels stand at the lines instead of a legend; the base line is zero. What
a chart shows is described without matplotlib, which only painting brings in: pages describe and never paint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from junheng.report import format as fmt
from junheng.report.tokens import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

BANDS = (("p2_5", "p97_5", "band-95"), ("p10", "p90", "band-80"), ("p25", "p75", "band-50"))


@dataclass(frozen=True, slots=True)
class Fan:
    """One stage: counted pupils, quantiles by year, what is known by year, seats by year, and words.

    `rows` maps quantile names to values, one dict a year. `words` holds the labels in the report's language:
    high, middle, low, seats, peak, known, partly, assumption.
    """

    actual: tuple[tuple[int, float], ...]
    years: tuple[int, ...]
    rows: tuple[dict[str, float], ...]
    bands: tuple[str, ...]
    seats: tuple[tuple[int, float], ...]
    words: dict[str, str]


def fan_height(_: Fan, width: float) -> float:
    """Height in inches for a fan `width` inches wide."""
    return min(width * 0.56, 2.75)


def fan(canvas: Canvas, spec: Fan, width: float) -> None:
    """Pupils of one stage: solid history, dashed median, 50/80/95 % bands, seats as a step line."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - see above

    height = fan_height(spec, width)
    left, right, bottom, top = 0.56 / width, 1.02 / width, 0.46 / height, 0.16 / height
    axes = canvas.add_axes((left, bottom, 1 - left - right, 1 - bottom - top))
    years, actual = spec.years, spec.actual
    start = actual[-1] if actual else None
    grid = ([start[0]] if start else []) + list(years)
    for low, high, tone in BANDS:
        lower = ([start[1]] if start else []) + [row[low] for row in spec.rows]
        upper = ([start[1]] if start else []) + [row[high] for row in spec.rows]
        axes.fill_between(grid, lower, upper, color=colour(tone), linewidth=0)
    middle = ([start[1]] if start else []) + [row["p50"] for row in spec.rows]
    axes.plot(grid, middle, color=colour("accent"), linewidth=1.5, dashes=(4, 2))
    _assumed(axes, spec)
    for piece in _unbroken(actual):
        axes.plot(
            [y for y, _ in piece],
            [p for _, p in piece],
            color=colour("ink"),
            linewidth=1.8,
            solid_capstyle="round",
            marker="o" if len(piece) == 1 else None,
            markersize=2.5,
        )
    first = min([y for y, _ in actual] + list(years))
    last = max([y for y, _ in actual] + list(years))
    if spec.seats:
        axes.plot(
            [y for y, _ in spec.seats],
            [s for _, s in spec.seats],
            color=colour("secondary"),
            linewidth=1.0,
            linestyle=(0, (1, 1.4)),
            drawstyle="steps-mid",
        )
    highest = max(
        [p for _, p in actual] + [row["p97_5"] for row in spec.rows] + [s for _, s in spec.seats] + [1.0]
    )
    axes.set_xlim(first - 0.5, last + 0.4)
    axes.set_ylim(0, highest * 1.12)
    _frame(axes)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, min_n_ticks=3))
    _end_labels(axes, spec, last)
    _peak(axes, spec, (last - first) or 1)
    _strip(axes, spec, height)


def _assumed(axes: Axes, spec: Fan) -> None:
    """In the assumption band there is no single line: low and high are drawn as strongly as the middle."""
    years = [y for y, band in zip(spec.years, spec.bands, strict=True) if band == "assumption"]
    rows = [row for row, band in zip(spec.rows, spec.bands, strict=True) if band == "assumption"]
    for name in ("p10", "p90"):
        axes.plot(years, [row[name] for row in rows], color=colour("accent"), linewidth=1.0, dashes=(2, 2))


def _unbroken(points: tuple[tuple[int, float], ...]) -> list[list[tuple[int, float]]]:
    """A series cut where a year is missing: gaps are shown, not bridged."""
    pieces: list[list[tuple[int, float]]] = []
    for point in points:
        if pieces and point[0] - pieces[-1][-1][0] == 1:
            pieces[-1].append(point)
        else:
            pieces.append([point])
    return pieces


def _frame(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415 - see above

    axes.patch.set_alpha(0.0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(colour("rule"))
    axes.grid(axis="y", color=colour("hairline"), linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="both", length=0, labelsize=8.5, pad=3)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: fmt.count(value)))


def _end_labels(axes: Axes, spec: Fan, last: int) -> None:
    if not spec.rows:
        return
    row, words = spec.rows[-1], spec.words
    labels = [
        (row["p90"], f"{words['high']} {fmt.count(row['p90'])}", "secondary", "normal"),
        (row["p50"], f"{words['middle']} {fmt.count(row['p50'])}", "accent", "bold"),
        (row["p10"], f"{words['low']} {fmt.count(row['p10'])}", "secondary", "normal"),
    ]
    if spec.seats:
        labels.append(
            (spec.seats[-1][1], f"{words['seats']} {fmt.count(spec.seats[-1][1])}", "secondary", "normal")
        )
    low, high = axes.get_ylim()
    points = axes.get_window_extent().height * 72 / axes.figure.dpi
    step = (high - low) * 10.5 / points
    for height, (_, text, tone, weight) in zip(
        _apart([label[0] for label in labels], step), labels, strict=True
    ):
        axes.annotate(
            text,
            (last, height),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            fontsize=8.5,
            color=colour(tone),
            fontweight=weight,
            annotation_clip=False,
        )


def _apart(wanted: list[float], step: float) -> list[float]:
    """Heights near the wanted ones, at least `step` apart, in the same order; never below zero."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [wanted[i] for i in order]
    for _ in range(60):
        moved = False
        for i in range(1, len(placed)):
            short = step - (placed[i] - placed[i - 1])
            if short > step * 1e-3:
                placed[i - 1] -= short / 2
                placed[i] += short / 2
                moved = True
        if placed and placed[0] < step / 2:
            placed[0] = step / 2
        if not moved:
            break
    result = [0.0] * len(wanted)
    for i, height in zip(order, placed, strict=True):
        result[i] = height
    return result


def _peak(axes: Axes, spec: Fan, span: int) -> None:
    """The highest point with its year, clear of bands and of the line of seats."""
    points = list(spec.actual) + [(y, row["p50"]) for y, row in zip(spec.years, spec.rows, strict=True)]
    if not points:
        return
    year, value = max(points, key=lambda point: (point[1], -point[0]))
    if spec.rows and year == spec.years[-1]:
        return  # still rising: the label at the end says it
    left, right = axes.get_xlim()
    place = "left" if (year - left) / span < 0.15 else "right" if (right - year) / span < 0.15 else "center"
    axes.plot([year], [value], marker="o", markersize=4, color=colour("ink"), clip_on=False)
    low, high = axes.get_ylim()
    room = (high - low) * 16 / (axes.get_window_extent().height * 72 / axes.figure.dpi)
    heights: list[float] = [value]
    if year in spec.years:  # words stand above the bands, not on them
        heights += [row["p97_5"] for y, row in zip(spec.years, spec.rows, strict=True) if abs(y - year) < 4]
    heights += [seats for y, seats in spec.seats if abs(y - year) < 5 and -room * 0.2 < seats - value < room]
    height = max(heights)
    if height + room > high:
        axes.set_ylim(low, height + room)
    axes.annotate(
        f"{year} {spec.words['peak']} {fmt.count(value)}",
        (year, height),
        xytext=(0, 5),
        textcoords="offset points",
        ha=place,
        va="bottom",
        fontsize=8.5,
        annotation_clip=False,
    )


_STRIP = {"known": "strip-known", "partly": "strip-partly", "assumption": "strip-assumption"}


def _strip(axes: Axes, spec: Fan, height: float) -> None:
    """What each year rests on: 已知, 部分已知, 假设, as a strip under the axis."""
    box = axes.get_position()
    strip = axes.figure.add_axes((box.x0, 0.06 / height, box.width, 0.15 / height))
    strip.set_xlim(axes.get_xlim())
    strip.set_ylim(0, 1)
    strip.axis("off")
    if spec.actual:
        end = spec.years[0] - 0.5 if spec.years else axes.get_xlim()[1]
        _segment(strip, axes.get_xlim()[0], end, "strip-counted", spec.words["counted"], "paper")
    runs: list[tuple[str, int, int]] = []
    for year, band in zip(spec.years, spec.bands, strict=True):
        if runs and runs[-1][0] == band:
            runs[-1] = (band, runs[-1][1], year)
        else:
            runs.append((band, year, year))
    for band, first, last in runs:
        tone = "paper" if band == "known" else "ink"
        _segment(
            strip, first - 0.5, last + 0.5, _STRIP.get(band, "strip-partly"), spec.words.get(band, band), tone
        )


def _segment(axes: Axes, first: float, last: float, tone: str, word: str, ink: str) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - see above

    axes.add_patch(
        Rectangle(
            (first, 0), last - first, 1, facecolor=colour(tone), edgecolor=colour("paper"), linewidth=0.8
        )
    )
    left, right = axes.get_xlim()
    points = axes.get_window_extent().width * 72 / axes.figure.dpi * (last - first) / (right - left)
    if points >= text_width(word, 7.5) + 3:
        axes.text(
            (first + last) / 2,
            0.46,
            word,
            ha="center",
            va="center",
            fontsize=7.5,
            color=colour(ink),
        )


def text_width(text: str, size: float) -> float:
    """Rough width in points: a Chinese character is one em, others a little over half."""
    return sum(size if ord(c) > 0x2E7F else size * 0.56 for c in text)


@dataclass(frozen=True, slots=True)
class Drivers:
    """Causes of a change: (label, low, middle, high) in order, and the total with its label."""

    rows: tuple[tuple[str, float, float, float], ...]
    total: tuple[str, float]


def drivers_height(spec: Drivers, _: float) -> float:
    """Height in inches: one line a cause."""
    return 0.25 + 0.27 * (len(spec.rows) + 1)


def drivers(canvas: Canvas, spec: Drivers, width: float) -> None:
    """Signed bars by cause with their 80 % whiskers, and the sum below a rule."""
    height = drivers_height(spec, width)
    left = min(0.42, (max(text_width(row[0], 9) for row in (*spec.rows, (spec.total[0],))) + 12) / 72 / width)
    axes = canvas.add_axes((left, 0.06 / height, 1 - left - 0.08 / width, 1 - 0.12 / height))
    axes.patch.set_alpha(0.0)
    bars = [*spec.rows, (spec.total[0], spec.total[1], spec.total[1], spec.total[1])]
    reach = [value for row in bars for value in row[1:]] + [0.0]
    low, high = min(reach), max(reach)
    room = (high - low) * 0.62 / max(width - left * width, 1)
    axes.set_xlim(low - room if low < 0 else -room * 0.1, high + room if high > 0 else room * 0.1)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    for index, (_, lower, middle, upper) in enumerate(bars):
        total = index == len(bars) - 1
        tone = "ink" if total else "accent" if middle > 0 else "bar-down"
        axes.barh(index, middle, height=0.56, color=colour(tone), linewidth=0)
        if not total and upper > lower:
            axes.plot([lower, upper], [index, index], color=colour("ink"), linewidth=0.8)
        end = max(middle, upper) if middle >= 0 else min(middle, lower)
        axes.annotate(
            fmt.signed(middle),
            (end, index),
            xytext=(4 if middle >= 0 else -4, 0),
            textcoords="offset points",
            va="center",
            ha="left" if middle >= 0 else "right",
            fontsize=8.5,
            fontweight="bold" if total else "normal",
            annotation_clip=False,
        )
    axes.axvline(0, color=colour("rule"), linewidth=0.8)
    axes.axhline(len(bars) - 1.5, color=colour("hairline"), linewidth=0.8)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xticks([])
    axes.set_yticks(range(len(bars)), [row[0] for row in bars], fontsize=9, color=colour("ink"))
    axes.tick_params(axis="y", length=0, pad=6)
