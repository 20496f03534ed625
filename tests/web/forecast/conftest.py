"""What the pages of this room are compared with: the run's tables as they lie on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.web import servers
from tests.web.desks import Desk

YEAR = 2026


@pytest.fixture
def table(desk: Desk) -> Callable[[str], pl.DataFrame]:
    """A table of the one annual run, read without any of the application's code."""
    folder = next((desk.workspace / "runs").glob("year-*"))

    def read(name: str) -> pl.DataFrame:
        return pl.read_parquet(folder / "tables" / f"{name}.parquet")

    return read


@pytest.fixture
def get(desk: Desk) -> Callable[..., Any]:
    """A page of this room as someone sees it at a unit."""

    def ask(role: str, path: str = "", unit: str = "region", **query: Any) -> Any:
        code = desk.units.get(unit, unit)
        return desk.client(role).get(f"/{code}/{YEAR}/forecast/{path}", query)

    return ask


@pytest.fixture(scope="session")
def with_scenario(example_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a stored scenario of the example: two measures, few draws."""
    import shutil

    alone = shutil.ignore_patterns("desk", "scenario-*")
    workspace = Path(shutil.copytree(example_workspace, tmp_path_factory.mktemp("told") / "ws", ignore=alone))
    options = ("--scenario", "扩建方案", "--save", "--draws", "100")
    servers.junheng("forecast", "what-if", str(workspace), *options)
    yield next((workspace / "runs").glob("scenario-*"))


@pytest.fixture
def scenario(desk: Desk, with_scenario: Path) -> str:
    """Id of a stored scenario, put into the desk's workspace and noted as the planner's."""
    import shutil

    from junheng.web.runs.actions import note_runs

    shutil.copytree(with_scenario, desk.workspace / "runs" / with_scenario.name)
    note_runs(by=desk.person("planner"), run_id=with_scenario.name)
    return with_scenario.name
