"""The shipped schema is the code's; every operation keeps to it whoever asks (schemathesis over the API)."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web import desks

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "docs" / "reference" / "openapi.json"
READERS = ("school_clerk", "principal", "town_clerk", "statistician", "planner", "leader", "superior")
EXAMPLES = {"nobody": 2, "planner": 10}
"""Requests an operation and role; what is wrong is wrong for all, so the others ask less."""
FEW = 4
met: Counter[tuple[str, int]] = Counter()
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
SCHEMA = schemathesis.openapi.from_dict(json.loads(FILE.read_text(encoding="utf-8")))
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}


def test_the_shipped_schema_is_the_codes() -> None:
    spec = importlib.util.spec_from_file_location("openapi_writer", FILE.with_suffix(".py"))
    assert spec is not None and spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert writer.schema() == FILE.read_text(encoding="utf-8"), "run make reference"


def test_every_operation_declares_what_can_go_wrong() -> None:
    paths = json.loads(FILE.read_text(encoding="utf-8"))["paths"]
    for path, methods in paths.items():
        assert set(methods) == {"get"}, f"{path}: the API only reads"
        assert {"200", "401", "403", "404", "409", "422", "429"} == set(methods["get"]["responses"]), path


@pytest.fixture(scope="module")
def keys(seeds: desks.Seeds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A token of each role that reads, and none ("")."""
    from junheng.web.api.actions import create
    from junheng.web.runs.models import RunRecord

    copy = seeds.copy("sqlite", tmp_path_factory.mktemp("api"))
    with desks.pointed(copy):
        day = timezone.localdate() + timedelta(days=3)
        made = {"nobody": ""}
        for role in READERS:
            person = copy.person(role)
            _, made[role] = create(by=person, grant=person.current_grants()[0].pk, name="test", valid_to=day)
        made["run"] = RunRecord.objects.get().run_id
        yield made
    seeds.remove(copy)


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    from junheng.web.api.throttling import PerCaller

    monkeypatch.setattr(PerCaller, "allow_request", lambda *_: True)


def _real(case: Any, keys: dict[str, str], number: int) -> None:
    """Every other request names a run and a table there are."""
    if number % 2 and case.path_parameters:
        there = {"run": keys["run"], "code": "990101"}
        there["table"] = "seat_outlook" if "run" in case.path_parameters else "enrolment"
        for name in case.path_parameters:
            case.path_parameters[name] = there[name]


@pytest.mark.parametrize("role", ["nobody", *READERS])
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_operations_answer_as_declared(label: str, role: str, keys: dict[str, str]) -> None:
    from junheng.web.wsgi import application

    operation = OPERATIONS[label]
    headers = {"Authorization": f"Bearer {keys[role]}"} if keys[role] else {}
    asked = iter(range(10_000))

    def run(case: Any) -> None:
        _real(case, keys, next(asked))
        response = case.call(headers=headers, app=application, base_url="http://testserver")
        case.validate_response(response, checks=CHECKS)
        met[role, response.status_code] += 1
        if role == "nobody":
            assert response.status_code == 401
        assert len(response.content) <= 2 * 1024 * 1024

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        if mode is GenerationMode.NEGATIVE and role not in EXAMPLES:
            continue
        strategy = operation.as_strategy(generation_mode=mode)
        seed(2027)(
            settings(
                max_examples=EXAMPLES.get(role, FEW),
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )(given(case=strategy)(run))
        )()


def test_the_walk_met_every_kind_of_answer() -> None:
    """Else the walk proves little: readers were answered, refused for nonsense, told of nothing."""
    for role in READERS:
        assert met[role, 200] >= 20, (role, met)
        assert met[role, 404] >= 1, (role, met)
    assert met["planner", 422] >= 20 and {code for role, code in met if role == "nobody"} == {401}
