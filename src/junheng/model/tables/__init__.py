"""Every declared table by name: the bureau's inputs and the rooms' outputs."""

from typing import NamedTuple

from junheng.model.column import Table
from junheng.model.tables import (
    admission,
    capacity,
    conditions,
    evidence,
    forecast_inputs,
    forecast_outputs,
    money,
    monitoring_outputs,
    people,
    places,
    plans,
    policy_outputs,
    results,
    seat_outputs,
    staff,
)

INPUTS: dict[str, Table] = {
    table.name: table
    for room in (
        places,
        capacity,
        people,
        forecast_inputs,
        conditions,
        staff,
        money,
        results,
        evidence,
        plans,
        admission,
    )
    for table in room.TABLES
}


class Group(NamedTuple):
    """Inputs that are listed under one heading."""

    code: str
    zh: str
    en: str
    tables: tuple[str, ...]


GROUPS: tuple[Group, ...] = tuple(
    Group(code, zh, en, tuple(table.name for room in rooms for table in room.TABLES))
    for code, zh, en, rooms in (
        (
            "pupils",
            "学校、学位与人口",
            "Schools, seats and people",
            (places, capacity, people, forecast_inputs),
        ),
        (
            "conditions",
            "办学条件、监测与规划",
            "Conditions, monitoring and plans",
            (conditions, staff, money, results, evidence, plans),
        ),
        ("admission", "招生入学", "Admission", (admission,)),
    )
)
"""Every input under its heading, in the order of `INPUTS`."""
OUTPUTS: dict[str, Table] = {
    table.name: table
    for room in (forecast_outputs, seat_outputs, monitoring_outputs, policy_outputs)
    for table in room.TABLES
}
TABLES: dict[str, Table] = INPUTS | OUTPUTS
