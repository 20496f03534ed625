"""Late arrivals in a round of a frozen plan: their receipts and tickets, what is kept of them with the round,
and the public rows that say who took which spare receipt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from junheng import admission
from junheng.admission.announcement import CLOCK, moment, when
from junheng.admission.changes import Changes, HandPlacement, chained
from junheng.admission.late_arrivals import TABLES, LateRows, with_receipts
from junheng.admission.plan_inputs import inputs
from junheng.admission.plan_programme import TABLE as LOTTERY
from junheng.admission.plan_programme import applied
from junheng.admission.tickets import programme_tickets
from junheng.data.admission_folder import AdmissionFolder
from junheng.model import INPUTS
from junheng.model.errors import BadData, Refused

if TYPE_CHECKING:
    from junheng.admission import Late, PlanMarket
    from junheng.admission.public_draw import PublicDraw
    from junheng.report.admission.draw_folder import Held
    from junheng.report.admission.worked_plan import Worked

Frames = Mapping[str, pl.DataFrame]
PREFIX = "late_"
ARRIVALS = "late_arrivals"
GROUND = "late"
"""Ground of the public row of a late arrival, as of the code list of placements."""


def kept_tables(frames: Frames) -> list[str]:
    """Names of the tables kept with a round that people wrote about late arrivals."""
    return [name for name in frames if name.startswith(PREFIX)]


def frames_of(rows: LateRows) -> dict[str, pl.DataFrame]:
    """What is kept with a round."""
    return {ARRIVALS: rows.arrivals, **{f"{PREFIX}{name}": frame for name, frame in rows.tables.items()}}


def rows_kept(frames: Frames) -> LateRows | None:
    """Late arrivals of a round as they were kept; None where nobody came."""
    if ARRIVALS not in frames:
        return None
    tables = {name: frames[f"{PREFIX}{name}"] for name in TABLES if f"{PREFIX}{name}" in frames}
    return LateRows(tables, frames[ARRIVALS])


def before(folder: AdmissionFolder, number: int) -> list[LateRows]:
    """Late arrivals of the rounds before this one."""
    found = [rows_kept(folder.read(f"rounds/{one}")) for one in folder.rounds() if one < number]
    return [one for one in found if one is not None]


def accepted(
    folder: AdmissionFolder,
    done: Worked,
    rows: LateRows,
    number: int,
    newest: Frames,
    used: Sequence[str] = (),
) -> LateRows:
    """Late arrivals with the next spare receipts and, of the `newest` tables, the earlier uses of their
    addresses and their distances. `used` receipts are gone besides those of earlier rounds. Refused
    `admission.late_scores` where no draw was held, `admission.spare_used_up`; BadData
    `admission.bad_late`."""
    if done.held is None:
        raise Refused("admission.late_scores", {"plan": done.result.problem.plan.title})
    earlier = before(folder, number)
    people = [folder.tables()["applicants"], *(one.tables["applicants"] for one in earlier)]
    known = pl.concat([one.select("applicant_id", "identity_code") for one in people])
    gone = [*used, *(receipt for one in earlier for receipt in one.arrivals["receipt"])]
    title = done.result.problem.plan.title
    given = with_receipts(rows, done.held.announced.spare_receipts, gone, known, title)
    homes = given.tables["applicants"]["address_id"].drop_nulls().implode()
    more: dict[str, pl.DataFrame] = {}
    if "address_uses" in newest:
        more["address_uses"] = newest["address_uses"].filter(pl.col("address_id").is_in(homes))
    if "admission_travel" in newest:
        mine = (pl.col("plan_id") == folder.plan_id) & pl.col("from_id").is_in(homes)
        more["admission_travel"] = newest["admission_travel"].filter(mine)
    return replace(given, tables={**given.tables, **more})


def late_of(folder: AdmissionFolder, done: Worked, rows: LateRows | None) -> Late | None:
    """Late arrivals as the engine takes them. Raises what `market` raises of their rows."""
    if rows is None or done.draw is None:
        return None
    pinned = folder.tables()
    joined = {name: _with(name, pinned, rows) for name in {*pinned, *rows.tables}}
    plan = done.result.problem.plan
    try:
        whole = admission.market(inputs(joined, plan, folder.plan_id), plan)
    except BadData as error:  # their rows stand behind those of the freeze: a row number would mislead
        raise BadData(
            error.code, error.parameters, [replace(one, row=None) for one in error.findings]
        ) from None
    return admission.Late(_alone(whole, rows, done.draw), _tickets(done.draw, rows))


def _with(name: str, pinned: Frames, rows: LateRows) -> pl.DataFrame:
    held = pinned.get(name, INPUTS[name].empty())
    more = rows.tables.get(name)
    return held if more is None else pl.concat([held, more]).unique(maintain_order=True)


def _alone(whole: PlanMarket, rows: LateRows, draw: PublicDraw) -> PlanMarket:
    """The market of the late arrivals alone, in the types of everybody's."""
    ids = rows.arrivals["applicant_id"].implode()
    homes = rows.tables["applicants"]["address_id"].drop_nulls().implode()
    mine = {"travel": ("from_id", homes), "address_uses": ("address_id", homes)}
    tables = {
        name: frame.filter(pl.col(mine[name][0]).is_in(mine[name][1]) if name in mine
                           else pl.col("applicant_id").is_in(ids))
        for name, frame in whole.tables.items()
        if name in mine or name in ("applicants", "applications", "fact_checks")
    }  # fmt: skip
    if draw.announced.lottery:
        tables[LOTTERY] = _by_programme(tables, rows, draw)
    return replace(whole, tables=tables, standing=whole.standing.filter(pl.col("applicant_id").is_in(ids)))


