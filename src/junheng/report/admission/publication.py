"""What is published of a draw, written only after the stand-alone verifier, which shares no code with the
engine, has found everything in the full set to agree.

Levels: `own` (tickets, also of spare receipts, and cut-offs; each family has its own line, proof and
result), `list` (receipt and programme of all), `full` (all lines). Cut-off and next in line of a programme
with fewer applicants than the small-count limit stand in the papers of its applicants only; no total is
published from which one could be reckoned back. Lines are public only when every combination in them covers
that many children.
"""

from __future__ import annotations

import runpy
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from junheng.admission.changes import HEADING, SIGNED, Changes
from junheng.admission.reason_words import worded
from junheng.data.atomic import write_bytes
from junheng.model.errors import Refused, VerificationFailed, WorkspaceError
from junheng.report.admission.draw_folder import PAGE, VERIFIER, page, verifier
from junheng.report.admission.plain_files import csv_bytes, digest, json_bytes

if TYPE_CHECKING:
    from junheng.admission.public_draw import PublicDraw

Level = Literal["own", "list", "full"]
CUTOFFS = (
    "program_id", "seats", "filled", "state", "applicants", "last_band", "last_class", "last_ticket",
)  # fmt: skip
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Publication:
    """Files by name, manifest included, and the digest of the manifest."""

    files: Mapping[str, bytes]

    @property
    def manifest(self) -> str:
        """Digest by which everything else is known."""
        return digest(self.files["manifest.json"])


def publication(draw: PublicDraw, changes: Changes, level: Level, least: int) -> Publication:
    """Files of a level; `least` is the small-count limit, 1 on the auditors' own desk."""
    small = small_pools(draw, least) if level != "full" else frozenset[str]()
    following = draw.cutoffs.filter(
        pl.col("next_in_line").is_not_null() & ~pl.col("program_id").is_in(list(small))
    )
    files = {
        "announcement.json": json_bytes(draw.announced.content()),
        "seed.json": json_bytes(draw.seed.content()),
        "tickets.csv": csv_bytes(["receipt", "ticket"], draw.tickets),
        "spare.csv": csv_bytes(["receipt", "ticket"], draw.spare),
        "cutoffs.csv": csv_bytes(CUTOFFS, _cutoffs(draw, small)),
        "next_in_line.csv": csv_bytes(
            ["program_id", "receipt"], following.select("program_id", "next_in_line").iter_rows()
        ),
        "changes.csv": csv_bytes(HEADING, changes.rows),
        VERIFIER: draw.handed.get(VERIFIER) or verifier(),
        PAGE: draw.handed.get(PAGE) or page(),
    }
    if draw.announced.ring:
        rows = ((at, number, receipt) for at, (number, receipt, _) in enumerate(draw.ring, start=1))
        files["ring.csv"] = csv_bytes(["place", "number", "receipt"], rows)
    if draw.bound:
        codes = {line.split("\t")[1]: line.split("\t")[2] for line in draw.frozen.lines}
        rows = sorted((receipt, codes[receipt]) for pair in draw.bound for receipt in pair)
        files["bound.csv"] = csv_bytes(["receipt", "family"], rows)
    if level != "own":
        results = draw.results(changes)
        files["results.csv"] = csv_bytes(results.columns, results.iter_rows())
    if level == "full":
        nonces = (nonce.hex() for nonce in draw.frozen.nonces)
        lines = zip(nonces, draw.frozen.lines, strict=True)
        files["lines.csv"] = csv_bytes(["nonce", "line"], lines)
        files["signatures.csv"] = csv_bytes(SIGNED, changes.signed)
    manifest = {
        "format": "junheng-admission-1",
        "level": level,
        "draw_id": draw.announced.draw_id,
        "changes": len(changes.rows),
        "last_link": changes.last_link,
        "files": {name: digest(content) for name, content in files.items()},
    }
    return Publication({**files, "manifest.json": json_bytes(manifest)})


