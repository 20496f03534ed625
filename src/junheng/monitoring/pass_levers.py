"""Levers of a county as measures at its schools: who may use them, what a step adds, most steps, price or
rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

import polars as pl

from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.monitoring.pass_problem import HUNDREDTH, Cost, Effect, Move, Unit

PUPILS = "pupils"
EXCHANGE, UPGRADE, RECOGNISE = "exchange", "upgrade", "recognise"
NEW_TEACHERS = ("recruit", "recruit_pe_art")
AREAS, ROOMS, MONEY = ("teaching_area", "sports_area"), ("multimedia_rooms",), ("equipment_value",)
SPLITTABLE = (*AREAS, *ROOMS, *MONEY)
"""What the stages of a school may share; teachers are told apart by the stage they teach."""
RANKS = 5
"""Without prices: new teachers, ㎡, rooms, yuan of equipment, other measures, in this order."""

UNPRICED: tuple[dict[str, Any], ...] = tuple(
    {
        "lever_id": kind if kind != "buy" else f"buy_{raises}",
        "kind": kind,
        "raises": raises,
        "per_unit": 1.0,
        "whole": whole,
    }
    for kind, raises, whole in (
        ("recruit", "degree_teachers", True),
        ("recruit_pe_art", "degree_teachers;pe_art_teachers", True),
        (RECOGNISE, "backbone_teachers", True),
        ("build", "teaching_area", False),
        ("venue", "sports_area", False),
        ("buy", "equipment_value", False),
        ("buy", "multimedia_rooms", True),
    )
)
"""What is assumed possible everywhere where a county has listed no levers."""


@dataclass(frozen=True, slots=True)
class Place:
    """What levers need to know of a school: its areas from its own to the region, stages, and who is there.

    shares: by (stage, code) the share of each future in which the stage has part in what is shared; absent
    where the stage has its own. staff: full-time teachers by stage; with: those who have it, by (stage,
    code).
    """

    school: str
    areas: tuple[str, ...]
    shares: Mapping[tuple[str, str], tuple[Fraction, ...]]
    staff: Mapping[str, int]
    having: Mapping[tuple[str, str], int]


def priced(levers: pl.DataFrame | None) -> bool:
    """Whether any lever has a price; if none has, costs are counted in ranks."""
    return levers is not None and bool((levers["cost"].fill_null(0.0) > 0).any())


def rows_of(levers: pl.DataFrame | None) -> list[dict[str, Any]]:
    """The county's levers, or what is assumed possible everywhere."""
    if levers is None or levers.is_empty():
        return [dict(row) for row in UNPRICED]
    return levers.sort("lever_id").to_dicts()


def moves(
    rows: Sequence[Mapping[str, Any]],
    units: Sequence[Unit],
    places: Mapping[str, Place],
    codes: Mapping[str, int],
    futures: int,
    with_prices: bool,
) -> tuple[Move, ...]:
    """Every lever at every school it is open to. `codes` maps what a lever may raise to items.

    BadData lists levers that raise something no item of the assessment measures, or pupils with anything
    else.
    """
    faults: list[Finding] = []
    found: list[Move] = []
    for row in rows:
        raises = [part.strip() for part in str(row["raises"]).split(";") if part.strip()]
        unknown = [code for code in raises if code not in codes and code != PUPILS]
        if unknown or not raises or (PUPILS in raises and len(raises) > 1):
            faults.append(
                Finding(
                    "monitoring.plan.lever_raises",
                    "error",
                    "improvement_levers",
                    column="raises",
                    value=str(row["raises"]),
                    parameters={"lever": row["lever_id"], "known": ", ".join([*codes, PUPILS])},
                )
            )
            continue
        found += _of_lever(row, raises, units, places, codes, futures, with_prices)
    if faults:
        raise BadData("monitoring.plan.levers", {"count": len(faults)}, faults)
    return tuple(found)


def _of_lever(
    row: Mapping[str, Any],
    raises: Sequence[str],
    units: Sequence[Unit],
    places: Mapping[str, Place],
    codes: Mapping[str, int],
    futures: int,
    with_prices: bool,
) -> list[Move]:
    out: list[Move] = []
    done: set[tuple[int, bool]] = set()
    for u, unit in enumerate(units):
        place = places[unit.school]
        where, stage = row.get("unit_code") or "", row.get("stage") or ""
        if (where and where != unit.school and where not in place.areas) or (stage and stage != unit.stage):
            continue
        shared = any((unit.stage, code) in place.shares for code in raises)
        if shared and (unit.block, True) in done:
            continue
        if PUPILS in raises and place.shares:
            continue  # taking pupils from a stage would change every share; nobody has priced that
        done.add((unit.block, shared))
        together = [v for v, other in enumerate(units) if other.block == unit.block] if shared else [u]
        out.append(_move(row, raises, [(v, units[v]) for v in together], place, codes, futures, with_prices))
    return out


def _move(
    row: Mapping[str, Any],
    raises: Sequence[str],
    units: Sequence[tuple[int, Unit]],
    place: Place,
    codes: Mapping[str, int],
    futures: int,
    with_prices: bool,
) -> Move:
    per_unit = Fraction(str(row["per_unit"]))
    whole = row.get("whole") is not False
    shared = len(units) > 1 or any((unit.stage, code) in place.shares for _, unit in units for code in raises)
    step = Fraction(1) if whole or PUPILS in raises else Fraction(1, 1 if shared else HUNDREDTH) / per_unit
    cap = None if row.get("cap") is None else floor(Fraction(str(row["cap"])) / step)
    limit = _natural(str(row["kind"]), raises, units[0][1].stage, place)
    if limit is not None:
        cap = min(limit, cap) if cap is not None else limit
    effects = tuple(
        Effect(u, codes[code], _amount(per_unit * step * HUNDREDTH, place, unit.stage, code, futures))
        for u, unit in units
        for code in raises
        if code != PUPILS
    )
    fewer = ((units[0][0], abs(int(per_unit))),) if PUPILS in raises else ()
    return Move(
        lever=str(row["lever_id"]),
        kind=str(row["kind"]),
        block=units[0][1].block,
        effects=effects,
        cost=_cost(row, raises, per_unit, step, with_prices),
        cap=cap,
        size=step,
        lead_years=int(row.get("lead_years") or 0),
        fewer=fewer,
        exchange=row["kind"] == EXCHANGE,
    )


def _amount(amount: Fraction, place: Place, stage: str, code: str, futures: int) -> tuple[Fraction, ...]:
    shares = place.shares.get((stage, code), (Fraction(1),) * futures)
    return tuple(amount * share for share in shares)


def _natural(kind: str, raises: Sequence[str], stage: str, place: Place) -> int | None:
    """Degrees and recognition go to teachers who are there and have not got it yet."""
    if kind not in (UPGRADE, RECOGNISE) or stage not in place.staff:
        return None
    return max(min(place.staff[stage] - place.having.get((stage, code), 0) for code in raises), 0)


def _cost(
    row: Mapping[str, Any], raises: Sequence[str], per_unit: Fraction, step: Fraction, with_prices: bool
) -> Cost:
    if with_prices:
        return (Fraction(str(row.get("cost") or 0)) * step,)
    ranks = [Fraction(0)] * RANKS
    kind, amount = str(row["kind"]), abs(per_unit) * step
    if kind in NEW_TEACHERS:
        ranks[0] = amount
    elif set(raises) & set(AREAS):
        ranks[1] = amount
    elif set(raises) & set(ROOMS):
        ranks[2] = amount
    elif set(raises) & set(MONEY):
        ranks[3] = amount
    else:
        ranks[4] = amount
    return tuple(ranks)
