"""The admission room against its peers: who goes where, the proof and a reason for each application.

    python benchmarks/admission.py [peers] [large] [growth] [others] [placement] [draw] [chances] [freezing]
        [--peers PYTHON]

`peers`: 10k and 100k beside a pure-Python heap engine and the libraries `matching` (its own process, with its
default recursion limit first and then with that raised) and `algmatch`; `--peers` names an interpreter that
has them.
`large`: one million children, 32- and 64-bit keys, a flat market with as many seats as children, and 480k
of 8k. `growth`: 10k to 5M. `others`: serial dictatorship, bands, trading cycles. `placement`: the flow
with its prices. `draw`: tickets. `chances`: simulated draws. `freezing`: from files and tables, and a whole
freeze. Every outcome is
compared before any time is printed. CPU seconds of one thread, best of five after a warm-up, building the
market apart; ends with status 1 when a target is missed.
"""

from __future__ import annotations

import os

os.environ |= dict.fromkeys(("NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import argparse
import heapq
import json
import math
import multiprocessing
import platform
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
from admission_files import freezing
from numba import njit
from scipy.spatial import cKDTree

from junheng.admission import reasons
from junheng.admission.bands import band_of_choice
from junheng.admission.certificate import certify
from junheng.admission.commitment import Tree
from junheng.admission.deferred_acceptance import TAIL, deferred_acceptance
from junheng.admission.mechanisms import Outcome
from junheng.admission.placement_flow import place
from junheng.admission.plan_chances import counted
from junheng.admission.plan_one_list import OneList
from junheng.admission.priority import Keys, keys
from junheng.admission.problem import Market
from junheng.admission.serial_dictatorship import serial_dictatorship
from junheng.admission.tickets import Seed, order_of_draw
from junheng.admission.top_trading_cycles import top_trading_cycles
from junheng.admission.trade_log import replay

CLASSES = 4
TARGETS = {"100000x200x8": 0.030, "1000000x5000x10": 0.5, "1000000x5000x10 64-bit": 0.9}
PEAK_MB = 1024
SLOPE, DOUBLING = 1.35, 2.4
missed: list[str] = []


@njit(cache=True)
def _choices(children, cumulative, choices, seed):
    np.random.seed(seed)
    found = np.empty((children, choices), np.int32)
    for child in range(children):
        count = 0
        while count < choices:
            pool = min(np.searchsorted(cumulative, np.random.random(), side="right"), cumulative.size - 1)
            new = True
            for other in range(count):
                new = new and found[child, other] != pool
            if new:
                found[child, count] = pool
                count += 1
    return found


def market(
    children: int, pools: int, choices: int, sigma: float = 1.0, filled: float = 0.95, seed: int = 1
) -> Market:
    """Popularity lognormal, distinct choices, seats multinomial to `filled` of the children and at least
    one, four classes at random, one ticket (the child's number)."""
    rng = np.random.default_rng(seed)
    weight = rng.lognormal(0.0, sigma, pools)
    program = _choices(children, np.cumsum(weight) / weight.sum(), choices, seed).ravel()
    seats = np.maximum(rng.multinomial(int(filled * children), np.full(pools, 1 / pools)), 1).astype(np.int32)
    none = pl.Series([], dtype=pl.String)
    start = np.arange(0, program.size + 1, choices, dtype=np.int64)
    classes = rng.integers(0, CLASSES, program.size)
    return Market(none, none, none, np.arange(children), seats, start, program, classes)


def best(run: Callable[[], Any], times: int = 5) -> float:
    """Least CPU seconds."""
    run()
    taken: list[float] = []
    for _ in range(times):
        begin = time.process_time()
        run()
        taken.append(time.process_time() - begin)
    return min(taken)


def everything(m: Market, used: Keys) -> np.ndarray:
    """Assign, prove, give every application its reason; the proof must hold."""
    held = deferred_acceptance(m.seats, m.start, used.words)
    proof = certify(m.seats, m.start, used.words, held)
    reasons.codes(m, Outcome(held, used), proof)
    if not proof.best:
        sys.exit("the outcome does not prove")
    return held


def heap_engine(m: Market) -> np.ndarray:
    """Deferred acceptance with `heapq`, as a careful programmer writes it."""
    rows, level = m.program.tolist(), m.priority.tolist()
    seats, start = m.seats.tolist(), m.start.tolist()
    kept: list[list[tuple[int, int]]] = [[] for _ in seats]
    at = start[:-1]
    for first in range(m.children):
        child = first
        while at[child] < start[child + 1]:
            row = at[child]
            pool, key = rows[row], (-level[row], -child)
            if len(kept[pool]) < seats[pool]:
                heapq.heappush(kept[pool], key)
                break
            if key > kept[pool][0]:
                child = -heapq.heapreplace(kept[pool], key)[1]
            at[child] += 1
    return np.array(at)


MATCHING = """
import json, resource, sys, threading, time
from matching.games import HospitalResident
lists, seats, priority, limit = json.load(open(sys.argv[1])), *json.load(open(sys.argv[2])), int(sys.argv[3])
def run():
    try:
        begin = time.process_time()
        game = HospitalResident.create_from_dictionaries(lists, priority, seats)
        built = time.process_time()
        solved = game.solve(optimal="resident")
        end = time.process_time()
        held = {r.name: h.name for h, rs in solved.items() for r in rs}
        print(json.dumps({"build": built - begin, "solve": end - built, "held": held}))
    except RecursionError:
        print(json.dumps({"error": "RecursionError"}))
if limit:
    sys.setrecursionlimit(limit)
    threading.stack_size(512 << 20)
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""

ALGMATCH = """
import json, sys, time
from algmatch import HospitalResidentsProblem
lists, (seats, priority) = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
number = lambda names: [int(name[1:]) + 1 for name in names]
given = {
    "residents": {int(c[1:]) + 1: number(ps) for c, ps in lists.items()},
    "hospitals": {
        int(p[1:]) + 1: {"capacity": seats[p], "preferences": number(cs)} for p, cs in priority.items()
    },
}
begin = time.process_time()
game = HospitalResidentsProblem(dictionary=given, optimised_side="residents")
built = time.process_time()
solved = game.get_stable_matching()["resident_sided"]
end = time.process_time()
held = {f"c{int(r[1:]) - 1}": f"p{int(h[1:]) - 1}" for r, h in solved.items() if h}
print(json.dumps({"build": built - begin, "solve": end - built, "held": held}))
"""


def by_library(m: Market, python: str, program: str, limit: int = 0) -> dict[str, Any]:
    """What a library gives, in a process of its own."""
    lists = {f"c{c}": [f"p{p}" for p in m.program[m.start[c] : m.start[c + 1]]] for c in range(m.children)}
    order = np.lexsort((m.child_of_row(), m.priority, m.program))
    ranked: dict[str, list[str]] = {f"p{p}": [] for p in range(m.seats.size)}
    for p, c in zip(m.program[order].tolist(), m.child_of_row()[order].tolist(), strict=True):
        ranked[f"p{p}"].append(f"c{c}")
    ranked = {p: children for p, children in ranked.items() if children}
    seats = {f"p{p}": int(n) for p, n in enumerate(m.seats) if f"p{p}" in ranked}
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "lists", Path(folder) / "rest"
        one.write_text(json.dumps(lists))
        two.write_text(json.dumps([seats, ranked]))
        done = subprocess.run(
            [python, "-W", "ignore", "-c", program, str(one), str(two), str(limit)],
            capture_output=True,
            text=True,
        )
    if done.returncode or not done.stdout:
        return {"error": (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1][:90]}
    return json.loads(done.stdout)


def held_names(m: Market, held: np.ndarray) -> dict[str, str]:
    placed = np.flatnonzero(held < m.start[1:])
    return {f"c{c}": f"p{p}" for c, p in zip(placed.tolist(), m.program[held[placed]].tolist(), strict=True)}


def enforce(label: str, seconds: float) -> str:
    target = TARGETS.get(label)
    if target is None:
        return ""
    if seconds > target:
        missed.append(f"{label}: {seconds:.3f} s, target {target} s")
    return f"target {target} s"


def peers(python: str) -> None:
    for children, pools, choices in ((2_000, 40, 8), (10_000, 200, 8), (100_000, 200, 8)):
        m = market(children, pools, choices)
        used = m.keys()
        held = everything(m, used)
        slow = heap_engine(m)
        assert (slow == held).all()
        rows: list[tuple[str, str]] = []
        if children <= 10_000:
            for name, program, limit in (
                ("matching, its own limit", MATCHING, 0),
                ("matching, limit raised", MATCHING, 10**6),
                ("algmatch", ALGMATCH, 0),
            ):
                given = by_library(m, python, program, limit)
                if "error" in given:
                    rows.append((name, f"{given['error']}"))
                    continue
                assert given["held"] == held_names(m, held)
                rows.append((name, f"{given['solve']:.3f} s (and {given['build']:.3f} s to build)"))
        label = f"{children}x{pools}x{choices}"
        ours = best(lambda m=m, used=used: everything(m, used))
        alone = best(lambda m=m, used=used: deferred_acceptance(m.seats, m.start, used.words))
        theirs = best(lambda m=m: heap_engine(m), 2)
        print(f"\n{label}: the same outcome from all that finished")
        print(f"  ours, with proof and reasons  {ours:.4f} s  {enforce(label, ours)}")
        print(f"  ours, assignment alone        {alone:.4f} s")
        print(f"  heapq                         {theirs:.3f} s  ({theirs / ours:.0f} times ours)")
        for name, said in rows:
            print(f"  {name:<29} {said}")


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_large(
    label: str, shape: tuple[int, int, int], sigma: float, filled: float, wide: bool, slow: bool
) -> str:
    """A line of the large table, measured in a process of its own."""
    m = market(*shape, sigma=sigma, filled=filled)
    used = m.keys()
    narrow = everything(m, used)
    if slow:
        assert (heap_engine(m) == narrow).all()
    if wide:
        used = Keys(m.program | (m.priority << TAIL), 0, CLASSES, 0)
        assert (everything(m, used) == narrow).all()
    seconds = best(lambda: everything(m, used))
    alone = best(lambda: deferred_acceptance(m.seats, m.start, used.words))
    read = best(lambda: int(used.words.sum()))
    share = float((narrow < m.start[1:]).mean())
    return json.dumps(
        {"label": label, "seconds": seconds, "alone": alone, "read": read, "placed": share, "peak": peak_mb()}
    )


def in_own_process(*arguments: Any) -> dict[str, Any]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return json.loads(pool.apply(one_large, arguments))


def large() -> None:
    print("\n                              with proof and reasons   assignment   read floor   placed   peak")
    for label, shape, sigma, filled, wide, slow in (
        ("1000000x5000x10", (1_000_000, 5_000, 10), 1.0, 0.95, False, False),
        ("1000000x5000x10 64-bit", (1_000_000, 5_000, 10), 1.0, 0.95, True, False),
        ("1000000x5000x10 sigma 2", (1_000_000, 5_000, 10), 2.0, 1.0, False, False),
        ("480000x8000x6", (480_000, 8_000, 6), 1.0, 0.95, False, False),
    ):
        row = in_own_process(label, shape, sigma, filled, wide, slow)
        print(
            f"  {label:<26}  {row['seconds']:10.3f} s  {row['alone']:16.3f} s  {row['read']:9.4f} s"
            f"  {row['placed']:7.1%}  {row['peak']:5.0f} MB  {enforce(label, row['seconds'])}"
        )
        if row["peak"] > PEAK_MB:
            missed.append(f"{label}: peak {row['peak']:.0f} MB, target {PEAK_MB} MB")


def growth() -> None:
    print("\ngrowth, ten choices of 5,000 (fewer below 100k), with proof and reasons")
    rows: list[tuple[int, float]] = []
    for children in (10_000, 100_000, 500_000, 1_000_000, 2_000_000, 5_000_000):
        pools = min(5_000, children // 100)
        row = in_own_process(str(children), (children, pools, 10), 1.0, 0.95, False, False)
        rows.append((children, row["seconds"]))
        print(f"  {children:>9,} x {pools:>5,} x 10  {row['seconds']:8.4f} s  {row['peak']:6.0f} MB")
    by = dict(rows)
    points = [(math.log(n), math.log(s)) for n, s in rows if n <= 2_000_000]
    slope = float(np.polyfit(*zip(*points, strict=True), 1)[0])
    doubling = by[2_000_000] / by[1_000_000]
    print(
        f"  log-log slope 10k-2M {slope:.2f} (target {SLOPE}); "
        f"1M to 2M {doubling:.2f} times (target {DOUBLING})"
    )
    if slope > SLOPE:
        missed.append(f"slope {slope:.2f}")
    if doubling > DOUBLING:
        missed.append(f"1M to 2M {doubling:.2f} times")


def others() -> None:
    m = market(1_000_000, 5_000, 10)
    print("\none million, other mechanisms (assignment alone)")
    common = keys(m.program, None, None)
    assert (
        deferred_acceptance(m.seats, m.start, common.words)
        == serial_dictatorship(m.seats, m.start, common.words)
    ).all()
    seconds = best(lambda: serial_dictatorship(m.seats, m.start, common.words))
    print(f"  serial dictatorship   {seconds:.4f} s")
    for sizes in ((1,), (3,)):
        banded = m.keys(band_of_choice(sizes, 10)).words
        seconds = best(lambda words=banded: deferred_acceptance(m.seats, m.start, words))
        print(f"  bands of {sizes[0]}            {seconds:.3f} s")
    used = m.keys()
    trades = top_trading_cycles(m.seats, m.start, used.words)
    assert replay(m.seats, m.start, used.words, trades)
    seconds = best(lambda: top_trading_cycles(m.seats, m.start, used.words), 2)
    print(f"  trading cycles        {seconds:.3f} s")


def town(children: int, schools: int, reach: int, filled: float) -> tuple[np.ndarray, ...]:
    """Children and schools at random on a plane of 20 km, each child with her nearest schools."""
    rng = np.random.default_rng(1)
    site = rng.integers(0, 20_000, (schools, 2))
    metres, school = cKDTree(site).query(rng.integers(0, 20_000, (children, 2)), reach)
    seats = rng.multinomial(int(filled * children), np.full(schools, 1 / schools)).astype(np.int32)
    start = np.arange(0, children * reach + 1, reach)
    return seats, start, school.ravel().astype(np.int32), np.rint(metres).astype(np.int64).ravel()


def placement() -> None:
    """Flow with the price proof: a tenth of seats to spare, none, and a tenth too few."""
    print("\nplacing the unplaced, proof included")
    place(*town(500, 20, 5, 1.0), limit=3000)
    for children, schools, most in ((20_000, 200, 1.0), (50_000, 500, 4.0)):
        for filled in (1.1, 1.0, 0.9):
            problem = town(children, schools, 15, filled)
            begin = time.process_time()
            found = place(*problem, limit=3000)
            seconds = time.process_time() - begin
            assert found.proved
            target(f"{children} x {schools} x 15, seats {filled:.0%}", seconds, most)


def draw() -> None:
    """A million tickets, their order and the tree."""
    receipts = [f"R{number:07d}" for number in range(1_000_000)]
    seed = Seed.from_canonical("1./")
    nonces = [bytes(16)] * len(receipts)
    print("\npublic draw, one million receipts")
    tickets = best(lambda: order_of_draw(seed, "d", receipts), 2)
    tree = best(lambda: Tree(receipts, nonces), 2)
    print(f"  tickets and their order       {tickets:.2f} s")
    print(f"  leaves and Merkle tree        {tree:.2f} s")
    target(f"tickets, order and tree {len(receipts)}", tickets + tree, 2.0)


def target(label: str, seconds: float, most: float) -> None:
    """Print a figure beside its target and keep it when it is missed."""
    print(f"  {label:<38} {seconds:8.2f} s  target {most} s")
    if seconds > most:
        missed.append(f"{label}: {seconds:.2f} s, target {most} s")


def chances() -> None:
    """Simulated draws of 100,000 children with eight choices; a tenth of the draws, times ten."""
    m = market(100_000, 200, 8)
    one = OneList(
        m.applicant_id, m.start, m.program, m.priority, m.choice(), np.zeros(m.program.size, np.int64),
        np.arange(m.program.size), m.seats, m.program_id, m.program_id, np.arange(m.seats.size),
        np.full(m.seats.size, -1), np.zeros(m.seats.size, bool), (), (), "split", pl.DataFrame(),
    )  # fmt: skip
    counted(one, 1, 7)
    begin = time.process_time()
    counts, none = counted(one, 100, 7)
    seconds = 10 * (time.process_time() - begin)
    assert counts.sum() + none.sum() == 100 * m.children
    print("\nchances before the draw")
    target("1,000 draws of 100000x200x8", seconds, 60.0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    asked = parser.parse_args()
    all_parts = {
        "peers": lambda: peers(asked.peers),
        "large": large,
        "growth": growth,
        "others": others,
        "placement": placement,
        "draw": draw,
        "chances": chances,
        "freezing": lambda: freezing(market, lambda m: everything(m, m.keys()), target),
    }
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, Python {platform.python_version()}, load {load:.1f}, CPU seconds")
    for part in asked.parts or all_parts:
        all_parts[part]()
    if missed:
        sys.exit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
