"""What waits for whom: rooms and services say it here in `AppConfig.ready`, the desk gathers it.

A to-do is derived anew on each opening from the state of things (a submission that is due, a run to review):
nothing is stored, so nothing can be forgotten or go stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

State = Literal["open", "done"]


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, or done.

    `code` with `parameters` is the sentence (any catalogue of the web); `href` is where it is done; `due` the
    last day, None without one; `unit` names the unit it is about; `at` the day it was done; `action` is the
    code of the word on its button ("" for the desk's own word). `count` when it stands for several things.
    """

    code: str
    href: str
    due: date | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    state: State = "open"
    unit: str = ""
    at: date | None = None
    action: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day or span in the bureau's year that follows from the data: a due date, a day a run was published.

    Shown in the year calendar; `code` with `parameters` is the sentence.
    """

    day: date
    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    href: str = ""


Todos = Callable[[Any, date], Iterable[Todo]]
"""(scope, today) → to-dos of `scope.user` for `scope.unit` and below."""
Occasions = Callable[[Any, date], Iterable[Occasion]]
"""(scope, today) → occasions of the school year `scope.year` that `scope.user` may know of."""

_todos: dict[str, Todos] = {}
_occasions: dict[str, Occasions] = {}


def register(name: str, todos: Todos | None = None, occasions: Occasions | None = None) -> None:
    """Let `name` (an application's label) tell what waits and what happens when; again replaces."""
    if todos is not None:
        _todos[name] = todos
    if occasions is not None:
        _occasions[name] = occasions


def todos(scope: Any, today: date) -> list[Todo]:
    """Everything for this person here: open before done, the earliest due first, without a date last."""
    found = [one for provider in _todos.values() for one in provider(scope, today)]
    return sorted(found, key=lambda one: (one.state != "open", one.due or date.max, one.code, one.href))


def occasions(scope: Any, today: date) -> list[Occasion]:
    """Everything dated in the scope's school year, earliest first."""
    found = [one for provider in _occasions.values() for one in provider(scope, today)]
    return sorted(found, key=lambda one: (one.day, one.code))
