"""What a draw decides about, one line a child: written, read back and turned into a market without loss.

A line: version, receipt, family code, facts used (`name=value;name=value`), then `programme:class` best
first, parted by tabs, in NFC, without floats. Lines stand in the order of their receipts, so that neither
the order of a file nor the time of registration is in the root.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from junheng.admission.commitment import Path, Tree
from junheng.model.errors import BadData
from junheng.model.reason import Finding

if TYPE_CHECKING:
    from junheng.admission.problem import Market

VERSION = "1"
BEFORE_CHOICES = 4
"""Fields of a line in front of its choices."""
BOUND, SHARED = "bound:", "shared:"
"""Family codes that bind two children to one ticket, with and without a further seat where the last one
would part them."""
PRIVATE = "private"
"""Pools `programme@private` settle bound pairs before all others."""
_LINE = re.compile(VERSION + r"\t[^\t\n]+\t[^\t\n]*\t[^\t\n]*(?:\t[^\t\n]+:(?:0|-?[1-9][0-9]*))*", re.DOTALL)


@dataclass(frozen=True)
class Frozen:
    """Lines and nonces in the order of receipts."""

    lines: tuple[str, ...]
    nonces: tuple[bytes, ...]

    @cached_property
    def tree(self) -> Tree:
        """The tree whose root is published."""
        return Tree(self.lines, self.nonces)

    @cached_property
    def receipts(self) -> tuple[str, ...]:
        """Receipts, ascending."""
        return tuple(line.split("\t", 2)[1] for line in self.lines)

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts that stand in every line."""
        used = self.lines[0].split("\t")[BEFORE_CHOICES - 1] if self.lines else ""
        return tuple(part.partition("=")[0] for part in used.split(";") if part)

    def line(self, receipt: str) -> tuple[str, bytes, Path]:
        """Line, nonce and path of one child. KeyError for a receipt that was not frozen."""
        at = self._place[receipt]
        return self.lines[at], self.nonces[at], self.tree.path(at)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {receipt: at for at, receipt in enumerate(self.receipts)}


def lines_of(people: pl.DataFrame, applications: pl.DataFrame, facts: Sequence[str]) -> list[str]:
    """Lines of `people(receipt, family, …facts)` with `applications(receipt, rank, program_id, priority)`, by
    receipt. BadData `admission.bad_freeze` where a fact or family holds a sign that parts fields or a number
    with a point."""
    names = sorted(facts)
    _refuse_odd(people, ("family", *names))
    choices = _joined(applications)
    used = pl.concat_str(
        [pl.concat_str(pl.lit(f"{name}="), pl.col(name)) for name in names] or [pl.lit("")], separator=";"
    )
    return (
        people.with_columns(pl.col("family", *names).fill_null("").str.strip_chars())
        .join(choices, on="receipt", how="left")
        .sort("receipt")
        .select(
            pl.concat_str(
                pl.lit(VERSION),
                "receipt",
                "family",
                used,
                "choice",
                separator="\t",
                ignore_nulls=True,
            ).str.normalize("NFC")
        )
        .to_series()
        .to_list()
    )


def _joined(applications: pl.DataFrame) -> pl.DataFrame:
    """`receipt, choice`: choices of each receipt in one text, parted by tabs. Rows that stand together by
    receipt and in order are taken as they stand: sorting text costs most of a freeze."""
    run, rank = applications["receipt"].rle_id(), applications["rank"]
    first = (run != run.shift()).fill_null(True)
    if applications["receipt"].filter(first).is_duplicated().any() or (~first & (rank <= rank.shift())).any():
        applications = applications.sort("receipt", "rank")
        run = applications["receipt"].rle_id()
    return (
        applications.select(
            run.set_sorted().alias("run"),
            "receipt",
            pl.concat_str("program_id", pl.lit(":"), "priority").alias("choice"),
        )
        .group_by("run", maintain_order=True)
        .agg(pl.col("receipt").first(), "choice")
        .select("receipt", pl.col("choice").list.join("\t"))
    )


def freeze(lines: Sequence[str], nonces: Mapping[str, bytes]) -> Frozen:
    """Freeze lines with their nonces by receipt, in any order. BadData `admission.bad_freeze` for lines of
    another version or form, choices that are none, or a receipt twice."""
    ordered = sorted(lines, key=lambda line: line.split("\t", 2)[1:2])
    found = [
        Finding("admission.line_odd", "error", row=row, value=line[:40])
        for row, line in enumerate(ordered, start=1)
        if not _is_line(line)
    ]
    if not found:
        receipts = [line.split("\t", 2)[1] for line in ordered]
        found = [
            Finding("admission.line_twice", "error", row=row, value=one)
            for row, (one, other) in enumerate(pairwise(receipts), start=2)
            if one == other
        ]
        found += [
            Finding("admission.line_odd", "error", value=receipt)
            for receipt in receipts
            if receipt not in nonces
        ]
    if found:
        raise BadData("admission.bad_freeze", {"count": len(found)}, found)
    return Frozen(tuple(ordered), tuple(nonces[line.split("\t", 2)[1]] for line in ordered))


