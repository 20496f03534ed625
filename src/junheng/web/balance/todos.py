"""Warnings that wait on the desk: what will fail for those who plan, doubtful figures for reporters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from junheng.monitoring.watching import DATA, MARGIN, WILL_BREAK
from junheng.web.balance.warning_queries import counted
from junheng.web.notices.todo import Todo


def mine(scope: Any, today: date) -> Iterator[Todo]:
    """At most one thing to do a person: to look at the warnings of the newest run."""
    if not (scope.may("forecast") or scope.may("fill")):
        return
    counts, run = counted(scope)
    if scope.may("forecast"):
        if counts.get(WILL_BREAK) or counts.get(MARGIN):
            told = {"breaks": counts[WILL_BREAK], "near": counts[MARGIN], "run": run}
            yield Todo(
                "balance.todo_warnings",
                scope.url("balance:warnings"),
                parameters=told,
                action="balance.todo_look",
                count=1,
            )
    elif counts.get(DATA):
        place = scope.url("balance:warnings", query=f"kind={DATA}")
        yield Todo(
            "balance.todo_doubts", place, parameters={"count": counts[DATA]}, action="balance.todo_look"
        )
