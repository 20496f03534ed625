"""A ticket for each programme (`draw.lottery: programme`): what parts two equal applications is the child's
ticket at that programme. The child's own ticket still decides where programmes do not (统筹).

Tickets come as rows with a `program_id` beside the children's own (blank there); they are kept as the table
`lottery` of the problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding
from junheng.rules.admission_plan import AdmissionPlan

if TYPE_CHECKING:
    from junheng.admission.plan_one_list import OneList

Tables = Mapping[str, pl.DataFrame]
FIELD, TABLE = "lottery", "lottery"
OWN = ""
"""Programme of a child's own ticket."""


def apart(plan: AdmissionPlan) -> bool:
    """Whether every programme of the plan has tickets of its own."""
    return plan.draw is not None and plan.draw.lottery == "programme"


def parted(tickets: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """(children's own tickets, `applicant_id, program_id, ticket` of the programmes or None)."""
    if "program_id" not in tickets.columns:
        return tickets, None
    at = pl.col("program_id")
    own = tickets.filter(at == OWN).drop("program_id")
    return own, tickets.filter(at != OWN).select("applicant_id", "program_id", "ticket")


def refuse_without(plan: AdmissionPlan, tables: Tables) -> None:
    """Refused `admission.lottery_tickets` where programmes must have tickets and none are given."""
    if apart(plan) and TABLE not in tables:
        raise Refused("admission.lottery_tickets", {"plan": plan.title})


def refuse_twins(plan: AdmissionPlan, pairs: int) -> None:
    """Refused `admission.lottery_twins`: there is no one ticket two children could share."""
    if apart(plan) and pairs:
        raise Refused("admission.lottery_twins", {"count": pairs})


def placed(plan: AdmissionPlan, tables: Tables, rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """(applications with their place among the tickets of their programme, the field to order by); as they
    were where children have one ticket, or no tickets are drawn yet. BadData `admission.lottery_missing`."""
    if not apart(plan) or TABLE not in tables:
        return rows, ()
    ranked = tables[TABLE].with_columns(
        pl.col("ticket").rank("ordinal").over("program_id").cast(pl.Int64).alias(FIELD)
    )
    joined = rows.join(
        ranked.drop("ticket"), on=["applicant_id", "program_id"], how="left", maintain_order="left"
    )
    missing = joined.filter(pl.col(FIELD).is_null())
    if missing.height:
        found = [
            Finding("admission.lottery_missing", "error", "tickets", value=who,
                    parameters={"applicant": who, "program": program})
            for who, program in missing.select("applicant_id", "program_id").iter_rows()
        ]  # fmt: skip
        raise BadData("admission.tickets_missing", {"count": len(found)}, found)
    return joined, (FIELD,)


def applied(tables: Tables) -> pl.DataFrame:
    """`applicant_id, program_id` of everything a child may be considered for: lists and own school."""
    own = tables["applicants"].select("applicant_id", program_id="own_program_id").drop_nulls()
    listed = tables["applications"].select("applicant_id", "program_id")
    return pl.concat([listed, own]).unique().sort("applicant_id", "program_id")


def drawn_words(one: OneList, seed: int, number: int) -> NDArray[np.int64]:
    """Words of the lists with a drawn ticket for each child at each programme; pools of a programme share
    it. For chances before the draw."""
    from junheng.admission.deferred_acceptance import TAIL  # noqa: PLC0415 - the kernel, which pages do without

    child = one.child_of_row()
    pair = child * int(one.program.max(initial=0) + 1) + one.program[one.pool]
    known, of = np.unique(pair, return_inverse=True)
    ticket = np.random.default_rng((seed, number)).permutation(known.size)[of]
    place = np.empty(one.pool.size, np.int64)
    place[np.lexsort((ticket, one.level))] = np.arange(one.pool.size)
    return one.pool.astype(np.int64) | (place << TAIL)
