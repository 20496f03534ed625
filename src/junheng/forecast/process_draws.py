"""Shocks that belong to a key, never to a place in a stream (counter-based generation).

A shock is a pure function of (seed, component, unit, year, grade, draw): a new unit, a lever, a longer
horizon,
another order of rows or threads changes no other shock. The mixing is that of SplitMix64 (Steele, Lea
and Flood
2014), applied as a hash of the key; normals by Box and Muller. Draws come in antithetic pairs (d, d +
D/2), so
that the middle of the draws is the central path whatever their number.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import gammaincinv

Shocks = NDArray[np.float32]
_MASK = (1 << 64) - 1
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def key(seed: int, component: str, code: str = "", year: int = 0) -> int:
    """A 64-bit key: the same for the same words on every machine."""
    text = f"{seed}\x1f{component}\x1f{code}\x1f{year}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") & _MASK


def keys(seed: int, component: str, codes: tuple[str, ...], years: tuple[int, ...]) -> NDArray[np.uint64]:
    """uint64[U, H]: one key a unit and year."""
    year_part = np.array([key(0, "year", "", year) for year in years], dtype=np.uint64)
    unit_part = np.array([key(seed, component, code) for code in codes], dtype=np.uint64)
    with np.errstate(over="ignore"):
        return unit_part[:, None] ^ (year_part[None, :] * _GOLDEN)


@njit(cache=True)
def _mix(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@njit(cache=True)
def _pair(code: np.uint64, count: np.uint64) -> tuple[float, float]:
    """Two independent standard normals of the count-th pair of a key."""
    one = _mix(code + (np.uint64(2) * count + np.uint64(1)) * _GOLDEN)
    two = _mix(code + (np.uint64(2) * count + np.uint64(2)) * _GOLDEN)
    first = (float(one >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)
    angle = float(two >> np.uint64(11)) * (6.283185307179586 / 9007199254740992.0)
    radius = np.sqrt(-2.0 * np.log(first))
    return radius * np.cos(angle), radius * np.sin(angle)


@njit(cache=True)
def fill(code: np.uint64, out: Shocks) -> None:
    """Standard normals of one key into `out` float32[D]; the second half mirrors the first.

    The i-th shock does not depend on D: fewer draws are the first and the mirrored part of more.
    """
    count = out.shape[0]
    half = (count + 1) // 2
    for pair in range((half + 1) // 2):
        first, second = _pair(code, np.uint64(pair))
        out[2 * pair] = first
        if 2 * pair + 1 < half:
            out[2 * pair + 1] = second
    for draw in range(half, count):
        out[draw] = -out[draw - half]


@njit(cache=True)
def _fill_all(codes: NDArray[np.uint64], out: Shocks) -> None:
    for unit in range(codes.shape[0]):
        for year in range(codes.shape[1]):
            fill(codes[unit, year], out[unit, year])


def normals(seed: int, component: str, codes: tuple[str, ...], years: tuple[int, ...], draws: int) -> Shocks:
    """float32[U, H, D]: independent standard normals by unit, year and draw."""
    return normals_of(keys(seed, component, codes, years), draws)


def normals_of(codes: NDArray[np.uint64], draws: int) -> Shocks:
    """float32[U, H, D]: independent standard normals by key [U, H] and draw."""
    out = np.empty((*codes.shape, draws), dtype=np.float32)
    if draws:
        _fill_all(codes, out)
    return out


def tail_weights(seed: int, draws: int, freedom: float) -> Shocks:
    """float32[D]: one factor a draw that turns normal deviations into Student t with `freedom` degrees.

    sqrt((freedom - 2) / chi2): the variance stays one, mirrored draws share a factor. Evenly spaced
    quantiles in
    a keyed order keep the tails the same for every seed.
    """
    if not np.isfinite(freedom):
        return np.ones(draws, dtype=np.float32)
    half = (draws + 1) // 2
    order = np.argsort(normals(seed, "tail", ("",), (0,), 2 * half)[0, 0, :half], kind="stable")
    levels = (np.arange(half) + 0.5) / half
    factors = np.empty(half)
    factors[order] = np.sqrt((freedom - 2.0) / (2.0 * gammaincinv(freedom / 2.0, levels)))
    factors /= np.sqrt(np.mean(factors**2))
    return np.concatenate([factors, factors[: draws - half]]).astype(np.float32)
