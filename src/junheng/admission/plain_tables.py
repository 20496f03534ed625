"""Three plain tables into a market: every fault at once with its file, row and column, nothing guessed.

`programs(program_id, capacity)`, `applicants(applicant_id, ticket)`, `applications(applicant_id, rank,
program_id, priority)`; CSV, Excel or Parquet, further columns are left alone. Identifiers are text:
leading zeros stay, and look-alike characters are brought to one form (Unicode NFKC) with a warning.
Numbers are whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.plain_columns import Sheet, colliding, identifiers, read, required, whole_numbers
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
    """A market, the warnings met on reading it, and the file and row of each of its applications."""

    market: Market
    warnings: tuple[Finding, ...]
    file: str
    row: pl.Series


def read_market(programs: Path, applicants: Path, applications: Path, *, drawn: bool = True) -> PlainMarket:
    """Read and check the three files; before the draw (`drawn` false) there are no tickets and the rows of
    applicants stand for them. Raises BadData `admission.bad_tables` with every fault, or what
    reading a damaged file raises."""
    offered = read(programs, PROGRAMS)
    people = read(applicants, APPLICANTS)
    lists = read(applications, APPLICATIONS)
    found = [sheet.doubts for sheet in (offered, people, lists)]
    missing = [
        *required(offered, ("program_id", "capacity")),
        *required(people, ("applicant_id", "ticket") if drawn else ("applicant_id",)),
        *required(lists, ("applicant_id", "rank", "program_id", "priority")),
    ]
    if missing:
        raise _refusal(faults.gather([*found, *missing]))
    schools = _keyed(offered, "program_id", found)
    capacity = whole_numbers(offered, "capacity", found, least=0, most=(1 << 31) - 1)
    children = _keyed(people, "applicant_id", found)
    tickets = whole_numbers(people, "ticket", found) if drawn else people.frame[faults.ROW].alias("ticket")
    frame = pl.DataFrame(
        {
            faults.ROW: lists.frame[faults.ROW],
            faults.SOURCE: lists.frame[faults.SOURCE],
            "applicant_id": identifiers(lists, "applicant_id", found),
            "rank": whole_numbers(lists, "rank", found, least=1, most=MOST),
            "program_id": identifiers(lists, "program_id", found),
            "priority": whole_numbers(lists, "priority", found, least=-(1 << 62), most=1 << 62),
        }
    )
    _known(lists, frame, "applicant_id", children, found)
    _known(lists, frame, "program_id", schools, found)
    _repeated(lists, frame, found)
    for sheet, count in ((offered, schools.len()), (people, children.len())):
        if count > MOST:
            found.append(
                faults.one(
                    "admission.too_many", table=sheet.table, file=sheet.file, sheet=sheet.name, most=MOST
                )
            )
    gathered = faults.gather(found)
    if faults.errors(gathered):
        raise _refusal(gathered)
    market, row = _numbered(schools, capacity, children, tickets, frame)
    return PlainMarket(market, faults.findings(gathered), lists.file, row)


def refuse_ties(plain: PlainMarket, rows: NDArray[np.int64]) -> None:
    """Raise BadData naming the pairs where applications to one programme share priority and ticket."""
    if len(rows) == 0:
        return
    market = plain.market
    child = market.child_of_row()[rows]
    tied = pl.DataFrame(
        {
            "row": plain.row.gather(rows),
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


def _refusal(gathered: pl.DataFrame) -> BadData:
    return BadData(
        "admission.bad_tables",
        {"count": faults.errors(gathered)},
        faults.findings(gathered, MOST_FINDINGS),
    )


def _keyed(sheet: Sheet, column: str, found: list[pl.DataFrame]) -> pl.Series:
    """Identifiers of a table that names each thing once."""
    ids = identifiers(sheet, column, found)
    frame = sheet.frame.with_columns(ids.alias("__id"))
    twice = (
        frame.filter(pl.col("__id").is_not_null() & (pl.len().over("__id") > 1))
        .with_columns(
            pl.col(faults.ROW).first().over("__id").alias("__first"),
            pl.col(column).first().over("__id").alias("__as"),
        )
        .filter(pl.col(faults.ROW) != pl.col("__first"))
    )
    same = twice.filter(pl.col(column) == pl.col("__as"))
    found.append(_at(sheet, same, "admission.repeated_id", column, first=pl.col("__first")))
    found.append(colliding(sheet, twice.filter(pl.col(column) != pl.col("__as")), column))
    return ids


def _known(
    sheet: Sheet, frame: pl.DataFrame, column: str, known: pl.Series, found: list[pl.DataFrame]
) -> None:
    """Fault for every identifier that the other table lacks; says when it has it with leading zeros."""
    strangers = frame.filter(
        pl.col(column).is_not_null() & ~pl.col(column).is_in(known.drop_nulls().implode())
    )
    if strangers.is_empty():
        return
    bare = (
        known.drop_nulls()
        .unique()
        .to_frame("near")
        .with_columns(pl.col("near").str.strip_chars_start("0").alias("bare"))
        .filter(pl.len().over("bare") == 1)
    )
    hinted = strangers.with_columns(pl.col(column).str.strip_chars_start("0").alias("bare")).join(
        bare, on="bare", how="left", maintain_order="left"
    )
    lost = hinted.filter(pl.col("near").is_not_null())
    found.append(_at(sheet, lost, "admission.unknown_zeros", column, near=pl.col("near")))
    found.append(_at(sheet, hinted.filter(pl.col("near").is_null()), "admission.unknown_id", column))


def _repeated(sheet: Sheet, frame: pl.DataFrame, found: list[pl.DataFrame]) -> None:
    """One programme twice in a list, one rank twice, ranks that do not run 1, 2, 3, …"""
    whole = frame.drop_nulls(["applicant_id", "program_id"])
    first = pl.col(faults.ROW).first().over("applicant_id", "program_id")
    again = whole.with_columns(first.alias("first")).filter(pl.col(faults.ROW) != pl.col("first"))
    found.append(
        _at(
            sheet,
            again,
            "admission.program_twice",
            "program_id",
            first=pl.col("first"),
            applicant=pl.col("applicant_id"),
        )
    )
    ranked = frame.drop_nulls(["applicant_id", "rank"])
    first = pl.col(faults.ROW).first().over("applicant_id", "rank")
    twice = ranked.with_columns(first.alias("first")).filter(pl.col(faults.ROW) != pl.col("first"))
    found.append(
        _at(
            sheet,
            twice,
            "admission.rank_twice",
            "rank",
            first=pl.col("first"),
            applicant=pl.col("applicant_id"),
        )
    )
    unranked = frame.filter(pl.col("rank").is_null())["applicant_id"].drop_nulls().unique()
    gaps = (
        ranked.unique(["applicant_id", "rank"], keep="first")
        .filter(~pl.col("applicant_id").is_in(unranked.implode()))
        .sort("applicant_id", "rank")
        .with_columns(pl.int_range(1, pl.len() + 1).over("applicant_id").alias("expected"))
        .filter(pl.col("rank") != pl.col("expected"))
        .unique("applicant_id", keep="first", maintain_order=True)
    )
    found.append(
        _at(
            sheet,
            gaps,
            "admission.rank_gap",
            "rank",
            expected=pl.col("expected"),
            applicant=pl.col("applicant_id"),
        )
    )


def _at(sheet: Sheet, rows: pl.DataFrame, code: str, column: str, **parameters: pl.Expr) -> pl.DataFrame:
    return faults.of_rows(
        rows,
        code,
        "error",
        table=sheet.table,
        places=[(sheet.file, sheet.name)],
        heading=column,
        field=column,
        value=pl.col(column).cast(pl.String),
        parameters=parameters,
    )


def _numbered(
    schools: pl.Series, capacity: pl.Series, children: pl.Series, tickets: pl.Series, frame: pl.DataFrame
) -> tuple[Market, pl.Series]:
    """Dense numbers: programmes by id, children by ticket, applications by child and rank."""
    offered = pl.DataFrame({"program_id": schools, "seats": capacity}).sort("program_id")
    offered = offered.with_row_index("program")
    people = (
        pl.DataFrame({"applicant_id": children, "ticket": tickets})
        .with_columns(_drawn(tickets))
        .sort("drawn", "applicant_id")
        .with_row_index("child")
    )
    rows = (
        frame.join(people.select("applicant_id", "child"), on="applicant_id", how="left")
        .join(offered.select("program_id", "program"), on="program_id", how="left")
        .select(faults.ROW, "child", "rank", "program", "priority")
        .sort("child", "rank")
    )
    lengths = np.bincount(rows["child"].to_numpy(), minlength=people.height)
    market = Market(
        program_id=offered["program_id"],
        applicant_id=people["applicant_id"],
        ticket=people["ticket"].cast(pl.String),
        drawn=people["drawn"].to_numpy(),
        seats=offered["seats"].cast(pl.Int32).to_numpy(),
        start=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]).astype(np.int64),
        program=rows["program"].cast(pl.Int32).to_numpy(),
        priority=rows["priority"].cast(pl.Int64).to_numpy(),
    )
    return market, rows[faults.ROW]


def _drawn(tickets: pl.Series) -> pl.Series:
    """Dense rank of tickets from 0; numbers of any length are compared exactly."""
    if tickets.dtype != pl.String:
        return (tickets.rank("dense").cast(pl.Int64) - 1).alias("drawn")
    distinct = {value: int(value) for value in tickets.unique().to_list()}
    rank = {number: at for at, number in enumerate(sorted(set(distinct.values())))}
    return tickets.replace_strict(
        list(distinct), [rank[number] for number in distinct.values()], return_dtype=pl.Int64
    ).alias("drawn")
