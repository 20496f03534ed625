"""No threshold, document number or place of the policies in code: they live in rules/*.yaml or a region.

A number of the law is looked for only beside a name that speaks of it (class_size = 45, p_red < 0.8), so that
an honest 45 elsewhere stays free.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from junheng import rules

SOURCE = Path(__file__).resolve().parents[2] / "src" / "junheng"
FILES = sorted(SOURCE.rglob("*.py"))
DOCUMENT = re.compile(r"〔(?:19|20)\d{2}〕|建标\s?\d{3}|令第\s?\d+\s?号|GB ?50\d{3}")
PLACES = re.compile(r"北京|上海|江苏|海淀|Beijing|Shanghai|Jiangsu|Haidian", re.IGNORECASE)
SPEAKS = re.compile(
    r"class_?size|large_?class|school_?size|small_?school|staff_?ratio|pupils_per_post|p_red|p_orange|p_yellow"
    r"|p_short_(?:red|orange|yellow)|underuse|lead_time|service_radius|sharing_minutes|p_feasible",
    re.IGNORECASE,
)
NUMBERS = {float(e.value.value) for e in rules.load().entries() if e.value.value is not None} - {
    0.0,
    1.0,
    2.0,
}


def _names(node: ast.AST) -> str:
    """Every identifier and string key within an expression, joined."""
    found: list[str] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found.append(part.id)
        elif isinstance(part, ast.Attribute):
            found.append(part.attr)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.isidentifier():
            found.append(part.value)
    return " ".join(found)


def _is_law(node: ast.AST | None) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return any(_is_law(part) for part in node.elts)
    if isinstance(node, ast.Dict):
        return any(_is_law(part) for part in node.values)
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and float(node.value) in NUMBERS
    )


def offences(text: str) -> list[tuple[int, str]]:
    """(line, what) of every piece of law in a Python source."""
    found: list[tuple[int, str]] = []
    text = re.sub(r"\bAsia/\w+", "", text)  # the name of a clock, not of a place
    for number, line in enumerate(text.splitlines(), start=1):
        found += [(number, hit.group()) for hit in (DOCUMENT.search(line), PLACES.search(line)) if hit]
    for node in ast.walk(ast.parse(text)):
        pairs: list[tuple[str, ast.AST | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(_names(target), node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign):
            pairs = [(_names(node.target), node.value)]
        elif isinstance(node, ast.keyword):
            pairs = [(node.arg or "", node.value)]
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            pairs = [(" ".join(_names(side) for side in sides), side) for side in sides]
        elif isinstance(node, ast.Dict):
            pairs = [(_names(key), value) for key, value in zip(node.keys, node.values, strict=True) if key]
        elif isinstance(node, ast.arguments):
            named = [*node.posonlyargs, *node.args]
            pairs = [(a.arg, d) for a, d in zip(reversed(named), reversed(node.defaults), strict=False)]
            pairs += [(a.arg, d) for a, d in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        found += [
            (getattr(value, "lineno", 0), f"{name} with a number of the law")
            for name, value in pairs
            if SPEAKS.search(name) and _is_law(value)
        ]
    return found


def test_there_is_no_law_in_the_code() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}: {what}"
        for path in FILES
        for line, what in offences(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "move these to rules/standards or a region's folder"


@pytest.mark.parametrize(
    "text",
    [
        "class_size = 45",
        "if pupils / classes >= large_class or large_class == 56: pass",
        "def seats(rooms, class_size=50): ...",
        "CLASS_SIZES = {'primary': 45}",
        "warn(p_red=0.8)",
        "# 教督〔2017〕6号",
        "NAME = '海淀'",
        "staff_ratio: float = 13.5",
        "x = {'school_size': 2000}",
    ],
)
def test_the_search_finds_law_where_there_is_some(text: str) -> None:
    assert offences(text)


@pytest.mark.parametrize("text", ["width = 45", "rows = 2000", "class_size = book.number", "font_size = 50"])
def test_the_search_leaves_honest_numbers_alone(text: str) -> None:
    assert not offences(text)
