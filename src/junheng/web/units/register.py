"""The whole tree held in memory: a request asks one small question, whether it is still the same tree."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.models import Count, Max

from junheng.web.units import tree
from junheng.web.units.models import Unit

Stamp = tuple[Any, ...]


@dataclass(frozen=True)
class Register:
    """Every unit in order of its path. Shared by all requests of a process: nobody changes its units."""

    stamp: Stamp
    units: Sequence[Unit]

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        """Units by code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def by_path(self) -> dict[str, Unit]:
        """Units by path."""
        return {unit.path: unit for unit in self.units}

    @cached_property
    def paths(self) -> dict[str, str]:
        """Path by code."""
        return {unit.code: unit.path for unit in self.units}

    @cached_property
    def _order(self) -> list[str]:
        return [unit.path for unit in self.units]

    def within(self, path: str) -> Sequence[Unit]:
        """The unit at `path` and all below it, in order."""
        return self.units[bisect_left(self._order, path) : bisect_left(self._order, tree.after(path))]

    def right_below(self, path: str) -> list[Unit]:
        """Units one level below `path`, in order."""
        wanted = len(path) + tree.STEP
        return [unit for unit in self.within(path) if len(unit.path) == wanted]

    def above(self, path: str) -> list[Unit]:
        """Units from the root down to `path` itself."""
        return [self.by_path[one] for one in tree.ancestors(path) if one in self.by_path]

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """Chinese names of these units."""
        return {code: self.by_code[code].name for code in codes if code in self.by_code}


_held: list[Register] = []
_lock = threading.Lock()


def register() -> Register:
    """The tree as it stands now: read again only when a unit came, left or changed."""
    asked = Unit.objects.order_by().aggregate(changed=Max("changed_at"), units=Count("pk"), last=Max("pk"))
    database = Unit.objects.all().db
    stamp = (database, str(_name(database)), asked["changed"], asked["units"], asked["last"])
    with _lock:
        if _held and _held[0].stamp == stamp:
            return _held[0]
    found = Register(stamp, list(Unit.objects.order_by("path")))
    with _lock:
        _held[:] = [found]
    return found


def _name(database: str) -> Any:
    """Which database the alias means: tests point it elsewhere while the process lives."""
    return connections[database].settings_dict["NAME"]