def _by_programme(tables: Frames, rows: LateRows, draw: PublicDraw) -> pl.DataFrame:
    """Tickets of the spare receipts at each programme the children apply to."""
    pairs = applied(tables).join(rows.arrivals.select("applicant_id", "receipt"), on="applicant_id")
    said = draw.announced.draw_id
    found = programme_tickets(draw.seed.seed, said, pairs["receipt"], pairs["program_id"])
    return pairs.select("applicant_id", "program_id", found.alias("ticket"))


def _tickets(draw: PublicDraw, rows: LateRows) -> pl.DataFrame:
    """`applicant_id, ticket` of the spare receipts; in a ring the place behind the number whose ticket is the
    nearest one below (behind the last number where none is), and that `number`."""
    ticket = dict(draw.spare)
    mine = rows.arrivals.select("applicant_id", "receipt").with_columns(
        pl.col("receipt").replace_strict(ticket, return_dtype=pl.String).alias("ticket")
    )
    if not draw.announced.ring:
        return mine.select("applicant_id", "ticket")
    known = [one for _, one in draw.tickets]
    place = {number: at for at, (number, _, _) in enumerate(draw.ring, start=1)}
    numbers = [bisect_left(known, text) or len(known) for text in mine["ticket"]]
    behind = [int(text, 16) / 16**64 for text in mine["ticket"]]
    return mine.select(
        "applicant_id",
        pl.Series("number", numbers, dtype=pl.Int64),
        pl.Series("ticket", [place.get(n, 0) + part for n, part in zip(numbers, behind, strict=True)]),
    )


def changes_of(folder: AdmissionFolder, seats: Mapping[str, int]) -> list[HandPlacement]:
    """A public row for every late arrival of the rounds held, in the order of their receipts: the spare
    receipt taken, where the child went in that round (nowhere where she waits), document and people."""
    found: list[HandPlacement] = []
    for number in folder.rounds():
        frames = folder.read(f"rounds/{number}")
        rows = rows_kept(frames)
        if rows is None:
            continue
        sat = {one["applicant_id"]: one for one in frames["assignment"].iter_rows(named=True)}
        for one in rows.arrivals.iter_rows(named=True):
            told = (one[name] for name in ("document_no", "by", "approved_by", "at"))
            found.append(
                HandPlacement(one["receipt"], pool_of(sat[one["applicant_id"]], seats), GROUND, *told)
            )
    return found


def chain(
    folder: AdmissionFolder, held: Held, drawn_at: str, by_hand: Sequence[HandPlacement] = ()
) -> Changes:
    """Every public row of a drawn plan, chained: late arrivals and placements by hand. Raises what `chained`
    raises."""
    announced = held.announced
    return chained(
        merged(changes_of(folder, announced.seats), by_hand),
        salt=held.salt,
        draw_id=announced.draw_id,
        drawn_at=drawn_at,
        receipts=held.frozen.receipts,
        spare=announced.spare_receipts,
        programs=announced.seats,
    )


def merged(late: Sequence[HandPlacement], by_hand: Sequence[HandPlacement]) -> list[HandPlacement]:
    """Public rows in the order of their times, late arrivals in the order of their receipts."""
    found: list[HandPlacement] = []
    for one in late:  # a row never comes before that of the receipt in front of it
        last = found[-1].at if found else one.at
        found.append(replace(one, at=max(last, one.at, key=_when)))
    return sorted([*found, *by_hand], key=lambda one: _when(one.at))


def _when(text: str) -> datetime:
    """A time; one that cannot be read comes last, where it is refused by name."""
    try:
        return when(moment(text))
    except Refused:
        return datetime.max.replace(tzinfo=CLOCK)


def pool_of(row: Mapping[str, Any], seats: Mapping[str, int]) -> str:
    """The announced pool of an assignment's row; blank where the child has no seat."""
    program = row["program_id"]
    if not program:
        return ""
    named = [f"{program}@{row['reserve_id']}", f"{program}@private", program]
    return next((one for one in named if one in seats), program)
