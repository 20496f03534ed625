"""Changes by hand (人工改动): on a ground, under a document, by two people, in a chain that loses no link.

The public row carries digests of the two names, salted, so that anybody sees they are two and an auditor who
knows the names can check them. Each row is chained to the one before it; the manifest of a publication keeps
their number and the last link.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from junheng.admission.announcement import moment, when
from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding

HEADING = (
    "number", "receipt", "program_id", "ground", "document_no", "at", "by_digest", "approved_digest", "link",
)  # fmt: skip
SIGNED = ("number", "salt", "by", "approved_by")
_PARTED = "\t"


@dataclass(frozen=True, slots=True)
class HandPlacement:
    """One change: who goes where (nowhere where `program_id` is empty), why, and who answers for it."""

    receipt: str
    program_id: str
    ground: str
    document_no: str
    by: str
    approved_by: str
    at: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Public rows (`HEADING`), rows for auditors (`SIGNED`) and the programme of each changed receipt."""

    rows: tuple[tuple[str, ...], ...]
    signed: tuple[tuple[str, ...], ...]
    placed: dict[str, tuple[int, str]]

    @property
    def last_link(self) -> str:
        """The link that stands for all rows; empty where there are none."""
        return self.rows[-1][-1] if self.rows else ""


NO_CHANGES = Changes((), (), {})
"""Nobody was placed by hand."""


def digest_of(salt: str, name: str) -> str:
    """A name as it is published."""
    return hashlib.sha256(f"{salt}{_PARTED}{name}".encode()).hexdigest()


def link(before: str, fields: Sequence[str]) -> str:
    """Link of a row: digest of the link before it and its own fields."""
    return hashlib.sha256(_PARTED.join((before, *fields)).encode()).hexdigest()


def chained(
    placements: Sequence[HandPlacement],
    *,
    salt: str,
    draw_id: str,
    drawn_at: str,
    receipts: Collection[str],
    spare: Sequence[str],
    programs: Collection[str],
) -> Changes:
    """Changes in their order. BadData `admission.bad_changes` with every fault: a ground, document, name
    or time missing, one person where two are needed, a time before the draw or before the change above, a
    receipt or programme nobody knows, a receipt changed twice, a spare receipt out of turn."""
    found: list[Finding] = []
    late = [one.receipt for one in placements if one.receipt in set(spare)]
    if late != list(spare[: len(late)]):
        found.append(Finding("admission.spare_out_of_turn", "error", value=", ".join(late)))
    before, last = drawn_at, ""
    rows: list[tuple[str, ...]] = []
    signed: list[tuple[str, ...]] = []
    placed: dict[str, tuple[int, str]] = {}
    for number, one in enumerate(placements, start=1):
        at = _time(one.at)
        said = (one.receipt, one.ground, one.document_no, one.by, one.approved_by, at)
        texts = (*said, one.program_id)
        if not all(text.strip() for text in said) or any(mark in text for text in texts for mark in "\t\r\n"):
            found.append(Finding("admission.change_lacks", "error", row=number, value=one.receipt))
            continue
        if one.by.strip() == one.approved_by.strip():
            found.append(Finding("admission.change_alone", "error", row=number, value=one.receipt))
        if when(at) < when(before):
            found.append(Finding("admission.change_early", "error", row=number, value=at))
        if one.receipt not in receipts and one.receipt not in spare:
            found.append(Finding("admission.change_receipt", "error", row=number, value=one.receipt))
        if one.program_id and one.program_id not in programs:
            found.append(Finding("admission.change_program", "error", row=number, value=one.program_id))
        if one.receipt in placed:
            found.append(Finding("admission.change_twice", "error", row=number, value=one.receipt))
        own = hashlib.sha256(f"{salt}\n{draw_id}\n{number}".encode()).hexdigest()[:32]
        fields = (
            str(number), one.receipt, one.program_id, one.ground, one.document_no, at,
            digest_of(own, one.by.strip()), digest_of(own, one.approved_by.strip()),
        )  # fmt: skip
        before, last = at, link(last, fields)
        rows.append((*fields, last))
        signed.append((str(number), own, one.by.strip(), one.approved_by.strip()))
        placed[one.receipt] = (number, one.program_id)
    if found:
        raise BadData("admission.bad_changes", {"count": len(found)}, found)
    return Changes(tuple(rows), tuple(signed), placed)


def _time(text: str) -> str:
    try:
        return moment(text)
    except Refused:
        return ""
