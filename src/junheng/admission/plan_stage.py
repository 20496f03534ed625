"""One stage of a plan on the kernel: applications with named fields become a market, and its outcome becomes
rows with the field that decided each.

A stage is a batch, the private draw or the zone lists. Its applications are a frame `applicant_id,
choice_rank, program_id` and one whole-number column for each field of the order, lower first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission import plan_overlap
from junheng.admission import plan_stage_tables as tables
from junheng.admission.bands import band_of_choice
from junheng.admission.certificate import Certificate, certify
from junheng.admission.deferred_acceptance import LOW
from junheng.admission.families import LastSeat, Settled, settle, twin_faults
from junheng.admission.families_block import Lists
from junheng.admission.families_count import FamilyCount, family_count
from junheng.admission.meritorious import Meritorious, marked, meritorious
from junheng.admission.meritorious_check import Rechosen, rechoose
from junheng.admission.plan_stage_tables import counting
from junheng.admission.priority import keys
from junheng.admission.problem import Market
from junheng.admission.reserves import Pools, Reserve, apply_to_pools, open_pools, pools_of
from junheng.model.errors import BadData
from junheng.model.reason import Finding

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stage:
    """`market` with the `rows` behind its applications (in its order) and the names of the `fields` that make
    its priority, ticket last and not among them. `banded` sizes lead the key where there are any."""

    stage_id: str
    market: Market
    rows: pl.DataFrame
    fields: tuple[str, ...]
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """`assignment`: applicant_id, program_id, reserve_id, choice_rank of who is placed. `reasons`: a row for
    each application to a pool. `over`: seats beyond the plan by programme, through twins or guarantees.
    `failed`: what the check of the stage finds. `families`: how it went for families bound as a block."""

    stage_id: str
    assignment: pl.DataFrame
    reasons: pl.DataFrame
    cutoffs: pl.DataFrame
    waiting: pl.DataFrame
    filled: dict[str, int]
    over: dict[str, int]
    failed: tuple[str, ...]
    run: StageRun
    families: FamilyCount | None = None


def stage(
    stage_id: str,
    programs: pl.DataFrame,
    order: pl.DataFrame,
    rows: pl.DataFrame,
    fields: Sequence[str],
    bands: Sequence[int] = (),
) -> Stage:
    """A stage from `programs` (program_id, seats), children in the `order` of their tickets (applicant_id,
    ticket, drawn) and applications `rows`."""
    programs = programs.sort("program_id")
    numbered = order.select("applicant_id").with_row_index("child")
    placed = programs.select("program_id").with_row_index("pool")
    rows = (
        rows.join(numbered, on="applicant_id", how="inner")
        .join(placed, on="program_id", how="inner")
        .sort("child", "choice_rank")
    )
    levels = rows.select(fields).unique().sort(fields).with_row_index("level") if fields else None
    priority = np.zeros(rows.height, np.int64)
    if levels is not None:
        joined = rows.join(levels, on=list(fields), how="left", maintain_order="left")
        priority = joined["level"].cast(pl.Int64).to_numpy()
    child = rows["child"].cast(pl.Int64).to_numpy()
    market = Market(
        programs["program_id"],
        order["applicant_id"],
        order["ticket"].cast(pl.String),
        order["drawn"].cast(pl.Int64).to_numpy(),
        programs["seats"].cast(pl.Int32).to_numpy(),
        np.searchsorted(child, np.arange(order.height + 1)).astype(np.int64),
        rows["pool"].cast(pl.Int32).to_numpy(),
        priority,
    )
    return Stage(stage_id, market, rows, tuple(fields), tuple(bands))


@dataclass(frozen=True, slots=True)
class Pooled:
    """A stage as applications to pools, before anybody is admitted: `words`, `start` and `seats` for the
    kernel, the `row` of the stage and the `program` behind each application, by pool its programme
    (`of_pool`), the reserve's name and the pool it `gives` unfilled seats to (None: no pool gives any). With
    overlapping reserves pools are programmes, `rule` is how they choose and `marks` what it goes by."""

    held: Stage
    words: NDArray[np.int32] | Whole
    start: Whole
    seats: NDArray[np.int32]
    row: Whole
    program: Whole
    of_pool: Whole
    names: tuple[str, ...]
    band: Whole | None
    trait: Whole | None
    gives: Whole | None
    rule: Meritorious | None = None
    marks: Whole | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a stage is run by besides its keys: `pairs` of twins in the order of their tickets; `guaranteed`
    (applicant_id, program_id) children get a further seat there when all their choices are full, and
    nobody else is touched by that. `overlap`: reserves are filled by the meritorious rule. `blocks`: families
    who want one school before their own ranks."""

    pairs: Sequence[tuple[str, str]] = ()
    last_seat: LastSeat = "split"
    reserves: Sequence[Reserve] = ()
    traits: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict[str, NDArray[np.bool_]])
    guaranteed: pl.DataFrame | None = None
    overlap: bool = False
    blocks: Sequence[tuple[str, ...]] = ()

    def numbered(self, order: pl.Series) -> list[tuple[int, int]]:
        """Pairs by their numbers in the order of tickets."""
        if not self.pairs:
            return []
        number = {name: at for at, name in enumerate(order)}
        return [(number[a], number[b]) for a, b in self.pairs]

    def families(self, order: pl.Series) -> list[tuple[int, ...]]:
        """Blocks by their numbers in the order of tickets. BadData `admission.bad_families` for a child in
        two of them."""
        if not self.blocks:
            return []
        number = {name: at for at, name in enumerate(order)}
        counted = [name for one in self.blocks for name in one]
        twice = sorted({name for name in counted if counted.count(name) > 1})
        if twice:
            about = [{"first": name, "second": name} for name in twice]
            found = [Finding("admission.twins_twice", "error", "families", parameters=one) for one in about]
            raise BadData("admission.bad_families", {"count": len(found)}, found)
        return [tuple(sorted(number[name] for name in one)) for one in self.blocks]


