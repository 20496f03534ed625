"""Two runs of one year's children side by side: another mechanism, bands, precedence, seats or tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.certificate import SHOWN, blocking_pairs
from junheng.admission.deferred_acceptance import LOW
from junheng.admission.meritorious import claims
from junheng.admission.offers import counted
from junheng.admission.plan_stage import Pooled, StageRun, pooled
from junheng.model.errors import BadData
from junheng.model.reason import Finding

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanResult

Whole = NDArray[np.int64]
SIDES = ("this", "other")


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """`tables`: `rank_distribution` (rank, this, other: rank 1, 2, …, `guaranteed`, `placement`, `none`);
    `moved` (applicant_id, identity, home_zone, batch, program_id, choice_rank, metres and the same with
    `other_`, `better`: this, other, or blank where the two cannot be told apart by her list); `unplaced`
    (applicant_id, identity, home_zone, this, other: placed or not); `envy` (run, batch, pairs, and of the
    first pairs applicant_id, program_id: she wanted it more and came before one admitted but for the rank
    she gave it)."""

    tables: dict[str, pl.DataFrame]
    envy: dict[str, int]
    metres: dict[str, int | None]

    def summary(self) -> dict[str, Any]:
        """Counts: children who go elsewhere, by identity and zone, better off in each, unplaced and pairs of
        justified envy of each, and the median way of all who are placed."""
        moved, unplaced = self.tables["moved"], self.tables["unplaced"]
        return {
            "moved": moved.height,
            "moved_by_identity": dict(moved.group_by("identity").len().sort("identity").iter_rows()),
            "moved_by_zone": dict(moved.group_by("home_zone").len().sort("home_zone").iter_rows()),
            "better_in_this": moved.filter(pl.col("better") == "this").height,
            "better_in_other": moved.filter(pl.col("better") == "other").height,
            "unplaced": {side: unplaced.filter(~pl.col(side)).height for side in SIDES},
            "justified_envy": dict(self.envy),
            "metres_p50": dict(self.metres),
        }


def compare(result: PlanResult, other: PlanResult) -> PlanComparison:
    """Compare two runs. BadData `admission.other_children` when they are not of the same children."""
    one, two = (run.assignment.select("applicant_id") for run in (result, other))
    strangers = pl.concat(
        [one.join(two, on="applicant_id", how="anti"), two.join(one, on="applicant_id", how="anti")]
    )
    if strangers.height:
        found = [
            Finding(
                "admission.other_child", "error", "applicants", value=name, parameters={"applicant": name}
            )
            for name in strangers["applicant_id"].sort()
        ]
        raise BadData("admission.other_children", {"count": len(found)}, found)
    both = _both(result, other)
    pairs = {side: _envy(run) for side, run in zip(SIDES, (result, other), strict=True)}
    rows = [frame.with_columns(pl.lit(side).alias("run")) for side, (_, frame) in pairs.items()]
    tables = {
        "rank_distribution": _ranks(both),
        "moved": both.filter(~pl.col("program_id").eq_missing(pl.col("other_program_id"))).drop(
            "state", "other_state", "reason", "other_reason"
        ),
        "unplaced": both.filter((pl.col("state") != "placed") | (pl.col("other_state") != "placed")).select(
            "applicant_id",
            "identity",
            "home_zone",
            (pl.col("state") == "placed").alias("this"),
            (pl.col("other_state") == "placed").alias("other"),
        ),
        "envy": pl.concat(rows).select("run", "batch", "applicant_id", "program_id"),
    }
    return PlanComparison(
        tables,
        {side: count for side, (count, _) in pairs.items()},
        {side: _metres(run) for side, run in zip(SIDES, (result, other), strict=True)},
    )


def _metres(run: PlanResult) -> int | None:
    counted = run.tables["admission_summary"].filter(pl.col("by") == "all")
    return counted["metres_p50"].item() if counted.height else None


def _both(result: PlanResult, other: PlanResult) -> pl.DataFrame:
    """A row for each child with what both runs gave her."""
    given = ("state", "batch", "program_id", "choice_rank", "reason", "metres")
    theirs = other.assignment.select("applicant_id", *(pl.col(one).alias(f"other_{one}") for one in given))
    rank, its = pl.col("choice_rank"), pl.col("other_choice_rank")
    same_list = pl.col("batch").eq_missing(pl.col("other_batch"))
    seated, their_seat = pl.col("state") == "placed", pl.col("other_state") == "placed"
    better = (
        pl.when(seated & ~their_seat)
        .then(pl.lit("this"))
        .when(~seated & their_seat)
        .then(pl.lit("other"))
        .when(same_list & (rank < its))
        .then(pl.lit("this"))
        .when(same_list & (rank > its))
        .then(pl.lit("other"))
        .otherwise(pl.lit(""))
    )
    return (
        result.assignment.join(theirs, on="applicant_id")
        .join(result.problem.standing.select("applicant_id", "identity", "home_zone"), on="applicant_id")
        .select(
            *("applicant_id", "identity", "home_zone"),
            *given,
            *(f"other_{one}" for one in given),
            better.alias("better"),
        )
        .sort("applicant_id")
    )


def _ranks(both: pl.DataFrame) -> pl.DataFrame:
    def of(prefix: str) -> pl.DataFrame:
        said = (
            pl.when(pl.col(f"{prefix}state") != "placed")
            .then(pl.lit("none"))
            .when(pl.col(f"{prefix}batch") == "placement")
            .then(pl.lit("placement"))
            .when(pl.col(f"{prefix}choice_rank").is_null())
            .then(pl.lit("guaranteed"))
            .otherwise(pl.col(f"{prefix}choice_rank").cast(pl.String))
        )
        return both.group_by(said.alias("rank")).len("count")

    last = pl.col("rank").replace_strict(
        ["guaranteed", "placement", "none"], [1, 2, 3], default=0, return_dtype=pl.Int64
    )
    return (
        of("")
        .rename({"count": "this"})
        .join(of("other_").rename({"count": "other"}), on="rank", how="full", coalesce=True)
        .with_columns(pl.col("this", "other").fill_null(0).cast(pl.Int64))
        .sort(last, pl.col("rank").cast(pl.Int64, strict=False))
    )


def _envy(run: PlanResult) -> tuple[int, pl.DataFrame]:
    """Pairs of justified envy under the plan's key without the band, and examples."""
    count, found = 0, [pl.DataFrame(schema=dict.fromkeys(("applicant_id", "program_id", "batch"), pl.String))]
    for one in run.stages:
        plain, held = _plain(one.run)
        start, pool = plain.start, plain.words.astype(np.int64) & LOW
        rows, pairs = _envied(plain, one.run, held)
        count += pairs
        child = np.repeat(np.arange(start.size - 1), np.diff(start))[rows]
        market = plain.held.market
        found.append(
            pl.DataFrame(
                {
                    "applicant_id": market.applicant_id.gather(child),
                    "program_id": market.program_id.gather(plain.of_pool[pool[rows]]),
                    "batch": [one.stage_id] * child.size,
                },
                schema=dict.fromkeys(("applicant_id", "program_id", "batch"), pl.String),
            )
        )
    return count, pl.concat(found)


def _envied(plain: Pooled, run: StageRun, held: Whole) -> tuple[Whole, int]:
    """(first rows, count) of pairs of justified envy; where programmes choose by overlapping reserves, of
    those whom the programme would choose from the children it holds and her. Choices waived for a family are
    no envy."""
    waived = np.zeros(plain.words.size, bool) if run.found.barred is None else run.found.barred
    if plain.rule is not None and plain.marks is not None:
        found = claims(run.found.seats, plain.start, plain.words, plain.marks, plain.rule, held)
        rows = np.flatnonzero(found & ~waived)
        return rows[:SHOWN], int(rows.size)
    row, begin = counted(plain.start, waived)
    sits = np.where(held < plain.start[1:], np.searchsorted(row, held), begin[1:])
    pairs = blocking_pairs(run.found.seats, begin, plain.words[row], sits)
    return row[pairs.rows], pairs.envy


def _plain(run: StageRun) -> tuple[Pooled, Whole]:
    """The stage without its bands, and what children hold in it; rows are the same."""
    return pooled(run.pools.held, run.rules, banded=False), run.found.held
