"""Every command explains itself in Chinese first and English second, and names its arguments in one way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from junheng.cli.root import app

HAN, LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2,}")
LIST_WIDTH = 78
"""Columns a list of commands has on a plain terminal."""


def commands(command: Any = None, name: str = "junheng") -> Iterator[tuple[str, Any]]:
    command = typer.main.get_command(app) if command is None else command
    yield name, command
    for child, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{name} {child}")


ALL = dict(commands())


def bilingual(text: str) -> bool:
    """Han characters, and after the last of them some English."""
    last = max((match.end() for match in HAN.finditer(text)), default=0)
    return last > 0 and LATIN.search(text, last) is not None


@pytest.mark.parametrize("name", ALL)
def test_a_command_is_explained_in_both_languages(name: str) -> None:
    assert bilingual(ALL[name].help)


@pytest.mark.parametrize("name", [name for name in ALL if name != "junheng"])
def test_the_list_of_commands_shows_both_languages_uncut(name: str) -> None:
    short = ALL[name].get_short_help_str(limit=LIST_WIDTH - 12)
    assert bilingual(short) and not short.endswith("..."), short


@pytest.mark.parametrize("name", ALL)
def test_every_argument_and_option_is_explained_in_both_languages(name: str) -> None:
    for parameter in ALL[name].params:
        if parameter.name != "help":
            assert bilingual(parameter.help or ""), f"{name} {parameter.name}"


def test_the_same_thing_has_the_same_name_everywhere() -> None:
    """A workspace is WS, a file to write OUT; options of one name mean one thing."""
    said: dict[str, set[str]] = {}
    for command in ALL.values():
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                assert re.fullmatch(r"[A-Z]+", parameter.metavar or ""), parameter.name
            elif parameter.name in ("origin", "years", "draws", "seed", "out"):
                said.setdefault(parameter.name, set()).add(parameter.help)
    assert {name: len(helps) for name, helps in said.items()} == dict.fromkeys(said, 1)
