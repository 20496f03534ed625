"""The bureau's folder of a draw: what is public of it at the top, what is not below `private/`.

`announcement.json` and the verifier are published at the freeze, `seed.json` after the draw. A seal keeps
the digests of what was frozen; whatever differs later stops everything. One draw has one seed: a second
is refused.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.admission.announcement import Announcement, read_announcement
from junheng.admission.frozen import Frozen, freeze_written
from junheng.admission.seeds import DrawnSeed, EventResult, seed_of
from junheng.data.atomic import write_bytes
from junheng.model.errors import Refused, WorkspaceError
from junheng.report.admission.plain_files import csv_bytes, digest, json_bytes, two_columns

if TYPE_CHECKING:
    from junheng.admission.public_draw import PublicDraw

ANNOUNCEMENT, SEED = "announcement.json", "seed.json"
VERIFIER, PAGE = "verify_admission.py", "verify_admission.html"
LINES, RECEIPTS, ASSIGNMENT = "private/lines.csv", "private/receipts.csv", "private/assignment.csv"
SEAL = "private/seal.json"
PRIVATE = "private/"
"""What lies there is readable by its owner alone."""


def verifier() -> bytes:
    """The stand-alone verifier as it is handed out."""
    return (resources.files("junheng.admission") / VERIFIER).read_bytes()


def page() -> bytes:
    """The page that verifies in a browser, as it is handed out."""
    return (resources.files("junheng.admission") / PAGE).read_bytes()


@dataclass(frozen=True, slots=True)
class Held:
    """What was frozen: announcement, lines, receipt by applicant, the salt of signatures, and the verifier's
    files as they were announced: a later version of Junheng still publishes those."""

    announced: Announcement
    frozen: Frozen
    receipt_of: Mapping[str, str]
    salt: str
    handed: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


class DrawFolder:
    """One draw's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse_full(self) -> None:
        """Refused `admission.draw_there` where anything lies already."""
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise Refused("admission.draw_there", {"path": str(self.path)})

    def keep_freeze(
        self, announced: Announcement, frozen: Frozen, receipt_of: Mapping[str, str], salt: str
    ) -> None:
        """Write a freeze. Refused `admission.draw_there` where one lies already."""
        self.refuse_full()
        nonces = [nonce.hex() for nonce in frozen.nonces]
        applicants = sorted(receipt_of)
        files = {
            ANNOUNCEMENT: json_bytes(announced.content()),
            VERIFIER: verifier(),
            PAGE: page(),
            LINES: two_columns(("nonce", "line"), nonces, frozen.lines),
            RECEIPTS: two_columns(
                ("applicant_id", "receipt"), applicants, [receipt_of[one] for one in applicants]
            ),
        }
        seal = {"salt": salt, "files": {name: digest(content) for name, content in files.items()}}
        self._write({**files, SEAL: json_bytes(seal)})

    def held(self) -> Held:
        """What was frozen. Refused `admission.not_a_draw` where there is none, `admission.file_changed` for a
        file that differs from the seal, `admission.root_differs` for lines that do not give the root."""
        try:
            seal: dict[str, Any] = json.loads(self._read(SEAL))
            sealed = {str(name): str(value) for name, value in seal["files"].items()}
            salt = str(seal["salt"])
        except FileNotFoundError:
            raise Refused("admission.not_a_draw", {"path": str(self.path)}) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused("admission.file_changed", {"file": SEAL}) from None
        handed: dict[str, bytes] = {}
        for name in (ANNOUNCEMENT, VERIFIER, PAGE, LINES, RECEIPTS):
            try:
                content = self._read(name)
            except OSError:
                content = b""
            if digest(content) != sealed.get(name):
                raise Refused("admission.file_changed", {"file": name})
            if name in (VERIFIER, PAGE):
                handed[name] = content
        announced = read_announcement(self._read(ANNOUNCEMENT).decode())
        nonces, lines = self._pairs(LINES)
        frozen = freeze_written(lines, [bytes.fromhex(nonce) for nonce in nonces])
        if frozen.tree.root.hex() != announced.root:
            raise Refused("admission.root_differs")
        applicants, receipts = self._pairs(RECEIPTS)
        return Held(announced, frozen, dict(zip(applicants, receipts, strict=True)), salt, handed)

    def keep_draw(self, draw: PublicDraw, receipt_of: Mapping[str, str]) -> None:
        """Write seed and assignment. Refused `admission.seed_twice` when another seed lies there."""
        content = json_bytes(draw.seed.content())
        if (self.path / SEED).exists() and self._read(SEED) != content:
            raise Refused("admission.seed_twice", {"draw": draw.announced.draw_id})
        self._write({SEED: content})
        held = {row[0]: row[1:] for row in draw.result.tables["assignment"].iter_rows()}
        rows = ([one, receipt, *held[receipt]] for one, receipt in sorted(receipt_of.items()))
        self._write({ASSIGNMENT: csv_bytes(["applicant_id", "receipt", "program_id", "rank"], rows)})

    def seed(self, announced: Announcement) -> DrawnSeed:
        """The seed of a draw that was held. Refused `admission.not_drawn`, or `admission.file_changed`
        when it is not what its results give."""
        try:
            content = self._read(SEED)
        except FileNotFoundError:
            raise Refused("admission.not_drawn") from None
        try:
            kept: dict[str, Any] = json.loads(content)
            results = [_result(one) for one in kept["results"]]
            seed = seed_of(announced, results, str(kept["drawn_at"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused("admission.file_changed", {"file": SEED}) from None
        if json_bytes(seed.content()) != content:
            raise Refused("admission.file_changed", {"file": SEED})
        return seed

    def _read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def _pairs(self, name: str) -> tuple[list[str], list[str]]:
        """The two columns of a file, without its heading."""
        text = self._read(name).decode()
        if '"' in text:
            cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        else:
            cells = text.replace("\n", ",").split(",")[:-1]
        return cells[2::2], cells[3::2]

    def _write(self, files: Mapping[str, bytes]) -> None:
        try:
            for name, content in files.items():
                write_bytes(self.path / name, content, private=name.startswith(PRIVATE))
        except OSError as error:
            about = {"path": str(self.path), "detail": error.strerror or str(error)}
            raise WorkspaceError("admission.out_unwritable", about) from error


def _result(kept: Mapping[str, Any]) -> EventResult:
    texts = {name: str(kept.get(name, "")) for name in ("source", "event", "signature", "randomness")}
    return EventResult(numbers=tuple(kept.get("numbers", ())), **texts)
