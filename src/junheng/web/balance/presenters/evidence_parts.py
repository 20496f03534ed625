"""Words and cells the pages of evidence share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from junheng.monitoring.assessment_evidence import Examined, says
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report import wording
from junheng.web.balance.evidence.demands import PRECONDITION, VETO, Demand
from junheng.web.balance.evidence.pieces import Piece
from junheng.web.balance.evidence.queries import Known
from junheng.web.balance.models import Evidence
from junheng.web.balance.presenters.parts import day
from junheng.web.house.navigation import name_of
from junheng.web.house.page import Anchor, Cell, Light, Method
from junheng.web.house.shelf import CHANGED, MISSING
from junheng.web.wording import language, say

Kind = Literal["good", "near", "bad", "unseen"]
GOOD, BAD = (Evidence.MET, Evidence.NOT_FOUND), (Evidence.UNMET, Evidence.FOUND)
DIGEST = 12


def named(demand: Demand, held: Known) -> str:
    """Number and requirement."""
    return f"{demand.code} {demand.name(held.scope.language)}"


def group(demand: Demand, held: Known) -> str:
    """The heading of the official list it stands under."""
    if demand.group in (PRECONDITION, VETO):
        return say(f"balance.group_{demand.group}")
    for one in held.assessment.groups:
        if one.id == demand.group:
            return one.zh if held.scope.language == "zh" else one.en
    return demand.group


def address(held: Known, demand: Demand, **more: Any) -> str:
    """The page of an item; `unit` for another unit inside the scope."""
    scope = held.scope.on(more["unit"]) if "unit" in more else held.scope
    return scope.url("balance:evidence_item", item=demand.code, query=held.query)


def claim(piece: Piece) -> str:
    """What is claimed, in words."""
    return claimed(piece.row.claim)


def claimed(code: str) -> str:
    """A claim by its code, in words."""
    return say(f"balance.claim_{code}")


def file(held: Known, piece: Piece) -> Cell | Anchor:
    """The file with its digest, who brought it and when."""
    row = piece.row
    if piece.file == MISSING:
        return Cell(row.file, sub=say("balance.file_missing"))
    who = f"{row.by.name} · {day(row.at)}"
    told = say("balance.digest", digest=row.sha256[:DIGEST], who=who)
    return Anchor(row.file, held.scope.url("balance:evidence_file", piece=row.pk), sub=told)


def light_of(piece: Piece | None) -> tuple[Kind, str]:
    """Where a piece stands on its way, by shape and word."""
    if piece is None:
        return "unseen", say("balance.standing_missing")
    if piece.row.state == Evidence.WITHDRAWN:
        return "unseen", say("balance.standing_withdrawn")
    if piece.outcome:
        return ("good" if piece.outcome in GOOD else "bad"), say(f"balance.outcome_{piece.outcome}")
    if piece.row.state == Evidence.RETURNED:
        return "near", say("balance.standing_returned")
    if piece.decided and piece.file == CHANGED:
        return "near", say("balance.standing_changed")
    if piece.decided:
        return "near", say("balance.standing_gone")
    return "unseen", say("balance.standing_given")


def reviewed(piece: Piece | None) -> Cell:
    """What the reviewer made of it, with who, when and why."""
    kind, text = light_of(piece)
    if piece is None or piece.row.reviewed_by is None or piece.row.reviewed_at is None:
        return Cell(text, light=kind)
    row = piece.row
    assert row.reviewed_by is not None
    told = [row.reviewed_by.name, day(row.reviewed_at), row.opinion]
    return Cell(text, sub=" · ".join(one for one in told if one), light=kind)


def reviewed_row(row: Mapping[str, Any]) -> Cell:
    """What came of a row of the data tables."""
    outcome = says(row)
    told = [str(row["reviewed_by"] or ""), str(row["reviewed_on"] or ""), say("balance.from_tables")]
    sub = " · ".join(one for one in told if one)
    if outcome:
        kind: Kind = "good" if outcome in GOOD else "bad"
        return Cell(say(f"balance.outcome_{outcome}"), sub=sub, light=kind)
    if row["outcome"] == Evidence.RETURNED:
        return Cell(say("balance.standing_returned"), sub=sub, light="near")
    return Cell(say("balance.standing_given"), sub=sub, light="unseen")


def proved(demand: Demand, held: Examined) -> Light:
    """What the data prove."""
    if held.status == MET:
        return Light("good", say(f"balance.outcome_{demand.claims[0]}"))
    if held.status == UNMET:
        return Light("bad", say(f"balance.outcome_{demand.claims[1]}"))
    return Light("unseen", say("balance.standing_not_examined"))


def why(held: Examined) -> str:
    """Why the data prove that."""
    code = f"monitoring.assess.{held.reason}"
    return wording.reason(code, dict(held.parameters), language()) if wording.has(code) else ""


def unit_name(held: Known, unit: Any) -> str:
    """Name of a unit in the reader's language."""
    return name_of(unit, held.scope.language)


def method(held: Known) -> Method:
    """How documents count."""
    entries = tuple(
        (say(f"balance.method_{name}"), say(f"balance.method_{name}_text"))
        for name in ("claim", "review", "changed", "taken", "schools")
    )
    source = held.assessment.source
    sure = "" if source.verified in ("verified", "ours") else wording.say(
        f"report.assess.sure.{source.verified}", held.scope.language
    )  # fmt: skip
    version = held.record.data_version if held.record is not None else ""
    sources = ((say("balance.table_evidence"), version or fmt.BLANK, fmt.BLANK),)
    return Method(entries, sources, ((f"{held.assessment.name(held.scope.language)} · {source.doc}", sure),))
