"""Seats against demand: capacities, gaps, sharing, warnings with their smallest remedy, smaller classes."""
