"""The command line as a program hears it: with JUNHENG_EVENTS set, one JSON object a line on standard output.

Every command then says how far it is (`progress`) and ends with exactly one `result` or `failure`. What it
would say to a person goes to standard error. A reader that hangs up ends the command at once.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NoReturn, TextIO

from junheng.model.reason import Finding

ASKED = "JUNHENG_EVENTS"
INTERVAL = 0.2
"""Seconds between two progress events of one step."""
MOST_FINDINGS = 200
HUNG_UP = 141
"""Exit code when nobody reads any more, as a shell gives it to a command ended by SIGPIPE."""


@dataclass(slots=True)
class _Channel:
    stream: TextIO | None = None
    answer: dict[str, Any] = field(default_factory=dict[str, Any])
    step: str = ""
    told: float = -math.inf
    ended: bool = False


_open = _Channel()


@contextlib.contextmanager
def channel() -> Iterator[None]:
    """Take standard output for events while a command runs, if the environment asks for it."""
    global _open  # noqa: PLW0603 - one process, one standard output
    if not os.environ.get(ASKED):
        yield
        return
    before, _open = _open, _Channel(sys.stdout)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        _open = before


def listened() -> bool:
    """Whether a program listens."""
    return _open.stream is not None


def progress(code: str, done: int | None, total: int | None, parameters: Mapping[str, Any]) -> None:
    """How far a step is; the first event of a step is always sent, later ones a few times a second."""
    now = time.monotonic()
    if not listened() or (code == _open.step and now - _open.told < INTERVAL):
        return
    _open.step, _open.told = code, now
    _send("progress", {"code": code, "parameters": parameters, "done": done, "total": total})


def answer(**fields: Any) -> None:
    """Fields of the `result` event that ends the command."""
    _open.answer |= fields


def success() -> None:
    """Send the result, once."""
    if not _open.ended:
        _send("result", _open.answer)
        _open.ended = True


def failure(
    code: str, parameters: Mapping[str, Any], exit_code: int, findings: Sequence[Finding] = ()
) -> None:
    """Send why the command failed, with the first findings."""
    if _open.ended:
        return
    _send(
        "failure",
        {
            "code": code,
            "parameters": parameters,
            "exit_code": exit_code,
            "finding_count": len(findings),
            "findings": [asdict(finding) for finding in findings[:MOST_FINDINGS]],
        },
    )
    _open.ended = True


def _send(event: str, fields: Mapping[str, Any]) -> None:
    if _open.stream is None:
        return
    line = json.dumps({"event": event, **plain(fields)}, allow_nan=False)
    try:
        _open.stream.write(line + "\n")
        _open.stream.flush()
    except BrokenPipeError:
        _hang_up(_open.stream)


def _hang_up(stream: TextIO) -> NoReturn:
    with contextlib.suppress(OSError, ValueError):  # so that the interpreter's last flush finds a taker
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(HUNG_UP)


def plain(value: Any) -> Any:
    """`value` in what JSON has: numbers that are none become null, anything unknown its text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    if hasattr(value, "item"):  # a number of an array
        return plain(value.item())
    return str(value)
