"""The five mechanisms over one market, each with the keys it goes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from junheng.admission.bands import band_of_choice
from junheng.admission.deferred_acceptance import deferred_acceptance
from junheng.admission.priority import Keys
from junheng.admission.problem import Market
from junheng.admission.serial_dictatorship import serial_dictatorship
from junheng.admission.top_trading_cycles import Trades, top_trading_cycles
from junheng.model.errors import Refused

Mechanism = Literal["da", "ia", "parallel", "sd", "ttc"]
MECHANISMS: tuple[str, ...] = get_args(Mechanism)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`held`: row of the application each child holds, `start[child + 1]` where none. `keys` are those the
    mechanism went by; `trades` only of trading cycles."""

    held: NDArray[np.int64]
    keys: Keys
    trades: Trades | None = None


def order_of(market: Market, mechanism: Mechanism, bands: Sequence[int] = ()) -> Keys:
    """Keys a mechanism goes by: the band of the choice first (`ia`, `parallel`), then priority, then ticket;
    `sd` has one common order and goes by ticket alone.

    Refused `admission.bands_needed` for `parallel` without bands, `admission.bands_unused` for bands given to
    another mechanism, `admission.bands_wrong` for a size below 1, `admission.mechanism_unknown`.
    """
    if mechanism not in MECHANISMS:
        raise Refused("admission.mechanism_unknown", {"value": mechanism, "known": ", ".join(MECHANISMS)})
    if mechanism == "parallel" and not bands:
        raise Refused("admission.bands_needed")
    if mechanism != "parallel" and bands:
        raise Refused("admission.bands_unused", {"mechanism": mechanism})
    if any(size < 1 for size in bands):
        raise Refused("admission.bands_wrong", {"value": ",".join(map(str, bands))})
    if mechanism in ("ia", "parallel"):
        return market.keys(band_of_choice(bands or (1,), market.longest))
    return market.keys(by_ticket_alone=mechanism == "sd")


def run(market: Market, mechanism: Mechanism, keys: Keys) -> Outcome:
    """Assign by `keys` of `order_of`."""
    if mechanism == "ttc":
        trades = top_trading_cycles(market.seats, market.start, keys.words)
        return Outcome(trades.held, keys, trades)
    if mechanism == "sd":
        return Outcome(serial_dictatorship(market.seats, market.start, keys.words), keys)
    return Outcome(deferred_acceptance(market.seats, market.start, keys.words), keys)
