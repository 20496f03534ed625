"""Commands typed wrong: the library's English complaints in the language chosen, with the usage line."""

from __future__ import annotations

import re
from typing import Any

import typer

from junheng.cli import events, speech

_COMPLAINTS: tuple[tuple[str, str], ...] = (
    ("cli.usage_missing", r"Missing \w+ '(?P<name>.+)'\."),
    ("cli.usage_no_command", r"No such command '(?P<name>.+?)'\."),
    ("cli.usage_option_near", r"No such option: (?P<name>\S+) \(Possible options: (?P<near>.+)\)"),
    ("cli.usage_no_option", r"No such option: (?P<name>\S+)"),
    ("cli.usage_extra", r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.+)\)"),
    ("cli.usage_no_value", r"Option '(?P<name>.+)' requires an argument\."),
    ("cli.usage_needless_value", r"Option '(?P<name>.+)' does not take a value\."),
    ("cli.usage_value", r"Invalid value for '?(?P<name>[^:']+)'?(?: \(env var: .+?\))?: (?P<why>.+)"),
    ("cli.usage_value_alone", r"Invalid value: (?P<why>.+)"),
)
_REASONS: tuple[tuple[str, str], ...] = (
    ("cli.usage_at_least", r"Input should be greater than or equal to (?P<limit>\S+)"),
    ("cli.usage_at_most", r"Input should be less than or equal to (?P<limit>\S+)"),
    ("cli.usage_whole", r"Input should be a valid integer.*"),
    ("cli.usage_choice", r"(?:Value error, )?(?P<value>'.*?') is not one of (?P<known>.+?)\.?"),
)


def complain(error: typer.TyperException) -> int:
    """Say what was typed wrong and how to find out more; returns the exit code."""
    context: Any = getattr(error, "ctx", None)
    said = error.format_message()
    if context is not None and said == context.get_help():  # a group without a command shows its help
        typer.echo(said, err=True)
    else:
        said = worded(said)
        if context is not None:
            usage = context.get_usage().removeprefix("Usage:").strip()
            speech.complain("cli.usage_line", usage=usage, command=context.command_path)
        speech.complain("cli.usage_error", text=said)
    events.failure("cli.usage_error", {"text": said}, error.exit_code)
    return error.exit_code


def worded(complaint: str) -> str:
    """The complaint in the language chosen; as it stands when it is our own sentence or a new kind."""
    if speech.language() == "en":
        return complaint
    for code, pattern in _COMPLAINTS:
        if found := re.fullmatch(pattern + r"(?: Did you mean .+)?", complaint, re.DOTALL):
            parts = found.groupdict()
            if "why" in parts:
                parts["why"] = _reason(parts["why"])
            return speech.sentence(code, parts)
    return complaint


def _reason(why: str) -> str:
    for code, pattern in _REASONS:
        if found := re.fullmatch(pattern, why, re.DOTALL):
            return speech.sentence(code, found.groupdict())
    return why
