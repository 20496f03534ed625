"""One writing for every file of a draw: UTF-8, line feeds, keys sorted, so that the same draw gives the same
bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """JSON as the verifier writes it again to compare."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def csv_bytes(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Plain CSV; missing values are blank."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return stream.getvalue().encode()


def two_columns(heading: tuple[str, str], one: Sequence[str], other: Sequence[str]) -> bytes:
    """What `csv_bytes` gives for two columns of text, sooner where nothing needs quotes."""
    rows = [f"{a},{b}" for a, b in zip(one, other, strict=True)]
    text = "\n".join((",".join(heading), *rows, ""))
    if '"' in text or "\r" in text or text.count(",") > len(rows) + 1 or text.count("\n") > len(rows) + 1:
        return csv_bytes(heading, zip(one, other, strict=True))
    return text.encode()


def digest(content: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()
