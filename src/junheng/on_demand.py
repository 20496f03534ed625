"""Names a package offers but brings in only when first asked for, so that whoever needs its words, formats or
tables does not pay for drawing and computing."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def on_demand(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package: name offered -> `module` of the package that defines it. No module may
    bear the name of what it offers: once imported, it would stand in its place."""

    def bring(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(importlib.import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    return bring
