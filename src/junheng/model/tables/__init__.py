"""Every declared table by name: the bureau's inputs and the rooms' outputs."""

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
OUTPUTS: dict[str, Table] = {
    table.name: table
    for room in (forecast_outputs, seat_outputs, monitoring_outputs, policy_outputs)
    for table in room.TABLES
}
TABLES: dict[str, Table] = INPUTS | OUTPUTS