def bound_of(frozen: Frozen) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Pairs of receipts the family codes of the lines bind together, and whether a further seat keeps them
    together. BadData `admission.bad_freeze` for a code that binds another number than two or both kinds in
    one freeze."""
    held: dict[str, list[str]] = {}
    for line in frozen.lines:
        _, receipt, family, _ = line.split("\t", 3)
        if family.startswith((BOUND, SHARED)):
            held.setdefault(family, []).append(receipt)
    marks = {code.partition(":")[0] for code in held}
    found = [
        Finding("admission.bound_odd", "error", value=code, parameters={"family": code})
        for code, receipts in held.items()
        if len(receipts) != 2 or len(marks) > 1
    ]
    if found:
        raise BadData("admission.bad_freeze", {"count": len(found)}, found)
    return tuple((one[0], one[1]) for one in held.values()), f"{BOUND}" == f"{next(iter(marks), '')}:"


def freeze_written(lines: Sequence[str], nonces: Sequence[bytes]) -> Frozen:
    """Freeze what `lines_of` wrote, with a nonce for each line: the form of all lines is looked at together,
    their order and choices are those of tables checked before. BadData `admission.bad_freeze`."""
    form = pl.Series("line", lines, dtype=pl.String).str.contains(f"^(?:{_LINE.pattern})$")
    if not form.all():
        found = [
            Finding("admission.line_odd", "error", row=row + 1, value=str(lines[int(row)])[:40])
            for row in (~form).arg_true().to_list()
        ]
        raise BadData("admission.bad_freeze", {"count": len(found)}, found)
    return Frozen(tuple(lines), tuple(nonces))


def market_of(frozen: Frozen, seats: Mapping[str, int], drawn: Sequence[tuple[str, str]]) -> Market:
    """The market of the lines: children numbered in the order of `drawn` (receipt, ticket), which names each
    of them once. BadData `admission.bad_freeze` for a programme without announced seats."""
    from junheng.admission.problem import Market  # noqa: PLC0415 - the kernel: who only reads lines does without

    programs = pl.Series("program_id", sorted(seats), dtype=pl.String)
    order = pl.DataFrame(
        {"receipt": [one for one, _ in drawn], "ticket": [ticket for _, ticket in drawn]},
        schema={"receipt": pl.String, "ticket": pl.String},
    )
    fields = pl.Series("line", frozen.lines, dtype=pl.String).str.splitn("\t", BEFORE_CHOICES + 1)
    rows = (
        fields.struct.unnest()
        .select(pl.col("field_1").alias("receipt"), pl.col(f"field_{BEFORE_CHOICES}").alias("choice"))
        .join(order.with_row_index("child"), on="receipt", how="left")
        .sort("child")["choice"]
        .str.split("\t")
    )
    lengths = rows.list.len().cast(pl.Int64).fill_null(0).to_numpy()
    choice = rows.explode(empty_as_null=False).drop_nulls()
    distinct = choice.unique()  # few beside the choices: each is taken apart once
    which = choice.cast(pl.Enum(distinct)).to_physical().to_numpy()
    number = {program: at for at, program in enumerate(programs)}
    program = distinct.str.replace(r":-?\d+$", "")
    if strangers := sorted(set(program.to_list()) - set(number)):
        found = [Finding("admission.freeze_program", "error", value=one) for one in strangers]
        raise BadData("admission.bad_freeze", {"count": len(found)}, found)
    return Market(
        program_id=programs,
        applicant_id=order["receipt"],
        ticket=order["ticket"],
        drawn=np.arange(order.height),
        seats=np.array([seats[program] for program in programs], np.int32),
        start=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]).astype(np.int64),
        program=program.replace_strict(number, return_dtype=pl.Int32).to_numpy()[which],
        priority=distinct.str.extract(r":(-?\d+)$").cast(pl.Int64).to_numpy()[which],
    )


def _is_line(line: str) -> bool:
    if not _LINE.fullmatch(line):
        return False
    choices = line.split("\t")[BEFORE_CHOICES:]
    return len({choice.rpartition(":")[0] for choice in choices}) == len(choices)


def _refuse_odd(people: pl.DataFrame, columns: Sequence[str]) -> None:
    found: list[Finding] = []
    for column in columns:
        odd = people.filter(pl.col(column).str.contains(r"[\t\r\n;=]|^\s*[+-]?\d*\.\d+(?:[eE][+-]?\d+)?\s*$"))
        found += [
            Finding(
                "admission.fact_odd", "error", column=column, value=row[0], parameters={"receipt": row[1]}
            )
            for row in odd.select(column, "receipt").iter_rows()
        ]
    if found:
        raise BadData("admission.bad_freeze", {"count": len(found)}, found)