def publish(
    folder: Path,
    draw: PublicDraw,
    changes: Changes,
    level: Level,
    least: int,
    *,
    on_site: bool = False,
    proofs: Path | None = None,
) -> Publication:
    """Verify the full set, then write the level and, where asked, one proof a child. `full` is refused with
    `admission.full_small` while a combination of facts and choices covers fewer than `least` children, unless
    it stays `on_site` with the auditors, `admission.tickets_own` where the draw proves no outcome.
    VerificationFailed `admission.verifier_disagrees`."""
    if tickets_alone(draw) and level != "own" and not on_site:
        raise Refused("admission.tickets_own")
    everything = publication(draw, changes, "full", 1)
    _gate(everything)
    if level == "full" and not on_site:
        said = Counter(line.split("\t", 2)[2] for line in draw.frozen.lines)
        if groups := sum(count < least for count in said.values()):
            raise Refused("admission.full_small", {"groups": groups, "least": least})
    given = everything if level == "full" else publication(draw, changes, level, least)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("admission.draw_there", {"path": str(folder)})
    try:
        for name in sorted(given.files, key=lambda name: name == "manifest.json"):
            write_bytes(folder / name, given.files[name])
        if proofs is not None:
            for receipt, content in proofs_of(draw, changes, least):
                write_bytes(proofs / f"{receipt}.json", content)
    except OSError as error:
        about = {"path": str(folder), "detail": error.strerror or str(error)}
        raise WorkspaceError("admission.out_unwritable", about) from error
    return given


def proofs_of(draw: PublicDraw, changes: Changes, least: int) -> Iterator[tuple[str, bytes]]:
    """What each family gets: line, nonce and path, its result, a reason for every choice, and the cut-offs of
    small programmes it applied to."""
    small = small_pools(draw, least)
    hidden = {row[0]: dict(zip(CUTOFFS, _text(row), strict=True)) for row in _cutoffs(draw, frozenset())}
    results = {row["receipt"]: row for row in draw.results(changes).iter_rows(named=True)}
    said: dict[str, list[dict[str, Any]]] = {}
    for part in draw.result.reasons():
        for row in (
            worded(part).select("applicant_id", "rank", "program_id", "zh", "en").iter_rows(named=True)
        ):
            said.setdefault(row.pop("applicant_id"), []).append(row)
    apart = _tickets_apart(draw)
    for receipt in draw.frozen.receipts:
        line, nonce, path = draw.frozen.line(receipt)
        siblings = [["left" if left else "right", other.hex()] for other, left in path.siblings]
        mine = results[receipt]
        own = said.get(receipt, [])
        content = {
            "draw_id": draw.announced.draw_id,
            "receipt": receipt,
            "line": line,
            "nonce": nonce.hex(),
            "path": siblings,
            "result": {name: mine[name] for name in ("drawn", "change", "program_id")},
            "reasons": own,
            "withheld": [hidden[row["program_id"]] for row in own if row["program_id"] in small],
        }
        if receipt in apart:
            content["tickets"] = apart[receipt]
        yield receipt, json_bytes(content)


def _tickets_apart(draw: PublicDraw) -> dict[str, dict[str, str]]:
    """Tickets of each receipt by pool, where every programme has tickets of its own."""
    market = draw.result.market
    if market.tickets is None:
        return {}
    found: dict[str, dict[str, str]] = {one: {} for one in draw.frozen.receipts}
    pools, receipts = (
        market.program_id.gather(market.program),
        market.applicant_id.gather(market.child_of_row()),
    )
    for receipt, pool, ticket in zip(receipts, pools, market.tickets, strict=True):
        found[receipt][pool] = ticket
    return found


def tickets_alone(draw: PublicDraw) -> bool:
    """Whether no frozen line holds a choice: the draw proves tickets and no outcome."""
    return draw.result.market.program.size == 0


def small_pools(draw: PublicDraw, least: int) -> frozenset[str]:
    """Programmes whose line is not shown: with applicants, but fewer than may be; all of them where the draw
    proves tickets alone."""
    if tickets_alone(draw):
        return frozenset(draw.announced.seats)
    few = draw.cutoffs.filter((pl.col("applicants") > 0) & (pl.col("applicants") < least))
    return frozenset(few["program_id"].to_list())


def _cutoffs(draw: PublicDraw, small: frozenset[str]) -> Iterator[tuple[Any, ...]]:
    for row in draw.cutoffs.select(CUTOFFS).iter_rows():
        hidden = row[0] in small
        yield (row[0], row[1], None, WITHHELD, None, None, None, None) if hidden else row


def _text(row: tuple[Any, ...]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in row]


def _gate(everything: Publication) -> None:
    """Run the verifier that is handed out, by itself, on the full set."""
    folder = Path(tempfile.mkdtemp(prefix="junheng-verify-"))
    try:
        for name, content in everything.files.items():
            (folder / name).write_bytes(content)
        verify = runpy.run_path(str(folder / VERIFIER))["verify"]
        _, found = verify(str(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if found:
        number, sentence = found[0]
        raise VerificationFailed("admission.verifier_disagrees", {"number": number, "sentence": sentence})
