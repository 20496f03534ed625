"""Whatever the code can refuse, doubt or announce has a Chinese and an English sentence."""

from __future__ import annotations

import ast
import string
from pathlib import Path

from junheng.cli.messages import MESSAGES as CLI
from junheng.report.wording import CATALOGUE
from junheng.web.wording import catalogue

SOURCE = Path(__file__).parents[2] / "src" / "junheng"
SPEAKERS = {
    "BadData", "Refused", "Infeasible", "WorkspaceError", "VerificationFailed", "JunhengError", "Finding",
    "say", "complain", "sentence",
}  # fmt: skip
ALL = CATALOGUE | CLI
SAID = ALL | catalogue()


def _codes() -> list[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        if "report" in path.relative_to(SOURCE).parts:
            continue  # the report prefixes its own codes; its tests word every one
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in SPEAKERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add((str(path.relative_to(SOURCE)), first.value))
    return sorted(found)


def test_every_code_is_worded() -> None:
    codes = _codes()
    assert len(codes) > 1_000, "the code is looked at, not an empty folder"
    assert [(place, code) for place, code in codes if code not in SAID] == []


def test_every_sentence_stands_in_both_languages() -> None:
    empty = [
        code
        for code, texts in ALL.items()
        if ".unit." not in code and not all(text.strip() for text in texts)
    ]
    assert not empty
    for texts in ALL.values():
        for text in texts:
            list(string.Formatter().parse(text))  # a stray brace would stop the sentence
