"""What every test shares: reproducible Hypothesis examples, one BLAS thread, the example region made once for
all processes; long files are begun first, so that no process is left alone with one at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # too short for more

import pytest
from hypothesis import settings

from tests.locks import one_at_a_time

settings.register_profile("junheng", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("junheng")

FEW_DRAWS = "100"
"""Draws of the example's run: enough for every page and table to be there."""

LONG = (
    "web/journeys/test_real_workbook.py",
    "year/test_second_year.py",
    "year/test_large_regions.py",
    "year/test_reproducible.py",
    "web/journeys/test_people_at_work.py",
    "web/test_matrix.py",
    "web/jobs/test_real_workers.py",
    "web/test_every_page_in_the_browser.py",
    "web/operations/test_backup.py",
    "unit/test_spark.py",
    "web/security/test_payloads.py",
    "unit/test_frontend.py",
    "web/manage/test_runs.py",
    "unit/year/test_balance.py",
    "web/journeys/test_interruptions.py",
    "web/journeys/test_anyone.py",
    "web/test_every_page.py",
    "web/data_centre/test_journey.py",
    "web/api/test_schema.py",
    "web/operations/test_serving.py",
    "web/balance/test_pages.py",
    "web/forecast/test_what_if_journey.py",
    "web/privacy/test_commands.py",
    "year/test_events.py",
    "year/test_forecast_commands.py",
    "web/overview/test_journeys.py",
    "web/plan/test_journey.py",
    "web/balance/test_journey.py",
)
"""Files of more than twenty seconds, the longest first."""


@pytest.hookimpl(optionalhook=True)  # also without xdist
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """One process more than processors: much of a journey is waiting for a browser or a worker."""
    del config
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first."""
    here = Path(__file__).parent
    place = {here / name: at for at, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(scope="session")
def driver() -> Iterator[Any]:
    """Playwright, once for all tests of a process: there it can only be started once at a time."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder all processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def example_county(shared_folder: Path) -> Path:
    """The example region as created, without a run. Read only."""
    path = shared_folder / "county" / "yunzhou"
    with one_at_a_time("county", shared_folder):  # the first of the processes makes it for all
        if not path.exists():
            making = shared_folder / "county-in-the-making"
            _junheng("example", making)
            path.parent.mkdir()
            making.rename(path)
    return path


@pytest.fixture(scope="session")
def example_workspace(request: pytest.FixtureRequest, shared_folder: Path) -> Path:
    """The example region with one annual run of few draws. Read only.

    Making it takes half a minute: while you write tests, let JUNHENG_EXAMPLE name a ready one
    (`junheng example WS && junheng run WS --draws 100`).
    """
    if ready := os.environ.get("JUNHENG_EXAMPLE"):
        return Path(ready)
    path = shared_folder / "example" / "yunzhou"
    with one_at_a_time("example", shared_folder):
        if not path.exists():
            county: Path = request.getfixturevalue("example_county")
            making = Path(shutil.copytree(county, shared_folder / "example-in-the-making"))
            _junheng("run", making, "--draws", FEW_DRAWS)
            path.parent.mkdir()
            making.rename(path)
    return path


def _junheng(*arguments: object) -> None:
    source = str(Path(__file__).resolve().parents[1] / "src")
    done = subprocess.run(
        [sys.executable, "-m", "junheng", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=500,
        env={**os.environ, "PYTHONPATH": source},
    )
    assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
