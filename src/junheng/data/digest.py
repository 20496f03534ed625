"""Canonical fingerprints: what a table holds, whatever its row order, column order or file format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Protocol

import numpy as np
import polars as pl


def frame_digest(frame: pl.DataFrame) -> str:
    """SHA-256 (hex) of a frame's content.

    Neither row order, column order nor the width of numbers counts. A column without any value counts as
    absent, so that a later declaration of an optional column leaves old digests as they are. Repeated rows
    count as often as they stand. NaN is one value and -0.0 is 0.0.
    """
    columns = {
        name: _plain(frame.get_column(name))
        for name in sorted(frame.columns)
        if frame.get_column(name).null_count() < frame.height
    }
    ordered = pl.DataFrame(columns)
    if columns:
        ordered = ordered.sort(list(columns), nulls_last=False)
    state = hashlib.sha256(f"frame 1 {frame.height}\n".encode())
    for name in ordered.columns:
        _feed(state, name, ordered.get_column(name))
    return state.hexdigest()


def bytes_digest(content: bytes) -> str:
    """SHA-256 (hex) of raw bytes."""
    return hashlib.sha256(content).hexdigest()


class Hash(Protocol):
    """What a running digest takes."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""
        ...


def combined(digests: Mapping[str, str]) -> str:
    """One SHA-256 (hex) for several named digests, whatever their order."""
    lines = "".join(f"{name}={digests[name]}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


def _plain(series: pl.Series) -> pl.Series:
    """The column in one of four plain types: text, 64-bit integer, 64-bit float, days since 1970."""
    kind = series.dtype
    if kind.is_float():
        number = pl.col(series.name)
        plain = pl.when(number == 0.0).then(0.0).otherwise(number).fill_nan(float("nan"))
        return series.cast(pl.Float64).to_frame().select(plain.alias(series.name)).to_series()
    if kind == pl.Boolean or kind.is_integer():
        return series.cast(pl.Int64)
    if kind == pl.Date:
        return series.cast(pl.Int32).cast(pl.Int64)
    return series.cast(pl.String)


def _feed(state: Hash, name: str, series: pl.Series) -> None:
    tag = "f" if series.dtype == pl.Float64 else "i" if series.dtype == pl.Int64 else "s"
    state.update(f"{name}\0{tag}\n".encode())
    state.update(np.packbits(series.is_null().to_numpy()).tobytes())
    if tag == "f":
        state.update(series.fill_null(0.0).to_numpy().astype("<f8").tobytes())
    elif tag == "i":
        state.update(series.fill_null(0).to_numpy().astype("<i8").tobytes())
    else:
        text = series.fill_null("")
        state.update(text.str.len_bytes().to_numpy().astype("<i8").tobytes())
        state.update("".join(text.to_list()).encode())
