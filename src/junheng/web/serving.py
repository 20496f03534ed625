"""The request being served, for what is written down about it: address, id. Empty in a worker."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Serving:
    """Where a request comes from."""

    id: str = ""
    address: str = ""


_current: ContextVar[Serving] = ContextVar("serving", default=Serving())  # noqa: B039 - frozen


def current() -> Serving:
    """What is being served now."""
    return _current.get()


def serve(serving: Serving) -> None:
    """Say what is being served from here on in this context."""
    _current.set(serving)
