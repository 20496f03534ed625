"""Whole draws from small random markets, as the commands hold them, and their files tampered with."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.unit.admission.markets import Small, draw

from junheng.admission.announcement import Announcement, Source, announce, moment
from junheng.admission.changes import Changes, HandPlacement, chained
from junheng.admission.frozen import Frozen, freeze
from junheng.admission.public_draw import PublicDraw, hold_draw
from junheng.admission.receipts import Secret, nonce_of, receipt_of, spare_receipts
from junheng.admission.seeds import EventResult, seed_of
from junheng.report.admission.draw_folder import PAGE, VERIFIER, page, verifier
from junheng.report.admission.plain_files import digest, json_bytes
from junheng.report.admission.publication import Level, publication

Files = dict[str, bytes]
SECRET = Secret("00112233445566778899aabbccddeeff")
SEASON = "2027-primary"
SOURCES = (
    Source(
        "双色球", "numbers", "2027070", moment("2027-06-20T21:15"), 7, "2027071", moment("2027-06-22T21:15")
    ),
    Source("3D", "numbers", "2027161", moment("2027-06-20T21:15"), 3),
)
RESULTS = (
    EventResult("双色球", "2027070", (3, 9, 17, 22, 25, 31, 8)),
    EventResult("3D", "2027161", (4, 0, 7)),
)
DRAWN = moment("2027-06-21T09:00")
SALT = "5a"


def frozen_of(small: Small) -> Frozen:
    """A small market as frozen lines; its children are identities."""
    receipts = {child: receipt_of(SECRET, SEASON, child) for child in small.lists}
    lines = [
        "\t".join(["1", receipts[c], "", "a=1", *(f"{p}:{small.priority[c, p]}" for p in chosen)])
        for c, chosen in small.lists.items()
    ]
    return freeze(lines, {one: nonce_of(SECRET, SEASON, one) for one in receipts.values()})


def announced_of(frozen: Frozen, seats: dict[str, int], /, **other: Any) -> Announcement:
    said: dict[str, Any] = {
        "draw": SEASON,
        "mechanism": "da",
        "bands": (),
        "scope": "",
        "root": frozen.tree.root.hex(),
        "receipts": len(frozen.lines),
        "seats": seats,
        "spare_receipts": tuple(spare_receipts(SECRET, SEASON, 3)),
        "sources": SOURCES,
        "frozen_at": moment("2027-06-15T18:00"),
        "announced_at": moment("2027-06-16T09:00"),
        "digests": {VERIFIER: digest(verifier()), PAGE: digest(page())},
    }
    return announce(**{**said, **other})


def held(small: Small, **other: Any) -> PublicDraw:
    frozen = frozen_of(small)
    announced = announced_of(frozen, small.seats, **other)
    return hold_draw(frozen, announced, seed_of(announced, RESULTS, DRAWN))


def some_draw(seed: int = 5, children: int = 30, **other: Any) -> PublicDraw:
    """A draw in which somebody is left without a place and somebody is next in line."""
    return held(draw(random.Random(seed), children, 4, 4, 3, full=True), **other)


def changes_of(held_draw: PublicDraw, *rows: HandPlacement) -> Changes:
    announced = held_draw.announced
    return chained(
        rows,
        salt=SALT,
        draw_id=announced.draw_id,
        drawn_at=held_draw.seed.drawn_at,
        receipts=held_draw.frozen.receipts,
        spare=announced.spare_receipts,
        programs=announced.seats,
    )


def by_hand(receipt: str, program: str, **other: str) -> HandPlacement:
    said = HandPlacement(receipt, program, "灾害安置", "文1", "甲", "乙", "2027-06-22T09:00")
    return replace(said, **other)


def files_of(held_draw: PublicDraw, level: Level = "full", *rows: HandPlacement, least: int = 1) -> Files:
    return dict(publication(held_draw, changes_of(held_draw, *rows), level, least).files)


def put(folder: Path, files: Files) -> None:
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*"):
        path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def sealed(files: Files, **other: Any) -> Files:
    """With digests put right: whoever tampers can count digests too."""
    manifest = json.loads(files["manifest.json"])
    rest = {name: content for name, content in files.items() if name != "manifest.json"}
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in rest.items()}
    return {**rest, "manifest.json": json_bytes({**manifest, "files": listed, **other})}


def rows(files: Files, name: str) -> list[str]:
    return files[name].decode().splitlines()


def with_rows(files: Files, name: str, lines: list[str]) -> Files:
    return {**files, name: ("\n".join(lines) + "\n").encode()}


def cell(files: Files, name: str, where: Callable[[list[str]], bool], at: int, value: str) -> Files:
    """The first row that fits, with one cell replaced."""
    lines = rows(files, name)
    row = next(n for n, line in enumerate(lines) if n and where(line.split(",")))
    parts = lines[row].split(",")
    parts[at] = value
    lines[row] = ",".join(parts)
    return with_rows(files, name, lines)


def field(files: Files, name: str, **values: Any) -> Files:
    return {**files, name: json_bytes({**json.loads(files[name]), **values})}
