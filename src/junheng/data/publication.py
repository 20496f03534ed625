"""What is published to everyone: editions in folders of their own, and the name of the one that is current.

`<workspace>/public/<edition>/` holds an edition's files; `<workspace>/public/current` names the one shown.
An edition is never changed: it is written beside, named in one step, and shown by replacing the small file
`current` in one step. The folder can be carried to another machine as it is.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from junheng.data import atomic
from junheng.model.errors import Refused, WorkspaceError

FOLDER = "public"
CURRENT = "current"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition: its name, the day it was made for, the run behind it, the joint digest."""

    name: str
    published: str
    run: str
    head: str
    files: int
    current: bool


def write(workspace: Path, name: str, files: Mapping[str, bytes]) -> Edition:
    """Keep an edition under `name`. The same files again are the same edition; Refused
    `publication_differs` when the name is taken by other files, `publication_path` for a path that leaves
    its folder. `files` must hold the manifest."""
    folder = workspace / FOLDER
    for path in (name, *files):
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\\" in path:
            raise Refused("publication_path", {"path": path})
    target = folder / name
    with atomic.lock(folder / ".lock"):
        if target.is_dir():
            if (target / MANIFEST).read_bytes() != files[MANIFEST]:
                raise Refused("publication_differs", {"name": name})
            return _read(target, current(workspace))
        for left in folder.glob(f"{atomic.PARTIAL}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=atomic.PARTIAL, dir=folder) as made:
            inner = Path(made) / "edition"
            for path, content in files.items():
                atomic.write_bytes(inner / path, content)
            inner.rename(target)
        atomic.sync_folder(folder)
    return _read(target, current(workspace))


def show(workspace: Path, name: str) -> None:
    """Make an edition the current one. Refused `publication_unknown` when there is none of that name,
    `publication_damaged` when its files are not those of its manifest."""
    folder = workspace / FOLDER / name
    if not _plain(name) or not (folder / MANIFEST).is_file():
        raise Refused("publication_unknown", {"name": name})
    if wrong := damaged(folder):
        raise Refused("publication_damaged", {"name": name, "path": wrong[0]})
    with atomic.lock(workspace / FOLDER / ".lock"):
        atomic.write_bytes(workspace / FOLDER / CURRENT, f"{name}\n".encode())


def withdraw(workspace: Path) -> str:
    """Show nothing from now on; the editions are kept. Returns the name of the one that was shown."""
    shown = current(workspace)
    if shown:
        with atomic.lock(workspace / FOLDER / ".lock"):
            atomic.write_bytes(workspace / FOLDER / CURRENT, b"\n")
    return shown


def current(workspace: Path) -> str:
    """Name of the edition shown, "" for none."""
    try:
        return (workspace / FOLDER / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise WorkspaceError(
            "workspace_unwritable", {"path": str(workspace), "detail": str(error)}
        ) from error


def editions(workspace: Path) -> list[Edition]:
    """Every edition, the newest first."""
    shown = current(workspace)
    found = [_read(path.parent, shown) for path in (workspace / FOLDER).glob(f"*/{MANIFEST}")]
    return sorted(found, key=lambda one: (one.published, one.name), reverse=True)


def damaged(folder: Path) -> list[str]:
    """Paths of an edition whose content is not what its manifest says."""
    listed: dict[str, str] = json.loads((folder / MANIFEST).read_bytes())["files"]
    return [
        path
        for path, digest in listed.items()
        if not (folder / path).is_file() or hashlib.sha256((folder / path).read_bytes()).hexdigest() != digest
    ]


def head_of(files: Mapping[str, bytes]) -> str:
    """The joint digest an edition of these files states."""
    return str(json.loads(files[MANIFEST])["head"])


def _plain(name: str) -> bool:
    return bool(name) and "/" not in name and "\\" not in name and name not in (".", "..")


def _read(folder: Path, shown: str) -> Edition:
    held = json.loads((folder / MANIFEST).read_bytes())
    return Edition(
        folder.name,
        str(held.get("published", "")),
        str(held.get("run", "")),
        str(held.get("head", "")),
        len(held.get("files", {})),
        folder.name == shown,
    )
