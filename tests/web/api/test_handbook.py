"""The handbook's examples run as they stand, and it names every address and code there is."""

from __future__ import annotations

import json
import re
import sys
import types
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "handbook" / "api.md").read_text(encoding="utf-8")


class _Answer:
    def __init__(self, response: Any) -> None:
        self.status_code, self.headers, self._response = response.status_code, response.headers, response

    def json(self) -> Any:
        return self._response.json()

    def raise_for_status(self) -> None:
        assert self.status_code < 400, self._response.content


class _Desk:
    """The HTTP client the examples use, asking this process."""

    def __init__(self, *, base_url: str, headers: dict[str, str]) -> None:
        self._headers = headers

    def get(self, path: str, params: dict[str, Any] | None = None) -> _Answer:
        return _Answer(Client().get(f"/api/v1{path}", params or {}, headers=self._headers))


def test_the_examples_run(
    desk: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from junheng.web.api.actions import create

    person = desk.person("planner")
    day = timezone.localdate() + timedelta(days=1)
    _, key = create(by=person, grant=person.current_grants()[0].pk, name="handbook", valid_to=day)
    monkeypatch.setenv("JUNHENG_TOKEN", key)
    monkeypatch.setitem(sys.modules, "httpx", types.SimpleNamespace(Client=_Desk))
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert len(blocks) == 5
    exec("\n".join(blocks), {})  # the page's own code
    said = capsys.readouterr().out
    assert "planner" in said and "unit_code" in said and "│" in said


def test_every_address_and_code_is_named() -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8"))
    for path, methods in schema["paths"].items():
        assert f"`{path.removeprefix('/api/v1')}`" in PAGE, path
        for code in methods["get"]["responses"]:
            assert code == "200" or f"| {code} |" in PAGE, code
