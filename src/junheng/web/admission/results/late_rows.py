"""Late arrivals as a round takes them in, and as they are published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from junheng.admission.changes import HandPlacement
from junheng.admission.late_arrivals import LateRows, rows_of
from junheng.report.admission import late
from junheng.report.admission.worked_plan import Worked
from junheng.web.admission.draws import casework
from junheng.web.admission.draws.again import Again
from junheng.web.admission.draws.folders import folder_of
from junheng.web.admission.draws.models import LateChild
from junheng.web.admission.models import Entry
from junheng.web.workspace import workspace

if TYPE_CHECKING:
    from junheng.admission import Late

REFUSED_GROUND = "late_refused"
"""Ground of the public row of a receipt that was taken by a child who was not accepted."""


def waiting(entry: Entry) -> list[LateChild]:
    """Accepted late arrivals who join the next round, in the order of their receipts."""
    return list(LateChild.objects.filter(entry=entry, state=LateChild.TAKEN, round=None).order_by("number")
                .select_related("child", "by", "ended_by"))  # fmt: skip


def numbered(entry: Entry, numbers: Sequence[int]) -> list[LateChild]:
    """Late arrivals by their numbers: those two people confirmed with the round."""
    found = LateChild.objects.filter(entry=entry, number__in=numbers, state=LateChild.TAKEN)
    return list(found.order_by("number").select_related("child", "by", "ended_by"))


def receipts(entry: Entry) -> dict[str, str]:
    """Spare receipt of each late arrival."""
    return dict(LateChild.objects.filter(entry=entry).values_list("applicant_id", "receipt"))


def rows(entry: Entry, came: Sequence[LateChild]) -> LateRows | None:
    """Late arrivals in the engine's form, with the receipts they took."""
    if not came:
        return None
    known = casework.distances(entry)
    told = [
        {
            "applicant_id": one.applicant_id, "document_no": one.document_no, "by": one.by.username,
            "approved_by": one.ended_by.username, "at": one.at.isoformat(timespec="seconds"),
            "receipt": one.receipt, "row": one.child.row, "choices": one.child.choices,
            "facts": {name: str(fact.get("value", "")) for name, fact in one.child.facts.items()},
            "metres": {
                (batch, rank): known.get((one.applicant_id, program))
                for batch, programs in one.child.choices.items()
                for rank, program in enumerate(programs, start=1)
            },
        }
        for one in came
    ]  # fmt: skip
    return rows_of(told, entry.plan_id)


def accepted(entry: Entry, found: Again, came: Sequence[LateChild], number: int) -> LateRows | None:
    """Late arrivals of a round as they are kept with it; the receipts of all others are gone."""
    given = rows(entry, came)
    if given is None:
        return None
    mine = [one.receipt for one in came]
    others = LateChild.objects.filter(entry=entry).exclude(receipt__in=mine)
    gone = list(others.values_list("receipt", flat=True))
    folder = folder_of(entry.plan_id)
    return late.accepted(folder, as_worked(found), given, number, workspace().tables(), gone)


def joining(entry: Entry, found: Again, came: Sequence[LateChild], number: int) -> Late | None:
    """Late arrivals as the engine takes them."""
    given = accepted(entry, found, came, number)
    return late.late_of(folder_of(entry.plan_id), as_worked(found), given)


def as_worked(found: Again) -> Worked:
    """The result in the form reports take."""
    return Worked(found.result, found.held, found.draw)


def public_rows(entry: Entry, found: Again) -> list[HandPlacement]:
    """A row for every spare receipt taken, as long as the receipts before it are settled: of children who
    joined a round where they went, of others nothing but that the receipt is gone."""
    assert found.held is not None
    seats = found.held.announced.seats
    placed = {one.receipt: one for one in late.changes_of(folder_of(entry.plan_id), seats)}
    told: list[HandPlacement] = []
    for one in LateChild.objects.filter(entry=entry).order_by("number").select_related("by", "ended_by"):
        at = one.joined_at if one.state == LateChild.TAKEN else one.ended_at
        if at is None or one.state == LateChild.OPEN:
            break
        to = placed[one.receipt].program_id if one.receipt in placed else ""
        ground = late.GROUND if one.state == LateChild.TAKEN else REFUSED_GROUND
        told.append(
            HandPlacement(one.receipt, to, ground, one.document_no, one.by.username, one.ended_by.username,
                          at.isoformat(timespec="seconds"))
        )  # fmt: skip
    return told