def pooled(held: Stage, rules: Rules, *, banded: bool = True) -> Pooled:
    """A stage over its pools; without `banded` the choice's band does not lead the key. Raises BadData
    `admission.bad_reserves`."""
    market = held.market
    band = band_of_choice(held.bands, market.longest) if held.bands and banded else None
    sure = (held.rows["guaranteed"] == 0).to_numpy() if "guaranteed" in held.fields else None
    if rules.overlap or not rules.reserves:
        of_choice = None if band is None else band[market.choice() - 1]
        every = np.arange(market.program.size)
        program = market.program.astype(np.int64)
        words = keys(market.program, of_choice, market.priority, sure).words
        pools = market.seats.size
        rule, marks = None, None
        if rules.reserves:
            rule, traits = meritorious(market, rules.reserves, rules.traits)
            marks = marked(traits, of_choice, sure)
        return Pooled(
            held, words, market.start, market.seats, every, program, np.arange(pools), ("",) * pools,
            band, None, None, rule, marks,
        )  # fmt: skip
    pools = pools_of(market, rules.reserves, rules.traits)
    lists = apply_to_pools(market, pools, rules.traits, band, sure)
    pool = lists.keys.words.astype(np.int64) & LOW
    holders = _holders(pools, rules, lists.row, pool)
    of_pool = pools.program.astype(np.int64)
    gives = open_pools(pools)
    return Pooled(
        held, lists.keys.words, lists.start, pools.seats, lists.row, of_pool[pool], of_pool, pools.names(),
        band, holders, gives if bool((gives >= 0).any()) else None,
    )  # fmt: skip


def _holders(pools: Pools, rules: Rules, row: Whole, pool: Whole) -> Whole:
    """0 where the child of an application holds the trait of the pool or none is asked, 1 otherwise."""
    without = np.zeros(row.size, np.int64)
    for at, one in enumerate(pools.reserve):
        if one is not None and one.kind != "open":
            here = pool == at
            without[here] = ~rules.traits[one.trait][row[here]]
    return without


