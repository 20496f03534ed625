"""The desk with a plan of the region's own, and pages as someone sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from tests.web.desks import Desk
from tests.web.plan.plans import write_plan

YEAR = 2026


@pytest.fixture
def planned(desk: Desk) -> Desk:
    """The desk with the plan written into its workspace."""
    write_plan(desk)
    return desk


@pytest.fixture
def get(planned: Desk) -> Callable[..., Any]:
    """A page of this room as someone sees it at her unit, or at another one."""

    def ask(role: str, path: str = "", unit: str = "", **query: Any) -> Any:
        code = planned.units[unit] if unit else planned.code_of(role)
        return planned.client(role).get(f"/{code}/{YEAR}/plan/{path}", query)

    return ask


def text(answer: Any) -> str:
    """What is to be read on a page."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def cells(answer: Any, table: str) -> dict[str, list[str]]:
    """Rows of a table by their key."""
    html = answer.content.decode()
    body = html[html.index(f'id="t-{table}"') :]
    body = body[: body.index("</table>")]
    return {
        key: [
            re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", cell))).strip()
            for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
        ]
        for key, row in re.findall(r'<tr data-key="([^"]+)">(.*?)</tr>', body, re.S)
    }
