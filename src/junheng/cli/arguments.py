"""Arguments that several commands share, named and explained in one way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(metavar="WS", help="工作区文件夹。Folder of the workspace.")]
Origin = Annotated[
    int | None,
    typer.Option(
        metavar="YEAR",
        help="起点学年，默认最近一次学年初统计。Origin year; the last count by default.",
        show_default=False,
    ),
]
Years = Annotated[int, typer.Option(min=1, max=30, metavar="N", help="预测年数。Years ahead.")]
Draws = Annotated[
    int,
    typer.Option(
        min=100,
        max=10_000,
        metavar="N",
        help="抽样路径数，越多区间越稳、越慢。Draws; more are steadier and slower.",
    ),
]
Seed = Annotated[
    int, typer.Option(metavar="N", help="随机种子；种子相同，结果相同。Random seed; same seed, same result.")
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="OUT",
        help="把结果写成此 .xlsx。Write the results to this .xlsx.",
        show_default=False,
    ),
]
