"""The harness of the web tests. Fixtures:

- `example_workspace` (session): the example region with one annual run of few draws, see `tests.conftest`.
- `database`: "sqlite"; with `@pytest.mark.both_databases` also "postgresql" (journeys, jobs, audit, backup).
- `desk`: a desk of the test's own on that database, ORM and settings pointed at it: units synced, one account
  a role, the run noted, reviewed and published. `desk.workspace`, `desk.unit("school")`,
  `desk.person("planner")`, `desk.code_of("planner")`; see `tests.web.desks`. Real commits, no wrapping
  transaction: threads and child processes see what the test wrote.
- `people`: `{name: User}` of every account of `desk`; `PASSWORD` in `tests.web.desks` is everyone's.
- `client_for(role)`: a `django.test.Client` signed in, second factor included; `client_for(None)` is a
  stranger.
- `desk_server` (one a module): web server and two workers as real processes on a desk of their own, at
  `desk_server.url`; with the mark `both_databases` once for each database. `desk_server.restart_web()`,
  `.kill_web()`, `.kill_workers()`, `.start_workers()`.
- `served`: points ORM and settings of this process at the server's desk for one test; gives the `Desk`.
- `browser` (session), `page` (a tab of the server's site, 1366 × 768, Chinese): at the end console errors,
  breaches of the CSP, failed static files, 5xx answers and requests to anywhere else fail the test;
  `page.watch.allow(part)` excuses a console message.
- Helpers in `tests.web.browsing`: `sign_in(page, role)` through the form, `enter(page, role)` by a ready
  session, `axe(page)` the serious and critical findings, `ready(page)` waits until every island has drawn.

No `django_db` mark: without `desk` or `served` there is no database at all, and using one fails.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "junheng.web.settings.test"
os.environ["JUNHENG_WORKSPACE"] = str(Path(tempfile.gettempdir()) / "no-workspace")
os.environ["JUNHENG_DATABASE"] = "sqlite:////nonexistent/no-test-database-is-open"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs a loop in the test's thread

import django
from django.test.utils import setup_test_environment, teardown_test_environment

django.setup()

from tests.web import browsing, desks, postgres, servers  # noqa: E402 - Django must be set up

KINDS = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: runs on SQLite and on PostgreSQL")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kinds = KINDS if metafunc.definition.get_closest_marker("both_databases") else KINDS[:1]
    for name, scope in (("database", "function"), ("server_database", "module")):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, kinds, indirect=True, scope=scope)


@pytest.fixture(scope="session", autouse=True)
def _django() -> Iterator[None]:
    setup_test_environment(debug=False)
    yield
    teardown_test_environment()


@pytest.fixture(scope="session")
def seeds(example_workspace: Path, shared_folder: Path) -> Iterator[desks.Seeds]:
    with ExitStack() as stack:
        held: list[postgres.Cluster] = []

        def cluster() -> postgres.Cluster:
            if not held:
                held.append(stack.enter_context(postgres.cluster()))
            return held[0]

        folder = shared_folder / "seeds"
        folder.mkdir(exist_ok=True)
        yield desks.Seeds(example_workspace, folder, cluster)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def desk(database: str, seeds: desks.Seeds, tmp_path: Path) -> Iterator[desks.Desk]:
    copy = seeds.copy(database, tmp_path)
    with desks.pointed(copy):
        yield copy
    seeds.remove(copy)


@pytest.fixture
def people(desk: desks.Desk) -> dict[str, Any]:
    return {name: desk.person(name) for name in (*desks.ROLES_ON, *desks.SECONDS)}


@pytest.fixture
def client_for(desk: desks.Desk) -> Callable[..., Any]:
    return desk.client


@pytest.fixture(scope="module")
def server_database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def desk_server(
    server_database: str, seeds: desks.Seeds, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.DeskServer]:
    copy = seeds.copy(server_database, tmp_path_factory.mktemp("served"))
    with servers.DeskServer(copy) as server:
        yield server
    seeds.remove(copy)


@pytest.fixture
def served(desk_server: servers.DeskServer) -> Iterator[desks.Desk]:
    with desks.pointed(desk_server.desk):
        yield desk_server.desk


@pytest.fixture(scope="session")
def browser(driver: Any) -> Iterator[Any]:
    with browsing.chromium(driver) as found:
        yield found


@pytest.fixture
def page(browser: Any, desk_server: servers.DeskServer, served: desks.Desk) -> Iterator[Any]:
    with browsing.tab(browser, desk_server) as tab:
        yield tab
