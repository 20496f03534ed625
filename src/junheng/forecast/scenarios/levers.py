"""Levers: what may be tried in a scenario, with scope, dates and parameters, read from `scenario_levers`.

Scope: the whole region, an area (with all below it) or a school. A lever is full from `from_year`, or grows
evenly over `ramp_years`, and ends after `to_year`. Years are school years, for births calendar years.

| lever | scope | parameters (optional in brackets) |
|---|---|---|
| FertilityShift | region, area | factor: births times factor in years from `from_year` |
| BirthsOverride | region, area | births: births of each year from `from_year` to `to_year` |
| MigrationShift | any | factor: power on progression and yields (0.5 halves moving, 2 doubles it) |
| | | or rate: more pupils a year in every grade and entry (0.01 = one per cent) |
| MigrantAccess | any | share: more entrants (0.05 = five per cent) [stage] |
| HousingCompletion | region, area | dwellings, [kind]: more dwellings handed over in `from_year` |
| | | or delay_years: all dwellings still to come are later |
| YieldShift | any | factor on entrants [grade, default G01] |
| FeederShift | school, area | to, share, grade: share of entrants who go to another school |
| BoundaryShift | school, area | to, share [grade, default the first of the school]: for a catchment |
| VocationalSplit | region | share: share of grade 9 leavers who enter general senior school; or factor |
| GradeStructure | any | system (63 or 54) [cohort: first year of entry to G01]: stages change, cohorts stay |
| ClassSize | any | size, stage: read by the seats room |
| ElasticClasses | any | [stage, size]: read by the seats room |
| Open | school, area | seats [school_id and kind for a school not in `schools`; phase_in years; donors] |
| Expand | school | seats or rooms [stage] added |
| Close | school | [to, to_2 ...]: schools the pupils go to |
| Merge | school | to: school that takes all pupils |
| Relocate | school | seats [stage]: seats at the temporary site while it lasts |
| ShareStage | school, area | from_stage, to_stage, seats: seats lent by one stage to another |
| Boarding | school, area | to, share [grades, separated by commas]: share of pupils who board elsewhere |
| CapacityChange | school, area | seats (new number) or change [stage] |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model import INPUTS
from junheng.model.errors import BadData, Infeasible
from junheng.model.reason import Finding

KINDS: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {
    "GradeStructure": (("region", "area", "school"), (("system",),)),
    "FertilityShift": (("region", "area"), (("factor",),)),
    "BirthsOverride": (("region", "area"), (("births",),)),
    "MigrationShift": (("region", "area", "school"), (("factor",), ("rate",))),
    "MigrantAccess": (("region", "area", "school"), (("share",),)),
    "YieldShift": (("region", "area", "school"), (("factor",),)),
    "VocationalSplit": (("region",), (("share",), ("factor",))),
    "HousingCompletion": (("region", "area"), (("dwellings",), ("delay_years",))),
    "Open": (("school", "area"), (("seats",),)),
    "BoundaryShift": (("school", "area"), (("to", "share"),)),
    "FeederShift": (("school", "area"), (("to", "share", "grade"),)),
    "Boarding": (("school", "area"), (("to", "share"),)),
    "Merge": (("school",), (("to",),)),
    "Close": (("school",), ((),)),
    "Relocate": (("school",), (("seats",),)),
    "Expand": (("school",), (("seats",), ("rooms",))),
    "CapacityChange": (("school", "area"), (("seats",), ("change",))),
    "ShareStage": (("school", "area"), (("from_stage", "to_stage", "seats"),)),
    "ClassSize": (("region", "area", "school"), (("size",),)),
    "ElasticClasses": (("region", "area", "school"), ((),)),
}
"""Kind -> (scopes, alternatives of parameters it needs), in the order of composition within a year."""

_TEXT = {
    "to", "grade", "grades", "stage", "from_stage", "to_stage", "system", "kind", "school_id", "donors",
    "area",
}  # fmt: skip
_POSITIVE = {"factor", "births", "dwellings", "size", "seats", "rooms"}
_SHARES = {"share"}


@dataclass(frozen=True)
class Lever:
    """One measure. parameters: text values by name; `number` reads them."""

    kind: str
    scope_kind: str
    scope_code: str
    from_year: int
    to_year: int | None = None
    ramp_years: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    lever_id: str = ""
    note: str = ""

    def number(self, name: str, default: float = float("nan")) -> float:
        """A parameter as a number, `default` when absent."""
        text = self.parameters.get(name)
        return default if text is None else float(text)

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text, `default` when absent."""
        return self.parameters.get(name, default)

    def has(self, name: str) -> bool:
        """Whether the parameter is given."""
        return name in self.parameters

    def in_force(self, year: int) -> bool:
        """Whether the lever acts in a year."""
        return self.from_year <= year and (self.to_year is None or year <= self.to_year)

    def strength(self, years: Iterable[int]) -> NDArray[np.float64]:
        """float64[H]: 0 outside its years, growing evenly to 1 over the ramp."""
        return np.array(
            [
                min(1.0, (year - self.from_year + 1) / (self.ramp_years + 1)) if self.in_force(year) else 0.0
                for year in years
            ]
        )

    @property
    def order(self) -> tuple[int, int, str]:
        """Composition: by date, then kind, then id."""
        return self.from_year, list(KINDS).index(self.kind), self.lever_id


