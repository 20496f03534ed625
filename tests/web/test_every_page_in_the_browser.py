"""Every page in Chromium: islands drawn, axe without serious findings, the CSP kept, nothing asked elsewhere.

The walk goes over the addresses of the matrix, each as the first role that may open it. `page.watch` fails
the test for console errors, breaches of the CSP, requests elsewhere, missing files and 5xx answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.web import browsing, desks
from tests.web.addresses import matrix, path_of, rows
from tests.web.servers import DeskServer

YEAR = 2026
WIDTHS = (1366, 1920)
OWN = ("/accounts/sessions/", "/accounts/password/", "/accounts/mfa/", "/accounts/mfa/set-up/")
_OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 1) return '';
  const inside = e => { for (let p = e.parentElement; p; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== 'visible') return true; return false; };
  const guilty = [...document.body.querySelectorAll('*')].filter(
    e => e.getBoundingClientRect().right > window.innerWidth + 1 && !inside(e)).slice(0, 3);
  return wide + ' px: ' + guilty.map(e => e.outerHTML.slice(0, 160)).join(', ');
}"""


def shown(role: str) -> list[str]:
    """Addresses this role is the first to open, by the matrix."""
    found: list[str] = []
    for name, row in rows("scoped").items():
        if "GET" not in row or row.get("page") is False:
            continue
        only = row.get("only") or list(desks.ROLES_ON)
        only = only.get("GET", list(desks.ROLES_ON)) if isinstance(only, dict) else only
        first = next(r for r in only if row["GET"] == "any" or row["GET"] in matrix()["roles"][r])
        if first == role:
            found.append(name)
    return found


@pytest.fixture(scope="module")
def furnished(seeds: desks.Seeds, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return seeds.furnished(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def desk_server(furnished: Any, seeds: desks.Seeds) -> Iterator[DeskServer]:
    desk, _ = furnished
    with DeskServer(desk) as server:
        yield server
    seeds.remove(desk)


@pytest.fixture(scope="module")
def objects(furnished: Any) -> dict[str, Any]:
    return furnished[1]


@pytest.mark.parametrize("role", [role for role in desks.ROLES_ON if shown(role)])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages(page: Any, served: Any, objects: dict[str, Any], role: str, language: str) -> None:
    browsing.enter(page, role)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.server.url}])
    unit = served.units[desks.ROLES_ON[role]]
    paths = {name: path_of(name, unit, YEAR, objects) for name in shown(role)}
    if role == "planner":
        paths |= {path: path for path in OWN}
    wrong: list[str] = []
    for name, path in paths.items():
        answer = page.goto(path)
        if answer.status != 200:
            wrong.append(f"{name}: {answer.status}")
            continue
        browsing.ready(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            if page.evaluate(_OVERFLOW):
                page.wait_for_timeout(600)  # charts follow the window a moment later
            if overflow := page.evaluate(_OVERFLOW):
                wrong.append(f"{name} at {width}: wider than the window by {overflow}")
        if language == "zh-hans":
            wrong += [f"{name}: {finding}" for finding in browsing.axe(page)]
    assert wrong == []
