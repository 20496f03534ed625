"""Dated versions of a workspace's tables: each import makes one, any of them can be had back.

Table files are named by what they hold (`data/<table>-<digest>.parquet`) and never change. `manifest.json`
beside them says which files make which version; replacing it, in one step, is what makes an import happen. A
process killed at any moment therefore leaves the old state whole.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from junheng.data import atomic
from junheng.data.digest import bytes_digest, frame_digest
from junheng.model import INPUTS, Finding, Table
from junheng.model.errors import BadData, Refused, WorkspaceError

FORMAT = 1
MANIFEST = "manifest.json"
_TABLE_FILE = re.compile(r"([a-z_]+)-[0-9a-f]{16}\.parquet")

NO_VERSION = "none"
"""How the empty state is named where a version is expected."""

Mode = Literal["merge", "replace"]


@dataclass(frozen=True, slots=True)
class StoredTable:
    """Where one table of one version lies: its content digest, rows, file name and the file's own digest."""

    digest: str
    rows: int
    file: str
    file_digest: str


@dataclass(frozen=True, slots=True)
class Version:
    """One dated state of all tables. `sources` are the imported files' names and digests; `restores` names
    the version this one brought back."""

    id: str
    at: str
    note: str
    mode: str
    sources: tuple[tuple[str, str], ...]
    tables: Mapping[str, StoredTable]
    restores: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Rows added, changed and removed in one table between two versions, told apart by key."""

    added: int
    changed: int
    removed: int


class VersionStore:
    """The versions kept in one `data/` folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def versions(self) -> list[Version]:
        """Every version, oldest first; WorkspaceError when the manifest is damaged or a later program's."""
        path = self.folder / MANIFEST
        if not path.exists():
            return []
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["format"] > FORMAT:
                raise WorkspaceError("manifest_newer", {"path": str(path), "format": content["format"]})
            return [_version(entry) for entry in content["versions"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise WorkspaceError("manifest_damaged", {"path": str(path), "detail": str(error)}) from error

    def find(self, version: str | None = None) -> Version | None:
        """The version called `version`, or the newest; None when there is none. WorkspaceError if unknown."""
        versions = self.versions()
        if version is None:
            return versions[-1] if versions else None
        for candidate in versions:
            if candidate.id == version:
                return candidate
        known = ", ".join(v.id for v in versions[-5:])
        raise WorkspaceError("version_unknown", {"version": version, "known": known})

    def holding(self, digests: Mapping[str, str]) -> Version | None:
        """The newest version with exactly these table digests, as a run's record keeps them, or None."""
        for version in reversed(self.versions()):
            if {name: table.digest for name, table in version.tables.items()} == dict(digests):
                return version
        return None

    def tables(self, version: str | None = None) -> dict[str, pl.DataFrame]:
        """Frames of a version by table name, in declared types, by key. WorkspaceError on a damaged file."""
        found = self.find(version)
        held = found.tables if found else {}
        return {name: self.table(name, stored) for name, stored in held.items() if stored.rows}

    def commit(
        self,
        tables: Mapping[str, pl.DataFrame],
        *,
        at: datetime,
        note: str = "",
        sources: Sequence[tuple[str, str]] = (),
        mode: Mode = "merge",
        base: str | None = None,
    ) -> Version:
        """Make a new version, all or nothing.

        `merge` keeps the rows whose key does not come again; `replace` puts each given table in the place of
        the old one. Tables not given stay as they are. BadData lists tables that are unknown, do not conform
        or repeat a key. WorkspaceError `workspace_locked` when another process is writing. With `base` (a
        version or NO_VERSION) Refused `version_moved` when the newest version is another by now.
        """
        new = _checked(tables)
        with self._writing():
            newest = self.find()
            self.require(base)
            stored = dict(newest.tables) if newest else {}
            for name, frame in new.items():
                old = stored.get(name) if mode == "merge" else None
                merged = _merge(INPUTS[name], self.table(name, old), frame) if old else frame
                if merged.height:
                    stored[name] = self._store(name, merged)
                else:
                    stored.pop(name, None)
            return self._append(stored, at=at, note=note, sources=sources, mode=mode)

    def require(self, base: str | None) -> None:
        """Refused `version_moved` unless `base` is None or names the newest version."""
        newest = self.find()
        held = newest.id if newest else NO_VERSION
        if base not in (None, held):
            raise Refused("version_moved", {"base": base, "newest": held})

    def restore(self, version: str, *, at: datetime, note: str = "") -> Version:
        """A new version equal to an old one; nothing is ever deleted. WorkspaceError if it is unknown."""
        with self._writing():
            old = self.find(version)
            assert old is not None
            for name, stored in old.tables.items():
                self.table(name, stored)
            return self._append(
                dict(old.tables), at=at, note=note, sources=old.sources, mode="restore", restores=old.id
            )

    def difference(self, before: str | None, after: str | None = None) -> dict[str, Change]:
        """Changes by table from version `before` (None: the empty state) to `after` (None: the newest);
        tables without a change are left out."""
        old = self.find(before) if before is not None else None
        new = self.find(after)
        old_tables = old.tables if old else {}
        new_tables = new.tables if new else {}
        changes: dict[str, Change] = {}
        for name in INPUTS:
            was, now = old_tables.get(name), new_tables.get(name)
            if (was.digest if was else None) == (now.digest if now else None):
                continue
            table = INPUTS[name]
            old_frame = self.table(name, was) if was else table.empty()
            new_frame = self.table(name, now) if now else table.empty()
            changes[name] = _compare(table, old_frame, new_frame)
        return changes

    def erase(self, kept: Mapping[str, pl.Expr]) -> int:
        """Remove rows from every version for good, as the law asks where a purpose has ended: of each table
        named those `kept` is not true of. How many rows the newest version lost, or the most any did.

        A version keeps the digests it was known by, so that runs still find what they were made of; the rows
        cannot be had back.
        """
        most = 0
        with self._writing():
            versions: list[Version] = []
            done: dict[tuple[str, str], StoredTable] = {}
            for version in self.versions():
                tables = dict(version.tables)
                lost = 0
                for name, rows in kept.items():
                    stored = tables.get(name)
                    if stored is None or not stored.rows:
                        continue
                    key = (name, stored.file)
                    if key not in done:
                        done[key] = self._without(name, stored, rows)
                    lost += stored.rows - done[key].rows
                    tables[name] = replace(done[key], digest=stored.digest)
                most = max(most, lost)
                versions.append(replace(version, tables=tables))
            if most:
                self._write(versions)
        if most:
            with self._writing():  # what no version names any more goes at once
                pass
        return most

    def _without(self, name: str, stored: StoredTable, kept: pl.Expr) -> StoredTable:
        frame = self.table(name, stored)
        left = frame.filter(kept.fill_null(False))
        if left.height == frame.height:
            return stored
        buffer = io.BytesIO()
        left.write_parquet(buffer, compression="zstd")
        content = buffer.getvalue()
        file = f"{name}-{frame_digest(left)[:16]}.parquet"
        atomic.write_bytes(self.folder / file, content)
        return StoredTable(stored.digest, left.height, file, bytes_digest(content))

    def _write(self, versions: Sequence[Version]) -> None:
        content = {"format": FORMAT, "versions": [_entry(one) for one in versions]}
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        atomic.write_bytes(self.folder / MANIFEST, text.encode())

    def _writing(self) -> _Writing:
        return _Writing(self)

    def table(self, name: str, stored: StoredTable) -> pl.DataFrame:
        """One table of a version, in declared types, by key. WorkspaceError on a damaged file."""
        path = self.folder / stored.file
        try:
            content = path.read_bytes()
            if bytes_digest(content) != stored.file_digest:
                raise WorkspaceError("table_damaged", {"path": str(path), "table": name})
            frame = pl.read_parquet(io.BytesIO(content))
        except (OSError, pl.exceptions.PolarsError) as error:
            raise WorkspaceError("table_damaged", {"path": str(path), "table": name}) from error
        declared = [column for column in frame.columns if column in INPUTS[name].names]
        return INPUTS[name].conform(frame.select(declared))

    def _store(self, name: str, frame: pl.DataFrame) -> StoredTable:
        digest = frame_digest(frame)
        for version in reversed(self.versions()):
            known = version.tables.get(name)
            whole = known is not None and known.rows == frame.height  # not one of which rows were erased
            if known and whole and known.digest == digest and (self.folder / known.file).exists():
                return known
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd")
        content = buffer.getvalue()
        file = f"{name}-{digest[:16]}.parquet"
        atomic.write_bytes(self.folder / file, content)
        return StoredTable(digest, frame.height, file, bytes_digest(content))

    def _append(
        self,
        stored: dict[str, StoredTable],
        *,
        at: datetime,
        note: str,
        sources: Sequence[tuple[str, str]],
        mode: str,
        restores: str = "",
    ) -> Version:
        versions = self.versions()
        ordered = {name: stored[name] for name in INPUTS if name in stored}
        stamp = at.isoformat(timespec="seconds")
        version = Version(
            f"v{len(versions) + 1:04d}",
            stamp,
            note,
            mode,
            tuple((name, digest) for name, digest in sources),
            ordered,
            restores,
        )
        self._write([*versions, version])
        return version


class _Writing:
    """Hold the lock and clear away what a killed writer left."""

    def __init__(self, store: VersionStore) -> None:
        self.store = store
        self.lock = atomic.lock(store.folder / ".lock")

    def __enter__(self) -> None:
        self.lock.__enter__()
        try:
            atomic.remove_partial(self.store.folder)
            named = {table.file for version in self.store.versions() for table in version.tables.values()}
            for path in self.store.folder.glob("*.parquet"):
                match = _TABLE_FILE.fullmatch(path.name)
                if match and match[1] in INPUTS and path.name not in named:
                    path.unlink(missing_ok=True)
        except BaseException:
            self.lock.__exit__(None, None, None)
            raise

    def __exit__(self, *error: Any) -> None:
        self.lock.__exit__(*error)


def _checked(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Conformed frames in declared order; BadData with every fault at once."""
    faults: list[Finding] = []
    new: dict[str, pl.DataFrame] = {}
    for name in tables:
        if name not in INPUTS:
            faults.append(Finding("table_unknown", "error", table=name, parameters={"table": name}))
    for name, table in INPUTS.items():
        if name not in tables:
            continue
        try:
            frame = table.conform(tables[name])
        except (ValueError, pl.exceptions.PolarsError) as error:
            parameters = {"table": name, "detail": str(error).splitlines()[0]}
            faults.append(Finding("table_unfit", "error", table=name, parameters=parameters))
            continue
        repeated = frame.height - frame.select(table.key).n_unique() if frame.height else 0
        if repeated:
            parameters = {"table": name, "count": repeated, "key": ", ".join(table.key)}
            faults.append(Finding("table_repeats_key", "error", table=name, parameters=parameters))
        new[name] = frame
    if faults:
        raise BadData("commit_refused", {"count": len(faults)}, faults)
    return new


def _merge(table: Table, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    kept = old.join(new, on=list(table.key), how="anti", nulls_equal=True)
    return table.conform(pl.concat([kept, new]))


def _compare(table: Table, old: pl.DataFrame, new: pl.DataFrame) -> Change:
    key = list(table.key)
    added = new.join(old, on=key, how="anti", nulls_equal=True).height
    removed = old.join(new, on=key, how="anti", nulls_equal=True).height
    same = new.join(old, on=table.names, how="semi", nulls_equal=True).height
    return Change(added, new.height - added - same, removed)


def _entry(version: Version) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": version.id,
        "at": version.at,
        "note": version.note,
        "mode": version.mode,
        "sources": [list(source) for source in version.sources],
        "tables": {
            name: {"digest": t.digest, "rows": t.rows, "file": t.file, "file_digest": t.file_digest}
            for name, t in version.tables.items()
        },
    }
    return entry | ({"restores": version.restores} if version.restores else {})


def _version(entry: Mapping[str, Any]) -> Version:
    tables = {name: StoredTable(**stored) for name, stored in entry["tables"].items() if name in INPUTS}
    for stored in tables.values():
        if not _TABLE_FILE.fullmatch(stored.file):  # a manifest must not lead outside its folder
            raise ValueError(f"file name {stored.file!r}")
    sources = tuple((str(name), str(digest)) for name, digest in entry["sources"])
    return Version(
        entry["id"], entry["at"], entry["note"], entry["mode"], sources, tables, entry.get("restores", "")
    )
