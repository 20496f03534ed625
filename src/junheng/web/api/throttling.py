"""How often one may ask: counted for each person or token over all processes."""

from __future__ import annotations

import math

from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle


class PerCaller(SimpleRateThrottle):
    """A number of requests in a time for each token and each person's session."""

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """One counter a caller; authentication has named it."""
        return f"api-rate-{getattr(request, 'api_caller', '')}"

    def wait(self) -> float | None:
        """Whole seconds until the oldest request counted is out of the time."""
        if not self.history:
            return None
        return math.ceil(max(1.0, (self.duration or 0) - (self.now - self.history[-1])))
