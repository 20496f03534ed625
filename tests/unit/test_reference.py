"""The documentation tells of what is there: pages are what would be written, commands and names exist."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from junheng import rules
from junheng.cli.root import app
from junheng.data import mapping, mapping_file
from junheng.forecast import backtest
from junheng.forecast.scenarios.built_in_scenarios import NAMES
from junheng.forecast.scenarios.levers import KINDS
from junheng.forecast.validation import backtesting
from junheng.forecast.validation.backtest_result import TABLE_SCHEMA
from junheng.model import TABLES
from junheng.model.codes import CODE_LISTS

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "docs/guide/first-hour.md",
    *(f"docs/handbook/{n}.md" for n in ("data", "forecast", "mapping")),
)
SH = re.compile(r"```sh\n(.*?)```", re.DOTALL)
TOML = re.compile(r"```toml\n(.*?)```", re.DOTALL)
IDENTIFIER = re.compile(r"`([a-z][a-z0-9]*(?:_[a-z0-9]+)+)`")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@cache
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "reference" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["tables.md", "codes.md", "commands.md", "standards.md"])
def test_a_reference_page_is_what_would_be_written(name: str) -> None:
    made: dict[str, str] = generate().pages()
    assert text(f"docs/reference/{name}") == made[name], "run: make reference"


def test_the_reference_has_every_table_command_and_topic() -> None:
    made: dict[str, str] = generate().pages()
    assert all(f"### `{name}` " in made["tables.md"] for name in TABLES)
    assert "## `junheng forecast what-if`" in made["commands.md"]
    assert all(f"`{topic}` " in made["standards.md"] for topic in rules.load().topics())


def lines_of_shell() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for block in SH.findall(text(page)):
            for line in block.splitlines():
                if plain := line.split(" #")[0].split(" > ")[0].strip():
                    yield page, plain


@pytest.mark.parametrize(("page", "line"), list(lines_of_shell()))
def test_a_command_shown_can_be_typed(page: str, line: str) -> None:
    words = shlex.split(line)
    if words[0] == "make":
        assert re.search(rf"^{re.escape(words[1])}:", text("Makefile"), re.MULTILINE), line
        return
    if words[0] == ".":
        return
    assert words[0] == "junheng", f"{page}: {line}"
    command: Any = typer.main.get_command(app)
    rest = words[1:]
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]
    if rest == ["--help"]:
        return
    assert not hasattr(command, "commands"), f"{page}: there is no command like: {line}"
    command.make_context("junheng", rest)  # a usage error fails the test


def test_shell_is_found_on_every_page() -> None:
    assert {page for page, _ in lines_of_shell()} >= {*PAGES[:4]}


def known_names() -> set[str]:
    """Whatever a page may name in code: tables, columns, codes, standards, levers, entries, scores."""
    book = rules.load()
    names = {*TABLES, *NAMES, *TABLE_SCHEMA, *backtesting.METHODS, *CODE_LISTS}
    for table in TABLES.values():
        names |= {*table.names}
    for code_list in CODE_LISTS.values():
        names |= {*code_list.entries}
    for topic in book.topics():
        names |= {topic, *generate().rules.load().at(generate().DAY, None)[topic]}
    for shape in (mapping.Source, mapping.Unpivot, mapping.YearRule, mapping.Filter):
        names |= {one.name for one in fields(shape)}
    names |= {*mapping.YEAR_LABELS, *mapping_file._ENTRIES}
    names |= {word for options in KINDS.values() for option in options[1] for word in option}
    names |= {"school_id", "phase_in"}
    return names


@pytest.mark.parametrize("page", PAGES)
def test_every_name_in_code_exists(page: str) -> None:
    assert sorted(set(IDENTIFIER.findall(text(page))) - known_names()) == []


def test_every_complete_mapping_file_shown_can_be_read() -> None:
    shown = [block for page in PAGES for block in TOML.findall(text(page)) if block.startswith("format")]
    assert len(shown) >= 3
    for block in shown:
        mapping_file.parse(tomllib.loads(block), "shown")


def test_the_first_hour_shows_a_mapping_that_reads() -> None:
    (block,) = TOML.findall(text("docs/guide/first-hour.md"))
    assert mapping_file.parse(tomllib.loads(block), "shown").sources[0].table == "births"


def test_the_handbook_lists_every_lever_with_its_names_and_parameters() -> None:
    rows = dict(re.findall(r"^\| `([A-Z]\w+)` \|(.*)$", text("docs/handbook/forecast.md"), re.MULTILINE))
    assert set(rows) == set(KINDS)
    for kind, (scopes, options) in KINDS.items():
        assert CODE_LISTS["lever"].entries[kind][0] in rows[kind]
        assert all(f"`{name}`" in rows[kind] for option in options for name in option)
        assert ("任意" in rows[kind]) == (len(scopes) == 3) or all(scope in rows[kind] for scope in scopes)


def test_the_template_offers_every_lever_and_scope() -> None:
    assert set(CODE_LISTS["lever"].entries) == set(KINDS)
    assert set(CODE_LISTS["lever_scope"].entries) == {
        scope for scopes, _ in KINDS.values() for scope in scopes
    }


def test_the_handbook_explains_every_column_of_a_backtest() -> None:
    page = text("docs/handbook/forecast.md")
    assert all(f"`{column}`" in page for column in TABLE_SCHEMA)
    assert all(f"`{method}`" in page for method in backtesting.METHODS)
    assert callable(backtest)


@cache
def source() -> str:
    folder = ROOT / "src" / "junheng"
    return "\n".join(
        path.read_text(encoding="utf-8")
        for kind in ("*.py", "*.yaml", "*.j2")
        for path in sorted(folder.rglob(kind))
    )


def glossary() -> list[tuple[str, str]]:
    rows = [line.split("|")[1:-1] for line in text("GLOSSARY.md").splitlines() if line.startswith("| ")][1:]
    return [(row[0].strip(), row[2]) for row in rows]


@pytest.mark.parametrize(("word", "cell"), glossary())
def test_a_name_in_the_glossary_occurs_in_the_source(word: str, cell: str) -> None:
    names = re.findall(r"`([^`]+)`", cell) or [cell.strip()]
    for name in names:
        stem = name.removesuffix("*")
        assert re.search(rf"\b{re.escape(stem)}", source()), f"{word}: {name}"


def test_the_glossary_stays_short() -> None:
    words = [word for word, _ in glossary()]
    assert 50 <= len(words) <= 100
    assert len(set(words)) == len(words)


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text(page)):
            assert ((ROOT / page).parent / target).exists(), f"{page} -> {target}"
