"""Priority keys (录取排序): what decides before the child's own number, packed above the pool into one word.

Narrow words (32 bits) where at most 128 levels exist, 64 bits otherwise; chosen by need, never cut silently.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import TAIL, Words

MOST = 1 << TAIL
"""Most children, and most pools, of one market."""
_NARROW = 1 << (31 - TAIL)
_WIDE = 1 << (63 - TAIL)


@dataclass(frozen=True, slots=True)
class Keys:
    """`words` for the kernel; a level decodes to the fields it was made of: level = `first` + band × `span`
    + (field − `lowest`), or, where fields are too wide, row `level - first` of `ranked` (band, field).
    `banded`: the band leads. `coarse`: number of the (band, field) of each level where levels hold tickets
    too."""

    words: Words
    first: int
    span: int
    lowest: int
    banded: bool = False
    ranked: NDArray[np.int64] | None = None
    coarse: NDArray[np.int64] | None = None

    def classes(self, level: NDArray[np.int64]) -> NDArray[np.int64]:
        """Levels without what a ticket at the programme adds: equal where nothing but tickets parts them."""
        return level if self.coarse is None else self.coarse[np.maximum(level, 0)]

    def fields(self, level: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(band, field) of levels, as they were given."""
        plain = np.maximum(level - self.first, 0)
        if self.ranked is not None:
            pairs = self.ranked[plain]
            return pairs[:, 0], pairs[:, 1]
        return plain // self.span, plain % self.span + self.lowest


def keys(
    pool: NDArray[np.int32],
    band: NDArray[np.int64] | None,
    field: NDArray[np.int64] | None,
    guaranteed: NDArray[np.bool_] | None = None,
) -> Keys:
    """Words of applications: smaller band first, then smaller `field`; where `guaranteed` is given, level
    0 is kept for its rows. OverflowError when fields are wider than the widest form."""
    first = 0 if guaranteed is None else 1
    rows = pool.size
    bands = int(band.max()) + 1 if band is not None and rows else 1
    lowest = int(field.min()) if field is not None and rows else 0
    span = int(field.max()) - lowest + 1 if field is not None and rows else 1
    ranked: NDArray[np.int64] | None = None
    if first + bands * span <= _WIDE:
        level = np.zeros(rows, np.int64) if field is None else field - lowest
        if band is not None:
            level = level + band * span
    else:
        level, ranked = _ranked(band, field, rows)
        span, lowest = 1, 0
    level = level + first
    if guaranteed is not None:
        level = np.where(guaranteed, 0, level)
    highest = int(level.max()) if rows else 0
    if highest >= _WIDE:
        raise OverflowError(f"{highest} levels")
    if highest < _NARROW:
        return Keys(pool | (level << TAIL).astype(np.int32), first, span, lowest, band is not None, ranked)
    return Keys(pool | (level << TAIL), first, span, lowest, band is not None, ranked)


def _ranked(
    band: NDArray[np.int64] | None, field: NDArray[np.int64] | None, rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    pairs = pl.DataFrame(
        {
            "band": np.zeros(rows, np.int64) if band is None else band,
            "field": np.zeros(rows, np.int64) if field is None else field,
        }
    )
    distinct = pairs.unique().sort("band", "field").with_row_index("level")
    level = pairs.join(distinct, on=["band", "field"], how="left", maintain_order="left")["level"]
    return level.cast(pl.Int64).to_numpy(), distinct.select("band", "field").to_numpy()
