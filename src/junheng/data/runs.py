"""Stored runs: `runs/<id>/run.json`, `tables/*.parquet` and the files made of them.

The id follows from what went in and what came out, so the same input gives the same folder with the same
bytes, and no clock is written. A run is written beside its place, then renamed: a killed one leaves nothing.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from junheng import __version__
from junheng.data import atomic
from junheng.data.digest import bytes_digest, frame_digest
from junheng.data.workspace import Workspace
from junheng.model import TABLES, Region
from junheng.model.errors import VerificationFailed, WorkspaceError

FORMAT = 1
RECORD = "run.json"
_ID = re.compile(r"[a-z_]+-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Record:
    """What a run was made of.

    `inputs` and `outputs` are content digests by table, `rules` is the digest of all rule bytes, `options`
    are plain JSON values; `files` (digests by name) is filled when the run is saved.
    """

    verb: str
    region: str
    inputs: Mapping[str, str]
    rules: str
    options: Mapping[str, Any]
    seed: int
    outputs: Mapping[str, str]
    synthetic: bool = False
    software: str = __version__
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """`<verb>-<12 hex digits>` of everything but the files, which may show the id."""
        content = asdict(self)
        del content["files"]
        return f"{self.verb}-{bytes_digest(_canonical(content))[:12]}"


@dataclass(frozen=True, slots=True)
class Run:
    """A stored run, opened."""

    id: str
    record: Record
    path: Path

    def tables(self) -> dict[str, pl.DataFrame]:
        """The output tables; VerificationFailed when one is not what the record says."""
        return {name: self.table(name) for name in self.record.outputs}

    def table(self, name: str) -> pl.DataFrame:
        """One output table, checked like all of them; KeyError when the run has none of that name."""
        digest = self.record.outputs[name]
        try:
            frame = pl.read_parquet(self.path / "tables" / f"{name}.parquet")
        except (OSError, pl.exceptions.PolarsError) as error:
            raise WorkspaceError("run_damaged", {"run": self.id, "detail": name}) from error
        if frame_digest(frame) != digest:
            raise VerificationFailed("run_table_changed", {"run": self.id, "table": name})
        return frame

    def changed_files(self) -> list[str]:
        """Names of stored files that are missing or no longer what the record says."""
        return [
            name for name, digest in self.record.files.items() if _file_digest(self.path / name) != digest
        ]


def record(
    verb: str,
    region: Region,
    inputs: Mapping[str, str],
    rules: str,
    options: Mapping[str, Any],
    seed: int,
    tables: Mapping[str, pl.DataFrame],
) -> Record:
    """The record of a run, with the digests of its output tables. TypeError if an option is no JSON value."""
    _canonical(dict(options))
    return Record(
        verb=verb,
        region=region.code,
        inputs=dict(sorted(inputs.items())),
        rules=rules,
        options=dict(options),
        seed=seed,
        outputs={name: frame_digest(tables[name]) for name in sorted(tables)},
        synthetic=region.synthetic,
    )


def save(
    ws: Workspace,
    record: Record,
    tables: Mapping[str, pl.DataFrame],
    files: Mapping[str, bytes] | None = None,
) -> Run:
    """Store a run; one with the same id is replaced, which changes nothing when the bytes are the same.

    VerificationFailed when `tables` are not those of the record. File names are plain relative names.
    """
    if found := sorted(set(tables) ^ set(record.outputs)):
        raise VerificationFailed("run_table_changed", {"run": record.id, "table": ", ".join(found)})
    files = files or {}
    contents: dict[str, bytes] = {}
    for name, frame in tables.items():
        if frame_digest(frame) != record.outputs[name]:
            raise VerificationFailed("run_table_changed", {"run": record.id, "table": name})
        buffer = io.BytesIO()
        ordered = TABLES[name].conform(frame) if name in TABLES else frame
        ordered.write_parquet(buffer, compression="zstd")
        contents[f"tables/{name}.parquet"] = buffer.getvalue()
    for name, content in files.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or name == RECORD:
            raise ValueError(f"file name {name!r}")
        contents[name] = content
    filled = replace(record, files={name: bytes_digest(files[name]) for name in sorted(files)})
    contents[RECORD] = _canonical({"format": FORMAT, "id": record.id, **asdict(filled)}, indent=1)
    target = ws.runs / record.id
    with atomic.lock(ws.runs / ".lock"):
        _clear(ws.runs)
        folder = Path(tempfile.mkdtemp(prefix=atomic.PARTIAL, dir=ws.runs))
        try:
            folder.chmod(0o755)
            for name, content in contents.items():
                atomic.write_bytes(folder / name, content)
            if target.exists():
                os.replace(target, f"{folder}-old")
            os.replace(folder, target)
            atomic.sync_folder(ws.runs)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(f"{folder}-old", ignore_errors=True)
    return Run(record.id, filled, target)


def load(ws: Workspace, run: str) -> Run:
    """The run called `run` (its id, or its folder's path); WorkspaceError when it is missing or its record is
    damaged, VerificationFailed when the record was altered."""
    name = Path(run).name
    path = ws.runs / name
    if not _ID.fullmatch(name) or not (path / RECORD).is_file():
        raise WorkspaceError(
            "run_unknown", {"run": run, "known": ", ".join(r.id for r in list_runs(ws)[-5:])}
        )
    try:
        content = json.loads((path / RECORD).read_text(encoding="utf-8"))
        content.pop("format")
        stated = content.pop("id")
        found = Record(**content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkspaceError("run_damaged", {"run": name, "detail": str(error)}) from error
    if not stated == name == found.id:
        raise VerificationFailed("run_record_changed", {"run": name})
    return Run(name, found, path)


def list_runs(ws: Workspace) -> tuple[Run, ...]:
    """Stored runs, the one written last at the end; damaged ones are left out."""
    if not ws.runs.is_dir():
        return ()
    folders = [path for path in ws.runs.iterdir() if _ID.fullmatch(path.name) and (path / RECORD).is_file()]
    folders.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
    found: tuple[Run, ...] = ()
    for path in folders:
        try:
            found += (load(ws, path.name),)
        except (WorkspaceError, VerificationFailed):
            continue
    return found


def _canonical(content: Any, indent: int | None = None) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False, indent=indent)
    return text.encode() + b"\n"


def _file_digest(path: Path) -> str:
    return bytes_digest(path.read_bytes()) if path.is_file() else ""


def _clear(folder: Path) -> None:
    for path in folder.glob(f"{atomic.PARTIAL}*"):
        shutil.rmtree(path, ignore_errors=True)
