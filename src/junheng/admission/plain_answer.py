"""The answer to three plain tables as four files: the same input gives the same bytes, and a killed writer
leaves either nothing, or files whose digests tell that they do not belong together.

Plain UTF-8 and line feeds, identifiers exactly as they came: these files are read by programs.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import string
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from junheng.admission.messages import MESSAGES
from junheng.admission.reasons import CODES
from junheng.admission.result import AdmissionResult
from junheng.data.atomic import PARTIAL, sync_folder
from junheng.model.errors import Refused, VerificationFailed, WorkspaceError

SUMMARY = "summary.json"


def files_of(result: AdmissionResult) -> dict[str, bytes]:
    """`assignment.csv`, `reasons.csv`, `cutoffs.csv` and `summary.json`, which holds the digests of the
    others.

    Raises VerificationFailed `admission.not_proved` when the result fails its own check."""
    if failed := result.check():
        raise VerificationFailed("admission.not_proved", {"what": ", ".join(failed)})
    tables = {**result.tables, "reasons": worded(result.tables["reasons"])}
    files = {f"{name}.csv": frame.write_csv().encode() for name, frame in tables.items()}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    summary: dict[str, Any] = {**result.summary(), "sha256": digests}
    files[SUMMARY] = (json.dumps(summary, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def worded(reasons: pl.DataFrame) -> pl.DataFrame:
    """Reasons with their sentence in both languages."""
    sentences: list[pl.Expr] = []
    for language, name in enumerate(("zh", "en")):
        chosen: Any = pl
        for code in CODES:
            template = MESSAGES[f"admission.reason.{code}"][language]
            chosen = chosen.when(pl.col("code") == code).then(_filled(template))
        sentences.append(chosen.otherwise(pl.lit("")).alias(name))
    return reasons.with_columns(sentences)


def _filled(template: str) -> pl.Expr:
    parts = list(string.Formatter().parse(template))
    fields = [pl.col(name).cast(pl.String) for _, name, _, _ in parts if name]
    plain = "".join(text + ("{}" if name else "") for text, name, _, _ in parts)
    return pl.format(plain, *fields) if fields else pl.lit(plain)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files side by side and put them in place at once; a folder that is there keeps its other
    files.

    Raises Refused `admission.out_is_file` and WorkspaceError `admission.out_unwritable`."""
    if folder.exists() and not folder.is_dir():
        raise Refused("admission.out_is_file", {"path": str(folder)})
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=folder if folder.exists() else folder.parent))
        try:
            for name, content in files.items():
                (partial / name).write_bytes(content)
            sync_folder(partial)
            if folder.exists():
                (folder / SUMMARY).unlink(missing_ok=True)
                for name in sorted(files, key=lambda name: name == SUMMARY):
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
