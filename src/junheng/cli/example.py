"""`junheng init` and `junheng example`: a workspace of one's own, or the synthetic county."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from junheng.cli import speech
from junheng.cli.arguments import Folder, Seed


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    app.command("init", short_help="建立空工作区。Create an empty workspace.")(init)
    app.command("example", short_help="建立示例县云州（合成）。Create the synthetic example county.")(example)


def init(
    path: Folder,
    code: Annotated[
        str,
        typer.Option(
            metavar="CODE", help="行政区划代码：2、4、6 或 9 位。Division code of 2, 4, 6 or 9 digits."
        ),
    ],
    name: Annotated[str, typer.Option(metavar="NAME", help="区域名称。Name of the region.")],
    school_system: Annotated[
        str, typer.Option(metavar="63|54", help="学制：六三或五四。School system, 6+3 or 5+4.")
    ] = "63",
    bureau: Annotated[
        str, typer.Option(metavar="NAME", help="发文单位名称。Name of the bureau.", show_default=False)
    ] = "",
) -> None:
    """建立空工作区。Create an empty workspace."""
    from junheng.data import Workspace, region_file

    given = {"code": code, "name": name, "bureau": bureau, "school_system": school_system}
    Workspace.create(path, region_file.from_mapping(given, "junheng init"))
    speech.say("cli.created", path=path)


def example(
    path: Annotated[Path, typer.Argument(metavar="WS", help="要新建的文件夹。Folder to create.")],
    seed: Seed = 1,
) -> None:
    """建立示例县云州（合成数据，并非真实地区）。Create the synthetic example county."""
    from junheng.data import examples

    with speech.progress() as step:
        step("cli.creating_example")
        workspace = examples.create(path, seed=seed)
    speech.say("cli.example", name=workspace.region.name, path=path)
