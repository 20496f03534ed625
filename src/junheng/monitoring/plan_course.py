"""Whether a target is reached, held, on its course or off it, from its figures by year and the plan's path.

The path is the plan's own where it gives one, else a straight line from the baseline to the number and its
date. Off course: the figure is behind the path and the step still needed in a year exceeds the mean of the
last three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from junheng.monitoring.policy_values import Measured, exact, meets, statistics_year
from junheng.rules.policies import PolicyDocument, Target

STATUSES = (
    "reached", "held", "on_course", "off_course", "missed", "strive", "not_due", "no_baseline", "no_data",
)  # fmt: skip
RECENT_STEPS = 3
Deliveries = Sequence[tuple[int, Fraction]]
"""(year of delivery, quantity) of projects under contract."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a target stands on a day; `expected` is what the path asks in `year`, `step_*` are by year."""

    status: str
    reason: str
    year: int | None = None
    measured: Measured | None = None
    expected: Fraction | None = None
    baseline: Fraction | None = None
    baseline_year: int | None = None
    step_needed: Fraction | None = None
    step_recent: Fraction | None = None
    contracted: Fraction | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


def start_year(document: PolicyDocument, target: Target) -> int | None:
    """The year a target counts from: its own date, the plan's period, or the day of issue."""
    day = target.since or target.baseline_on or document.period[0] or document.issued
    return None if day is None else day.year


def course(
    document: PolicyDocument,
    target: Target,
    figures: Mapping[int, Measured],
    day: date,
    contracted: Deliveries = (),
) -> Course:
    """The status of one target on `day`; figures of statistics not yet taken on that day are not known."""
    now = statistics_year(day)
    known = {
        year: figure for year, figure in sorted(figures.items()) if figure.value is not None and year <= now
    }
    if not known:
        return Course("no_data", "policy.no_figures")
    if target.basis == "direction":
        return _direction(document, target, known, day)
    if target.hold == "every_year":
        return _held(document, target, known, day)
    return _at_date(document, target, known, day, contracted)


def _missed(target: Target) -> str:
    """Only what must be done can be missed; 力争 and 鼓励 are striven for."""
    return "missed" if target.force == "must" else "strive"


def _whole(target: Target, figure: Measured) -> bool | None:
    """Whether the figure meets the target in every unit; None when units without a figure could decide."""
    if figure.value is None:
        return None
    if figure.n_short or not meets(target, figure.value):
        return False
    return None if figure.n_missing else True


def _held(document: PolicyDocument, target: Target, known: Mapping[int, Measured], day: date) -> Course:
    start, due = start_year(document, target), due_year(target)
    judged = {
        year: figure
        for year, figure in known.items()
        if (start is None or year >= start) and (due is None or year <= due)
    }
    if not judged:
        return Course("no_data", "policy.no_figures_in_period")
    year = max(judged)
    broken = [then for then, figure in judged.items() if _whole(target, figure) is False]
    met = _whole(target, judged[year])
    over = target.by is not None and day > target.by
    if met is None:
        return Course("no_data", "policy.some_missing", year, judged[year])
    if not met:
        return Course(_missed(target), "policy.not_kept", year, judged[year], parameters={"years": broken})
    if broken and over:
        return Course(
            _missed(target), "policy.broken_before", year, judged[year], parameters={"years": broken}
        )
    return Course("held", "policy.kept", year, judged[year], parameters={"years": sorted(judged)})


def due_year(target: Target) -> int | None:
    """The statistics a target's date is judged by; None without a date."""
    return None if target.by is None else statistics_year(target.by)


def _at_date(
    document: PolicyDocument,
    target: Target,
    known: Mapping[int, Measured],
    day: date,
    contracted: Deliveries,
) -> Course:
    due, year = due_year(target), max(known)
    figure = known[year]
    if due is not None and target.by is not None and day > target.by:
        if due not in known:
            return Course("no_data", "policy.due_year_unknown", year, figure, parameters={"year": due})
        figure, met = known[due], _whole(target, known[due])
        if met is None:
            return Course("no_data", "policy.some_missing", due, figure)
        status, reason = ("reached", "policy.reached") if met else (_missed(target), "policy.not_reached")
        return Course(status, reason, due, figure)
    met = _whole(target, figure)
    if met:
        return Course("reached", "policy.reached", year, figure)
    if met is None:
        return Course("no_data", "policy.some_missing", year, figure)
    begins = document.period[0] or document.issued
    if begins is not None and day < begins:
        return Course("not_due", "policy.not_begun", year, figure)
    if due is None:
        return Course("not_due", "policy.no_date", year, figure)
    return _on_the_way(document, target, known, year, due, contracted)


