"""Counties in this process, or in a pool of processes that share nothing and may die."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from junheng.scale.partitions import Partitions
from junheng.scale.problem import Outcome, Task, Work
from junheng.scale.working import from_partitions, lost

THREADS = "POLARS_MAX_THREADS"
_held: dict[str, tuple[Work, Partitions]] = {}
"""In a worker process: the work it was started for."""


def in_process(work: Work, source: Partitions, tasks: Sequence[Task]) -> Iterator[list[Outcome]]:
    """Task after task, here."""
    for task in tasks:
        yield from_partitions(work, source, task)


def in_pool(work: Work, source: Partitions, tasks: Sequence[Task], workers: int) -> Iterator[list[Outcome]]:
    """Tasks over `workers` fresh processes of one Polars thread each, as they come back.

    When a process dies, whoever was at work is a suspect: suspects go on one at a time, county by county, so
    that the one that kills its worker is found, tried again within the limit, and named.
    """
    waiting, suspects = deque(tasks), deque[Task]()
    while waiting or suspects:
        with one_thread(), _pool(work, source.folder, 1 if suspects else workers) as pool:
            running: dict[Future[list[Outcome]], Task] = {}
            try:
                while running or waiting or suspects:
                    while suspects and not running:
                        running[pool.submit(_do, suspects[0])] = suspects[0]
                        suspects.popleft()
                    while not suspects and waiting and len(running) < workers + 1:
                        running[pool.submit(_do, waiting[0])] = waiting[0]
                        waiting.popleft()
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        outcomes = future.result()
                        del running[future]
                        yield outcomes
            except BrokenProcessPool:
                alone = len(running) == 1 and all(len(one.counties) == 1 for one in running.values())
                for task in running.values():
                    tried = replace(task, attempt=task.attempt + 1)
                    if alone and tried.attempt > work.retries + 1:
                        yield lost(task)
                    elif alone:
                        suspects.append(tried)
                    else:
                        suspects.extend(Task(task.province, (one,)) for one in task.counties)


def _pool(work: Work, folder: Path, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(work, folder),
    )


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Processes started inside give Polars one thread each: they are the workers, not its threads."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = before


def _begin(work: Work, folder: Path) -> None:
    _held["work"] = (work, Partitions.open(folder))


def _do(task: Task) -> list[Outcome]:
    work, source = _held["work"]
    return from_partitions(work, source, task)
