"""Counties on Spark: it hands tasks out to its workers, and the local code reads and works their counties.

    tasks, a partition each -> mapInArrow(read the task's counties from the partitions, local code)

Values are worked out by the local code alone, so they are those of the local run to the bit. The partitions
lie by province and county already: having Spark read and shuffle them again cost more than the work itself.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import pyarrow as pa

from junheng.model.errors import Refused
from junheng.model.reason import Finding
from junheng.monitoring.engines import opened
from junheng.scale.partitions import COUNTY, Partitions
from junheng.scale.pool import one_thread
from junheng.scale.problem import Outcome, Task, Work
from junheng.scale.working import from_partitions

ANSWER = f"{COUNTY} string, province string, kind string, fingerprint string, packed binary, failure string"
AT_ONCE = 256
"""Counties Spark is given before their answers are kept: with few workers a killed run loses no more."""


def on_spark(
    work: Work, source: Partitions, tasks: Sequence[Task], workers: int, session: Any = None
) -> Iterator[list[Outcome]]:
    """Outcomes by chunks of provinces and counties. `session` is one the caller keeps; its workers must have
    Junheng installed and see the folder of partitions. Refused when pyspark or Java is absent."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    _refuse_incomplete()
    with contextlib.ExitStack() as stack:
        stack.enter_context(one_thread())
        spark = stack.enter_context(opened("spark", session))
        spark.conf.set("spark.sql.ansi.enabled", "true")
        for chunk in _chunks(tasks, 2 * workers):
            yield _chunk(spark, work, source, chunk)


def _chunks(tasks: Sequence[Task], least: int) -> Iterator[list[Task]]:
    """Tasks of AT_ONCE counties or more, and `least` of them at once, so that no worker idles."""
    held: list[Task] = []
    for task in tasks:
        held.append(task)
        if len(held) >= least and sum(len(one.counties) for one in held) >= AT_ONCE:
            yield held
            held = []
    if held:
        yield held


def _refuse_incomplete() -> None:
    """Spark itself comes without what its Arrow maps need."""
    for module in ("pyspark", "pandas"):
        if importlib.util.find_spec(module) is None:
            raise Refused("scale.spark_incomplete", {"module": module})


def _refuse_broken(spark: Any) -> None:
    """Refused when Spark cannot run any Python at all: no county is to blame then."""
    try:
        spark.range(1).mapInArrow(_same, "id long").collect()
    except Exception as error:  # what Spark raises has many names
        raise Refused("scale.spark_broken", {"detail": _told(error)}) from error


def _same(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    return batches


def _told(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


def _tried(
    spark: Any, ask: Callable[[list[str]], list[Outcome]], counties: list[str], work: Work
) -> list[Outcome]:
    """The outcomes of a Spark job; when it breaks (a worker ends, a file cannot be read) the counties are
    asked half by half until the one that breaks it is found, tried again within the limit, and named."""
    attempts = 1 if len(counties) > 1 else work.retries + 1
    detail = ""
    for _ in range(attempts):
        try:
            return ask(counties)
        except Exception as error:  # what Spark raises has many names
            detail = _told(error)
    _refuse_broken(spark)
    if len(counties) > 1:
        half = len(counties) // 2
        return _tried(spark, ask, counties[:half], work) + _tried(spark, ask, counties[half:], work)
    about = {"kind": "Spark", "detail": detail, "attempts": attempts}
    return [Outcome(counties[0], "", "failed", code="scale.error", parameters=about)]


def _chunk(spark: Any, work: Work, source: Partitions, tasks: Sequence[Task]) -> list[Outcome]:
    def ask(counties: list[str]) -> list[Outcome]:
        asked = frozenset(counties)
        parts = (replace(t, counties=tuple(c for c in t.counties if c in asked)) for t in tasks)
        some = [task for task in parts if task.counties]
        places = spark.range(0, len(some), 1, len(some))  # a partition a task
        rows = places.mapInArrow(partial(_work, work, source, some), ANSWER).collect()
        found = {row[COUNTY]: _outcome(row) for row in rows}
        return [found[county] for county in counties]

    provinces = {county: task.province for task in tasks for county in task.counties}
    found = _tried(spark, ask, list(provinces), work)
    return [replace(one, province=provinces[one.county]) for one in found]


def _work(
    work: Work, source: Partitions, tasks: Sequence[Task], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """In a worker: the tasks of these numbers, their tables read from the partitions as everywhere."""
    for batch in batches:
        for number in batch.column(0).to_pylist():
            for one in from_partitions(work, source, tasks[number]):
                failure = [one.code, dict(one.parameters), [asdict(finding) for finding in one.findings]]
                yield pa.RecordBatch.from_pydict(
                    {
                        COUNTY: [one.county],
                        "province": [one.province],
                        "kind": [one.kind],
                        "fingerprint": [one.fingerprint],
                        "packed": pa.array([one.packed], pa.binary()),
                        "failure": [json.dumps(failure, default=str)],
                    }
                )


def _outcome(row: Any) -> Outcome:
    code, parameters, findings = json.loads(row["failure"])
    return Outcome(
        row[COUNTY], row["province"], row["kind"], row["fingerprint"], bytes(row["packed"]), code, parameters,
        tuple(Finding(**one) for one in findings),
    )  # fmt: skip