def baseline(
    document: PolicyDocument, target: Target, known: Mapping[int, Measured]
) -> tuple[int, Fraction] | None:
    """(year, value) the way begins at: the declared one, 0 for what is new since, else the last figure at or
    before the start."""
    start = start_year(document, target)
    if target.baseline is not None and start is not None:
        return start, exact(target.baseline)
    if target.basis == "flow":
        return None if start is None else (start, Fraction(0))
    before = [year for year in known if start is not None and year <= start]
    if not before:
        return None
    value = known[max(before)].value
    return None if value is None else (max(before), value)


def expected(target: Target, due: int, begin: tuple[int, Fraction] | None, year: int) -> Fraction | None:
    """What the path asks in `year`: the plan's own yearly numbers, straight between them; else a straight
    line.
    """
    if target.value is None:
        return None
    points = {then: exact(value) for then, value in target.path.items() if then <= due}
    if begin is not None and all(begin[0] < then for then in points):
        points[begin[0]] = begin[1]
    points.setdefault(due, exact(target.value))
    earlier = [then for then in points if then <= year]
    later = [then for then in points if then >= year]
    if not earlier:
        return None
    if not later:
        return points[max(earlier)]
    one, other = max(earlier), min(later)
    if one == other:
        return points[one]
    return points[one] + (points[other] - points[one]) * Fraction(year - one, other - one)


def _ahead(target: Target, value: Fraction, path: Fraction) -> bool:
    return value <= path if target.op in ("<=", "<") else value >= path


def _on_the_way(
    document: PolicyDocument,
    target: Target,
    known: Mapping[int, Measured],
    year: int,
    due: int,
    contracted: Deliveries,
) -> Course:
    figure = known[year]
    if target.value is None or figure.value is None:
        return Course("no_data", "policy.no_figures")
    begin = baseline(document, target, known)
    asked = expected(target, due, begin, year)
    if asked is None:
        return Course("no_baseline", "policy.no_baseline", year, figure)
    sign = -1 if target.op in ("<=", "<") else 1
    needed = None if due <= year else sign * (exact(target.value) - figure.value) / (due - year)
    recent = _recent(known, year, sign)
    coming = sum((quantity for then, quantity in contracted if year < then <= due), Fraction(0))
    flow = target.basis == "flow"
    made = Course(
        "on_course", "policy.on_the_path", year, figure, asked, None if begin is None else begin[1],
        None if begin is None else begin[0], needed, recent, coming if flow else None,
    )  # fmt: skip
    if _ahead(target, figure.value, asked):
        return made
    if flow and coming and _contracts_suffice(target, figure.value, begin, year, due, contracted):
        return _as(made, "on_course", "policy.contracts_suffice")
    if needed is not None and recent is not None and needed <= recent:
        return _as(made, "on_course", "policy.behind_but_fast_enough")
    return _as(made, "off_course", "policy.behind")


def _as(made: Course, status: str, reason: str) -> Course:
    return Course(
        status, reason, made.year, made.measured, made.expected, made.baseline, made.baseline_year,
        made.step_needed, made.step_recent, made.contracted, made.parameters,
    )  # fmt: skip


def _contracts_suffice(
    target: Target,
    done: Fraction,
    begin: tuple[int, Fraction] | None,
    year: int,
    due: int,
    contracted: Deliveries,
) -> bool:
    """Done and contracted, counted in the year of delivery, are on the path again by next year or reach it
    all.
    """
    by_next = sum((quantity for then, quantity in contracted if year < then <= year + 1), Fraction(0))
    asked = expected(target, due, begin, year + 1)
    if asked is not None and by_next and done + by_next >= asked:
        return True
    everything = sum((quantity for then, quantity in contracted if year < then <= due), Fraction(0))
    return meets(target, done + everything)


def _recent(known: Mapping[int, Measured], year: int, sign: int) -> Fraction | None:
    """Mean of the last three yearly steps, of fewer where the series is shorter; None without any."""
    first = max((then for then in known if then <= year - RECENT_STEPS), default=None)
    if first is None:
        first = min((then for then in known if then < year), default=None)
    end, begin = known[year].value, None if first is None else known[first].value
    if first is None or end is None or begin is None:
        return None
    return sign * (end - begin) / (year - first)


def _direction(document: PolicyDocument, target: Target, known: Mapping[int, Measured], day: date) -> Course:
    """Better than at the start: no number is asked, so reaching it is having moved that way at its date."""
    begin, year = baseline(document, target, known), max(known)
    figure = known[year]
    if begin is None or figure.value is None:
        return Course("no_baseline", "policy.no_baseline", year, figure)
    if begin[0] >= year:
        return Course("no_data", "policy.no_figures_in_period", year, figure)
    moved = figure.value - begin[1]
    better = moved > 0 if target.op == "up" else moved < 0
    over = target.by is not None and day > target.by
    if better:
        status, reason = "reached" if over else "on_course", "policy.moved_right"
    else:
        status, reason = _missed(target) if over else "off_course", "policy.not_moved"
    return Course(status, reason, year, figure, None, begin[1], begin[0])
