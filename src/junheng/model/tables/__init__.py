"""Every declared table by name: the bureau's inputs and the rooms' outputs."""

from junheng.model.column import Table
from junheng.model.tables import (
    capacity,
    forecast_inputs,
    forecast_outputs,
    monitoring_outputs,
    people,
    places,
    seat_outputs,
)

INPUTS: dict[str, Table] = {
    table.name: table for table in (*places.TABLES, *capacity.TABLES, *people.TABLES, *forecast_inputs.TABLES)
}
OUTPUTS: dict[str, Table] = {
    table.name: table
    for table in (*forecast_outputs.TABLES, *seat_outputs.TABLES, *monitoring_outputs.TABLES)
}
TABLES: dict[str, Table] = INPUTS | OUTPUTS
