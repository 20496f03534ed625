"""The answer to three plain tables as four files: the same input gives the same bytes, and a killed writer
leaves either nothing, or files whose digests tell that they do not belong together.

Plain UTF-8 and line feeds, identifiers exactly as they came: these files are read by programs.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from junheng.admission.reason_words import worded
from junheng.admission.result import AdmissionResult
from junheng.data.atomic import PARTIAL, sync_folder
from junheng.model.errors import Refused, VerificationFailed, WorkspaceError

SUMMARY = "summary.json"


def write_folder(folder: Path, result: AdmissionResult) -> None:
    """Write `assignment.csv`, `reasons.csv`, `cutoffs.csv` and `summary.json`, which holds the digests of the
    others, side by side and put them in place at once; a folder that is there keeps its other files.

    Raises VerificationFailed `admission.not_proved` when the result fails its own check, Refused
    `admission.out_is_file` and WorkspaceError `admission.out_unwritable`."""
    if failed := result.check():
        raise VerificationFailed("admission.not_proved", {"what": ", ".join(failed)})
    if folder.exists() and not folder.is_dir():
        raise Refused("admission.out_is_file", {"path": str(folder)})
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=folder if folder.exists() else folder.parent))
        try:
            names = _fill(partial, result)
            sync_folder(partial)
            if folder.exists():
                (folder / SUMMARY).unlink(missing_ok=True)
                for name in names:
                    (partial / name).replace(folder / name)
            else:
                partial.chmod(0o755)
                partial.replace(folder)
            sync_folder(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise WorkspaceError(
            "admission.out_unwritable", {"path": str(folder), "detail": error.strerror or str(error)}
        ) from error


def _fill(folder: Path, result: AdmissionResult) -> list[str]:
    """Write the files, the summary last; returns their names."""
    digests: dict[str, str] = {}
    parts: dict[str, Iterable[pl.DataFrame]] = {
        **{name: [frame] for name, frame in result.tables.items()},
        "reasons": map(worded, result.reasons()),
    }
    for name, frames in sorted(parts.items()):
        state = hashlib.sha256()
        with (folder / f"{name}.csv").open("wb") as stream:
            for number, frame in enumerate(frames):
                content = io.BytesIO()
                frame.write_csv(content, include_header=number == 0)
                state.update(content.getbuffer())
                stream.write(content.getbuffer())
        digests[f"{name}.csv"] = state.hexdigest()
    summary: dict[str, Any] = {**result.summary(), "sha256": digests}
    (folder / SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [*digests, SUMMARY]
