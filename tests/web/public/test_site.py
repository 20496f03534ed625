"""The public site: no database, no other application, listed files and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from tests.web.browsing import PHONE, axe
from tests.web.public.family_editions import PLAN, written
from tests.web.public.test_bundle import region
from tests.web.servers import ROOT, free_port, junheng

from junheng.data import publication
from junheng.model.errors import Refused
from junheng.report.admission import families_edition
from junheng.report.public.pages import bundle

NAME = "2027-01-15-year-test"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published")
    publication.write(path, NAME, bundle(region(3), published=date(2027, 1, 15)))
    publication.show(path, NAME)
    return path


@pytest.fixture(scope="module")
def site(workspace: Path) -> Iterator[str]:
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUNHENG_", "DJANGO_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "junheng", "public", str(workspace), "--port", str(port)],
        env={**environment, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                ask(f"{url}/")
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(15)


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_it_starts_without_database_and_without_the_desk(workspace: Path) -> None:
    """Every module the site loads, after it has answered: Django, its own, and nothing of the desk's."""
    script = (
        "import sys, json, django\n"
        "from django.test import Client\n"
        "django.setup()\n"
        "from django.conf import settings\n"
        "assert Client(HTTP_HOST='localhost').get('/').status_code == 200\n"
        "print(json.dumps([sorted(m for m in sys.modules if m.startswith('junheng')),"
        " sorted(m.split('.')[0] for m in sys.modules), list(settings.DATABASES), settings.INSTALLED_APPS]))"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUNHENG_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            **environment,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "junheng.web.settings.public",
            "JUNHENG_PUBLIC": str(workspace / "public"),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    ours, all_modules, databases, apps = json.loads(done.stdout)
    assert {m for m in ours if m.count(".") >= 2} <= {
        "junheng.web.settings",
        "junheng.web.settings.public",
        "junheng.web.settings.environment",
        "junheng.web.public",
        *(f"junheng.web.public.{name}" for name in ("urls", "views", "messages", "middleware")),
        *(m for m in ours if m.startswith("junheng.web.public.families_")),
        "junheng.report.admission",
        "junheng.report.admission.envelope_lock",  # opens what families were sent; loads nothing else
    }
    assert {m for m in ours if m.count(".") == 1} == {"junheng.web", "junheng.report", "junheng.on_demand"}
    assert not {"polars", "allauth", "ninja", "psycopg"} & set(all_modules)
    assert databases in ([], ["default"]) and apps == []


def test_headers_are_strict_and_no_cookie_is_set(site: str) -> None:
    for path in ("/", "/en/index.html", "/style.css", "/data/pupils.csv", "/nothing"):
        _, headers, _ = ask(site + path)
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Set-Cookie"] is None and headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_sent_once(site: str) -> None:
    status, headers, _ = ask(f"{site}/index.html")
    assert status == 200
    assert ask(f"{site}/index.html", **{"If-None-Match": headers["ETag"]})[0] == 304


@pytest.mark.parametrize(
    "path",
    [
        "/current",
        "/../current",
        "/%2e%2e/current",
        "/..%2fcurrent",
        "//etc/passwd",
        "/data/",
        "/.lock",
        f"/{NAME}/index.html",
    ],
)
def test_nothing_else_is_served(site: str, path: str) -> None:
    status, _, body = ask(site + path)
    assert status == 404 and NAME.encode() not in body


def test_nobody_can_send_anything(site: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert ask(f"{site}/", method)[0] == 405


def test_what_is_withdrawn_is_gone_and_comes_back(site: str, workspace: Path) -> None:
    assert publication.withdraw(workspace) == NAME
    status, _, body = ask(f"{site}/")
    assert status == 503 and "目前没有公布" in body.decode()
    publication.show(workspace, NAME)
    assert ask(f"{site}/")[0] == 200


def test_while_an_admission_is_open_the_site_begins_with_it(site: str, workspace: Path, page_of: Any) -> None:
    overview = ask(f"{site}/")[2]
    written(workspace)
    try:
        start = ask(f"{site}/")[2].decode()
        assert f'href="/families/{PLAN}"' in start and 'href="/index.html"' in start
        assert ask(f"{site}/index.html")[2] == overview, "the overview stays byte by byte"
        assert ask(f"{site}/", "POST")[0] == 405
        opened = page_of(f"{site}/")
        assert axe(opened) == []
        opened.get_by_role("link", name="本地区教育概览").click()
        opened.locator("#main").wait_for()
        publication.withdraw(workspace)
        alone = ask(f"{site}/")[2].decode()
        assert f'href="/families/{PLAN}"' in alone and "/index.html" not in alone
    finally:
        publication.show(workspace, NAME)
        assert families_edition.withdraw(workspace, PLAN)
    assert ask(f"{site}/")[2] == overview


@pytest.fixture
def page_of(browser: Any) -> Iterator[Callable[[str], Any]]:
    """A page of the site on a phone."""
    page = browser.new_page(viewport=PHONE)

    def opened(url: str) -> Any:
        page.goto(url)
        return page

    yield opened
    page.close()


def test_an_altered_edition_is_not_shown(tmp_path: Path) -> None:
    files = bundle(region(3), published=date(2027, 1, 15))
    publication.write(tmp_path, NAME, files)
    assert publication.write(tmp_path, NAME, files).name == NAME, "the same edition again is no fault"
    with pytest.raises(Refused) as other:
        publication.write(tmp_path, NAME, bundle(region(4), published=date(2027, 1, 15)))
    assert other.value.code == "publication_differs"
    (tmp_path / "public" / NAME / "index.html").write_bytes(b"forged")
    with pytest.raises(Refused) as damaged:
        publication.show(tmp_path, NAME)
    assert damaged.value.code == "publication_damaged"
    assert publication.current(tmp_path) == ""
    for name in ("../data", "", ".", "no-such"):
        with pytest.raises(Refused):
            publication.show(tmp_path, name)


def test_the_command_says_when_nothing_was_published(tmp_path: Path) -> None:
    assert "公布" in junheng("public", str(tmp_path), expect=6).stderr


def test_a_visitor_on_a_phone(site: str, browser: Any) -> None:
    """390 px wide: nothing sticks out, tables open, the other language is one tap away."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on(
        "request", lambda request: faults.append(request.url) if not request.url.startswith(site) else None
    )
    page.goto(f"{site}/")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    page.click("nav a[href='#pupils']")
    page.click("#pupils details summary")
    assert page.locator("#pupils details table").first.is_visible()
    assert page.evaluate(
        "() => [...document.querySelectorAll('summary, nav a')].every(e => e.offsetHeight >= 40)"
    )
    found = axe(page)
    page.click("header a")
    assert page.url.endswith("/en/index.html") and page.get_attribute("html", "lang") == "en"
    assert [*found, *axe(page), *faults] == []
    context.close()
