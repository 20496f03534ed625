"""The example county, made and run once for all tests of a year; whoever writes takes a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import FEW_DRAWS

FEW = ("--draws", FEW_DRAWS)


@pytest.fixture(scope="session")
def county(example_county: Path) -> Path:
    """The example county as created, without a run. Read only."""
    return example_county


@pytest.fixture(scope="session")
def county_run(example_workspace: Path) -> Path:
    """The first annual run of the county, in `<workspace>/runs/<id>`. Read only."""
    return next((example_workspace / "runs").glob("year-*"))


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """Copies a workspace into the test's own folder."""
    return lambda workspace: Path(shutil.copytree(workspace, tmp_path / "copy"))