def levers_of(source: Any) -> tuple[Lever, ...]:
    """Levers from a frame of `scenario_levers` (one scenario), its rows as mappings, or an iterable of
    Lever; checked and in order.

    BadData lists every fault; Infeasible lists every contradiction.
    """
    if not isinstance(source, pl.DataFrame):
        listed = list(source)
        if listed and all(isinstance(one, Mapping) for one in listed):
            table = INPUTS["scenario_levers"]
            source = table.conform(pl.DataFrame(listed, infer_schema_length=None))
        else:
            source = listed
    if isinstance(source, pl.DataFrame):
        levers, faults = _from_frame(source)
    else:
        levers, faults = list(source), []
    faults += [fault for lever in levers for fault in _faults(lever)]
    if faults:
        raise BadData("levers_invalid", {"count": len(faults)}, faults)
    if found := contradictions(levers):
        raise Infeasible("levers_contradict", {"count": len(found)}, found)
    return tuple(sorted(levers, key=lambda lever: lever.order))


def levers_table(levers: Iterable[Lever], scenario: str) -> pl.DataFrame:
    """Levers as rows of `scenario_levers` under one name; `levers_of` reads the same levers from them."""
    rows = [
        {
            "scenario": scenario, "lever_id": one.lever_id or str(number), "lever": one.kind,
            "scope_kind": one.scope_kind, "scope_code": one.scope_code or None, "from_year": one.from_year,
            "to_year": one.to_year, "ramp_years": one.ramp_years, "note": one.note or None,
            "parameters": "; ".join(f"{name}={value}" for name, value in one.parameters.items()) or None,
        }
        for number, one in enumerate(levers, 1)
    ]  # fmt: skip
    table = INPUTS["scenario_levers"]
    return table.conform(pl.DataFrame(rows, schema=table.schema()))


def parse_parameters(text: str | None) -> dict[str, str]:
    """`name=value; name=value` (also with full-width signs) as a mapping. ValueError names the part it
    cannot read."""
    out: dict[str, str] = {}
    plain = (text or "").replace("；", ";").replace("＝", "=").replace("\n", ";")
    for part in plain.split(";"):
        if not part.strip():
            continue
        name, sign, value = part.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise ValueError(part.strip())
        out[name.strip()] = value.strip()
    return out


def _from_frame(frame: pl.DataFrame) -> tuple[list[Lever], list[Finding]]:
    levers: list[Lever] = []
    faults: list[Finding] = []
    names = frame["scenario"].unique().to_list() if "scenario" in frame.columns and frame.height else []
    if len(names) > 1:
        faults.append(_fault("scenario_several", None, names=", ".join(sorted(str(n) for n in names))))
    for number, row in enumerate(frame.iter_rows(named=True), start=2):
        try:
            parameters = parse_parameters(row.get("parameters"))
        except ValueError as error:
            faults.append(_fault("lever_parameters_unreadable", number, part=str(error), lever=row["lever"]))
            continue
        if row["from_year"] is None:
            faults.append(_fault("lever_parameter_missing", number, name="from_year", lever=row["lever"]))
            continue
        levers.append(
            Lever(
                row["lever"], row["scope_kind"], row.get("scope_code") or "", int(row["from_year"]),
                row.get("to_year"), int(row.get("ramp_years") or 0), parameters,
                str(row.get("lever_id") or ""),
                row.get("note") or "",
            )
        )  # fmt: skip
    return levers, faults


