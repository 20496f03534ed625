"""The three plain tables as files."""

from __future__ import annotations

import random
from pathlib import Path

from tests.unit.admission.markets import Small

from junheng.admission import AdmissionResult, assign_market, read_market, refuse_ties
from junheng.admission.mechanisms import Mechanism

HEADINGS = {
    "programs": "program_id,capacity",
    "applicants": "applicant_id,ticket",
    "applications": "applicant_id,rank,program_id,priority",
}


def write(folder: Path, shuffle: random.Random | None = None, **tables: list[str]) -> list[Path]:
    """`programs`, `applicants`, `applications` as CSV from their lines; rows shuffled if asked."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for name, heading in HEADINGS.items():
        lines = list(tables[name])
        if shuffle is not None:
            shuffle.shuffle(lines)
        path = folder / f"{name}.csv"
        path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def lines(small: Small) -> dict[str, list[str]]:
    """A small market as the lines of three files."""
    return {
        "programs": [f"{p},{seats}" for p, seats in small.seats.items()],
        "applicants": [f"{c},{ticket}" for c, ticket in small.ticket.items()],
        "applications": [
            f"{c},{rank},{p},{small.priority[c, p]}"
            for c, list_ in small.lists.items()
            for rank, p in enumerate(list_, start=1)
        ],
    }


def assign(paths: list[Path], mechanism: Mechanism, bands: tuple[int, ...] = ()) -> AdmissionResult:
    """As the command does."""
    plain = read_market(*paths)
    result = assign_market(plain.market, mechanism, bands)
    refuse_ties(plain, plain.market.undecided(result.outcome.keys))
    return result
