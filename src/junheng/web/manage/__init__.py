"""Reports, runs and administration."""
