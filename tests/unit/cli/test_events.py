"""The channel of events by itself: one line each, few a second, one end, nothing JSON does not have."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest

from junheng.cli import events, speech
from junheng.model.errors import BadData
from junheng.model.reason import Finding


@contextmanager
def listening() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """What goes to standard output, and to standard error, while a program listens."""
    out, err = io.StringIO(), io.StringIO()
    asked = mock.patch.dict(os.environ, {events.ASKED: "1"})
    with asked, redirect_stdout(out), redirect_stderr(err), events.channel():
        yield out, err


def heard(said: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_people_are_answered_elsewhere() -> None:
    with listening() as (said, log):
        print("x")
        speech.say("cli.saving")
    assert said.getvalue() == "" and log.getvalue() == "x\n保存运行结果\n"


def test_without_a_listener_nothing_changes(capsys: pytest.CaptureFixture[str]) -> None:
    with events.channel():
        assert not events.listened()
        events.progress("a", 1, 2, {})
        events.answer(run="x")
        events.success()
        print("answer")
    assert capsys.readouterr().out == "answer\n"


def test_a_step_is_told_a_few_times_a_second_and_every_step_once() -> None:
    with listening() as (said, _), mock.patch.object(events.time, "monotonic") as clock:
        for done in range(1000):
            clock.return_value = done / 1024
            events.progress("a", done, 1000, {"file": "x"})
        events.progress("b", None, None, {})
        events.progress("c", None, None, {})
    told = heard(said)
    assert [event["done"] for event in told if event["code"] == "a"] == [0, 205, 410, 615, 820]
    assert [event["code"] for event in told[-2:]] == ["b", "c"]
    assert told[0] == {
        "event": "progress",
        "code": "a",
        "parameters": {"file": "x"},
        "done": 0,
        "total": 1000,
    }


def test_there_is_one_end() -> None:
    with listening() as (said, _):
        events.answer(run="r")
        events.answer(warnings={"red": 1})
        events.success()
        events.success()
        events.failure("x", {}, 3)
    assert heard(said) == [{"event": "result", "run": "r", "warnings": {"red": 1}}]


def test_a_failure_carries_its_first_findings_and_counts_all() -> None:
    found = [Finding("intake.negative", "error", row=row, parameters={"least": 0}) for row in range(500)]
    with listening() as (said, _):
        speech.failure(BadData("intake.commit_refused", {"count": 500, "path": Path("a")}, found))
    [event] = heard(said)
    assert (event["event"], event["code"], event["exit_code"]) == ("failure", "intake.commit_refused", 3)
    assert event["parameters"] == {"count": 500, "path": "a"}
    assert event["finding_count"] == 500 and len(event["findings"]) == 200
    assert event["findings"][7] == {
        "code": "intake.negative", "severity": "error", "table": "", "file": "", "sheet": "", "row": 7,
        "column": "", "value": "", "parameters": {"least": 0},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shown"),
    [(float("nan"), None), (float("inf"), None), (np.float64(0.5), 0.5), (np.int64(3), 3),
     (Path("a/b"), "a/b"), ((1, 2), [1, 2]), ({1: np.bool_(True)}, {"1": True}),
     ("甲\n乙", "甲\n乙"), ({"z"}, ["z"])],
)  # fmt: skip
def test_values_are_what_json_has(value: object, shown: object) -> None:
    with listening() as (said, _):
        events.answer(value=value)
        events.success()
    assert heard(said) == [{"event": "result", "value": shown}]
