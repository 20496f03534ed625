"""Budget, years and prices of a calculation as typed, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.report import format as fmt
from junheng.web.balance.way_queries import Begun, empty_levers
from junheng.web.wording import say

MOST_BUDGET = 100_000_000_000
MOST_COST = 1_000_000_000
MOST_CAP = 100_000_000
FARTHEST = 10
EDITED = ("cost", "cap")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A calculation asked for; `horizon` "first,last" or "", `levers` as the table improvement_levers."""

    assessment: str
    horizon: str
    budget: float | None
    levers: pl.DataFrame


def begun(held: Begun) -> dict[str, str]:
    """The form as it is first seen: this year alone, no limit of money, prices as they stand."""
    typed = {"budget": "", "until": ""}
    for place, lever in enumerate(held.levers):
        typed |= {f"{name}-{place}": _text(lever[name]) for name in EDITED}
    return typed


def read(posted: Mapping[str, Any], held: Begun) -> dict[str, str]:
    """What was typed."""
    return {name: str(posted.get(name, "")).strip()[:20] for name in begun(held)}


def check(typed: Mapping[str, str], held: Begun) -> tuple[Wanted, dict[str, str]]:
    """(what is asked for, faults by field)."""
    faults: dict[str, str] = {}
    budget = _number(typed, "budget", MOST_BUDGET, faults)
    until = typed["until"]
    years = range(held.year + 1, held.year + FARTHEST + 1)
    if until and not (until.isdecimal() and len(until) == 4 and int(until) in years):
        faults["until"] = say("balance.fault_year", first=years[0], last=years[-1])
    rows: list[dict[str, Any]] = []
    for place, lever in enumerate(held.levers):
        cost = _number(typed, f"cost-{place}", MOST_COST, faults)
        if cost is None and f"cost-{place}" not in faults:
            faults[f"cost-{place}"] = say("balance.fault_cost")
        rows.append({**lever, "cost": cost, "cap": _number(typed, f"cap-{place}", MOST_CAP, faults)})
    horizon = f"{held.year + 1},{until}" if until and "until" not in faults else ""
    empty = empty_levers()
    levers = pl.DataFrame(rows, schema=empty.schema) if rows else empty
    return Wanted(held.assessment, horizon, budget, levers), faults


def _number(typed: Mapping[str, str], name: str, most: int, faults: dict[str, str]) -> float | None:
    """A number from 0 to `most`; None when nothing was typed."""
    text = typed[name].replace(",", "").replace("，", "")
    if not text:
        return None
    plain = text.replace(".", "", 1)
    if not (plain.isdecimal() and plain.isascii() and float(text) <= most):
        faults[name] = say("balance.fault_number", most=fmt.count(most))
        return None
    return float(text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else f"{value:.2f}"
