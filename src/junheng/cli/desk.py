"""`junheng serve, worker, people`: the desk in the browser, its workers, its first accounts."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from junheng.cli import speech
from junheng.cli.arguments import Folder
from junheng.model.errors import Refused

if TYPE_CHECKING:
    from junheng.web.operations.people import Login

PORT = 8750

people_app = typer.Typer(no_args_is_help=True)


class Queue(StrEnum):
    """Which jobs a worker takes."""

    quick = "quick"
    heavy = "heavy"
    every = "*"


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    app.command("serve", short_help="在浏览器中使用：网页与任务进程。The desk in the browser.")(serve)
    app.command("worker", short_help="任务进程（正式运行时）。A worker for jobs, in production.")(worker)
    people_app.command("create-first", short_help="建立首批管理员。The first administrators.")(create_first)
    app.add_typer(people_app, name="people", help="首批账户。The first accounts.")


def serve(
    path: Folder,
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="端口。Port.")] = PORT,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="监听的地址。Address to listen on.")
    ] = "127.0.0.1",
    demo: Annotated[
        bool, typer.Option("--demo", help="演示：自动建立各角色账户。A demonstration, one account a role.")
    ] = False,
    reset_passwords: Annotated[
        bool, typer.Option("--reset-passwords", help="为演示账户换新密码。New passwords for its accounts.")
    ] = False,
) -> None:
    """在浏览器中使用均衡：一个网页服务和两个任务进程，Ctrl-C 一并结束。

    The desk in the browser: a web server and two workers under one parent; Ctrl-C ends them all.
    """
    from junheng.web.operations import configuration, processes

    if demo and not processes.is_loopback(host):
        raise Refused("serve.demo_at_home", {"host": host})
    configuration.configure(path, demo=True if demo else None)
    from junheng.web.operations import demonstration, people, setup

    with speech.progress() as step:
        step("serve.preparing")
        setup.prepare()
        made = people.create_demonstration() if demo else []
        if demo:
            demonstration.publish_first_run(speech.sentence("serve.demo_reason", {}))
    if demo and reset_passwords and not made:
        made = people.renew_demonstration()
    if made:
        _tell(made)
    elif demo:
        speech.say("serve.logins_again", path=path)
    household = processes.Household(path.resolve(), host, port, processes.web_workers())
    household.run(lambda: speech.say("serve.serving", address=processes.address(host, port)))
    speech.say("serve.ended")


def worker(
    path: Folder,
    queue: Annotated[
        Queue, typer.Option("--queue", help="quick、heavy 或 *（两者）。quick, heavy or * (both).")
    ] = Queue.every,
) -> None:
    """任务进程：导入、测算等任务在这里进行。正式运行时每个队列一个。

    A worker: imports, forecasts and other jobs are carried out here. In production one for each queue.
    """
    from junheng.web.operations import configuration

    configuration.configure(path)
    from junheng.web.jobs.worker import work

    work(queue.value)


def create_first(path: Folder) -> None:
    """建立首批管理员（系统、安全），临时密码只显示一次。

    The first administrators of a new desk; their temporary passwords are shown once.
    """
    from junheng.web.operations import configuration

    configuration.configure(path)
    from junheng.web.operations import people, setup

    with speech.progress() as step:
        step("serve.preparing")
        setup.prepare()
    _tell(people.create_first())
    speech.say("serve.first_people")


def _tell(logins: list[Login]) -> None:
    rows = [(one.username, one.role, one.unit, one.password) for one in logins]
    headings = speech.sentence("serve.login_headings", {}).split("|")
    speech.table(speech.sentence("serve.logins", {}), headings, rows)
