"""Writing so that a killed process leaves either the old file or the new one, and one writer at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from junheng.model.errors import WorkspaceError

PARTIAL = ".partial-"
"""Prefix of files that a killed writer may leave; nothing reads them and the next writer removes them."""

try:
    import fcntl
except ImportError:  # Windows has no flock; its byte-range lock is as good for one byte
    fcntl = None
    import msvcrt


def write_bytes(path: Path, content: bytes, *, private: bool = False) -> None:
    """Replace `path` by `content` in one step, on disk before it is named. A `private` file is read by its
    owner alone, from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=PARTIAL, dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.chmod(0o600 if private else 0o644)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on disk, where the system lets a folder be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_partial(folder: Path) -> None:
    """Remove what an earlier, killed writer left in `folder`. Call it only while holding the lock."""
    for path in folder.glob(f"{PARTIAL}*"):
        if path.is_file():
            path.unlink(missing_ok=True)


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the one writer's lock; WorkspaceError `workspace_locked` when another process has it.

    The system frees the lock when its holder ends, however it ends, so no lock is ever left behind. A disk
    that is full or may not be written, met while holding it, becomes WorkspaceError `workspace_unwritable`.
    """
    folder = path.parent.parent
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise WorkspaceError("workspace_unwritable", {"path": str(folder), "detail": str(error)}) from error
    try:
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            else:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # pyright: ignore
        except OSError as error:
            raise WorkspaceError("workspace_locked", {"path": str(folder)}) from error
        try:
            yield
        except OSError as error:
            raise WorkspaceError(
                "workspace_unwritable", {"path": str(folder), "detail": str(error)}
            ) from error
    finally:
        os.close(handle)
