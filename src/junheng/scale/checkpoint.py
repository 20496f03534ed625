"""One file a county and year: what was asked of which data under which rules, and the answer.

A file is a line of JSON (fingerprint, names and lengths of the tables) and the tables as Arrow streams. It is
written in one step: a killed run leaves whole files or none. A file that cannot be read counts as absent.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from junheng import __version__
from junheng.data.atomic import remove_partial, write_bytes
from junheng.model.errors import Refused
from junheng.scale.problem import Law, Tables, Verb

RUN, FOLDER, SUFFIX = "run.json", "counties", ".part"


def fingerprint(verb: Verb, tables: Tables, year: int, law: Law, county: str) -> str:
    """Digest of a county's tables in their order, of the rules it is judged by, and of this software."""
    state = hashlib.sha256(
        json.dumps([__version__, verb.name, verb.version(law.of(county)), law.digest(), year]).encode()
    )
    for name in sorted(tables):
        frame = tables[name]
        if frame.height:
            held = [column for column in frame.columns if frame[column].null_count() < frame.height]
            state.update(f"\n{name}\n".encode())
            state.update(frame.select(held).write_csv(quote_style="non_numeric").encode())
    return state.hexdigest()


def packed(made: Tables, mark: str) -> bytes:
    """A county's result tables as the bytes of its checkpoint."""
    parts: dict[str, bytes] = {}
    for name, frame in made.items():
        held = io.BytesIO()
        frame.write_ipc_stream(held, compression="zstd")
        parts[name] = held.getvalue()
    body = b"".join(parts.values())
    head = {
        "fingerprint": mark,
        "digest": hashlib.sha256(body).hexdigest(),
        "tables": {name: len(part) for name, part in parts.items()},
    }
    return json.dumps(head).encode() + b"\n" + body


def unpacked(content: bytes, wanted: Mapping[str, Any] | None = None) -> dict[str, pl.DataFrame]:
    """The tables of a checkpoint, all or those `wanted`; ValueError when it is damaged."""
    head, body = _parted(content)
    found: dict[str, pl.DataFrame] = {}
    at = 0
    for name, length in head["tables"].items():
        if wanted is None or name in wanted:
            found[name] = pl.read_ipc_stream(io.BytesIO(body[at : at + length]))
        at += length
    return found


def _parted(content: bytes) -> tuple[dict[str, Any], bytes]:
    line, _, body = content.partition(b"\n")
    head = json.loads(line)
    if hashlib.sha256(body).hexdigest() != head["digest"]:
        raise ValueError("damaged")
    return head, body


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of one run: one verb, one year, in the folder `out`."""

    out: Path

    @staticmethod
    def open(out: Path, verb: str, year: int) -> Checkpoints:
        """Begin or go on in `out`; Refused where it holds the run of another verb or year."""
        asked = f"{verb} {year}"
        mark = out / RUN
        if mark.is_file():
            held = json.loads(mark.read_text(encoding="utf-8"))
            if (held["verb"], held["year"]) != (verb, year):
                about = {"path": out, "held": f"{held['verb']} {held['year']}", "asked": asked}
                raise Refused("scale.other_run", about)
        elif out.is_dir() and any(out.iterdir()):
            raise Refused("scale.folder_taken", {"path": out})
        else:
            write_bytes(mark, json.dumps({"verb": verb, "year": year}).encode())
        (out / FOLDER).mkdir(parents=True, exist_ok=True)
        return Checkpoints(out)

    def path(self, county: str) -> Path:
        """Where the checkpoint of a county lies."""
        return self.out / FOLDER / f"{county}{SUFFIX}"

    def clean(self, counties: Collection[str]) -> None:
        """Remove what a killed writer left, and checkpoints of counties no longer there. Call it only while
        holding the lock."""
        remove_partial(self.out / FOLDER)
        for path in (self.out / FOLDER).glob(f"*{SUFFIX}"):
            if path.stem not in counties:
                path.unlink()

    def known(self) -> dict[str, str]:
        """County -> fingerprint of every whole checkpoint."""
        found: dict[str, str] = {}
        for path in sorted((self.out / FOLDER).glob(f"*{SUFFIX}")):
            try:
                head, _ = _parted(path.read_bytes())
            except (ValueError, KeyError, OSError):
                continue
            found[path.stem] = head["fingerprint"]
        return found

    def keep(self, county: str, content: bytes) -> None:
        """Write the checkpoint of a county."""
        write_bytes(self.path(county), content)

    def drop(self, county: str) -> None:
        """Remove the checkpoint of a county that failed or is gone: nothing stale is published."""
        self.path(county).unlink(missing_ok=True)

    def read(self, county: str, wanted: Mapping[str, Any] | None = None) -> dict[str, pl.DataFrame]:
        """The tables of a county."""
        return unpacked(self.path(county).read_bytes(), wanted)
