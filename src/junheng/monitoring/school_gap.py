"""What each school is short of, item by item, and the most pupils it can hold and still pass; exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from junheng.monitoring.pass_problem import HUNDREDTH, County

MET, UNDER_LINE, UNDER_FLOOR, UNKNOWN = "met", "under_line", "under_floor", "unknown"


@dataclass(frozen=True, slots=True)
class Gap:
    """One item of one unit in one future; amounts in natural units, None where nothing is known.

    most_pupils: the most the school can hold at the full line, most_at_floor: at the floor. what is
    missing is whole for people and rooms, hundredths for ㎡ and yuan, never rounded below what is needed.
    """

    unit: int
    item: int
    future: int
    pupils: int
    amount: Fraction | None
    required: Fraction
    floor: Fraction
    missing_full: Fraction | None
    missing_floor: Fraction | None
    most_pupils: int | None
    most_at_floor: int | None
    status: str


def gaps(county: County, whole: tuple[bool, ...]) -> Iterator[Gap]:
    """Every item of every unit in every future. `whole` says which items come in whole people or rooms."""
    for k in range(len(county.futures)):
        for u in range(len(county.units)):
            for i in range(len(county.items)):
                yield _gap(county, k, i, u, whole[i])


def missing(need: Fraction, have: int, *, whole: bool) -> Fraction:
    """⌈need − have⌉ in whole units or in hundredths, as natural units; need and have are hundredths."""
    if need <= have:
        return Fraction(0)
    step = HUNDREDTH if whole else 1
    return Fraction(ceil((need - have) / step) * step, HUNDREDTH)


def _gap(county: County, k: int, i: int, u: int, whole: bool) -> Gap:
    need, pupils = county.need_of[i][u], int(county.pupils[k, u])
    line, least = need * pupils, need * pupils * county.floor_share
    about = (u, i, k, pupils)
    if not county.known[i, u]:
        return Gap(*about, None, line / HUNDREDTH, least / HUNDREDTH, None, None, None, None, UNKNOWN)
    have = int(county.have[k, i, u])
    status = MET if have >= line else UNDER_LINE if have >= least else UNDER_FLOOR
    at_floor = need * county.floor_share
    return Gap(
        *about,
        amount=Fraction(have, HUNDREDTH),
        required=line / HUNDREDTH,
        floor=least / HUNDREDTH,
        missing_full=missing(line, have, whole=whole),
        missing_floor=missing(least, have, whole=whole),
        most_pupils=int(have / need) if need else None,
        most_at_floor=int(have / at_floor) if at_floor else None,
        status=status,
    )


def most_pupils(county: County, unit: int, k: int = 0) -> int | None:
    """The most pupils with whom the school rule still holds: the lowest item may rest at its floor.

    None where an amount is unknown or no line binds.
    """
    full: list[tuple[int, int]] = []
    for i, row in enumerate(county.need_of):
        need = row[unit]
        if not county.known[i, unit]:
            return None
        if need:
            have = int(county.have[k, i, unit])
            low = need * county.floor_share
            full.append((int(have / need), int(have / low) if low else 2**62))
    if not full:
        return None
    order = sorted(full)
    resting = min(county.resting, len(order))
    kept = [at_line for at_line, _ in order[resting:]]
    rested = [at_floor for _, at_floor in order[:resting]]
    return min([*kept, *rested])


@dataclass(frozen=True, slots=True)
class Break:
    """Where today's amounts stop sufficing: the first year on a path; item None: the school rule as a
    whole."""

    unit: int
    item: int | None
    year: int
    path: str
    under: str


def breaks(county: County) -> list[Break]:
    """For each unit and path the first year in which the school rule, then each item, fails with what
    there is today. Units that fail already now are not listed: they do not break, they are broken."""
    standing = county.after({})
    passing = standing.passing()
    full, least = standing.short()
    out: list[Break] = []
    for path in dict.fromkeys(future.path for future in county.futures[1:]):
        later = [k for k, future in enumerate(county.futures) if future.path == path]
        for u in range(len(county.units)):
            first = next((k for k in later if not passing[k, u]), None)
            if passing[0, u] and first is not None:
                out.append(Break(u, None, county.futures[first].year, path, "rule"))
            for i in range(len(county.items)):
                if full[0, i, u]:
                    continue
                first = next((k for k in later if full[k, i, u]), None)
                if first is not None:
                    under = UNDER_FLOOR if least[first, i, u] else UNDER_LINE
                    out.append(Break(u, i, county.futures[first].year, path, under))
    return sorted(out, key=lambda b: (b.year, b.path, b.unit, -1 if b.item is None else b.item))
