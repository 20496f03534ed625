"""Figures of every room: read for one unit, drawn in the browser and as still pictures from one source."""
