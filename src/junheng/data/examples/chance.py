"""Chance that a seed decides: one stream for each purpose, so that a new use changes no other draw."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """The generator of one purpose under a seed, the same on every machine and in every order of use."""
    words = [zlib.crc32(str(part).encode()) for part in purpose]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
