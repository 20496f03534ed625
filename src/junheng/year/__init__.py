"""The annual loop: runs the rooms whose tables are present, in order, and says what the others lack."""

from junheng.year.annual import Options, PastRun, run
from junheng.year.result import YearResult

__all__ = ["Options", "PastRun", "YearResult", "run"]
