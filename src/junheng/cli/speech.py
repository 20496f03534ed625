"""What the command line says: sentences from the catalogues, tables, progress and failures."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from junheng.cli import events
from junheng.cli.messages import MESSAGES
from junheng.model.errors import JunhengError
from junheng.model.reason import Finding, Language, words

SHOWN_FINDINGS = 20
SHOWN_ROWS = 40
UNWATCHED_WIDTH = 200


class LanguageChoice(StrEnum):
    """Languages of the interface."""

    zh = "zh"
    en = "en"


class _Choice:
    language: Language = "zh"


def choose(language: LanguageChoice) -> None:
    """Set the language for the rest of the process."""
    _Choice.language = "en" if language is LanguageChoice.en else "zh"


def language() -> Language:
    """The language chosen."""
    return _Choice.language


def console() -> Console:
    """Where answers go (standard output). Into a file or a pipe nothing is cut off."""
    return _console(sys.stdout.isatty(), stderr=False)


def _errors() -> Console:
    return _console(sys.stderr.isatty(), stderr=True)


def _console(watched: bool, *, stderr: bool) -> Console:
    width = None if watched or "COLUMNS" in os.environ else UNWATCHED_WIDTH
    return Console(stderr=stderr, highlight=False, emoji=False, soft_wrap=not watched, width=width)


def sentence(code: str, parameters: Mapping[str, Any]) -> str:
    """The sentence for a code in the chosen language."""
    if code in MESSAGES:
        return words(MESSAGES, code, parameters, language())
    from junheng.report import wording

    return wording.reason(code, parameters, language())


def reason(code: str, parameters: str | None) -> str:
    """The sentence of a reason kept in a table as code and JSON parameters."""
    from junheng.report import wording

    return wording.reason(code, wording.parameters_of(parameters), language())


def say(code: str, **parameters: Any) -> None:
    """Print a sentence of the command line's catalogue to standard output."""
    console().print(sentence(code, parameters), markup=False)


def complain(code: str, **parameters: Any) -> None:
    """Print a sentence to standard error."""
    _errors().print(sentence(code, parameters), markup=False, style="red")


def answer(**fields: Any) -> None:
    """What a program that listens gets as the result; nothing is printed."""
    events.answer(**fields)


def failure(error: JunhengError) -> None:
    """Print what was refused and every fault at once, capped for the eye."""
    events.failure(error.code, error.parameters, error.exit_code, error.findings)
    _errors().print(sentence(error.code, error.parameters), markup=False, style="red")
    if [finding.code for finding in error.findings] != [error.code]:  # one fault is said once
        findings(error.findings)


def findings(rows: Sequence[Finding]) -> None:
    """Print findings by place, the gravest first, and count what is not shown."""
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted(rows, key=lambda finding: order[finding.severity])
    for finding in ranked[:SHOWN_FINDINGS]:
        place = " · ".join(part for part in _place(finding) if part)
        text = sentence(finding.code, {"value": finding.value, **finding.parameters})
        colon = "：" if language() == "zh" else ": "
        _errors().print(f"  {place}{colon}{text}" if place else f"  {text}", markup=False)
    if len(ranked) > SHOWN_FINDINGS:
        complain("cli.more_findings", count=len(ranked) - SHOWN_FINDINGS)


def _place(finding: Finding) -> Iterable[str]:
    yield finding.file
    yield finding.sheet
    if (named := _table_name(finding.table)) not in (finding.sheet, finding.file):
        yield named
    if finding.row is not None:
        yield sentence("cli.row", {"row": finding.row})
    yield finding.column


def _table_name(name: str) -> str:
    from junheng.model import TABLES

    held = TABLES.get(name)
    return name if held is None else (held.zh if language() == "zh" else held.en)


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a small table; numbers align to the right."""
    shown = Table(title=title or None, title_justify="left")
    body = [[_cell(value) for value in row] for row in rows]
    for index, heading in enumerate(headings):
        numeric = bool(body) and all(_is_number(row[index]) for row in body)
        shown.add_column(heading, justify="right" if numeric else "left")
    for row in body:
        shown.add_row(*row)
    console().print(shown, markup=False)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return sentence("cli.yes" if value else "cli.no", {})
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)


def _is_number(text: str) -> bool:
    return text == "–" or text.replace(",", "").replace(".", "", 1).lstrip("-+").rstrip("%").isdigit()


class Steps:
    """Progress of a long action: `advance` names the step and, where known, how far it is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def __call__(
        self, code: str, done: int | None = None, total: int | None = None, **parameters: Any
    ) -> None:
        events.progress(code, done, total, parameters)
        self._progress.update(
            self._task, description=sentence(code, parameters), completed=done or 0, total=total
        )


@contextmanager
def progress() -> Iterator[Steps]:
    """A progress line on standard error, silent where nobody watches (no terminal, or JUNHENG_QUIET set);
    a program that listens is told of each step."""
    shown = sys.stderr.isatty() and not os.environ.get("JUNHENG_QUIET")
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=_errors(),
        transient=True,
        disable=not shown,
    ) as bar:
        yield Steps(bar)
