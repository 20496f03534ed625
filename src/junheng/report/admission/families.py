"""The family edition of an entry (家庭查询版): for each child an envelope with her own result, and the public
files by which anybody verifies the draw.

`write_edition` is what the command and the results page call. It writes nothing unless the result passes its
own check and, where a draw was held, the stand-alone verifier agrees with everything. What a child's
envelope holds is made in `families_content`, how it lies on disk in `families_edition` (also `withdraw`,
`erase`, `shown`), its lock in `envelope`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from junheng.admission.changes import NO_CHANGES, Changes
from junheng.admission.plan_enough import REFUSED_THERE, facts, worded
from junheng.admission.receipts import Secret
from junheng.model.errors import Refused, VerificationFailed
from junheng.model.reason import Language
from junheng.report.admission import families_edition
from junheng.report.admission.families_content import LANGUAGES, Told, contents
from junheng.report.admission.families_edition import Edition
from junheng.report.admission.notice import Letter
from junheng.report.admission.plain_files import csv_bytes, json_bytes
from junheng.report.admission.publication import WITHHELD, Level, proofs_of, publish

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanResult
    from junheng.admission.public_draw import PublicDraw

MOST_ASKED = 500
"""Refused children up to whom everybody is told what would have been enough: a minute or two of work."""
SCORE_LINES = ("batch", "program_id", "reserve_id", "state", "seats", "filled", "applicants", "last_key")


def write_edition(
    workspace: Path,
    plan_id: str,
    result: PlanResult,
    *,
    secret: Secret,
    letter: Letter,
    published: date,
    least: int,
    schools: pl.DataFrame | None = None,
    draw: PublicDraw | None = None,
    receipt_of: Mapping[str, str] | None = None,
    changes: Changes = NO_CHANGES,
    level: Level = "own",
    present: pl.DataFrame | None = None,
    waiting: pl.DataFrame | None = None,
    enough: bool | None = None,
    expires: date | None = None,
) -> Edition:
    """Write the family edition of `plan_id` below `workspace/public/families` and show it in one step.

    - `result` of `run_plan`; `secret` the season's, from which receipts were made (`admission.receipts`);
      `letter` what notices of the entry share; `least` the small-count limit of the rules.
    - `schools` (school_id, name) gives programmes their names, else they are shown by id.
    - `draw`, `receipt_of` (applicant to receipt) and `changes` where a public draw was held: each family then
      gets line, nonce and path; `level` is that of its publication.
    - `present` (applicant_id, program_id, null for none; ground: `round` or a document's number) holds
      children who go elsewhere than the result says: later rounds, placements by hand, seats given up.
    - `waiting` (program_id, position, applicant_id) where later rounds moved the lists.
    - `enough`: whether each refused choice also says what would have been enough, for which the lists are
      run many times; by default where at most `MOST_ASKED` children were refused.
    - `expires` is the day from which nothing is shown any more; the plan's own deletion day unless named.

    Raises VerificationFailed `report.family.not_proved`, `admission.verifier_disagrees`; Refused
    `report.family.nobody`, `report.family.plan_name`; BadData `report.family.codes_collide`. The same input
    gives the same edition. About two milliseconds a child, and a tenth of a second for
    each who is told what would have been enough.
    """
    if failed := result.check():
        raise VerificationFailed("report.family.not_proved", {"what": ", ".join(failed)})
    if result.assignment.is_empty():
        raise Refused("report.family.nobody")
    plan = result.problem.plan
    refused = result.application_reasons.filter(pl.col("code").is_in(REFUSED_THERE))["applicant_id"]
    wanted = refused.n_unique() <= MOST_ASKED if enough is None else enough
    told = Told.of(
        result,
        letter,
        plan_id=plan_id,
        schools=schools,
        receipts=receipt_of,
        proofs=dict(proofs_of(draw, changes, least)) if draw is not None else {},
        present=present,
        waiting=waiting,
        enough=_enough(result) if wanted else None,
    )
    files = _public(result, draw, changes, level, least)
    last = expires or plan.delete_after
    about: dict[str, Any] = {
        "title": letter.plan,
        "stage": plan.stage,
        "year": plan.year,
        "bureau": letter.bureau,
        "declared": letter.declared,
        "objection": letter.objection,
        "published": published.isoformat(),
        "expires": last.isoformat() if last is not None else "",
        "draw_id": draw.announced.draw_id if draw is not None else "",
    }
    return families_edition.write(workspace, plan_id, contents(result, told), files, about, secret)


def _enough(result: PlanResult) -> Callable[[str], Mapping[Language, list[str]]]:
    def of(applicant: str) -> Mapping[Language, list[str]]:
        found = facts(result, applicant)
        return {language: worded(result, found, language) for language in LANGUAGES}

    return of


def _public(
    result: PlanResult, draw: PublicDraw | None, changes: Changes, level: Level, least: int
) -> dict[str, bytes]:
    """What everybody may have: of a draw all its publication holds, verified first; else the lines."""
    if draw is None:
        return {"cutoffs.csv": _lines(result, least), "announcement.json": json_bytes(_score(result))}
    with tempfile.TemporaryDirectory(prefix="junheng-families-") as folder:
        return dict(publish(Path(folder) / "files", draw, changes, level, least).files)


def _lines(result: PlanResult, least: int) -> bytes:
    """Lines of every pool; of one with fewer applicants than `least` only its seats."""
    frame = result.tables["cutoffs"].select(SCORE_LINES)
    few = (pl.col("applicants") > 0) & (pl.col("applicants") < least)
    blank = pl.lit(None)
    shown = frame.with_columns(
        pl.when(few).then(pl.lit(WITHHELD)).otherwise("state").alias("state"),
        *(
            pl.when(few).then(blank).otherwise(name).alias(name)
            for name in ("filled", "applicants", "last_key")
        ),
    )
    return csv_bytes(SCORE_LINES, shown.iter_rows())


def _score(result: PlanResult) -> dict[str, Any]:
    plan = result.problem.plan
    return {"format": "junheng-admission-lines-1", "plan": plan.title, "stage": plan.stage, "year": plan.year}
