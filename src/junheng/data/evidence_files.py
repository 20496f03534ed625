"""The files behind evidence: what their content is today.

A workspace may keep them itself, directly in `evidence/`. Files brought in the browser lie where the desk put
them, a folder a piece of evidence, and their rows name them `<evidence id>/<file>`.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from junheng.data.digest import bytes_digest
from junheng.data.workspace import Workspace

FOLDER = "evidence"
DESK_FOLDER = "desk/assessment_evidence"


def digests(workspace: Workspace, evidence: pl.DataFrame | None = None) -> dict[str, str] | None:
    """File name -> SHA-256 of each file there is; None when neither workspace nor desk holds any.

    Only plain files count; nothing outside these folders is read. Where the workspace keeps no folder of its
    own, the files of its rows in `evidence` (the table) are elsewhere and taken at the digest stored with
    them; those the desk brought never are.
    """
    own = workspace.path / FOLDER
    brought = _brought(workspace.path / DESK_FOLDER)
    if own.is_dir():
        return _of(own) | brought
    rows = [] if evidence is None else evidence.select("evidence_id", "file_name", "file_sha256").to_dicts()
    ours = [row for row in rows if desk_file(row["evidence_id"], row["file_name"] or "")]
    if not brought and not ours:
        return None
    elsewhere = {row["file_name"]: row["file_sha256"] for row in rows if row not in ours}
    return {name: digest for name, digest in elsewhere.items() if name and digest} | brought


def desk_file(evidence_id: str, file_name: str) -> bool:
    """Whether a row's file is one that was brought in the browser."""
    return file_name.startswith(f"{evidence_id}/")


def _brought(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        return {}
    found = [one for one in sorted(folder.iterdir()) if one.is_dir() and not one.is_symlink()]
    return {f"{one.name}/{name}": digest for one in found for name, digest in _of(one).items()}


def _of(folder: Path) -> dict[str, str]:
    """Plain files directly in a folder, with their digests."""
    return {
        path.name: bytes_digest(path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.is_symlink()
    }
