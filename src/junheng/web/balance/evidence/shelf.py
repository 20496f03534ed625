"""Where files of this room lie: those for items below the folder the command line looks into as well."""

from __future__ import annotations

from pathlib import PurePosixPath

from junheng.data.evidence_files import DESK_FOLDER
from junheng.web.house.shelf import Shelf

EVIDENCE = Shelf(PurePosixPath(DESK_FOLDER).name, "balance")
ROUNDS = Shelf("assessment_rounds", "balance")
