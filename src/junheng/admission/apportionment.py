"""Seats over schools in proportion (指标到校, 校额到校, 到区), in exact fractions, each row with the rule
that decided it.

Sources: Hamilton's largest remainder, Webster's (Sainte-Laguë's) divisors; Balinski & Young 1982 for what
neither can have: largest remainder may take a seat from a school when the total grows (the Alabama paradox).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from junheng.model.errors import Infeasible

Method = Literal["largest_remainder", "webster", "rate_half_up"]
Weight = int | Fraction


@dataclass(frozen=True, slots=True)
class Minimum:
    """`seats` at least for every school with more than `over` candidates; taken from the total, or `added` to
    it."""

    seats: int
    over: int = 0
    added: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Seats of one school. `share` is its exact part of what was apportioned when it was decided, `remainder`
    what the share has beyond whole seats. `rule`: share, remainder, tie_weight, tie_code, divisor, rate,
    minimum or cap."""

    code: str
    weight: Fraction
    seats: int
    share: Fraction
    remainder: Fraction
    rule: str


@dataclass(frozen=True, slots=True)
class Apportionment:
    """Rows in the order given; `gap` is total less seats given, zero but for `rate_half_up` and added
    minimums. `paradox`: schools that would lose a seat if the total had one more."""

    rows: tuple[Row, ...]
    total: int
    paradox: tuple[str, ...]

    @property
    def seats(self) -> tuple[int, ...]:
        """Seats by school."""
        return tuple(row.seats for row in self.rows)

    @property
    def gap(self) -> int:
        """Total less seats given."""
        return self.total - sum(self.seats)


def apportion(
    total: int,
    weights: Sequence[Weight],
    method: Method = "largest_remainder",
    *,
    codes: Sequence[str] | None = None,
    minimum: Minimum | None = None,
    caps: Sequence[int] | None = None,
    candidates: Sequence[int] | None = None,
    rate: Fraction | None = None,
) -> Apportionment:
    """`total` seats in proportion to `weights` (whole numbers or fractions, never floats).

    Ties go to the larger weight, then to the smaller code. Schools below the `minimum` are set to it, schools
    above their cap to the cap; they leave, and the rest is apportioned again. `candidates` decide who has
    a right to the minimum (default: the weights). `rate` (of `rate_half_up`) defaults to total over weights.

    ValueError for a negative number, a float or lengths that differ; Infeasible
    `admission.minimum_over_total` and `admission.caps_under_total`.
    """
    names = [f"{number:06d}" for number in range(len(weights))] if codes is None else list(codes)
    _refuse_odd(total, weights, names, caps)
    exact = [Fraction(weight) for weight in weights]
    seats_of = _METHODS[method](rate)
    heads = [Fraction(n) for n in candidates] if candidates is not None else exact
    least = [minimum.seats if minimum and n > minimum.over else 0 for n in heads]
    rows = _rows(total, exact, names, seats_of, least, caps, added=bool(minimum and minimum.added))
    paradox: tuple[str, ...] = ()
    if method == "largest_remainder":
        more = _more(total, exact, names, seats_of, least, caps, added=bool(minimum and minimum.added))
        paradox = tuple(row.code for row, other in zip(rows, more, strict=True) if other.seats < row.seats)
    return Apportionment(tuple(rows), total, paradox)


def _more(
    total: int,
    weights: list[Fraction],
    names: list[str],
    seats_of: _Divide,
    least: list[int],
    caps: Sequence[int] | None,
    *,
    added: bool,
) -> list[Row]:
    if caps is not None and sum(caps) <= total:
        return _rows(total, weights, names, seats_of, least, caps, added=added)
    return _rows(total + 1, weights, names, seats_of, least, caps, added=added)


def _refuse_odd(
    total: int, weights: Sequence[Weight], names: Sequence[str], caps: Sequence[int] | None
) -> None:
    if len(names) != len(weights) or len(set(names)) != len(names):
        raise ValueError("a code for each weight, each once")
    if caps is not None and len(caps) != len(weights):
        raise ValueError("a cap for each weight")
    for number in (total, *weights, *(caps or ())):
        if isinstance(number, float) or number < 0:
            raise ValueError(f"{number!r}: exact and not negative")


@dataclass(frozen=True, slots=True)
class _Given:
    seats: int
    share: Fraction
    rule: str


_Divide = Callable[[int, Sequence[Fraction], Sequence[str]], list[_Given]]


