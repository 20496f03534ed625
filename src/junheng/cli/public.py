"""The public site from the command line."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from junheng.cli import speech
from junheng.cli.arguments import Folder


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command("public", short_help="公众页面：只读、无库、无登录。The public pages: read only, no login.")(
        public
    )


def public(
    path: Folder,
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="端口。Port.")] = 8010,
    host: Annotated[str, typer.Option(metavar="NAME", help="监听地址。Address to listen on.")] = "127.0.0.1",
) -> None:
    """提供已公布的教育概览，直到中断。

    Serve the published pages of a workspace until interrupted. It reads only `WS/public`, which may have been
    carried here from another machine.
    """
    from junheng.model.errors import WorkspaceError

    folder = path.resolve() / "public"
    if not folder.is_dir():
        raise WorkspaceError("cli.nothing_published", {"path": folder})
    speech.say("cli.public_at", host=host, port=port)
    os.environ["JUNHENG_PUBLIC"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "junheng.web.settings.public"
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
        "junheng.web.public.wsgi:application",
    ]
    os.execv(sys.executable, command)  # noqa: S606 - this very interpreter, no shell
