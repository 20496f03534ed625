"""A senior-high plan run batch by batch: quotas apportioned, lines and conditions applied, seats left over
carried on. Scores are whole numbers of the plan's unit; the chain decides from its first to its last part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from junheng.admission.apportionment import Minimum, apportion
from junheng.admission.eligibility import holds
from junheng.admission.plan_stage import Stage, StageOutcome, run_stage, stage
from junheng.admission.plan_ties import run_ties
from junheng.admission.quota_again import share_again
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules.admission_plan import AdmissionPlan, Condition, PlanBatch, Quota, Score

_BANDS: Mapping[str, tuple[int, ...]] = {"immediate_acceptance": (1,)}
_ORIGIN = {"origin_school": "origin_school_id", "district": "district", "program": ""}


@dataclass(frozen=True, slots=True)
class BatchRun:
    """`stages` by batch; `quotas`: batch, origin, program_id, weight, seats, rule of every quota; `log`:
    batch, program_id, given, came, used, moved_to; `refused`: applications a rule kept out (applicant_id,
    batch, choice_rank, program_id, code, rule, mine, last)."""

    stages: tuple[StageOutcome, ...]
    quotas: pl.DataFrame
    log: pl.DataFrame
    refused: pl.DataFrame


def points(scores: pl.DataFrame, score: Score, applicants: pl.Series) -> tuple[pl.DataFrame, list[Finding]]:
    """Points of each child by subject in whole units, and the faults: another unit, points that are no whole
    numbers, a subject of the chain a child has no points in, a total above the plan's."""
    found: list[Finding] = []
    if not scores.schema["points"].is_integer():
        about = {"value": str(scores.schema["points"]), "unit": str(score.unit)}
        return pl.DataFrame(), [Finding("admission.score_float", "error", "exam_scores", parameters=about)]
    for unit in scores["unit"].cast(pl.String).unique():
        if unit is None or _fraction(unit) != score.unit:
            about = {"value": str(unit), "unit": str(score.unit)}
            found.append(Finding("admission.score_unit", "error", "exam_scores", parameters=about))
    wide = scores.pivot("subject", index="applicant_id", values="points", aggregate_function="first")
    wide = applicants.to_frame("applicant_id").join(wide, on="applicant_id", how="left")
    for subject in sorted({one for part in score.chain for one in part} | {"total"}):
        if subject not in wide.columns:
            wide = wide.with_columns(pl.lit(None, pl.Int64).alias(subject))
        for one in wide.filter(pl.col(subject).is_null())["applicant_id"]:
            about = {"applicant": one, "subject": subject}
            found.append(
                Finding("admission.score_missing", "error", "exam_scores", value=one, parameters=about)
            )
    most = score.total / score.unit
    for one in wide.filter(pl.col("total") > float(most))["applicant_id"]:
        about = {"applicant": one, "most": str(score.total)}
        found.append(Finding("admission.score_high", "error", "exam_scores", value=one, parameters=about))
    return wide, found