def _rows(
    total: int,
    weights: list[Fraction],
    names: list[str],
    seats_of: _Divide,
    least: list[int],
    caps: Sequence[int] | None,
    *,
    added: bool,
) -> list[Row]:
    if not added and sum(least) > total:
        raise Infeasible("admission.minimum_over_total", {"minimum": sum(least), "total": total})
    fixed: dict[int, _Given] = {}
    while True:
        free = [at for at in range(len(weights)) if at not in fixed]
        left = total - sum(given.seats for given in fixed.values())
        if free and left > 0 and not any(weights[at] for at in free):
            raise Infeasible("admission.caps_under_total", {"left": left, "total": total})
        now = seats_of(max(left, 0), [weights[at] for at in free], [names[at] for at in free])
        over = (
            []
            if caps is None
            else [at for at, given in zip(free, now, strict=True) if given.seats > caps[at]]
        )
        under = (
            []
            if over or added
            else [at for at, given in zip(free, now, strict=True) if given.seats < least[at]]
        )
        share = {at: given.share for at, given in zip(free, now, strict=True)}
        if not over and not under:
            break
        fixed |= {at: _Given(caps[at], share[at], "cap") for at in over} if caps is not None else {}
        fixed |= {at: _Given(least[at], share[at], "minimum") for at in under}
        if len(fixed) == len(weights) and over and total > sum(given.seats for given in fixed.values()):
            raise Infeasible(
                "admission.caps_under_total",
                {"left": total - sum(given.seats for given in fixed.values()), "total": total},
            )
    given = fixed | dict(zip(free, now, strict=True))
    if added:
        given = {
            at: _Given(least[at], one.share, "minimum") if one.seats < least[at] else one
            for at, one in given.items()
        }
    return [
        Row(
            names[at],
            weights[at],
            given[at].seats,
            given[at].share,
            given[at].share - given[at].share.__floor__(),
            given[at].rule,
        )
        for at in range(len(weights))
    ]


def _largest_remainder(total: int, weights: Sequence[Fraction], names: Sequence[str]) -> list[_Given]:
    everything = sum(weights, Fraction(0))
    if not everything:
        return [_Given(0, Fraction(0), "share") for _ in weights]
    shares = [total * weight / everything for weight in weights]
    seats = [share.__floor__() for share in shares]
    rules = ["share"] * len(seats)

    def rank(at: int) -> tuple[Fraction, Fraction, str]:
        return -(shares[at] - seats[at]), -weights[at], names[at]

    order = sorted(range(len(seats)), key=rank)
    count = total - sum(seats)
    last, next_ = (rank(order[count - 1]), rank(order[count])) if 0 < count < len(order) else (None, None)
    for at in order[:count]:
        rules[at] = "remainder"
        if last and next_ and rank(at)[0] == next_[0]:
            rules[at] = "tie_weight" if rank(at)[1] < next_[1] else "tie_code"
    for at in order[:count]:
        seats[at] += 1
    return [_Given(*one) for one in zip(seats, shares, rules, strict=True)]


def _webster(total: int, weights: Sequence[Fraction], names: Sequence[str]) -> list[_Given]:
    everything = sum(weights, Fraction(0))
    if not everything:
        return [_Given(0, Fraction(0), "share") for _ in weights]
    shares = [total * weight / everything for weight in weights]
    seats = [0] * len(weights)
    waiting = [(-weight, -weight, names[at], at) for at, weight in enumerate(weights) if weight]
    heapq.heapify(waiting)
    for _ in range(total):
        _, weight, name, at = waiting[0]
        seats[at] += 1
        heapq.heapreplace(waiting, (weight / (2 * seats[at] + 1), weight, name, at))
    return [_Given(count, share, "divisor") for count, share in zip(seats, shares, strict=True)]


def _rate_half_up(rate: Fraction | None) -> _Divide:
    def divide(total: int, weights: Sequence[Fraction], names: Sequence[str]) -> list[_Given]:
        everything = sum(weights, Fraction(0))
        used = rate if rate is not None else total / everything if everything else Fraction(0)
        return [
            _Given((used * weight + Fraction(1, 2)).__floor__(), used * weight, "rate") for weight in weights
        ]

    return divide


_METHODS: dict[str, Callable[[Fraction | None], _Divide]] = {
    "largest_remainder": lambda rate: _largest_remainder,
    "webster": lambda rate: _webster,
    "rate_half_up": _rate_half_up,
}
