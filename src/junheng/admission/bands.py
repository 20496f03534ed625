"""Bands of choices (志愿组): immediate acceptance and parallel choices are deferred acceptance on keys that
the band of the choice leads (Chen & Kesten 2017). No second kernel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def band_of_choice(sizes: Sequence[int], longest: int) -> NDArray[np.int64]:
    """Band, from 0, of choice 1, 2, … `longest`. The last size goes on to the end of every list: (3,) is
    bands of three, (1, 3) one first choice and then threes, (1,) immediate acceptance. ValueError unless
    sizes are at least 1 and there is one."""
    if not sizes or min(sizes) < 1:
        raise ValueError(f"band sizes {list(sizes)}")
    bands: list[int] = []
    for band in range(longest):
        if len(bands) >= longest:
            break
        bands += [band] * min(sizes[min(band, len(sizes) - 1)], longest - len(bands))
    return np.array(bands, dtype=np.int64)
