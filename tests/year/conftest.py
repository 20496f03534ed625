"""The example county, made and run once for all tests of a year; whoever writes takes a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.year.commands import annual_run, done

FEW = ("--draws", "100")


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example county as created, without a run. Read only."""
    path = tmp_path_factory.mktemp("county") / "yunzhou"
    done("example", path)
    return path


@pytest.fixture(scope="session")
def county_run(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first annual run of a copy of the county, in `<workspace>/runs/<id>`. Read only."""
    return annual_run(shutil.copytree(county, tmp_path_factory.mktemp("run") / "yunzhou"), *FEW)


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """Copies a workspace into the test's own folder."""
    return lambda workspace: Path(shutil.copytree(workspace, tmp_path / "copy"))