def _fault(code: str, row: int | None, **parameters: Any) -> Finding:
    return Finding(code, "error", "scenario_levers", row=row, parameters=parameters)


def _faults(lever: Lever) -> list[Finding]:
    """What is wrong with one lever by itself."""
    here: dict[str, Any] = {"lever": lever.kind, "id": lever.lever_id}
    if lever.kind not in KINDS:
        return [_fault("lever_unknown", None, known=", ".join(KINDS), **here)]
    scopes, needs = KINDS[lever.kind]
    faults: list[Finding] = []
    if lever.scope_kind not in scopes:
        faults.append(
            _fault("lever_scope_wrong", None, scope=lever.scope_kind, allowed=", ".join(scopes), **here)
        )
    if not any(all(lever.has(name) for name in option) for option in needs):
        wanted = " / ".join(" + ".join(option) for option in needs)
        faults.append(_fault("lever_parameter_missing", None, name=wanted, **here))
    for name, value in lever.parameters.items():
        if name in _TEXT or name.startswith("to_"):
            continue
        try:
            number = float(value)
        except ValueError:
            faults.append(_fault("lever_parameter_not_number", None, name=name, value=value, **here))
            continue
        bad = not np.isfinite(number) or (name in _POSITIVE and number < 0)
        if bad or (name in _SHARES and lever.kind != "MigrantAccess" and not 0.0 <= number <= 1.0):
            faults.append(_fault("lever_parameter_out_of_range", None, name=name, value=value, **here))
    if lever.to_year is not None and lever.to_year < lever.from_year:
        faults.append(_fault("lever_ends_before_it_begins", None, **here))
    if lever.kind == "BirthsOverride" and lever.to_year is None:
        faults.append(_fault("lever_parameter_missing", None, name="to_year", **here))
    if lever.kind == "GradeStructure" and lever.text("system") not in ("63", "54"):
        faults.append(
            _fault("lever_parameter_out_of_range", None, name="system", value=lever.text("system"), **here)
        )
    return faults


def contradictions(levers: Iterable[Lever]) -> list[Finding]:
    """Pairs of levers that cannot both be done."""
    listed = sorted(levers, key=lambda lever: lever.order)
    found: list[Finding] = []
    for i, one in enumerate(listed):
        for other in listed[i + 1 :]:
            if _contradict(one, other) or _contradict(other, one):
                found.append(
                    _fault(
                        "levers_contradict", None, one=f"{one.lever_id} {one.kind}".strip(),
                        other=f"{other.lever_id} {other.kind}".strip(),
                        scope=one.scope_code or other.scope_code, year=max(one.from_year, other.from_year),
                    )
                )  # fmt: skip
    return found


def _overlap(one: Lever, other: Lever) -> bool:
    begins = max(one.from_year, other.from_year)
    return one.in_force(begins) and other.in_force(begins)


def _contradict(one: Lever, other: Lever) -> bool:
    same = (one.scope_kind, one.scope_code) == (other.scope_kind, other.scope_code)
    if one.kind in ("Close", "Merge") and one.scope_kind == "school":
        ends = one.scope_code
        touched = other.kind in (
            "Close",
            "Merge",
            "Open",
            "Expand",
            "Relocate",
            "CapacityChange",
            "ShareStage",
        )
        later = _overlap(one, other) or other.from_year >= one.from_year
        if touched and same and later and one.to_year is None:
            return True
        return other.text("to") == ends and other.from_year >= one.from_year and one.to_year is None
    if one.kind == other.kind and same and _overlap(one, other):
        return one.kind in ("BirthsOverride", "VocationalSplit", "GradeStructure", "ClassSize", "Open") and (
            one.text("stage") == other.text("stage") and one.text("school_id") == other.text("school_id")
        )
    return False
