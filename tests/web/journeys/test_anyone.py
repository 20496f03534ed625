"""Parents and journalists: published, then read on a phone without a login."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.web.browsing import PHONE, axe, enter, tab
from tests.web.desks import Desk
from tests.web.servers import ROOT, DeskServer, free_port


class Site:
    """Where the public pages are served: all a tab needs to know."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"


@contextmanager
def public_site(workspace: Path) -> Iterator[Site]:
    """The public pages as their own process, without database or desk."""
    site = Site(free_port())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUNHENG_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "junheng", "public", str(workspace), "--port", site.url.rpartition(":")[2]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**environment, "PYTHONPATH": str(ROOT / "src")},
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(site.url, timeout=2).close()
                break
            except OSError:
                assert process.poll() is None, "the public site did not start"
                time.sleep(0.1)
        yield site
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(15)


@pytest.mark.both_databases
def test_published_by_the_leader_and_read_on_a_phone(
    page: Any, browser: Any, desk_server: DeskServer, served: Desk
) -> None:
    enter(page, "leader")
    page.goto(f"/{served.units['region']}/2026/publication/")
    page.fill("#publish-reason", "局务会通过")
    page.get_by_role("button", name="公布", exact=True).click()
    page.locator("[data-living=no], #show-edition, button.danger").first.wait_for(timeout=60_000)
    for _ in range(60):
        if (served.workspace / "public" / "current").exists():
            break
        page.wait_for_timeout(500)
    with public_site(served.workspace) as site, tab(browser, site, size=PHONE) as phone:  # type: ignore[arg-type]
        phone.goto("/")
        assert phone.locator("input[type=password]").count() == 0
        assert phone.locator("h1").first.is_visible()
        assert axe(phone) == []
        width = "() => document.documentElement.scrollWidth"
        assert phone.evaluate(width) <= 390
        for heading in ("哪里学位偏紧", "学生会多还是会少", "各片区学位"):
            phone.get_by_role("link", name=heading).first.click()
            assert phone.get_by_role("heading", name=heading).is_visible(), heading
        table = phone.request.get("/data/seats.csv")
        assert table.ok and table.body().startswith(b"\xef\xbb\xbf")
        phone.get_by_role("link", name="English").click()
        phone.wait_for_url("**/en/**")
        assert phone.evaluate(width) <= 390
        assert axe(phone) == []
        assert phone.context.cookies() == []