def _fraction(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


def run_plan_batches(
    plan: AdmissionPlan, tables: Mapping[str, pl.DataFrame], standing: pl.DataFrame, order: pl.DataFrame
) -> BatchRun:
    """Run the batches of a plan over checked tables; `order` as in `run_entry`. Raises BadData
    `admission.bad_scores`, `admission.bad_quotas`, and `admission.undecided_scores` where the plan says
    `left_over: error` and two children with one chain stand on both sides of a line."""
    score = plan.score
    assert score is not None
    marks, faults = points(tables["exam_scores"], score, standing["applicant_id"])
    if faults:
        raise BadData("admission.bad_scores", {"count": len(faults)}, faults)
    people = standing.join(marks, on="applicant_id", suffix=" points")
    left = dict(tables["programs"].select("program_id", "seats").iter_rows())
    coming: dict[str, dict[str, int]] = {}
    gone: set[str] = set()
    stages: list[StageOutcome] = []
    quotas: list[dict[str, str | int]] = []
    log: list[dict[str, str | int]] = []
    refused: list[pl.DataFrame] = []
    for batch in plan.batches:
        able = people.filter(holds(_in_units(batch.eligible, score), people))
        pools = _pools(batch, able, tables, left, quotas)
        came = coming.get(batch.id, {})
        more = pl.Series("seats", [came.get(one, 0) for one in pools["real"]], dtype=pl.Int64)
        pools = pools.with_columns(pools["seats"] + more).with_columns(pl.col("seats").alias("given"))
        lines = _simulated(plan, score, batch, people, tables)
        rows, out = _rows(plan, score, batch, people, able, tables, pools, gone, lines)
        refused.append(out)
        fields = [f"- {at} {'+'.join(part)}" for at, part in enumerate(batch.chain or score.chain)]
        names = ["+".join(part) for part in batch.chain or score.chain]
        rows = rows.rename(dict(zip(fields, names, strict=True)))
        if score.left_over == "choice_rank":
            names.append("choice")
            rows = rows.with_columns(pl.col("choice_rank").alias("choice"))
        bands = batch.bands or _BANDS.get(batch.mechanism, ())
        while True:
            seats = pools.select("program_id", "seats")
            done = _settled(score, stage(batch.id, seats, order, rows, names, bands))
            shared = share_again(pools, done) if batch.to_origins else None
            if shared is None:
                break
            pools = shared
        if score.left_over in ("error", "choice_rank"):
            _undecided(batch, done)
        stages.append(_real(done, pools))
        used = done.filled
        every = pools.select("program_id", "real", "origin", "seats", "given").iter_rows()
        for pool, real, origin, seats, given in every:
            over = max(seats - used.get(pool, 0), 0)
            if batch.unfilled_to:
                target = coming.setdefault(batch.unfilled_to, {})
                target[real] = target.get(real, 0) + over
            log.append(
                {
                    "batch": batch.id,
                    "pool": pool,
                    "origin": origin,
                    "program_id": real,
                    "given": given,
                    "seats": seats,
                    "used": used.get(pool, 0),
                    "moved": over if batch.unfilled_to else 0,
                    "moved_to": batch.unfilled_to,
                }
            )
        if batch.lock:
            gone |= set(done.assignment["applicant_id"])
    schema = {
        "batch": pl.String,
        "origin": pl.String,
        "program_id": pl.String,
        "weight": pl.String,
        "seats": pl.Int64,
        "rule": pl.String,
    }
    return BatchRun(tuple(stages), pl.DataFrame(quotas, schema=schema), pl.DataFrame(log), pl.concat(refused))


def _settled(score: Score, held: Stage) -> StageOutcome:
    """A batch run as the plan deals with ties left at the end."""
    if score.left_over in ("admit_all", "reject_all"):
        return run_ties(held, score.left_over, score.max_over)
    return run_stage(held)


def _simulated(
    plan: AdmissionPlan,
    score: Score,
    batch: PlanBatch,
    people: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
) -> pl.DataFrame | None:
    """`real, bar`: the least total, in units, a programme asks for by the simulated run of another batch over
    all seats, less the points the plan allows; none where that run leaves seats."""
    if not batch.line_of:
        return None
    other = next(one for one in plan.batches if one.id == batch.line_of)
    able = people.filter(holds(_in_units(other.eligible, score), people))
    whole = tables["programs"].select("program_id", "seats").sort("program_id")
    pools = whole.with_columns(pl.col("program_id").alias("real"), pl.lit("").alias("origin"))
    rows, _ = _rows(plan, score, replace(other, quota=None), people, able, tables, pools, set(), None)
    fields = [name for name in rows.columns if name.startswith("- ")]
    order = people.select("applicant_id", ticket=pl.lit(""), drawn=pl.lit(0, pl.Int64)).sort("applicant_id")
    done = run_stage(
        stage(other.id, whole, order, rows, fields, other.bands or _BANDS.get(other.mechanism, ()))
    )
    totals = people.select("applicant_id", pl.col("total").cast(pl.Int64))
    less = score.units(batch.line_less) or 0
    full = done.cutoffs.filter((pl.col("state") == "full") & (pl.col("filled") > 0)).select("program_id")
    return (
        done.assignment.join(full, on="program_id")
        .join(totals, on="applicant_id")
        .group_by(real="program_id")
        .agg((pl.col("total").min() - less).alias("bar"))
    )


def _in_units(condition: Condition, score: Score) -> Condition:
    """A condition with its bounds on the total, written in points, in units."""
    if condition.field == "total":
        bounds = tuple(
            score.units(Fraction(one)) if isinstance(one, int) else one for one in condition.values
        )
        return replace(condition, values=tuple(one for one in bounds if one is not None))
    return replace(condition, parts=tuple(_in_units(part, score) for part in condition.parts))


def _pools(
    batch: PlanBatch,
    able: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    left: dict[str, int],
    quotas: list[dict[str, str | int]],
) -> pl.DataFrame:
    """`program_id` (the pool's name), `real` (its programme), `origin`, `seats` of a batch; takes its seats
    from `left`."""
    rows: list[tuple[str, str, str, int]] = []
    for program in sorted(left):
        if batch.pools == "seats_left":
            rows.append((program, program, "", 0))
            continue
        if batch.quota is None:
            rows.append((program, program, "", left[program]))
            left[program] = 0
            continue
        total = tables["programs"].filter(pl.col("program_id") == program)["seats"][0]
        seats = min(-(-batch.quota.share_of_plan * total // 1), left[program])
        left[program] -= int(seats)
        if batch.quota.to == "program":
            rows.append((program, program, "", int(seats)))
            continue
        for origin, count in _shares(batch, batch.quota, program, int(seats), able, tables, quotas):
            rows.append((f"{origin}·{program}", program, origin, count))
    schema = {"program_id": pl.String, "real": pl.String, "origin": pl.String, "seats": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _shares(
    batch: PlanBatch,
    quota: Quota,
    program: str,
    seats: int,
    able: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    noted: list[dict[str, str | int]],
) -> list[tuple[str, int]]:
    """Seats of a programme by origin: those of the table `quotas` where it has them, else apportioned."""
    column = _ORIGIN[quota.to]
    if "quotas" in tables:
        given = tables["quotas"].filter((pl.col("program_id") == program) & (pl.col("batch") == batch.id))
        if given.height:
            if given["seats"].sum() != seats:
                about = {"program": program, "given": int(given["seats"].sum()), "total": seats}
                found = [Finding("admission.quota_total", "error", "quotas", parameters=about)]
                raise BadData("admission.bad_quotas", {"count": 1}, found)
            return list(given.select("origin_school_id", "seats").iter_rows())
    counts = able.group_by(column).len().drop_nulls().sort(column)
    rural = set[str]()
    if "origin_schools" in tables:
        rural = set(tables["origin_schools"].filter(pl.col("rural"))["school_id"])
    codes, people = counts[column].to_list(), counts["len"].to_list()
    weights = [
        n * (quota.rural_weight if one in rural else Fraction(1))
        for one, n in zip(codes, people, strict=True)
    ]
    least = (
        Minimum(quota.minimum_seats, quota.minimum_over, quota.minimum_added) if quota.minimum_seats else None
    )
    found = apportion(seats, weights, quota.method, codes=codes, minimum=least, candidates=people)
    noted += [
        {
            "batch": batch.id,
            "origin": row.code,
            "program_id": program,
            "weight": str(row.weight),
            "seats": row.seats,
            "rule": row.rule,
        }
        for row in found.rows
    ]
    return [(row.code, row.seats) for row in found.rows]


def _rows(
    plan: AdmissionPlan,
    score: Score,
    batch: PlanBatch,
    people: pl.DataFrame,
    able: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    pools: pl.DataFrame,
    gone: set[str],
    lines: pl.DataFrame | None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Applications of a batch that count, with the parts of its chain, and those a rule keeps out."""
    line = score.units(batch.line) if batch.line is not None else None
    origin = pl.lit("")
    if batch.quota is not None and batch.quota.to != "program":
        origin = pl.col(_ORIGIN[batch.quota.to]).fill_null("")
    chain = [
        (-pl.sum_horizontal(pl.col(one) for one in part)).cast(pl.Int64).alias(f"- {at} {'+'.join(part)}")
        for at, part in enumerate(batch.chain or score.chain)
    ]
    asked = (
        tables["applications"]
        .filter(pl.col("batch") == batch.id)
        .select("applicant_id", pl.col("choice_rank").cast(pl.Int64), real="program_id")
        .join(people, on="applicant_id")
        .with_columns(origin.alias("origin"))
        .join(pools.rename({"program_id": "pool"}), on=["real", "origin"], how="left")
    )
    if lines is None:
        asked = asked.with_columns(pl.lit(line, pl.Int64).alias("bar"))
    else:
        asked = asked.join(lines, on="real", how="left")
    stays = pl.col("applicant_id").is_in(list(gone))
    unfit = ~pl.col("applicant_id").is_in(able["applicant_id"].implode())
    below = (pl.col("total") < pl.col("bar")).fill_null(False)
    code = (
        pl.when(stays)
        .then(pl.lit("LOCKED_IN_BATCH"))
        .when(unfit)
        .then(pl.lit("INELIGIBLE"))
        .when(below)
        .then(pl.lit("BELOW_LINE"))
        .when(pl.col("pool").is_null())
        .then(pl.lit("NO_SEATS"))
        .otherwise(pl.lit(""))
    )
    asked = asked.with_columns(code.alias("code"), *chain)
    out = asked.filter(pl.col("code") != "").select(
        "applicant_id",
        pl.lit(batch.id).alias("batch"),
        "choice_rank",
        pl.col("real").alias("program_id"),
        "code",
        pl.lit(batch.rule.path).alias("rule"),
        pl.when(pl.col("code") == "BELOW_LINE").then("total").cast(pl.Int64).alias("mine"),
        pl.when(pl.col("code") == "BELOW_LINE").then("bar").cast(pl.Int64).alias("last"),
    )
    names = [f"- {at} {'+'.join(part)}" for at, part in enumerate(batch.chain or score.chain)]
    kept = asked.filter(pl.col("code") == "").select(
        "applicant_id", "choice_rank", pl.col("pool").alias("program_id"), *names
    )
    return kept, out


def _undecided(batch: PlanBatch, done: StageOutcome) -> None:
    """Two children whose whole chain is equal, one admitted last and one refused, are a fault."""
    tied = done.reasons.filter((pl.col("code") == "BELOW_CUTOFF") & (pl.col("field") == "ticket"))
    if tied.height:
        found = [
            Finding(
                "admission.tie_at_line",
                "error",
                table="exam_scores",
                value=one["applicant_id"],
                parameters={"applicant": one["applicant_id"], "pool": one["program_id"], "batch": batch.name},
            )
            for one in tied.iter_rows(named=True)
        ]
        raise BadData("admission.undecided_scores", {"count": len(found)}, found)


def _real(done: StageOutcome, pools: pl.DataFrame) -> StageOutcome:
    """The outcome with programmes for pools; the pool's origin is the reserve."""
    real = pools.select("program_id", "real", "origin")

    def named(frame: pl.DataFrame) -> pl.DataFrame:
        return (
            frame.join(real, on="program_id", how="left", maintain_order="left")
            .with_columns(pl.col("real").alias("program_id"), pl.col("origin").alias("reserve_id"))
            .drop("real", "origin")
        )

    filled: dict[str, int] = {}
    over: dict[str, int] = {}
    for pool, program in real.select("program_id", "real").iter_rows():
        filled[program] = filled.get(program, 0) + done.filled.get(pool, 0)
        if pool in done.over:
            over[program] = over.get(program, 0) + done.over[pool]
    return replace(
        done,
        assignment=named(done.assignment),
        reasons=named(done.reasons),
        cutoffs=named(done.cutoffs),
        waiting=named(done.waiting),
        filled=filled,
        over=over,
    )
