"""Options of a draw on three plain tables, shared by its commands."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Lottery(StrEnum):
    """How many tickets a child has."""

    child = "child"
    programme = "programme"


class DrawMechanism(StrEnum):
    """Mechanisms whose outcome published cut-offs prove."""

    da = "da"
    ia = "ia"
    parallel = "parallel"
    sd = "sd"


Programs = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="项目表：program_id, capacity。Programmes and their seats.",
        show_default=False,
    ),
]
Applicants = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="申请人表：applicant_id, identity, status, family, 各条件列。Applicants, identity, state of their facts, facts.",
        show_default=False,
    ),
]
Applications = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="志愿表：applicant_id, rank, program_id, priority。Choices; lower priority first.",
        show_default=False,
    ),
]
