"""Every page as pictures on one contact sheet, to be looked at.

    python -m tests.web.screens OUT [part of a name …]

Each page of the matrix, as the first role that may open it: 1366 × 768 and 1920 × 1080 in Chinese, 1366 in
English, and its print as PDF. `OUT/index.html` shows them side by side.
"""

from __future__ import annotations

import html
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from tests.web import conftest as _conftest  # first: sets Django up on no database

from tests.web import browsing, desks, servers  # isort: skip
from tests.web.addresses import path_of  # isort: skip
from tests.web.test_every_page_in_the_browser import YEAR, shown  # isort: skip

LAPTOP, WIDE = {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}
assert _conftest.KINDS


def photograph(page: Any, path: str, stem: Path) -> None:
    """Three pictures and a print of one page."""
    for size, language in ((LAPTOP, "zh-hans"), (WIDE, "zh-hans"), (LAPTOP, "en")):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": page.server.url}])
        page.set_viewport_size(size)
        page.goto(path)
        browsing.ready(page)
        page.evaluate("() => window.scrollTo(0, 0)")
        page.screenshot(path=f"{stem}-{size['width']}-{language}.png")
        if size is LAPTOP and language == "zh-hans":
            page.pdf(path=f"{stem}.pdf", prefer_css_page_size=True, print_background=True)


def main(out: Path, wanted: list[str]) -> None:
    """Photograph every page whose name holds one of `wanted` (all without one)."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        example = Path(os.environ.get("JUNHENG_EXAMPLE", work / "example"))
        if not example.exists():
            servers.junheng("example", str(example))
            servers.junheng("run", str(example))
        desk, objects = desks.Seeds(example, work, cluster=lambda: None).furnished(work / "desk")
        names: list[str] = []
        with (
            servers.DeskServer(desk) as server,
            desks.pointed(desk),
            sync_playwright() as driver,
            browsing.chromium(driver) as browser,
            browsing.tab(browser, server) as page,
        ):
            for role in desks.ROLES_ON:
                browsing.enter(page, role)
                for name in shown(role):
                    if wanted and not any(part in name for part in wanted):
                        continue
                    stem = out / name.replace(":", "-")
                    photograph(page, path_of(name, desk.units[desks.ROLES_ON[role]], YEAR, objects), stem)
                    names.append(stem.name)
                    print(f"{name} as {role}", flush=True)
    (out / "index.html").write_text(_sheet(names), encoding="utf-8")


def _sheet(names: list[str]) -> str:
    rows = "".join(
        f"<h2>{html.escape(name)} <a href='{name}.pdf'>pdf</a></h2>"
        + "".join(
            f"<img loading=lazy width=640 src='{name}-{kind}.png' alt='{name} {kind}'> "
            for kind in ("1366-zh-hans", "1366-en", "1920-zh-hans")
        )
        for name in names
    )
    return f"<!doctype html><meta charset=utf-8><title>screens</title>{rows}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
