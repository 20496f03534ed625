"""Time and memory of a verb over all counties as a nation grows, engine by engine.

    python benchmarks/scale.py [schools …]                        1500 15000 150000 by default
    python benchmarks/scale.py --verb assess --engines pool 1500

A synthetic nation of as many counties as fit the schools (2,850 for 150,000) is written once; each engine
then runs over it in a process of its own, from Parquet to published tables with totals, and once more with
nothing changed. CPU seconds count the process and everything it started (workers, Java); memory is the
largest single process. Every engine's tables must have one digest before any time is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from junheng import scale
from junheng.monitoring.engines import opened
from junheng.scale.pool import one_thread

COUNTIES, SCHOOLS = 2850, 150_000
SIZES = (1_500, 15_000, SCHOOLS)
WORKERS = 2
TICKS = os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """Processes started by `pid`, and by those."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, waiting = [], [pid]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def spent() -> tuple[float, float]:
    """(CPU seconds of this process and all it started, MB of the largest of them)."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime
    memory = max(own.ru_maxrss, ended.ru_maxrss) / 1024
    for pid in descendants(os.getpid()):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        cpu += sum(int(one) for one in fields[11:15]) / TICKS
        peak = [
            line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")
        ]
        memory = max([memory, *(int(line.split()[1]) / 1024 for line in peak)])
    return cpu, memory


def one(verb: str, engine: str, source: Path, out: Path) -> dict[str, object]:
    """One engine's run and its run with nothing changed."""
    with ExitStack() as stack:
        session = None
        if engine == "spark":
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            stack.enter_context(one_thread())
            session = stack.enter_context(opened("spark"))
        begun, wall = spent()[0] if engine != "spark" else 0.0, time.perf_counter()
        result = scale.run(verb, source, engine=engine, workers=WORKERS, out=out, session=session)  # type: ignore[arg-type]
        wall = time.perf_counter() - wall
        cpu, memory = spent()
        assert result.check() == [] and not result.failures
        again = time.perf_counter()
        second = scale.run(verb, source, engine=engine, workers=WORKERS, out=out, session=session)  # type: ignore[arg-type]
        again = time.perf_counter() - again
        assert second.made == 0
        rows = sum(frame.height for frame in result.tables.values())
    return {
        "cpu": cpu - begun, "wall": wall, "again": again, "memory": memory,
        "rows": rows, "digests": result.digests,
    }  # fmt: skip


def child(verb: str, engine: str, source: Path, out: Path) -> dict[str, object]:
    """`one` in a process of its own."""
    command = [sys.executable, __file__, "--one", verb, engine, str(source), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{engine}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--verb", default="measure", choices=["measure", "assess"])
    parser.add_argument("--engines", default="process,pool,spark")
    parser.add_argument("--one", nargs=4)
    asked = parser.parse_args()
    if asked.one:
        verb, engine, source, out = asked.one
        print(json.dumps(one(verb, engine, Path(source), Path(out))))
        return
    engines = asked.engines.split(",")
    if shutil.which("java") is None and "spark" in engines:
        engines.remove("spark")
        print("no Java: Spark left out")
    print(f"{asked.verb}; load {os.getloadavg()[0]:.1f}; pool of {WORKERS}, Spark local[2]")
    for schools in asked.sizes:
        counties = max(1, round(COUNTIES * schools / SCHOOLS))
        with tempfile.TemporaryDirectory() as folder:
            begun = time.process_time()
            scale.make(Path(folder) / "nation", counties=counties, schools=schools)
            made = time.process_time() - begun
            source = Path(folder) / "nation"
            answers = {engine: child(asked.verb, engine, source, Path(folder) / engine) for engine in engines}
        assert len({json.dumps(held["digests"]) for held in answers.values()}) == 1, "engines differ"
        digest = next(iter(answers.values()))["digests"]
        assert isinstance(digest, dict)
        print(
            f"{schools} schools, {counties} counties, made in {made:.1f} CPU s; equal: {', '.join(engines)}"
        )
        for name, text in digest.items():
            print(f"    {name:24} {text}")
        print(f"    {'engine':>8} {'CPU s':>8} {'wall s':>8} {'unchanged s':>12} {'MB':>7} {'rows':>9}")
        for engine, held in answers.items():
            numbers = f"{held['cpu']:8.1f} {held['wall']:8.1f} {held['again']:12.1f} {held['memory']:7.0f}"
            print(f"    {engine:>8} {numbers} {held['rows']:9d}", flush=True)


if __name__ == "__main__":
    main()
