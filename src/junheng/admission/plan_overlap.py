"""Reasons and cut-offs of a stage whose programmes choose by overlapping reserves (`meritorious`).

A reserve has no cut-off of its own: who is taken into it depends on who else could move to another. What is
true is told: a child without a reserved seat finds a set of reserves, all she could use or free for her by
moving others, whose seats are full of children with better keys (Hall's condition); the seats that are not
reserved have a cut-off like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW
from junheng.admission.meritorious_check import Rechosen
from junheng.admission.plan_stage_tables import components, decided, without_link

if TYPE_CHECKING:
    from junheng.admission.plan_stage import StageRun

Whole = NDArray[np.int64]
CODES = (
    "ADMITTED",
    "NOT_REACHED",
    "NO_SEATS",
    "NO_OPEN_SEATS",
    "BELOW_CUTOFF",
    "FAMILY_MOVED",
    "RESERVE_FULL",
)
BETWEEN = "+"
"""Parts the names of reserves that are full together."""


def reasons(run: StageRun, proof: Rechosen) -> pl.DataFrame:
    """As of `plan_stage_tables.reasons`: a row for every application, and before it, where a refused child
    has a reserved trait, RESERVE_FULL with the reserves that are full together and the worst key in them."""
    one, seat_of = run.pools, run.found.held
    market = one.held.market
    child = np.repeat(np.arange(market.children), np.diff(one.start))
    pool, here = one.words.astype(np.int64) & LOW, np.arange(one.words.size)
    line = proof.other_last[pool] if pool.size else pool
    number = np.where(line >= 0, CODES.index("BELOW_CUTOFF"), CODES.index("NO_OPEN_SEATS"))
    number[run.found.seats[pool] == 0] = CODES.index("NO_SEATS")
    number[here > seat_of[child]] = CODES.index("NOT_REACHED")
    number[here == seat_of[child]] = CODES.index("ADMITTED")
    waived = (
        np.zeros(pool.size, bool) if run.found.barred is None else run.found.barred & (here < seat_of[child])
    )
    number[waived] = CODES.index("FAMILY_MOVED")
    refused = (here < seat_of[child]) & ~waived
    full, sets, worst = _full(run, proof, np.flatnonzero(refused & (run.found.seats[pool] > 0)))
    rows = np.concatenate([full, here])
    told = np.concatenate([np.full(full.size, CODES.index("RESERVE_FULL")), number])
    by_key = np.concatenate([np.ones(full.size, bool), number == CODES.index("BELOW_CUTOFF")])
    last_row = _row_of(run, np.concatenate([worst, line]))
    parts = components(one)
    at, mine, last = decided(parts, rows, last_row)
    held = proof.reserve[child]
    names = np.array([*run_names(run), ""], object)
    seat = np.where(number == CODES.index("ADMITTED"), held, -1)
    reserve = np.concatenate([np.array(sets, object), names[seat]]) if pool.size else np.array([], object)
    fields = np.array(["", *parts], object)[np.where(by_key, at + 1, 0)]
    if waived.any():
        fields[full.size :][waived] = without_link(run)[child][waived]
    rank = market.choice()[one.row] if pool.size else pool
    placed = seat_of[child] < one.start[child + 1]
    better = np.where(placed, rank[np.minimum(seat_of[child], max(pool.size - 1, 0))] if pool.size else 0, 0)
    ticket = (fields == "ticket") & by_key
    order = np.lexsort((told != CODES.index("RESERVE_FULL"), rows))
    return pl.DataFrame(
        {
            "applicant_id": market.applicant_id.gather(child[rows]),
            "choice_rank": one.held.rows["choice_rank"].cast(pl.Int64).gather(one.row[rows]),
            "program_id": market.program_id.gather(one.program[rows]),
            "reserve_id": pl.Series(reserve, dtype=pl.String),
            "code": pl.Series(CODES, dtype=pl.String).gather(told),
            "field": pl.Series(fields, dtype=pl.String),
            "mine": np.where(by_key, mine, rank[rows]) + ticket,
            "last": np.where(by_key, last, better[rows]) + ticket,
        }
    )[order]


def run_names(run: StageRun) -> tuple[str, ...]:
    """Names of the reserves of a run."""
    assert run.pools.rule is not None
    return run.pools.rule.names


def _row_of(run: StageRun, keys: Whole) -> Whole:
    """Row held by the child of each key, 0 where there is no key."""
    if not run.found.held.size:
        return np.zeros(keys.size, np.int64)
    return np.where(keys >= 0, run.found.held[np.maximum(keys, 0) & LOW], 0)


def _full(run: StageRun, proof: Rechosen, refused: Whole) -> tuple[Whole, list[str], Whole]:
    """(rows of `refused` whose reserves are full, names of the reserves full together, the worst key in
    them)."""
    one, rule = run.pools, run.pools.rule
    assert rule is not None and one.marks is not None
    keys = _keys(run)
    pool = one.words.astype(np.int64) & LOW
    inside: dict[int, list[int]] = {}
    for child in np.flatnonzero(proof.reserve >= 0).tolist():
        row = int(run.found.held[child])
        inside.setdefault(int(pool[row]), []).append(row)
    known: dict[tuple[int, int], tuple[str, int]] = {}
    rows: list[int] = []
    names: list[str] = []
    worst: list[int] = []
    for row in refused.tolist():
        at = int(pool[row])
        mine = _able(run, row, at)
        if mine == 0:
            continue
        if (at, mine) not in known:
            held = [(_able(run, other, at), int(keys[other])) for other in inside.get(at, [])]
            known[at, mine] = _tightest(run, at, mine, held)
        said, key = known[at, mine]
        if said:
            rows.append(row)
            names.append(said)
            worst.append(key)
    return np.array(rows, np.int64), names, np.array(worst, np.int64)


def _keys(run: StageRun) -> Whole:
    one = run.pools
    child = np.repeat(np.arange(one.held.market.children), np.diff(one.start))
    wide = one.words.astype(np.int64)
    return (wide ^ (wide & LOW)) | child


def _able(run: StageRun, row: int, pool: int) -> int:
    """Reserves of a pool an application may fill, as bits."""
    rule, marks = run.pools.rule, run.pools.marks
    assert rule is not None and marks is not None
    mark, begin = int(marks[row]), int(rule.first[pool])
    bits = rule.bit[begin : rule.first[pool + 1]].tolist()
    return sum(1 << at for at, bit in enumerate(bits) if mark >> bit & 1)


def _tightest(run: StageRun, pool: int, mine: int, held: list[tuple[int, int]]) -> tuple[str, int]:
    """(names, worst key) of the fewest reserves that hold all `mine` and are full of children who can sit
    nowhere else; blank where there is no such set."""
    rule = run.pools.rule
    assert rule is not None
    own = range(int(rule.first[pool]), int(rule.first[pool + 1]))
    sets = sorted(
        (group for group in range(1, 1 << len(own)) if group & mine == mine),
        key=lambda one: (one.bit_count(), one),
    )
    for group in sets:
        seats = sum(int(rule.seats[one]) for at, one in enumerate(own) if group >> at & 1)
        keys = [key for able, key in held if able & ~group == 0]
        if len(keys) == seats > 0:
            return BETWEEN.join(rule.names[one] for at, one in enumerate(own) if group >> at & 1), max(keys)
    return "", -1


def cutoffs(run: StageRun, proof: Rechosen) -> pl.DataFrame:
    """As of `plan_stage_tables.cutoffs`, a row for each reserve, without a key, and one for the other seats
    of a programme. Seats of a reserve that others may take when nobody fills them stand with these."""
    one, rule = run.pools, run.pools.rule
    assert rule is not None and one.marks is not None
    market, parts = one.held.market, components(one)
    pool = one.words.astype(np.int64) & LOW
    rows: list[dict[str, object]] = []
    for at in range(one.seats.size):
        name = market.program_id[int(one.of_pool[at])]
        given, filled = 0, 0
        asked = one.marks[pool == at]
        for reserve in range(int(rule.first[at]), int(rule.first[at + 1])):
            seats, taken = int(rule.seats[reserve]), int(proof.filled[reserve])
            kept = seats if rule.keeps[at] else taken
            given, filled = given + kept, filled + taken
            rows.append(
                {
                    "program_id": name,
                    "reserve_id": rule.names[reserve],
                    "state": "full" if taken >= seats else "open",
                    "seats": kept,
                    "filled": taken,
                    "over": 0,
                    "applicants": int((asked >> rule.bit[reserve] & 1).sum()),
                }
            )
        free = bool(proof.certificate.open_[at])
        last, following = int(proof.other_last[at]), int(proof.certificate.next_in_line[at])
        row = int(run.found.held[last & LOW]) if last >= 0 else -1
        rows.append(
            {
                "program_id": name,
                "reserve_id": "",
                "state": "open" if free else "full",
                "seats": int(run.found.seats[at]) - given,
                "filled": int(proof.certificate.filled[at]) - filled,
                "over": int(run.found.expanded[at]),
                "applicants": int(asked.size),
                "next_in_line": market.applicant_id[following & LOW] if following >= 0 and not free else None,
                **{
                    f"last_{name}": int(values[row]) + (name == "ticket") if row >= 0 and not free else None
                    for name, values in parts.items()
                },
            }
        )
    whole = ("seats", "filled", "over", "applicants", *(f"last_{name}" for name in parts))
    texts = ("program_id", "reserve_id", "state", "next_in_line")
    schema = dict.fromkeys(texts[:3], pl.String) | dict.fromkeys(whole[:4], pl.Int64)
    schema |= {"next_in_line": pl.String} | dict.fromkeys(whole[4:], pl.Int64)
    return pl.DataFrame(rows, schema=schema)
