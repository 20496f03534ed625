"""What every process loads at its start does not bring in what only drawing and computing need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("docx", "fastexcel", "fontTools", "matplotlib", "numba", "openpyxl", "pypinyin", "scipy", "typst")
"""Not the likes of numpy, which other libraries bring in where it is installed."""
WEB = "import django; django.setup(); import junheng.web.urls"


def brought_in(program: str, workspace: Path | None = None) -> list[str]:
    """The heavy libraries in memory after `program`, run by an interpreter of its own."""
    end = f"import sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    desk = {"DJANGO_SETTINGS_MODULE": "junheng.web.settings.demo", "JUNHENG_WORKSPACE": str(workspace)}
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{end}"],
        capture_output=True,
        text=True,
        check=True,
        env=desk,
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    "module",
    [
        "junheng.cli",
        "junheng.data",
        "junheng.data.workspace",
        "junheng.forecast",
        "junheng.forecast.scenarios.built_in_scenarios",
        "junheng.monitoring",
        "junheng.report",
        "junheng.report.export",
        "junheng.report.format",
        "junheng.report.sections.seats",
        "junheng.report.wording",
        "junheng.scale",
        "junheng.year",
    ],
)
def test_words_formats_and_tables_come_alone(module: str) -> None:
    assert brought_in(f"import {module}") == []


def test_a_web_process_starts_without_drawing_or_computing(tmp_path: Path) -> None:
    assert brought_in(WEB, tmp_path) == []


def test_the_parent_and_the_workers_start_without_drawing_or_computing(tmp_path: Path) -> None:
    program = (
        "import django; django.setup()\n"
        "from junheng.web.operations import demonstration, people, processes, setup\n"
        "from junheng.web.jobs import worker"
    )
    assert brought_in(program, tmp_path) == []


def test_what_draws_brings_it_in() -> None:
    assert "matplotlib" in brought_in("from junheng import report; report.html")
    assert "numba" in brought_in("from junheng import forecast; forecast.project")


@pytest.mark.parametrize("package", ["data", "forecast", "monitoring", "report", "scale", "year"])
def test_every_name_offered_is_there_and_no_module_bears_it(package: str) -> None:
    program = f"""
import importlib.util
import junheng.{package} as package
for name in package.__all__:
    assert importlib.util.find_spec(f"junheng.{package}.{{name}}") is None, name
    getattr(package, name)
try:
    package.nothing_of_the_kind
except AttributeError:
    pass
else:
    raise AssertionError
"""
    brought_in(program)
