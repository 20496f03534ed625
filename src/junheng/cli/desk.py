"""`junheng serve, worker, people`: the desk in the browser, its workers, its first accounts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
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


class Duty(StrEnum):
    """What timers do."""

    audit = "audit"
    remind = "remind"
    retention = "retention"
    tidy = "tidy"
    rescue = "rescue"


def register(app: typer.Typer) -> None:
    """Add this room's commands to the root."""
    app.command("serve", short_help="在浏览器中使用：网页与任务进程。The desk in the browser.")(serve)
    app.command("worker", short_help="任务进程（正式运行时）。A worker for jobs, in production.")(worker)
    app.command("upgrade", short_help="升级后更新数据库。The database after an upgrade.")(upgrade)
    app.command("upkeep", short_help="定时事务。What timers do.")(upkeep)
    app.command("doctor", short_help="检查安装，给出处理命令。What is wrong, and what mends it.")(doctor)
    app.command("backup", short_help="备份数据库与文件。Back up database and files.")(make_backup)
    app.command("restore-backup", short_help="从备份恢复并核验。Restore a backup and verify it.")(
        restore_backup
    )
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
    processes.require_free(host, port)
    configuration.configure(path, demo=True if demo else None)
    from junheng.web.operations import demonstration, people, setup

    with speech.progress() as step:
        step("serve.preparing")
        setup.prepare()
        setup.check_audit()
        made = people.create_demonstration() if demo else []
        if demo:
            demonstration.publish_first_run(speech.sentence("serve.demo_reason", {}))
    if demo and reset_passwords and not made:
        made = people.renew_demonstration()
    if made:
        _tell(made)
    elif demo:
        speech.say("serve.logins_again", path=path)
    log = path.resolve() / "desk" / "serve.log"
    household = processes.Household(path.resolve(), log, host, port, processes.web_workers())
    household.run(lambda: speech.say("serve.serving", address=processes.address(host, port), log=log))
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


def upgrade(path: Folder) -> None:
    """升级后更新数据库结构、单位与运行目录；反复执行无妨。

    Bring database, units and index of runs up to this version; may be repeated.
    """
    from junheng.web.operations import configuration

    configuration.configure(path)
    from junheng.web.operations import setup

    with speech.progress() as step:
        step("serve.preparing")
        setup.prepare()
    speech.say("serve.upgraded")


def upkeep(
    path: Folder,
    duties: Annotated[
        list[Duty],
        typer.Argument(
            metavar="DUTY",
            help="audit 核验、remind 催报、retention 到期删除、tidy 清理、rescue 找回任务。What to do.",
        ),
    ],
) -> None:
    """定时事务：核验审计记录、催报、到期删除、清理、找回任务；由 systemd 定时器调用。

    What timers do: verify the audit trail, remind, delete what is due, tidy up, put lost jobs back.
    """
    from junheng.web.operations import configuration

    configuration.configure(path)
    from junheng.web.operations.upkeep import DUTIES

    done = {}
    for duty in duties:
        done[duty.value] = DUTIES[duty.value]()
        named = speech.sentence(f"upkeep.duty_{duty.value}", {})
        speech.say("upkeep.done", duty=named, count=done[duty.value])
    speech.answer(**done)


def doctor(path: Folder) -> None:
    """检查安装：列出问题和处理的命令；没有问题时退出码为 0。

    Look the installation over: what is wrong and the command that mends it; exit code 0 when all is well.
    """
    from junheng.web.operations import configuration

    configuration.configure(path)
    from junheng.web.operations import doctor as examination

    found = examination.examine()
    speech.answer(troubles=[{"code": one.code, "parameters": one.parameters} for one in found])
    for one in found:
        speech.say(one.code, path=path, **one.parameters)
    if found:
        raise Refused("doctor.found", {"count": len(found)})
    speech.say("doctor.well")


def make_backup(
    path: Folder,
    into: Annotated[
        Path,
        typer.Argument(
            metavar="DEST", help="放备份的文件夹，每次新建一个子文件夹。Folder that holds backups."
        ),
    ],
    keep: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="只留最新的 N 份，0 为全部。Keep only the newest N; 0 is all."),
    ] = 0,
) -> None:
    """备份：先数据库，再文件，附摘要清单；不含密钥。运行中即可备份。

    Back up the database, then the files, with a list of digests; keys are not in it. The desk may run meanwhile.
    """
    from junheng.web.operations import configuration

    workspace = configuration.configure(path)
    from junheng.web.operations import backup

    with speech.progress() as step:
        step("serve.backing_up")
        made = backup.make(workspace, into, keep=keep)
    size, seconds = f"{made.size / 1e6:.1f}", f"{made.seconds:.1f}"
    speech.say("serve.backed_up", path=made.path, files=made.files, size=size, seconds=seconds)
    speech.say("serve.audit_head", events=made.audit[0], head=made.audit[1])
    speech.say("serve.keys_elsewhere")
    speech.answer(path=str(made.path), files=made.files, bytes=made.size)


def restore_backup(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="一份备份的文件夹。Folder of one backup.")],
    into: Annotated[Path, typer.Option("--into", metavar="WS", help="新的工作区文件夹。Folder to make.")],
    database: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="空的数据库；默认为文件夹内的 SQLite。An empty database; SQLite in the folder by default.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """从备份恢复到空文件夹，核对摘要、行数、审计记录，并重算各类最新的运行。SQLite 的备份也可恢复到 PostgreSQL。

    Restore a backup into an empty folder; digests, rows and the audit trail are checked, the newest run of each
    kind is computed again. A backup of SQLite can be restored into PostgreSQL.
    """
    import time

    from junheng.cli import year
    from junheng.web.operations import restore

    began = time.monotonic()
    with speech.progress() as step:
        step("serve.restoring")
        done = restore.restore(source, into, database)
    speech.say("serve.restored", path=into, rows=done.rows, files=done.files, events=done.events)
    for run_id in done.newest_runs:
        year.verify(into / "runs" / run_id)
    seconds = f"{time.monotonic() - began:.1f}"
    speech.say("serve.restore_took", seconds=seconds)
    speech.answer(path=str(into), rows=done.rows, events=done.events, runs=list(done.newest_runs))


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
