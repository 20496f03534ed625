"""The tables of a draw: as for `junheng assign` without tickets, and with the facts each child was
checked for.

`applicants(applicant_id, identity, status, family, …facts)`: the identity is hashed and goes nowhere,
`status` says whether the facts are checked, `family` may be left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from junheng.admission.announcement import Announcement
from junheng.admission.frozen import Frozen, freeze_written, lines_of
from junheng.admission.plain_columns import identifiers, read, required
from junheng.admission.plain_tables import APPLICANTS, read_market
from junheng.admission.receipts import Secret, nonces_of, receipts_of
from junheng.data import faults
from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding

STATUSES = {
    "verified": "verified", "已核验": "verified", "通过": "verified",
    "pending": "pending", "待核验": "pending", "待核": "pending",
    "rejected": "rejected", "不通过": "rejected", "未通过": "rejected",
}  # fmt: skip
"""Words for the state of a child's facts."""
OWN = ("applicant_id", "identity", "status", "family")


@dataclass(frozen=True, slots=True)
class DrawTables:
    """Frozen lines, seats by programme, `receipt_of` by applicant and the warnings met on reading."""

    frozen: Frozen
    seats: dict[str, int]
    receipt_of: dict[str, str]
    warnings: tuple[Finding, ...]


def read_draw_tables(
    programs: Path,
    applicants: Path,
    applications: Path,
    *,
    secret: Secret,
    season: str,
    facts: Sequence[str] = (),
) -> DrawTables:
    """Read, check and freeze the three tables. BadData `admission.bad_tables` with every fault of a table,
    `admission.bad_identities`, `admission.bad_freeze`; Refused `admission.facts_unsettled` while facts are
    not checked, with each child."""
    sheet = read(applicants, APPLICANTS)
    plain = read_market(programs, sheet, applications, drawn=False)
    names = sorted(set(facts))
    found = list(required(sheet, ("identity", "status", *names)))
    if reserved := sorted(set(names) & set(OWN)):
        found += [
            faults.one("admission.fact_own", table=APPLICANTS, file=sheet.file, column=name, heading=name)
            for name in reserved
        ]
    if found:
        gathered = faults.gather(found)
        raise BadData("admission.bad_tables", {"count": faults.errors(gathered)}, faults.findings(gathered))
    frame = sheet.frame.with_columns(identifiers(sheet, "applicant_id", []))
    _refuse_unchecked(frame, sheet.file)
    rows = frame[faults.ROW].to_list()
    receipts = receipts_of(secret, season, frame["identity"].fill_null("").to_list(), rows)
    people = frame.with_columns(pl.Series("receipt", receipts, dtype=pl.String))
    if "family" not in people.columns:
        people = people.with_columns(pl.lit("").alias("family"))
    market = plain.market  # its children stand in the order of the table
    choices = pl.DataFrame(
        {
            "receipt": people["receipt"].gather(market.child_of_row()),
            "rank": market.choice(),
            "program_id": market.program_id.gather(market.program),
            "priority": market.priority,
        }
    )
    frozen = people.select("receipt", "family", *names).sort("receipt")
    lines = lines_of(frozen, choices, names)
    nonces = nonces_of(secret, season, frozen["receipt"].to_list())
    return DrawTables(
        freeze_written(lines, nonces),
        dict(zip(market.program_id.to_list(), market.seats.tolist(), strict=True)),
        dict(zip(people["applicant_id"].to_list(), receipts, strict=True)),
        plain.warnings,
    )


def refuse_changes(
    announced: Announcement,
    frozen: Frozen,
    programs: Path,
    applicants: Path,
    applications: Path,
    *,
    secret: Secret,
) -> None:
    """Refused `admission.changed_after_freeze`, with each receipt and programme, when the tables no
    longer give the frozen lines and seats."""
    now = read_draw_tables(
        programs, applicants, applications, secret=secret, season=announced.draw, facts=frozen.facts
    )
    one, other = (dict(zip(held.receipts, held.lines, strict=True)) for held in (frozen, now.frozen))
    changed = sorted(
        receipt for receipt in one.keys() | other.keys() if one.get(receipt) != other.get(receipt)
    )
    found = [Finding("admission.line_changed", "error", value=receipt) for receipt in changed]
    found += [
        Finding("admission.seats_changed", "error", value=program)
        for program in sorted(announced.seats.keys() | now.seats.keys())
        if announced.seats.get(program) != now.seats.get(program)
    ]
    if found:
        raise Refused("admission.changed_after_freeze", {"count": len(found)}, found)


def _refuse_unchecked(frame: pl.DataFrame, file: str) -> None:
    status = frame["status"].fill_null("").str.strip_chars().str.to_lowercase()
    state = status.replace_strict(STATUSES, default="unknown", return_dtype=pl.String)
    open_ = frame.with_columns(state.alias("__state")).filter(pl.col("__state") != "verified")
    if open_.is_empty():
        return
    codes = {
        "pending": "admission.status_pending",
        "rejected": "admission.status_rejected",
        "unknown": "admission.status_unknown",
    }
    findings = [
        Finding(
            codes[row["__state"]],
            "error",
            table=APPLICANTS,
            file=file,
            row=row[faults.ROW],
            column="status",
            value=row["status"] or "",
            parameters={"applicant": row["applicant_id"]},
        )
        for row in open_.iter_rows(named=True)
    ]
    raise Refused("admission.facts_unsettled", {"count": len(findings)}, findings)
