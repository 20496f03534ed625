"""Counties on Spark: the tables of a county are brought together by Spark and given to the local code.

    Parquet -> one frame, a struct a table -> partitions by county, sorted -> mapInArrow(local code)

Values are worked out by the local code alone, so they are those of the local run to the bit. No group larger
than a county's tables is ever formed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import polars as pl
import pyarrow as pa

from junheng.model import INPUTS
from junheng.model.column import Kind
from junheng.model.errors import Refused
from junheng.model.reason import Finding
from junheng.monitoring.engines import opened
from junheng.scale.partitions import COUNTY, Partitions, by_county
from junheng.scale.pool import one_thread
from junheng.scale.problem import Outcome, Task, Work
from junheng.scale.working import worked

ANSWER = f"{COUNTY} string, province string, kind string, fingerprint string, packed binary, failure string"
SPARK_TYPES: dict[Kind, str] = {
    "code": "string", "text": "string", "integer": "bigint", "number": "double", "year": "int",
    "month": "int", "share": "double", "date": "date", "flag": "boolean",
}  # fmt: skip
AT_ONCE = 256
"""Counties Spark is given before their answers are kept: a killed run loses no more than these."""


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
        for chunk in _chunks(tasks):
            yield _chunk(spark, work, source, chunk, workers)


def _chunks(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    held: list[Task] = []
    for task in tasks:
        held.append(task)
        if sum(len(one.counties) for one in held) >= AT_ONCE:
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


def _chunk(spark: Any, work: Work, source: Partitions, tasks: Sequence[Task], workers: int) -> list[Outcome]:
    places = {county: task.province for task in tasks for county in task.counties}
    size = max(len(task.counties) for task in tasks)
    held = {
        place: sorted(t for t, p in source.of(place, work.year).items() if p) for place in places.values()
    }

    def ask(counties: list[str]) -> list[Outcome]:
        wanted = {county: places[county] for county in counties}
        plan = _plan(spark, work, source, wanted).repartition(workers, COUNTY).sortWithinPartitions(COUNTY)
        rows = plan.mapInArrow(partial(_work, work, size, held, places), ANSWER).collect()
        found = {row[COUNTY]: _outcome(row) for row in rows}
        return [found[county] for county in counties]

    found = _tried(spark, ask, list(places), work)
    return [replace(one, province=places[one.county]) for one in found]


def _plan(spark: Any, work: Work, source: Partitions, wanted: Mapping[str, str]) -> Any:
    """Every row of every table of these counties, the row as a struct in the column named as its table."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - Spark is asked for by name only  # pyright: ignore[reportMissingImports] - an extra

    paths: dict[str, list[str]] = {}
    for province in sorted(set(wanted.values())):
        for table, held in source.of(province, work.year).items():
            paths.setdefault(table, []).extend(str(path.absolute()) for path in held)
    plan: Any = None
    for table, held in paths.items():
        if held:
            rows = spark.read.schema(_schema(table)).parquet(*held)
            whole = f.struct(*INPUTS[table].names).alias(table)
            part = rows.filter(rows[COUNTY].isin(list(wanted))).select(COUNTY, whole)
            plan = part if plan is None else plan.unionByName(part, allowMissingColumns=True)
    return plan


def _schema(table: str) -> str:
    """A declared table as Spark's types, so that no file is read only to be looked at."""
    columns = [f"`{one.name}` {SPARK_TYPES[one.kind]}" for one in INPUTS[table].columns]
    return ", ".join([f"{COUNTY} string", *columns])


def _work(
    work: Work, size: int, tables: Mapping[str, Sequence[str]], places: Mapping[str, str],
    batches: Iterator[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """In a worker: counties of a sorted partition, `size` at a time, through the local code. tables: what
    each province has; a county without rows in one has it empty. places: the province of each county."""
    held: dict[tuple[str, str], list[pl.DataFrame]] = {}
    for batch in batches:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        for (county,), rows in frame.partition_by(COUNTY, as_dict=True, maintain_order=True).items():
            place = (places[str(county)], str(county))
            if place not in held and len(held) == size:
                yield from _answered(work, _unpacked(held, tables))
                held = {}
            held.setdefault(place, []).append(rows)
    if held:
        yield from _answered(work, _unpacked(held, tables))


def _unpacked(
    held: Mapping[tuple[str, str], list[pl.DataFrame]], tables: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], dict[str, pl.DataFrame]]:
    """The declared tables of each county, rows in the order of the partitions on disk."""
    found: dict[tuple[str, str], dict[str, pl.DataFrame]] = {}
    for (province, county), parts in held.items():
        whole = pl.concat(parts)
        found[(province, county)] = {
            name: by_county(
                name, whole.filter(pl.col(name).is_not_null()).select(COUNTY, name).unnest(name)
            ).get(county, INPUTS[name].empty())
            for name in tables[province]
        }
    return found


def _answered(
    work: Work, held: Mapping[tuple[str, str], dict[str, pl.DataFrame]]
) -> Iterator[pa.RecordBatch]:
    for province in sorted({one for one, _ in held}):
        tables = {county: found for (at, county), found in held.items() if at == province}
        for one in worked(work, province, tuple(tables), partial(_some, tables)):
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


def _some(
    tables: Mapping[str, dict[str, pl.DataFrame]], counties: tuple[str, ...]
) -> dict[str, dict[str, pl.DataFrame]]:
    return {county: tables[county] for county in counties}


def _outcome(row: Any) -> Outcome:
    code, parameters, findings = json.loads(row["failure"])
    return Outcome(
        row[COUNTY], row["province"], row["kind"], row["fingerprint"], bytes(row["packed"]), code, parameters,
        tuple(Finding(**one) for one in findings),
    )  # fmt: skip
