"""Part `freezing` of `benchmarks/admission.py`: a million children from files and tables, a whole freeze."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from junheng.admission import draw_tables
from junheng.admission.announcement import Source, announce
from junheng.admission.frozen import market_of
from junheng.admission.plain_tables import read_market
from junheng.admission.problem import Market
from junheng.admission.receipts import Secret
from junheng.report.admission.draw_folder import DrawFolder

NAMES = ("programs", "applicants", "applications")
Target = Callable[[str, float, float], None]


def tables(m: Market) -> list[pl.DataFrame]:
    """The three tables of a market with dense numbers as identifiers, tickets at random; children in the
    order of their number, applications by child and rank."""
    tickets = np.random.default_rng(2).permutation(m.children) + 1
    return [
        pl.DataFrame({"program_id": np.arange(m.seats.size, dtype=np.int32), "capacity": m.seats}),
        pl.DataFrame({"applicant_id": np.arange(m.children, dtype=np.int32), "ticket": tickets}),
        pl.DataFrame(
            {
                "applicant_id": m.child_of_row().astype(np.int32),
                "rank": m.choice().astype(np.int32),
                "program_id": m.program,
                "priority": m.priority.astype(np.int32),
            }
        ),
    ]


def named(dense: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """The same with identifiers as text, and every other cell as text too."""
    applicant = pl.format("a{}", pl.col("applicant_id").cast(pl.String).str.zfill(7))
    program = pl.format("p{}", pl.col("program_id").cast(pl.String).str.zfill(4))
    as_text = pl.all().cast(pl.String)
    return [
        dense[0].select(program.alias("program_id"), "capacity").select(as_text),
        dense[1].select(applicant.alias("applicant_id"), "ticket").select(as_text),
        dense[2]
        .select(applicant.alias("applicant_id"), "rank", program.alias("program_id"), "priority")
        .select(as_text),
    ]


def from_files(m: Market, prove: Callable[[Market], Any], target: Target, folder: Path) -> None:
    """A market read, assigned, proved and given its reasons: best of three."""
    dense = tables(m)
    text = named(dense)
    given: dict[str, list[Any]] = {
        "frames": text,
        **{suffix: [folder / f"{name}.{suffix}" for name in NAMES] for suffix in ("parquet", "csv")},
    }
    for number in range(len(NAMES)):
        dense[number].write_parquet(given["parquet"][number])
        text[number].write_csv(given["csv"][number])
    del dense, text
    for form, label, most in (
        ("parquet", "dense numbers in Parquet", 1.0),
        ("frames", "identifiers as text, in frames", 3.0),
        ("csv", "identifiers as text, from CSV", None),
    ):
        spent: list[tuple[float, float]] = []
        for _ in range(4):
            begin = time.process_time()
            found = read_market(*given[form]).market
            built = time.process_time()
            prove(found)
            spent.append((time.process_time() - begin, built - begin))
        whole, building = min(spent[1:])
        if most:
            target(label, whole, most)
        else:
            print(f"  {label:<38} {whole:8.2f} s")
        print(f"    of it the market {building:30.2f} s")


COMMAND = """
import atexit, pathlib, sys
def peak():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    print(*(line for line in lines if line.startswith("VmHWM")), file=sys.stderr)
atexit.register(peak)
from junheng.cli.root import main
main()
"""
"""The peak of a process as the system counts it from its start: `ru_maxrss` counts its parent's as well."""


def command(folder: Path) -> None:
    """`junheng assign` on the same CSV, as a process."""
    options = [word for name in NAMES for word in (f"--{name}", str(folder / f"{name}.csv"))]
    words = ["assign", *options, "--mechanism", "da", "--out", str(folder / "out")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", COMMAND, *words], check=True, capture_output=True, text=True)
    wall = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    size = sum(path.stat().st_size for path in (folder / "out").iterdir()) >> 20
    peak = int(done.stderr.split("VmHWM:")[1].split()[0]) >> 10
    print(
        f"  junheng assign on the CSV, {size} MB written {seconds:4.1f} s, "
        f"{wall:.1f} s on the clock, peak {peak} MB"
    )


def whole_freeze(m: Market, folder: Path) -> None:
    """From text files to lines, receipts, tree and files, split by step; then read back and checked."""
    programs, applicants, applications = named(tables(m))
    number = pl.int_range(pl.len()).cast(pl.String).str.zfill(16)
    facts = {"status": "verified", "family": "", "hukou": "local"}
    people = applicants.select(
        "applicant_id",
        pl.format("ID{}", number).alias("identity"),
        *(pl.lit(value).alias(name) for name, value in facts.items()),
    )
    paths = [folder / f"{name}.csv" for name in NAMES]
    for path, frame in zip(paths, (programs, people, applications), strict=True):
        frame.write_csv(path)
    spent: dict[str, float] = {}
    steps = {
        "read": "text of applicants",
        "read_market": "text of the rest, checks, market",
        "receipts_of": "receipts (HMAC)",
        "lines_of": "lines",
        "nonces_of": "nonces (HMAC)",
    }
    for name in steps:
        setattr(draw_tables, name, _timed(getattr(draw_tables, name), name, spent))
    begin = time.process_time()
    held = draw_tables.read_draw_tables(*paths, secret=Secret("00" * 16), season="2027", facts=["hukou"])
    read = time.process_time()
    root = held.frozen.tree.root.hex()
    hashed = time.process_time()
    announced = announce(
        draw="2027", mechanism="da", bands=(), scope="", root=root, receipts=m.children, seats=held.seats,
        spare_receipts=(), sources=(Source("x", "numbers", "1", "2027-06-21T21:00:00+08:00", count=7),),
        frozen_at="2027-06-15T18:00:00+08:00", announced_at="2027-06-15T19:00:00+08:00",
    )  # fmt: skip
    store = DrawFolder(folder / "draw")
    store.keep_freeze(announced, held.frozen, held.receipt_of, "00")
    kept = time.process_time()
    print(f"  whole freeze, 1M children, 4 choices   {kept - begin:8.2f} s (receipts a kernel, no target)")
    parts = {steps[name]: seconds for name, seconds in spent.items()}
    parts["the rest of the lines"] = read - begin - sum(parts.values())
    parts |= {"leaves and tree": hashed - read, "files": kept - hashed}
    for label, seconds in parts.items():
        print(f"    {label:<38} {seconds:6.2f} s")
    begin = time.process_time()
    frozen = store.held().frozen
    again = time.process_time()
    market_of(frozen, held.seats, [(one, one) for one in frozen.receipts])
    print(f"  read back and checked, root and all    {again - begin:8.2f} s")
    print(f"  the market of the frozen lines         {time.process_time() - again:8.2f} s")


def _timed(run: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any, **named_: Any) -> Any:
        begin = time.process_time()
        found = run(*given, **named_)
        spent[name] = spent.get(name, 0.0) + time.process_time() - begin
        return found

    return timed


def freezing(
    market: Callable[[int, int, int], Market], prove: Callable[[Market], Any], target: Target
) -> None:
    """All of this part."""
    print("\nfrom files, one million children: market, assignment, proof and reasons; then a freeze")
    with tempfile.TemporaryDirectory() as place:
        from_files(market(1_000_000, 5_000, 10), prove, target, Path(place))
        command(Path(place))
    with tempfile.TemporaryDirectory() as place:
        whole_freeze(market(1_000_000, 5_000, 4), Path(place))
