"""Versions of the tables: their differences, the way back, the tables as files."""
