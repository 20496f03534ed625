"""Runs and the tables behind every number: an index, and the one door through which rows are read."""
