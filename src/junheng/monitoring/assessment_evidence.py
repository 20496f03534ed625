"""What evidence proves: a claim counts when somebody examined it and the file is still the one examined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from junheng.monitoring.assessment_logic import FOUND, NOT_FOUND
from junheng.monitoring.status import MET, NOT_EXAMINED, UNMET

CONFIRMED, REJECTED = "confirmed", "rejected"
_SAYS = {
    (MET, CONFIRMED): MET,
    (UNMET, CONFIRMED): UNMET,
    (NOT_FOUND, CONFIRMED): NOT_FOUND,
    (FOUND, CONFIRMED): FOUND,
    (MET, REJECTED): UNMET,
    (NOT_FOUND, REJECTED): FOUND,
}
"""What claim and review say together. A rejected claim of failure proves no success: that needs its own."""
_STATUS = {MET: MET, UNMET: UNMET, NOT_FOUND: MET, FOUND: UNMET}
_REASON = {
    MET: "evidence_met",
    UNMET: "evidence_unmet",
    NOT_FOUND: "veto_not_found",
    FOUND: "veto_found",
}
_ORDER = ("no_file", "not_reviewed", "reviewed_too_early", "file_missing", "file_changed")


@dataclass(frozen=True, slots=True)
class Examined:
    """What the evidence of one item and unit amounts to; `ids` are the rows that were read."""

    status: str
    reason: str
    ids: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


NO_EVIDENCE = Examined(NOT_EXAMINED, "no_evidence")
"""What stands where nobody gave any."""


def says(row: Mapping[str, Any]) -> str:
    """What a reviewed row says: met, unmet, found or not_found; "" where the review decides nothing."""
    return _SAYS.get((row.get("claim") or "", row.get("outcome") or ""), "")


def doubt(row: Mapping[str, Any], files: Mapping[str, str] | None) -> str:
    """Why a row proves nothing yet; "" when it does.

    `files` maps file names to the SHA-256 they have today; None where nobody looked (the digest stored at
    the review is then taken on trust).
    """
    if not row.get("file_name") or not row.get("file_sha256"):
        return "no_file"
    if says(row) == "" or not row.get("reviewed_by") or row.get("reviewed_on") is None:
        return "not_reviewed"
    provided = row.get("provided_on")
    if provided is not None and row["reviewed_on"] < provided:
        return "reviewed_too_early"
    if files is not None:
        today = files.get(row["file_name"])
        if today is None:
            return "file_missing"
        if today.lower() != str(row["file_sha256"]).lower():
            return "file_changed"
    return ""


def examined(
    evidence: pl.DataFrame | None, assessment: str, year: int, files: Mapping[str, str] | None = None
) -> dict[tuple[str, str], Examined]:
    """(item, unit) -> what its rows of the assessment and year prove, for all that have any."""
    if evidence is None:
        return {}
    mine = evidence.filter((pl.col("assessment") == assessment) & (pl.col("year") == year))
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in mine.sort("evidence_id").iter_rows(named=True):
        rows.setdefault((row["item"], row["unit_code"]), []).append(row)
    return {unit: _proved(held, files) for unit, held in rows.items()}


def examine(
    evidence: pl.DataFrame | None,
    assessment: str,
    item: str,
    unit: str,
    year: int,
    files: Mapping[str, str] | None = None,
) -> Examined:
    """What the rows of one item and unit prove."""
    mine = None
    if evidence is not None:
        mine = evidence.filter((pl.col("item") == item) & (pl.col("unit_code") == unit))
    return examined(mine, assessment, year, files).get((item, unit), NO_EVIDENCE)


def _proved(rows: Sequence[Mapping[str, Any]], files: Mapping[str, str] | None = None) -> Examined:
    """What rows of one item and unit prove.

    The latest review counts, of two on one day the worse. A veto once found stays found, whatever else was
    looked at. Evidence that is missing, unread or changed since its review leaves the item `not_examined`.
    """
    doubts = {str(row["evidence_id"]): doubt(row, files) for row in rows}
    sound = [row for row in rows if not doubts[str(row["evidence_id"])]]
    if not sound:
        gravest = max(doubts.items(), key=lambda pair: _ORDER.index(pair[1]))
        return Examined(NOT_EXAMINED, gravest[1], tuple(doubts), {"evidence": gravest[0]})
    found = [row for row in sound if says(row) == FOUND]
    latest = max(row["reviewed_on"] for row in sound)
    deciding = found or [row for row in sound if row["reviewed_on"] == latest]
    worst = max(deciding, key=lambda row: _STATUS[says(row)] == UNMET)
    outcome = says(worst)
    return Examined(
        _STATUS[outcome],
        _REASON[outcome],
        tuple(str(row["evidence_id"]) for row in sound),
        {"evidence": worst["evidence_id"], "on": str(worst["reviewed_on"])},
    )
