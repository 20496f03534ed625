"""The one data model: tables, columns, code lists, stages, reasons. Imports nothing else of Junheng."""

from junheng.model.column import Column, Table
from junheng.model.reason import Finding, words
from junheng.model.region import Region
from junheng.model.tables import INPUTS, OUTPUTS, TABLES

__all__ = ["INPUTS", "OUTPUTS", "TABLES", "Column", "Finding", "Region", "Table", "words"]
