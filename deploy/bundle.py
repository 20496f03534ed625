"""Everything an installation without a network needs, in one folder: wheels by digest, documents, units.

    python deploy/bundle.py dist/bundle [--machine x86_64 --machine aarch64] [--python 3.11]

What is installed at run time is taken from requirements.lock with its digests, so the wheels are those the
tests ran with; our own wheel holds the built pages and fonts. The server needs neither Node nor a compiler:

    sha256sum -c SHA256SUMS
    python3 -m venv /opt/junheng
    /opt/junheng/bin/pip install --no-index --find-links wheels --require-hashes -r requirements.txt
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
BUILT = (
    ROOT / "src" / "junheng" / "web" / "static" / "dist" / "manifest.json",
    ROOT / "src" / "junheng" / "report" / "fonts" / "NotoSansSC-Regular.ttf",
)
_GLIBC = ("2_17", "2_24", "2_26", "2_27", "2_28", "2_31", "2_34", "2_35")
_ENTRY = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", re.MULTILINE)


def main() -> int:
    """Make the bundle; exit code 1 with a sentence when something is missing."""
    asked = argparse.ArgumentParser(description="offline bundle")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--machine", action="append", choices=("x86_64", "aarch64"))
    asked.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    given = asked.parse_args()
    if missing := [path.name for path in BUILT if not path.is_file()]:
        print(f"先运行 make：缺少 {missing} / run make first: not built", file=sys.stderr)
        return 1
    folder: Path = given.folder
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    entries = locked(needed())
    (folder / "requirements.txt").write_text("".join(entries), encoding="utf-8")
    for machine in given.machine or ("x86_64", "aarch64"):
        fetch(folder / "requirements.txt", wheels, machine, given.python)
    add_own_wheel(folder, wheels)
    for name in ("systemd", "nginx", "environment.example", "junheng-desk"):
        copy(ROOT / "deploy" / name, folder / "deploy" / name)
    copy(ROOT / "docs", folder / "docs")
    lines = [f"{digest(path)}  {path.relative_to(folder)}\n" for path in files(folder)]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    size = sum(path.stat().st_size for path in files(folder))
    print(f"{folder}: {len(list(wheels.iterdir()))} wheels, {size / 1e6:.0f} MB")
    return 0


def needed() -> set[str]:
    """Names of all distributions that junheng draws in at run time, by what is installed here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: set[tuple[str, str]] = set()
    waiting = list(_drawn_in(project["dependencies"], ""))
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += _drawn_in(metadata.requires(one[0]) or (), one[1])
    return {name for name, _ in found}


def _drawn_in(requirements: Iterable[str], extra: str) -> Iterator[tuple[str, str]]:
    """Distributions with the extras asked of them."""
    for text in requirements:
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
            for one in ("", *wanted.extras):
                yield canonicalize_name(wanted.name), one


def locked(names: set[str]) -> list[str]:
    """The lock's entries for these names, several where versions differ by Python. ValueError for a name it
    lacks."""
    text = LOCK.read_text(encoding="utf-8")
    starts = [(match.start(), canonicalize_name(match[1])) for match in _ENTRY.finditer(text)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    if missing := sorted(names - {name for _, name in starts}):
        raise ValueError(f"not in requirements.lock: {missing}")
    return [
        re.sub(r"^\s*#.*\n", "", text[start:end], flags=re.MULTILINE)
        for (start, name), end in zip(starts, ends, strict=True)
        if name in names
    ]


def fetch(requirements: Path, wheels: Path, machine: str, python: str) -> None:
    """Bring the wheels for one kind of machine, checked against the lock's digests."""
    platforms = [f"manylinux_{glibc}_{machine}" for glibc in _GLIBC] + [f"manylinux2014_{machine}"]
    subprocess.run(  # noqa: S603 - our own arguments
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--no-deps", "--only-binary=:all:", "--dest", str(wheels)),
            *("--python-version", python, "--implementation", "cp", "--abi", f"cp{python.replace('.', '')}"),
            *("--abi", "abi3", "--abi", "none"),
            *(part for platform in platforms for part in ("--platform", platform)),
            *("-r", str(requirements)),
        ],
        check=True,
    )


def add_own_wheel(folder: Path, wheels: Path) -> None:
    """Build our wheel and name it in the requirements by its digest."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels.resolve())]
    subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    (own,) = wheels.glob("junheng-*.whl")
    version = own.name.split("-")[1]
    with (folder / "requirements.txt").open("a", encoding="utf-8") as requirements:
        requirements.write(f"junheng=={version} --hash=sha256:{digest(own)}\n")


def copy(source: Path, target: Path) -> None:
    """A file or folder, without what running left behind."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copyfile(source, target)
    else:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def files(folder: Path) -> list[Path]:
    """All files below, but for the list of digests itself."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
