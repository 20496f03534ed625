"""How often a code may be tried: counters of this one process, for each address and for each entry.

Wrong codes count against an address, since a whole school may share one; all tries count against it and
against the entry far more loosely. Nothing is kept but when the tries of the last minute were.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

WRONG, TRIES, ENTRY = "wrong", "tries", "entry"
LIMITS = {WRONG: 10, TRIES: 120, ENTRY: 1200}
"""Tries a minute: wrong ones and all of an address, all of an entry."""
WINDOW = 60.0
MOST_KEYS = 50_000


class Limiter:
    """Times of the tries of the last minute by kind and key; the longest unused are forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._tries: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def wait(self, *asked: tuple[str, str]) -> int:
        """Whole seconds until all of these kinds and keys may be tried again, 0 for at once."""
        now = self._clock()
        with self._lock:
            left = [self._left(one, now) for one in asked]
        return max(left)

    def count(self, *tried: tuple[str, str]) -> None:
        """Note a try."""
        now = self._clock()
        with self._lock:
            for one in tried:
                self._tries.setdefault(one, deque(maxlen=LIMITS[one[0]])).append(now)
                self._tries.move_to_end(one)
            while len(self._tries) > MOST_KEYS:
                self._tries.popitem(last=False)

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._tries.clear()

    def _left(self, one: tuple[str, str], now: float) -> int:
        times = self._tries.get(one)
        if times is None or len(times) < LIMITS[one[0]] or now - times[0] >= WINDOW:
            return 0
        return max(1, int(WINDOW - (now - times[0]) + 0.999))


LIMITER = Limiter()


def address(request: HttpRequest) -> str:
    """Where a request comes from: what the outermost of our own proxies saw, never what the client wrote
    before it. Of IPv6 the network of one customer counts."""
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    text = request.META.get("REMOTE_ADDR") or ""
    if 0 < settings.PROXIES <= len(named):
        text = named[-settings.PROXIES].strip()
    try:
        found = ip_address(text)
    except ValueError:
        return text[:60]
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return found.exploded[:19]
    return str(found)
