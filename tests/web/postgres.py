"""A throw-away PostgreSQL cluster from Debian's binaries: Unix socket only, nothing kept on disk."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.locks import one_at_a_time

PLACES = ("/usr/lib/postgresql", "/usr/pgsql")
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def installed(program: str) -> Path | None:
    """The newest `program` of a PostgreSQL on this machine."""
    found = [path for place in PLACES for path in Path(place).glob(f"*/bin/{program}")]
    if found:
        return max(found, key=lambda path: float(path.parent.parent.name))
    on_path = shutil.which(program)
    return Path(on_path).resolve() if on_path else None


def needed(program: str, package: str) -> Path:
    """The program; in CI as root its Debian package is installed first. Fails in CI and skips elsewhere when
    it is not there."""
    search = installed if package == "postgresql" else (lambda name: shutil.which(name))
    found = search(program)
    if found is None and os.environ.get("CI") and os.geteuid() == 0:
        with one_at_a_time("apt"):
            found = search(program) or _fetched(package, search, program)
    if found is None:
        message = f"{program} of the package {package} is not on this machine"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return Path(found)


def _fetched(package: str, search: Callable[[str], Path | str | None], program: str) -> Path | str | None:
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": 500}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update"], check=False, **quiet)
    subprocess.run(["apt-get", "install", "-y", package], check=False, env=environment, **quiet)
    return search(program)


class Cluster:
    """A running cluster: `url(name)` is the address of one of its databases."""

    def __init__(self, folder: Path, binaries: Path, prefix: list[str]) -> None:
        self.folder, self._binaries, self._prefix = folder, binaries, prefix

    def url(self, name: str) -> str:
        """Address as JUNHENG_DATABASE takes it."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template0") -> str:
        """A new database, a copy of `template`; returns its address."""
        self.run("createdb", "-T", template, "-E", "UTF8", name)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.run("dropdb", "--force", "--if-exists", name)

    def run(self, program: str, *arguments: str) -> str:
        """One of PostgreSQL's own programs against this cluster."""
        command = [str(self._binaries / program), "-h", str(self.folder), "-U", "postgres", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    def start(self) -> None:
        """Make and start the cluster as a user that is not root (initdb refuses root)."""
        self._call("initdb", "-D", f"{self.folder}/data", "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8")
        options = f"{QUICK} -c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        self._call(
            "pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-o", options, "start"
        )

    def stop(self) -> None:
        """End it without ceremony."""
        with contextlib.suppress(subprocess.SubprocessError):
            self._call("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._prefix, str(self._binaries / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            timeout=120,
        )


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster for as long as the block runs."""
    binaries = needed("initdb", "postgresql").parent
    folder = Path(tempfile.mkdtemp(prefix="jh-pg-"))  # short: a socket's path may have 107 bytes
    prefix: list[str] = []
    if os.geteuid() == 0:
        owner = "postgres" if "postgres:" in Path("/etc/passwd").read_text(encoding="utf-8") else "nobody"
        shutil.chown(folder, owner)
        prefix = ["setpriv", f"--reuid={owner}", "--clear-groups", "--"]
    folder.chmod(0o755)
    held = Cluster(folder, binaries, prefix)
    try:
        held.start()
        yield held
    finally:
        held.stop()
        shutil.rmtree(folder, ignore_errors=True)
