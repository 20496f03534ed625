"""The root of the command line: rooms register here; every failure leaves with a sentence and a fixed code."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated

import typer

from junheng import __version__
from junheng.cli import (
    admission,
    assign,
    desk,
    events,
    example,
    forecast,
    intake,
    monitoring,
    policy,
    privacy,
    public,
    rules,
    scale,
    speech,
    usage,
    year,
)
from junheng.model.errors import JunhengError

INTERNAL_ERROR = 70
INTERRUPTED = 130

app = typer.Typer(
    name="junheng",
    help="均衡 Junheng：区域教育局的工作台——一表导入，预测、学位、预警与报告。\n\n"
    "The working desk of a region's education bureau: tables in; forecast, seats, warnings and report out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root(
    language: Annotated[
        speech.LanguageChoice,
        typer.Option(
            "--language",
            envvar="JUNHENG_LANGUAGE",
            help="输出语言，写在命令之前。Language of messages and reports, before the command.",
        ),
    ] = speech.LanguageChoice.zh,
) -> None:
    """均衡 Junheng：一表导入，预测、学位、预警与报告。The working desk of a region's education bureau."""
    speech.choose(language)


@app.command()
def version() -> None:
    """版本号。Print the version."""
    typer.echo(__version__)


for room in (
    example, intake, year, forecast, assign, admission, monitoring, rules, policy, scale, desk, privacy, public,
):  # fmt: skip
    room.register(app)


def main() -> None:
    """Run the command line; never shows a traceback unless JUNHENG_DEBUG is set.

    Exit codes: 0 done, 2 usage, 3 bad data, 4 refused, 5 infeasible, 6 workspace, 7 verification failed,
    70 a fault of Junheng itself, 130 interrupted, 141 nobody listens any more.
    """
    spoken = os.environ.get("JUNHENG_LANGUAGE", "")  # before the options are read, and anew for each command
    speech.choose(
        speech.LanguageChoice.en if spoken == speech.LanguageChoice.en else speech.LanguageChoice.zh
    )
    with events.channel():
        sys.exit(_run())


def _run() -> int:
    try:
        left = app(
            prog_name="junheng", standalone_mode=False
        )  # the exit code, where a command left before its end
        if left == INTERRUPTED:
            raise KeyboardInterrupt
        events.success()
        return left if isinstance(left, int) else 0
    except typer.TyperException as error:
        return usage.complain(error)
    except JunhengError as error:
        speech.failure(error)
        return error.exit_code
    except KeyboardInterrupt:
        events.failure("cli.interrupted", {}, INTERRUPTED)
        speech.complain("cli.interrupted")
        return INTERRUPTED
    except Exception as error:  # the last net: a user is never shown a traceback
        if os.environ.get("JUNHENG_DEBUG"):
            traceback.print_exc()
        about = {"kind": type(error).__name__, "detail": str(error)[:300]}
        events.failure("cli.internal", about, INTERNAL_ERROR)
        speech.complain("cli.internal", **about)
        return INTERNAL_ERROR
