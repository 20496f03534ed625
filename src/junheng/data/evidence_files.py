"""The files behind evidence, in `evidence/` of a workspace: what their content is today."""

from __future__ import annotations

from junheng.data.digest import bytes_digest
from junheng.data.workspace import Workspace

FOLDER = "evidence"


def digests(workspace: Workspace) -> dict[str, str] | None:
    """File name -> SHA-256 of each file in the evidence folder; None when the workspace keeps none there.

    Only plain files directly in the folder count; nothing outside it is read.
    """
    folder = workspace.path / FOLDER
    if not folder.is_dir():
        return None
    return {
        path.name: bytes_digest(path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.is_symlink()
    }