NO_RULES = Rules()


def run_stage(held: Stage, rules: Rules = NO_RULES) -> StageOutcome:
    """Run a stage. Raises BadData `admission.bad_families`, `admission.bad_reserves`."""
    one = pooled(held, rules)
    ids = held.market.applicant_id
    pairs, blocks = rules.numbered(ids), rules.families(ids)
    if faults := twin_faults(ids, one.start, one.words, pairs, one.marks):
        raise BadData("admission.bad_families", {"count": len(faults)}, faults)
    found = settle(
        one.seats, one.start, one.words,
        program=one.of_pool, gives=one.gives, pairs=pairs, last_seat=rules.last_seat,
        rule=one.rule, marks=one.marks, blocks=blocks,
    )  # fmt: skip
    rechosen, failing = None, list[str]()
    if one.rule is not None and one.marks is not None:
        open_ = None if found.barred is None else ~found.barred
        rechosen = rechoose(found.seats, one.start, one.words, one.marks, one.rule, found.held, open_)
        proof = rechosen.certificate
    else:
        proof = certify(found.seats, *counting(one, found))
        failing += [] if proof.best else ["optimality"]
    failing += [] if proof.stable else ["stability"]
    if bool((proof.filled > found.seats).any()):
        failing.append("seats")
    told = None
    if blocks:
        lists = Lists(found.seats, one.start, one.words, one.of_pool, rule=one.rule, marks=one.marks)
        told = family_count(lists, blocks, found.held, found.alone, found.bound)
        failing += [] if told.kept else ["families"]
    return outcome(StageRun(one, rules, found, proof, rechosen, told), tuple(failing))


@dataclass(frozen=True, slots=True)
class StageRun:
    """A stage that was run: its pools, the rules it ran by, what children hold, and the proof; `rechosen`
    where programmes chose by overlapping reserves, `families` where any were bound as a block."""

    pools: Pooled
    rules: Rules
    found: Settled
    proof: Certificate
    rechosen: Rechosen | None = None
    families: FamilyCount | None = None


def outcome(run: StageRun, failed: tuple[str, ...]) -> StageOutcome:
    """What a stage that was run says."""
    market, guaranteed = run.pools.held.market, run.rules.guaranteed
    by_rule = run.rechosen
    reasons = tables.reasons(run) if by_rule is None else plan_overlap.reasons(run, by_rule)
    moved = pl.col("applicant_id").is_in(tables.moved(run).implode())
    assignment = reasons.filter(pl.col("code") == "ADMITTED").select(
        "applicant_id",
        "program_id",
        "reserve_id",
        "choice_rank",
        pl.when(moved).then(pl.lit("FAMILY_MOVED")).otherwise("code").alias("code"),
    )
    ids = market.program_id
    over: dict[str, int] = {}
    for pool in np.flatnonzero(run.found.expanded).tolist():
        name = ids[int(run.pools.of_pool[pool])]
        over[name] = over.get(name, 0) + int(run.found.expanded[pool])
    if guaranteed is not None and guaranteed.height:
        left = guaranteed.join(assignment, on="applicant_id", how="anti")
        for name in left["program_id"]:
            over[name] = over.get(name, 0) + 1
        assignment = pl.concat(
            [
                assignment,
                left.select(
                    "applicant_id",
                    "program_id",
                    pl.lit("").alias("reserve_id"),
                    pl.lit(None, pl.Int64).alias("choice_rank"),
                    pl.lit("GUARANTEED").alias("code"),
                ),
            ]
        )
    filled = dict(assignment.group_by("program_id").len().iter_rows())
    return StageOutcome(
        run.pools.held.stage_id,
        assignment,
        reasons,
        tables.cutoffs(run) if by_rule is None else plan_overlap.cutoffs(run, by_rule),
        tables.waiting(run),
        filled,
        over,
        failed,
        run,
        run.families,
    )
