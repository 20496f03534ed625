"""A clause names only what exists: indicators, public verbs, commands, pages, case types. None is hidden."""

from __future__ import annotations

import ast
import importlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from junheng import rules
from junheng.cli.root import app
from junheng.rules.policies import Clause, Delivery, exists

SOURCE = Path(rules.__file__).parents[1]
DOCUMENTS = rules.policies()
NAMED = [
    (clause, delivery)
    for document in DOCUMENTS.values()
    for clause in document.clauses()
    for delivery in clause.delivered_by
]


@cache
def _commands() -> frozenset[str]:
    """Every command as it is typed, `forecast seats`."""

    def below(command: Any, path: str) -> list[str]:
        if not hasattr(command, "commands"):
            return [path]
        return [
            name for key, child in command.commands.items() for name in below(child, f"{path} {key}".strip())
        ]

    return frozenset(below(typer.main.get_command(app), ""))


@cache
def _indicators() -> frozenset[str]:
    return frozenset(rules.at(date(2026, 9, 1)).indicators)


def _is_verb(name: str) -> bool:
    """A name in the `__all__` of a room, which can be had from it."""
    room, _, verb = name.partition(".")
    if not exists(room):
        return False
    module = importlib.import_module(f"junheng.{room}")
    return verb in module.__all__ and callable(getattr(module, verb, None))


def resolves(delivery: Delivery) -> bool:
    """Whether what a clause names is there today."""
    if delivery.kind == "indicator":
        return delivery.name in _indicators()
    if delivery.kind == "verb":
        return _is_verb(delivery.name)
    if delivery.kind == "command":
        return delivery.name in _commands()
    if delivery.kind == "case":
        return (SOURCE / "rules" / "casework" / f"{delivery.name}.yaml").is_file()
    return (SOURCE / "web" / delivery.name / "urls.py").is_file()


@pytest.mark.parametrize(
    ("clause", "delivery"), NAMED, ids=[f"{c.document}-{c.id}-{d.name}" for c, d in NAMED]
)
def test_what_a_clause_names_exists(clause: Clause, delivery: Delivery) -> None:
    assert resolves(delivery), f"{clause.document} {clause.id} names {delivery.kind} {delivery.name}"


@pytest.mark.parametrize(
    "delivery",
    [
        Delivery("indicator", "no_such_indicator"),
        Delivery("verb", "forecast.nothing"),
        Delivery("verb", "nowhere.project"),
        Delivery("verb", "forecast.annotations"),
        Delivery("command", "forecast"),
        Delivery("command", "forecast nothing"),
        Delivery("page", "nowhere"),
        Delivery("case", "nothing"),
    ],
)
def test_what_does_not_exist_does_not_resolve(delivery: Delivery) -> None:
    assert not resolves(delivery)


def test_every_target_names_an_indicator_of_the_catalogue() -> None:
    unknown = {
        f"{document.id} {clause.id}: {target.indicator}"
        for document in DOCUMENTS.values()
        for clause, target in document.targets()
        if target.indicator not in _indicators()
    }
    assert not unknown


def test_every_clause_stands_as_something_and_claims_no_room_that_is_missing() -> None:
    for document in DOCUMENTS.values():
        for clause in document.clauses():
            assert clause.standing in ("delivered", "partly", "tracked", "open")
            if clause.standing == "delivered":
                assert all(exists(room) for room in clause.rooms if room != "supervision"), clause.id
            if not clause.delivered_by:
                assert clause.standing in ("tracked", "open"), clause.id


def test_no_target_stands_in_the_code() -> None:
    """No policy document is named in code, nor any indicator that a target names, so that no value can be."""
    wanted = {target.indicator for document in DOCUMENTS.values() for _, target in document.targets()}
    wanted |= set(DOCUMENTS)
    found = [
        f"{path.relative_to(SOURCE)}:{node.lineno}: {node.value}"
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in wanted
    ]
    assert not found
