"""Tier D: regions that know only totals by area and stage."""
