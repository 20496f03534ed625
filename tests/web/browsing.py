"""Debian's Chromium by Playwright, with an eye on what a good page never does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.web.desks import PASSWORD, TOTP_SECRET
from tests.web.postgres import needed
from tests.web.servers import ROOT, DeskServer

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
_LISTEN = """document.addEventListener('securitypolicyviolation', e =>
    console.error('CSP ' + [e.violatedDirective, e.blockedURI, e.sourceFile, e.lineNumber].join(' ')));"""
_EXPECTED = ("Failed to load resource: the server responded with a status of 4",)


class Watch:
    """What a tab did wrong."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._allowed: list[str] = list(_EXPECTED)
        self.faults: list[str] = []

    def allow(self, part: str) -> None:
        """Excuse messages that hold `part`."""
        self._allowed.append(part)

    def attach(self, page: Any) -> None:
        """Listen to a tab."""
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", lambda request: self._asked(request.url))
        page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _said(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"console: {text}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if (
            parts.scheme in ("http", "https", "ws", "wss")
            and f"{parts.scheme}://{parts.netloc}" != self._origin
        ):
            self.faults.append(f"request elsewhere: {url}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 500 or (status >= 400 and "/static/" in url):
            self.faults.append(f"answer {status}: {url}")

    def check(self) -> None:
        """Fail with everything that was wrong."""
        left = [fault for fault in self.faults if not any(part in fault for part in self._allowed)]
        assert not left, "\n".join(left)


@contextmanager
def chromium(driver: Any) -> Iterator[Any]:
    """The browser, for a whole session."""
    path = needed("chromium", "chromium")
    found = driver.chromium.launch(
        executable_path=str(path), args=["--no-sandbox"] if os.geteuid() == 0 else []
    )
    yield found
    found.close()


@contextmanager
def tab(
    browser: Any, server: DeskServer, *, size: dict[str, int] | None = None, **options: Any
) -> Iterator[Any]:
    """A tab of the server's site with a `watch`; a further one in the same test is another browser."""
    context = browser.new_context(
        base_url=server.url,
        viewport=size or LAPTOP,
        locale=options.pop("locale", "zh-CN"),
        timezone_id="Asia/Shanghai",
        **options,
    )
    context.set_default_timeout(15_000)
    context.add_init_script(_LISTEN)
    page = context.new_page()
    page.watch = Watch(server.url)
    page.server = server
    page.watch.attach(page)
    try:
        yield page
        page.watch.check()
    finally:
        context.close()


def sign_in(page: Any, role: str, password: str = PASSWORD) -> None:
    """Sign in through the form, with the second factor where the role asks for one."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", role)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    if "/mfa/authenticate" in page.url or "/2fa/authenticate" in page.url:
        page.fill("input[name=code]", totp())
        with page.expect_navigation():
            page.press("input[name=code]", "Enter")


def enter(page: Any, role: str) -> None:
    """Be signed in as `role` at once, by a session made beside the form."""
    client = page.server.desk.client(role)
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": page.server.url}]
    )


def totp() -> str:
    """The code the test people's second factor shows now."""
    from allauth.mfa.totp.internal import auth

    counter = int(time.time()) // 30
    return str(auth.format_hotp_value(auth.hotp_value(TOTP_SECRET, counter)))


def ready(page: Any) -> None:
    """Wait until every island in the page says it has drawn (islands out of view are brought into it)."""
    for island in page.locator("[data-island]").all():
        island.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-island]')].every(e => e.dataset.state === 'ready')"
    )


def axe(page: Any) -> list[str]:
    """Serious and critical findings of axe on the page as it stands; injected by evaluate, since a script tag
    would break the CSP."""
    if not AXE.is_file():
        message = "axe-core is not installed: python frontend/build.py"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


__all__ = ["LAPTOP", "PHONE", "axe", "enter", "ready", "sign_in", "tab", "totp"]
