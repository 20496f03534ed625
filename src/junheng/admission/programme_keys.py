"""Keys of a market in which every programme has tickets of its own: they part applications, not children."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import TAIL
from junheng.admission.priority import Keys

_WIDE = 1 << (63 - TAIL)


def keys_apart(
    pool: NDArray[np.int32],
    band: NDArray[np.int64] | None,
    field: NDArray[np.int64] | None,
    ticket: NDArray[np.int64],
) -> Keys:
    """Words of applications that each have a ticket of their own: band, field, then `ticket` (its place).
    OverflowError as of `keys`."""
    columns = {
        "band": np.zeros(pool.size, np.int64) if band is None else band,
        "field": np.zeros(pool.size, np.int64) if field is None else field,
        "ticket": ticket,
    }
    rows = pl.DataFrame(columns)
    distinct = rows.unique().sort("band", "field", "ticket").with_row_index("level")
    if distinct.height >= _WIDE:
        raise OverflowError(f"{distinct.height} levels")
    level = rows.join(distinct, on=list(columns), how="left", maintain_order="left")["level"]
    pairs = distinct.select("band", "field")
    coarse = pairs.select(pl.struct("band", "field").rle_id()).to_series().cast(pl.Int64).to_numpy()
    words = pool | (level.cast(pl.Int64).to_numpy() << TAIL)
    return Keys(words, 0, 1, 0, band is not None, pairs.to_numpy(), coarse)
