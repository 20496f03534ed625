"""How the levers the forecast knows are filled in: what each parameter is, and which may be left out.

Which levers there are, their scopes and what each needs stand in `forecast.scenarios.levers.KINDS`; here is
only what a form adds: the sort of each parameter, and the optional ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from junheng.forecast.scenarios.levers import KINDS

Sort = Literal["number", "percent", "whole", "stage", "grade", "grades", "system", "school", "dwelling"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a lever. `percent` is typed in per cent and stored as a share."""

    name: str
    sort: Sort
    needed: bool


SORTS: dict[str, Sort] = {
    "factor": "number",
    "births": "whole",
    "rate": "percent",
    "share": "percent",
    "dwellings": "whole",
    "delay_years": "whole",
    "seats": "whole",
    "change": "whole",
    "rooms": "whole",
    "size": "whole",
    "phase_in": "whole",
    "to": "school",
    "stage": "stage",
    "from_stage": "stage",
    "to_stage": "stage",
    "grade": "grade",
    "grades": "grades",
    "system": "system",
    "kind": "dwelling",
}
OPTIONAL: dict[str, tuple[str, ...]] = {
    "MigrantAccess": ("stage",),
    "HousingCompletion": ("kind",),
    "YieldShift": ("grade",),
    "BoundaryShift": ("grade",),
    "Boarding": ("grades",),
    "ClassSize": ("stage",),
    "ElasticClasses": ("stage", "size"),
    "Open": ("phase_in",),
    "Expand": ("stage",),
    "Close": ("to",),
    "Relocate": ("stage",),
    "CapacityChange": ("stage",),
}
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "children",
        (
            "FertilityShift", "BirthsOverride", "HousingCompletion", "MigrationShift", "MigrantAccess",
            "YieldShift", "VocationalSplit",
        ),
    ),
    ("schools", ("Expand", "Open", "Close", "Merge", "Relocate", "CapacityChange", "ShareStage")),
    ("ways", ("BoundaryShift", "FeederShift", "Boarding", "GradeStructure")),
    ("classes", ("ClassSize", "ElasticClasses")),
)  # fmt: skip
"""Levers in the order of the form, by what they change."""


def parameters(kind: str) -> tuple[Parameter, ...]:
    """The parameters of a lever, needed ones first. One is needed where every alternative has it."""
    _, alternatives = KINDS[kind]
    named = dict.fromkeys(name for option in alternatives for name in option)
    always = [name for name in named if all(name in option for option in alternatives)]
    told = [Parameter(name, SORTS[name], name in always) for name in named]
    more = [name for name in OPTIONAL.get(kind, ()) if name not in named]
    return (*told, *(Parameter(name, SORTS[name], needed=False) for name in more))


def alternatives(kind: str) -> tuple[tuple[str, ...], ...]:
    """Sets of parameters any one of which is enough; empty when there is only one set."""
    _, found = KINDS[kind]
    return found if len(found) > 1 else ()


def scopes(kind: str) -> tuple[str, ...]:
    """Kinds of unit a lever may be put on."""
    return KINDS[kind][0]
