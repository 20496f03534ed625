"""`junheng init` and `junheng example`: a workspace of one's own, or the synthetic county."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from junheng.cli import speech


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    app.command("init")(init)
    app.command("example")(example)


def init(
    path: Annotated[Path, typer.Argument(help="工作区文件夹。Folder of the workspace.")],
    code: Annotated[str, typer.Option(help="行政区划代码。Division code of the region.")],
    name: Annotated[str, typer.Option(help="区域名称。Name of the region.")],
    school_system: Annotated[str, typer.Option(help="学制 63 或 54。School system.")] = "63",
    bureau: Annotated[str, typer.Option(help="发文单位名称。Name of the bureau.")] = "",
) -> None:
    """建立空工作区。Create an empty workspace."""
    from junheng.data import Workspace
    from junheng.model import Region

    region = Region(code=code, name=name, bureau=bureau, school_system=school_system)
    Workspace.create(path, region)
    speech.say("cli.created", path=path)


def example(
    path: Annotated[Path, typer.Argument(help="新文件夹。A new folder.")],
    seed: Annotated[int, typer.Option(help="随机种子。Random seed.")] = 1,
) -> None:
    """建立示例区域云州（合成）。Create the synthetic example region."""
    from junheng.data import examples

    with speech.progress() as step:
        step("cli.creating_example")
        workspace = examples.create(path, seed=seed)
    speech.say("cli.example", name=workspace.region.name, path=path)
