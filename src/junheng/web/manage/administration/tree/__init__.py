"""单位树: units, their lineage and the time they exist."""
