"""Runs a verb over all counties of a nation on an engine, keeps what is done, publishes it in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from junheng.data.atomic import lock
from junheng.model.errors import Refused
from junheng.scale.checkpoint import Checkpoints
from junheng.scale.partitions import Partitions
from junheng.scale.pool import in_pool, in_process
from junheng.scale.problem import Failure, Law, Outcome, Task, Verb, Work, batches
from junheng.scale.publishing import Done, published
from junheng.scale.result import ScaleResult
from junheng.scale.verbs import named

Engine = Literal["process", "pool", "spark"]
ENGINES: tuple[Engine, ...] = ("process", "pool", "spark")
TOGETHER, ALONE = 48, 4
"""Counties a worker is given at once: many where the verb takes them together, else few, so that little is
lost when a run is killed."""
Step = Callable[..., None]


def run(
    verb: str | Verb,
    source: Path | Partitions,
    *,
    engine: Engine = "process",
    year: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    retries: int = 2,
    session: Any = None,
    progress: Step | None = None,
) -> ScaleResult:
    """`verb` ("measure", "assess", or one of `scale.verbs`) over every county of `source`.

    The rows are the same on every engine, with any number of workers, and after any interruption: a county
    whose tables, rules and software are unchanged since its checkpoint in `out` is not worked out again. A
    county that fails is named in the result with its reason while the others finish; what fails for another
    reason than its data is tried `retries` times more. year: the last one with data by default. workers: as
    many as processors by default. session: a Spark session the caller keeps.

    Refused for an engine, verb or year that is not there, and where `out` holds another run; WorkspaceError
    when another process is at work in `out`.
    """
    if engine not in ENGINES:
        raise Refused("scale.engine_unknown", {"engine": engine, "known": ", ".join(ENGINES)})
    asked = named(verb) if isinstance(verb, str) else verb
    held = source if isinstance(source, Partitions) else Partitions.open(source)
    chosen = _year(held, year)
    folder = out or held.folder / "results" / f"{asked.name}-{chosen}"
    checkpoints = Checkpoints.open(folder, asked.name, chosen)
    law = Law(date(chosen, 9, 1), held.rule_folders())
    tell = progress or (lambda *_args, **_more: None)
    with lock(folder / "counties" / ".lock"):
        everyone = [county for counties in held.counties.values() for county in counties]
        checkpoints.clean(frozenset(everyone))
        work = Work(asked, chosen, law, held.names, checkpoints.known(), retries)
        tasks = batches(held.counties, TOGETHER if asked.together else ALONE)
        count = workers or os.cpu_count() or 1
        done = _kept(
            _outcomes(engine, work, held, tasks, count, session), checkpoints, held.names, len(everyone), tell
        )
        return published(folder, held, checkpoints, done, asked, work, engine, tell)


def _year(source: Partitions, year: int | None) -> int:
    known = source.years
    if not known or (year is not None and year not in known):
        raise Refused("scale.no_year", {"year": year or "–", "known": ", ".join(map(str, known)) or "–"})
    return known[-1] if year is None else year


def _outcomes(
    engine: Engine, work: Work, source: Partitions, tasks: list[Task], workers: int, session: Any
) -> Iterator[list[Outcome]]:
    match engine:
        case "process":
            return in_process(work, source, tasks)
        case "pool":
            return in_pool(work, source, tasks, workers)
        case "spark":
            from junheng.scale.spark import on_spark  # noqa: PLC0415 - Spark is asked for by name only

            return on_spark(work, source, tasks, workers, session)


def _kept(
    outcomes: Iterator[list[Outcome]],
    checkpoints: Checkpoints,
    names: Mapping[str, str],
    total: int,
    tell: Step,
) -> Done:
    """Keeps every outcome as it comes, so that nothing done is lost when the run is killed."""
    done = Done()
    tell("scale.counting", 0, total)
    for some in outcomes:
        for one in some:
            if one.kind == "failed":
                checkpoints.drop(one.county)
                about = (one.county, one.province, names.get(one.county, ""), one.code, one.parameters)
                done.failures.append(Failure(*about, one.findings))
            else:
                if one.kind == "made":
                    checkpoints.keep(one.county, one.packed)
                    done.made += 1
                done.marks[one.county] = one.fingerprint
        tell("scale.counting", len(done.marks) + len(done.failures), total)
    done.failures.sort(key=lambda one: (one.province, one.county))
    return done
