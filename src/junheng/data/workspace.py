"""The workspace on disk: `region.toml`, `data/` (dated versions), `runs/`, `rules/`, `maps/areas.geojson`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from junheng.data import atomic, region_file
from junheng.data.digest import bytes_digest
from junheng.data.versions import Change, Mode, Version, VersionStore
from junheng.model import Region
from junheng.model.errors import WorkspaceError

_BOUNDARIES = Path("maps") / "areas.geojson"


@dataclass(frozen=True, slots=True)
class Workspace:
    """One region's folder. Make it with `create` or `open`."""

    path: Path
    region: Region

    @classmethod
    def create(cls, path: Path | str, region: Region) -> Workspace:
        """A new workspace in `path`; WorkspaceError when the folder holds one or cannot be written."""
        folder = Path(path)
        if (folder / region_file.NAME).exists():
            raise WorkspaceError("workspace_exists", {"path": str(folder)})
        try:
            for name in ("data", "runs"):
                (folder / name).mkdir(parents=True, exist_ok=True)
            region_file.write(folder / region_file.NAME, region)
        except OSError as error:
            raise WorkspaceError(
                "workspace_unwritable", {"path": str(folder), "detail": str(error)}
            ) from error
        return cls(folder, region)

    @classmethod
    def open(cls, path: Path | str) -> Workspace:
        """The workspace in `path`; WorkspaceError when there is none or region.toml cannot be read."""
        folder = Path(path)
        if not (folder / region_file.NAME).is_file():
            raise WorkspaceError("workspace_missing", {"path": str(folder)})
        return cls(folder, region_file.read(folder / region_file.NAME))

    @property
    def store(self) -> VersionStore:
        """The dated versions under `data/`."""
        return VersionStore(self.path / "data")

    @property
    def runs(self) -> Path:
        """Folder of stored runs."""
        return self.path / "runs"

    def tables(self, version: str | None = None) -> dict[str, pl.DataFrame]:
        """Frames by table name, of the newest version or the one named; a table without rows is absent."""
        return self.store.tables(version)

    def versions(self) -> list[Version]:
        """Every version, oldest first."""
        return self.store.versions()

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
        """Make a new version of the tables, all or nothing; see `VersionStore.commit`."""
        return self.store.commit(tables, at=at, note=note, sources=sources, mode=mode, base=base)

    def restore(self, version: str, *, at: datetime, note: str = "") -> Version:
        """Make a new version equal to an old one."""
        return self.store.restore(version, at=at, note=note)

    def difference(self, before: str | None, after: str | None = None) -> dict[str, Change]:
        """Rows added, changed and removed by table between two versions."""
        return self.store.difference(before, after)

    def digests(self, version: str | None = None) -> dict[str, str]:
        """SHA-256 of each table's content, free of row order; plus `boundaries` when the region has a map and
        the newest version is asked for."""
        found = self.store.find(version)
        digests = {name: table.digest for name, table in found.tables.items()} if found else {}
        boundaries = self.path / _BOUNDARIES
        if version is None and boundaries.is_file():
            digests["boundaries"] = bytes_digest(boundaries.read_bytes())
        return digests

    def boundaries(self) -> dict[str, Any] | None:
        """The areas' polygons as a GeoJSON FeatureCollection (WGS-84, property `area_code`), or None."""
        path = self.path / _BOUNDARIES
        if not path.is_file():
            return None
        try:
            content = json.loads(path.read_text(encoding="utf-8-sig"))
            if content["type"] != "FeatureCollection" or not isinstance(content["features"], list):
                raise ValueError("not a FeatureCollection")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WorkspaceError(
                "boundaries_unreadable", {"path": str(path), "detail": str(error)}
            ) from error
        return content

    def set_boundaries(self, geojson: Mapping[str, Any]) -> None:
        """Keep the areas' polygons, replacing those there were. The map is not part of the dated versions."""
        text = json.dumps(geojson, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        with atomic.lock(self.path / "data" / ".lock"):
            atomic.write_bytes(self.path / _BOUNDARIES, (text + "\n").encode())

    def rule_folders(self) -> list[Path]:
        """The region's own rule files, if it has any: stricter local standards for `rules.load`."""
        folder = self.path / "rules"
        return [folder] if folder.is_dir() else []
