"""A draw as it is published: everything a stranger needs to check it, written only when it checks.

Lists are lists of (programme, class) by receipt; the ticket orders within a class. `verify_admission.py`
beside this file reads what is written here and shares no code with it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from junheng.admission.certificate import certify
from junheng.admission.commitment import Tree
from junheng.admission.deferred_acceptance import LOW, deferred_acceptance
from junheng.admission.problem import Market
from junheng.admission.tickets import Seed, tickets
from junheng.data.atomic import write_bytes
from junheng.model.errors import BadData, Refused, VerificationFailed
from junheng.model.reason import Finding

Lists = Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was frozen: lists and nonces by receipt, seats by programme, and the tree over the lines
    (receipts in their order as text)."""

    lists: Lists
    seats: Mapping[str, int]
    nonces: Mapping[str, bytes]
    receipts: tuple[str, ...]
    lines: tuple[str, ...]
    tree: Tree
    at: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said before the numbers exist: the draw, the sources in order, the time of the event."""

    draw_id: str
    sources: tuple[str, ...]
    at: str
    event_at: str


def freeze(lists: Lists, seats: Mapping[str, int], nonces: Mapping[str, bytes], at: str) -> Frozen:
    """Freeze lists. BadData `admission.bad_freeze` for an unknown programme, one listed twice, a class
    below 0, or text that would not fit a line."""
    found: list[Finding] = []
    for receipt, choices in lists.items():
        programs = [program for program, _ in choices]
        odd = any(mark in text for text in (receipt, *programs) for mark in "\t\n\r")
        if odd or len(set(programs)) < len(programs) or any(level < 0 for _, level in choices):
            found.append(Finding("admission.freeze_list", "error", value=receipt))
        found += [
            Finding("admission.freeze_program", "error", value=program, parameters={"receipt": receipt})
            for program in programs
            if program not in seats
        ]
    if found:
        raise BadData("admission.bad_freeze", {"count": len(found)}, found)
    receipts = tuple(sorted(lists))
    lines = tuple(
        "\t".join(["1", receipt, *(f"{program}:{level}" for program, level in lists[receipt])])
        for receipt in receipts
    )
    tree = Tree(lines, [nonces[receipt] for receipt in receipts])
    return Frozen(lists, seats, nonces, receipts, lines, tree, at)


def draw_files(
    frozen: Frozen,
    announced: Announcement,
    results: Sequence[Sequence[int]],
    drawn_at: str,
    *,
    full: bool = False,
) -> dict[str, bytes]:
    """Files of the publication by name; with `full` the lines and nonces too (auditors alone). The numbers
    drawn come in the order of the sources announced.

    Refused `admission.draw_early` unless freeze, announcement, event and draw follow one another,
    `admission.seed_absent` unless every source has its numbers. VerificationFailed `admission.not_proved`
    when the outcome does not prove."""
    if not frozen.at <= announced.at < announced.event_at <= drawn_at:
        raise Refused(
            "admission.draw_early",
            {"frozen": frozen.at, "announced": announced.at, "event": announced.event_at, "drawn": drawn_at},
        )
    if len(results) != len(announced.sources):
        raise Refused("admission.seed_absent")
    seed = Seed.from_lotteries(results)
    drawn = dict(zip(frozen.receipts, tickets(seed, announced.draw_id, frozen.receipts), strict=True))
    order = sorted(frozen.receipts, key=lambda receipt: (drawn[receipt], receipt))
    market = _market(frozen, order)
    words = market.keys().words
    held = deferred_acceptance(market.seats, market.start, words)
    proof = certify(market.seats, market.start, words, held)
    if not proof.best:
        raise VerificationFailed("admission.not_proved", {"what": "stability"})
    programs = market.program_id.to_list()
    got = {
        receipt: programs[market.program[held[child]]] if held[child] < market.start[child + 1] else ""
        for child, receipt in enumerate(order)
    }
    rows: list[list[Any]] = []
    following: list[list[str]] = []
    for at, program in enumerate(programs):
        state = "open" if proof.open_[at] else "full"
        last: list[Any] = ["", "", ""]
        if state == "full" and proof.cutoff[at] >= 0:
            receipt = order[int(proof.cutoff[at]) & LOW]
            last = [_level(frozen, receipt, program), drawn[receipt].hex(), receipt]
        rows.append([program, frozen.seats[program], int(proof.filled[at]), state, *last])
        if state == "full" and proof.next_in_line[at] >= 0:
            following.append([program, order[int(proof.next_in_line[at]) & LOW]])
    changes = ["number", "receipt", "program_id", "ground", "document_no", "by", "approved_by", "at"]
    files = {
        "announcement.json": _json(
            {
                "draw_id": announced.draw_id,
                "root": frozen.tree.root.hex(),
                "receipts": len(frozen.receipts),
                "seats": dict(sorted(frozen.seats.items())),
                "sources": list(announced.sources),
                "frozen_at": frozen.at,
                "announced_at": announced.at,
                "event_at": announced.event_at,
            }
        ),
        "seed.json": _json(
            {
                "results": [list(numbers) for numbers in results],
                "canonical": seed.canonical,
                "digest": seed.digest.hex(),
                "drawn_at": drawn_at,
            }
        ),
        "tickets.csv": _csv(["receipt", "ticket"], [[one, drawn[one].hex()] for one in order]),
        "results.csv": _csv(["receipt", "program_id"], [[one, got[one]] for one in frozen.receipts]),
        "cutoffs.csv": _csv(
            ["program_id", "seats", "filled", "state", "last_class", "last_ticket", "last_receipt"], rows
        ),
        "next_in_line.csv": _csv(["program_id", "receipt"], following),
        "changes.csv": _csv(changes, []),
    }
    if full:
        lines = zip(frozen.receipts, frozen.lines, strict=True)
        files["lines.csv"] = _csv(["nonce", "line"], [[frozen.nonces[r].hex(), line] for r, line in lines])
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return {**files, "manifest.json": _json({"format": "junheng-admission-1", "files": digests})}


def proof_of(frozen: Frozen, receipt: str) -> bytes:
    """What one family gets: its line, nonce and path to the root. KeyError for an unknown receipt."""
    index = {one: at for at, one in enumerate(frozen.receipts)}[receipt]
    path = [("left" if left else "right", digest.hex()) for digest, left in frozen.tree.path(index).siblings]
    return _json({"line": frozen.lines[index], "nonce": frozen.nonces[receipt].hex(), "path": path})


def write_draw(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a publication into a folder, the manifest last."""
    for name in sorted(files, key=lambda name: name == "manifest.json"):
        write_bytes(folder / name, files[name])


def _market(frozen: Frozen, order: Sequence[str]) -> Market:
    programs = sorted(frozen.seats)
    number = {program: at for at, program in enumerate(programs)}
    rows = [(number[program], level) for receipt in order for program, level in frozen.lists[receipt]]
    lengths = [len(frozen.lists[receipt]) for receipt in order]
    return Market(
        program_id=pl.Series(programs, dtype=pl.String),
        applicant_id=pl.Series(order, dtype=pl.String),
        ticket=pl.Series(order, dtype=pl.String),
        drawn=np.arange(len(order)),
        seats=np.array([frozen.seats[program] for program in programs], np.int32),
        start=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]).astype(np.int64),
        program=np.array([program for program, _ in rows], np.int32),
        priority=np.array([level for _, level in rows], np.int64),
    )


def _level(frozen: Frozen, receipt: str, program: str) -> int:
    return dict(frozen.lists[receipt])[program]


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(heading: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return stream.getvalue().encode()
