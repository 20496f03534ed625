"""The web keeps to its plan: thin views, pure presenters, state changed in actions, words in catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

WEB = Path(__file__).resolve().parents[2] / "src" / "junheng" / "web"
FRONTEND = Path(__file__).resolve().parents[2] / "frontend" / "src"
PYTHON = [path for path in sorted(WEB.rglob("*.py")) if "migrations" not in path.parts]
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ALWAYS = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ON_MANAGERS = {"update", "delete", "create"}
RAW = {"raw", "cursor", "executescript"}
MAY_CHANGE = ("actions.py", "tasks.py")
"""What files that change state are called, or end in."""
APPENDS = "audit/chain.py"
"""The audit trail's one writer: actions call it inside their own transaction."""
LONGEST_VIEW = 15

VIEWS = [path for path in PYTHON if path.name == "views.py" or path.parent.name == "views"]
PURE = [
    path for path in PYTHON if "presenter" in path.name or path.parent.name in ("presenters", "templatetags")
]


def name_of(path: Path) -> str:
    return str(path.relative_to(WEB))


@cache
def tree_of(path: Path) -> ast.Module:
    """A file of code, parsed once for all tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


def faults(paths: Iterable[Path], look: Callable[[Path], Any]) -> dict[str, Any]:
    """What `look` finds, by file: one test for all files, since each is read in a moment."""
    return {name_of(path): found for path in paths if (found := look(path))}


def orm_calls(tree: ast.AST) -> list[int]:
    """Lines where a model's manager is touched."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    ]


def changes(tree: ast.AST) -> list[tuple[int, str]]:
    """Calls that write to the database: methods of managers, query sets and model instances."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        verb, target = node.func.attr, node.func.value
        through_manager = any(
            isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(target)
        )
        if (
            verb in ALWAYS
            or (verb in RAW and not _is_frame(target))
            or (verb in ON_MANAGERS and through_manager)
        ):
            found.append((node.lineno, verb))
    return found


def _is_frame(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id in ("pl", "frame")


def test_views_presenters_and_tags_touch_no_table() -> None:
    assert faults([*VIEWS, *PURE], lambda path: orm_calls(tree_of(path))) == {}


def test_views_are_thin() -> None:
    """A view resolves a scope, reads, presents and renders: fifteen lines of statements at most."""
    assert faults([p for p in PYTHON if "views" in p.name], _long_views) == {}


def _long_views(path: Path) -> dict[str, int]:
    return {
        node.name: lines
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and (lines := _statement_lines(node)) > LONGEST_VIEW
    }


def _statement_lines(node: ast.FunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_only_actions_and_tasks_change_state() -> None:
    others = [
        path
        for path in PYTHON
        if not path.name.endswith(MAY_CHANGE) and "actions" not in path.parts and name_of(path) != APPENDS
    ]
    assert faults(others, lambda path: changes(tree_of(path))) == {}


def test_templates_hold_no_sentence_script_or_style() -> None:
    assert len(TEMPLATES) > 50 and faults(TEMPLATES, _odd_in_template) == {}


def _odd_in_template(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    visible = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    words = re.sub(r"<[^>]*>|&[a-z]+;|\s|[·/:：、，|()（）–—\-+%.,0-9\"'=]", "", visible)
    looked = {
        "words belong in the catalogue": CHINESE.search(visible),
        "forbidden by the CSP": re.search(r"\son[a-z]+\s*=|\sstyle\s*=|javascript:|hx-on|js:", visible),
        "everything is escaped": re.search(r"\|\s*safe\b|autoescape\s+off|\bmark_safe\b", text),
        "English outside the catalogue": re.search(r"[A-Za-z]{3,}", words),
    }
    return [f"{what}: {found[0]}" for what, found in looked.items() if found]


def test_typescript_holds_no_sentence() -> None:
    files = sorted(FRONTEND.rglob("*.ts"))
    assert files
    for path in files:
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not CHINESE.search(code), path.name


def test_words_stand_in_catalogues_only() -> None:
    """No Chinese string literal outside messages; docstrings and settings (names of languages) are free."""
    others = [p for p in PYTHON if not p.name.endswith("messages.py") and "settings" not in p.parts]
    assert len(others) > 300 and faults(others, _chinese) == {}


def _chinese(path: Path) -> list[tuple[int, str]]:
    tree = tree_of(path)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    expressions = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value)
        and id(node) not in docstrings | expressions
    ]


def test_no_mark_safe_in_code() -> None:
    """SafeString only where our own <b> is set, after escaping."""
    users = [name_of(p) for p in PYTHON if "mark_safe" in p.read_text(encoding="utf-8")]
    assert users == []


def test_pages_and_reports_share_their_colours() -> None:
    """One meaning, one colour: the web's tokens are those of the report's stylesheet, word for word."""
    report = WEB.parent / "report" / "templates" / "style.css"
    own = (WEB / "house" / "static" / "house" / "tokens.css").read_text(encoding="utf-8")
    declared = re.search(r"^:root \{.*?^\}\n", report.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert declared is not None
    assert own == declared[0]
