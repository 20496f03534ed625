"""Three plain tables into a market: every fault at once with its file, row and column, nothing guessed.

`programs(program_id, capacity)`, `applicants(applicant_id, ticket)`, `applications(applicant_id, rank,
program_id, priority)`; CSV, Excel or Parquet, further columns are left alone. Identifiers are text:
leading zeros stay, and look-alike characters are brought to one form (Unicode NFKC) with a warning.
Numbers are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from junheng.admission.plain_columns import (
    Given,
    Sheet,
    faults_at,
    keyed,
    numbered,
    read,
    required,
    whole_numbers,
)
from junheng.admission.priority import MOST
from junheng.admission.problem import Market
from junheng.data import faults
from junheng.model.errors import BadData
from junheng.model.reason import Finding

PROGRAMS, APPLICANTS, APPLICATIONS = "programs", "applicants", "applications"
MOST_FINDINGS = 10_000
"""Faults kept as findings; the error counts all."""


@dataclass(frozen=True, slots=True)
class PlainMarket:
    """A market, the warnings met on reading it, the file of its applications and these as `row, applicant,
    rank`, and the number each child of the market has as an `applicant` there."""

    market: Market
    warnings: tuple[Finding, ...]
    file: str
    listed: pl.DataFrame
    applicant: NDArray[np.int64]


def read_market(
    programs: Given,
    applicants: Given,
    applications: Given,
    *,
    drawn: bool = True,
) -> PlainMarket:
    """Read and check the three files, or frames in their place; before the draw (`drawn` false) there are no
    tickets and the rows of applicants stand for them. Raises BadData `admission.bad_tables` with every
    fault, or what reading a damaged file raises."""
    offered = read(programs, PROGRAMS, numbers=True)
    people = read(applicants, APPLICANTS, numbers=True)
    lists = read(applications, APPLICATIONS, numbers=True)
    found = [sheet.doubts for sheet in (offered, people, lists)]
    missing = [
        *required(offered, ("program_id", "capacity")),
        *required(people, ("applicant_id", "ticket") if drawn else ("applicant_id",)),
        *required(lists, ("applicant_id", "rank", "program_id", "priority")),
    ]
    if missing:
        raise _refusal(faults.gather([*found, *missing]))
    schools, offers = keyed(offered, "program_id", found)
    capacity = whole_numbers(offered, "capacity", found, least=0, most=(1 << 31) - 1)
    children, known = keyed(people, "applicant_id", found)
    tickets = whole_numbers(people, "ticket", found) if drawn else people.frame[faults.ROW].alias("ticket")
    for sheet, count in ((offered, schools.len()), (people, children.len())):
        if count > MOST:
            found.append(
                faults.one(
                    "admission.too_many", table=sheet.table, file=sheet.file, sheet=sheet.name, most=MOST
                )
            )
    child, applicants_ = numbered(lists, "applicant_id", known, found)
    rank = whole_numbers(lists, "rank", found, least=1, most=MOST)
    program, programs_ = numbered(lists, "program_id", offers, found)
    priority = whole_numbers(lists, "priority", found, least=-(1 << 62), most=1 << 62)
    wrong = wrong_lists(child, rank.fill_null(0).to_numpy(), program, applicants_.len(), programs_.len())
    if wrong.any():
        found += _repeated(lists, wrong, (child, applicants_), (program, programs_), rank)
    gathered = faults.gather(found)
    if faults.errors(gathered):
        raise _refusal(gathered)
    by_id = schools.arg_sort().to_numpy()
    by_ticket, ranked = _order(tickets, children)
    start, chosen, keys = laid_out(
        child, rank.to_numpy(), program, priority.to_numpy(), _places(by_ticket), _places(by_id)
    )
    market = Market(
        program_id=schools.gather(by_id),
        applicant_id=children.gather(by_ticket),
        ticket=tickets.gather(by_ticket).cast(pl.String),
        drawn=ranked,
        seats=capacity.gather(by_id).cast(pl.Int32).to_numpy(),
        start=start,
        program=chosen,
        priority=keys,
    )
    listed = pl.DataFrame({"row": lists.frame[faults.ROW], "applicant": child, "rank": rank})
    return PlainMarket(market, faults.findings(gathered), lists.file, listed, by_ticket)


def refuse_ties(plain: PlainMarket, rows: NDArray[np.int64]) -> None:
    """Raise BadData naming the pairs where applications to one programme share priority and ticket."""
    if len(rows) == 0:
        return
    market = plain.market
    child = market.child_of_row()[rows]
    tied = pl.DataFrame(
        {
            "row": _rows_in_file(plain, child, market.choice()[rows]),
            "applicant": market.applicant_id.gather(child),
            "ticket": market.ticket.gather(child),
            "program": market.program_id.gather(market.program[rows]),
            "drawn": market.drawn[child],
        }
    ).sort("program", "drawn", "applicant")
    pairs = tied.with_columns(
        pl.col("applicant", "row").shift(1).over("program", "drawn").name.prefix("other_")
    ).drop_nulls("other_row")
    findings = [
        Finding(
            "admission.undecided_tie",
            "error",
            table=APPLICATIONS,
            file=plain.file,
            row=one["row"],
            column="priority",
            value=one["ticket"],
            parameters={name: one[name] for name in ("applicant", "other_applicant", "other_row", "program")},
        )
        for one in pairs.head(MOST_FINDINGS).iter_rows(named=True)
    ]
    raise BadData("admission.bad_tables", {"count": pairs.height}, findings)


def _rows_in_file(plain: PlainMarket, child: NDArray[np.int64], rank: NDArray[np.int64]) -> pl.Series:
    sought = pl.DataFrame({"applicant": plain.applicant[child], "rank": rank}).cast(
        {name: plain.listed.schema[name] for name in ("applicant", "rank")}
    )
    return sought.join(plain.listed, on=["applicant", "rank"], how="left", maintain_order="left")["row"]


def _refusal(gathered: pl.DataFrame) -> BadData:
    return BadData(
        "admission.bad_tables",
        {"count": faults.errors(gathered)},
        faults.findings(gathered, MOST_FINDINGS),
    )


def _repeated(
    sheet: Sheet,
    wrong: NDArray[np.bool_],
    child: tuple[NDArray[np.int32], pl.Series],
    program: tuple[NDArray[np.int32], pl.Series],
    rank: pl.Series,
) -> Iterator[pl.DataFrame]:
    """One programme twice in a list, one rank twice, ranks that do not run 1, 2, 3, …, in the lists of the
    children that are `wrong`; child and programme of each row as number (-1: empty) and names."""
    rows = np.flatnonzero((child[0] >= 0) & wrong[child[0]])
    frame = pl.DataFrame(
        {
            faults.ROW: sheet.frame[faults.ROW].gather(rows),
            "applicant_id": child[1].gather(child[0][rows]),
            "program_id": program[1].gather(pl.Series(program[0][rows]).replace(-1, None)),
            "rank": rank.gather(rows),
        }
    )
    whole = frame.drop_nulls(["applicant_id", "program_id"])
    first = pl.col(faults.ROW).first().over("applicant_id", "program_id")
    again = whole.with_columns(first.alias("first")).filter(pl.col(faults.ROW) != pl.col("first"))
    applicant = pl.col("applicant_id")
    yield faults_at(
        sheet, again, "admission.program_twice", "program_id", first=pl.col("first"), applicant=applicant
    )
    ranked = frame.drop_nulls(["applicant_id", "rank"])
    first = pl.col(faults.ROW).first().over("applicant_id", "rank")
    twice = ranked.with_columns(first.alias("first")).filter(pl.col(faults.ROW) != pl.col("first"))
    yield faults_at(sheet, twice, "admission.rank_twice", "rank", first=pl.col("first"), applicant=applicant)
    unranked = frame.filter(pl.col("rank").is_null())["applicant_id"].drop_nulls().unique()
    gaps = (
        ranked.unique(["applicant_id", "rank"], keep="first")
        .filter(~pl.col("applicant_id").is_in(unranked.implode()))
        .sort("applicant_id", "rank")
        .with_columns(pl.int_range(1, pl.len() + 1).over("applicant_id").alias("expected"))
        .filter(pl.col("rank") != pl.col("expected"))
        .unique("applicant_id", keep="first", maintain_order=True)
    )
    yield faults_at(
        sheet, gaps, "admission.rank_gap", "rank", expected=pl.col("expected"), applicant=applicant
    )


@njit(cache=True)
def wrong_lists(
    child: NDArray[np.int32],
    rank: NDArray[np.int64],
    program: NDArray[np.int32],
    children: int,
    programs: int,
) -> NDArray[np.bool_]:
    """Children whose list is wrong: ranks that are not 1, 2, 3, …, or a programme twice; -1 is an empty
    cell, rank 0 an empty or faulty one."""
    start = _starts(child, np.arange(children))
    there = np.full(child.size, -1, np.int32)  # programme at each place of the lists
    taken = np.zeros(child.size, np.bool_)
    wrong = np.zeros(children, np.bool_)
    for at in range(child.size):
        one = child[at]
        if one >= 0:
            place = start[one] + rank[at] - 1
            if rank[at] < 1 or place >= start[one + 1] or taken[place]:
                wrong[one] = True
            else:
                taken[place] = True
                there[place] = program[at]
    chosen_by = np.full(programs, -1, np.int32)
    for one in range(children):
        for place in range(start[one], start[one + 1]):
            chosen = there[place]
            if chosen >= 0:
                wrong[one] |= chosen_by[chosen] == one
                chosen_by[chosen] = one
    return wrong


@njit(cache=True)
def _starts(child: NDArray[np.int32], place: Any) -> NDArray[np.int64]:
    length = np.zeros(place.size, np.int32)
    for one in child:
        if one >= 0:
            length[one] += 1
    start = np.zeros(place.size + 1, np.int64)
    for one in range(place.size):
        start[place[one] + 1] = length[one]
    for at in range(place.size):
        start[at + 1] += start[at]
    return start


@njit(cache=True)
def laid_out(
    child: NDArray[np.int32],
    rank: NDArray[np.int64],
    program: NDArray[np.int32],
    priority: NDArray[np.int64],
    place_of_child: NDArray[np.int32],
    place_of_program: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Right lists in the order of children and ranks: where each child's begins, programme and priority of
    each application."""
    start = _starts(child, place_of_child)
    chosen = np.empty(child.size, np.int32)
    key = np.empty(child.size, np.int64)
    last, begin = -1, 0
    for at in range(child.size):
        if child[at] != last:
            last = child[at]
            begin = start[place_of_child[last]]
        place = begin + rank[at] - 1
        chosen[place] = place_of_program[program[at]]
        key[place] = priority[at]
    return start, chosen, key


def _order(tickets: pl.Series, children: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Children by ticket, then id, and the dense rank of their tickets in that order, from 0; numbers of any
    length are compared exactly."""
    if tickets.dtype == pl.String:
        number = {text: int(text) for text in tickets.unique()}
        rank = {one: at for at, one in enumerate(sorted(set(number.values())))}
        tickets = pl.Series([rank[number[text]] for text in tickets], dtype=pl.Int64)
    order = tickets.arg_sort()
    drawn = tickets.gather(order).to_numpy()
    if bool((drawn[1:] == drawn[:-1]).any()):
        both = pl.DataFrame({"ticket": tickets, "id": children}).with_row_index("row").sort("ticket", "id")
        order = both["row"]
    ranked = np.zeros(drawn.size, np.int64)
    np.cumsum(drawn[1:] != drawn[:-1], out=ranked[1:])
    return order.cast(pl.Int64).to_numpy(), ranked


def _places(order: NDArray[np.int64]) -> NDArray[np.int32]:
    """The place each has in an order."""
    place = np.empty(order.size, np.int32)
    place[order] = np.arange(order.size, dtype=np.int32)
    return place
