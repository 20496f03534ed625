"""A piece of evidence with what its file is worth now, and as a row of the table `evidence`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from junheng.monitoring.assessment_evidence import says
from junheng.web.balance.evidence.shelf import EVIDENCE
from junheng.web.balance.models import Evidence
from junheng.web.house.shelf import INTACT
from junheng.web.units import tree

NOT_EXAMINED = "not_examined"


@dataclass(frozen=True, slots=True)
class Piece:
    """A row of the desk. `file`: intact, changed or missing."""

    row: Evidence
    file: str

    @property
    def sound(self) -> bool:
        """Whether the file is still the one that came."""
        return self.file == INTACT

    @property
    def outcome(self) -> str:
        """What claim and review say: met, unmet, found or not_found; "" where nothing is proved, as with a
        file that is not what was examined."""
        if not self.sound or self.row.state not in Evidence.REVIEWED:
            return ""
        return says({"claim": self.row.claim, "outcome": self.row.state})

    @property
    def awaits(self) -> bool:
        """Whether somebody must examine it (again)."""
        return self.row.current and (self.row.state == Evidence.GIVEN or (self.decided and not self.sound))

    @property
    def decided(self) -> bool:
        """Whether it was taken as showing something."""
        return self.row.state in (Evidence.CONFIRMED, Evidence.REJECTED)

    @property
    def standing(self) -> str:
        """In a word: a review counts only while the file is what was examined."""
        return NOT_EXAMINED if self.decided and not self.sound else self.row.state


def read(row: Evidence) -> Piece:
    """A row with what its file is worth now."""
    return Piece(row, EVIDENCE.standing(row.evidence_id, row.file, row.sha256))


def inside(path: str, **equal: Any) -> list[Piece]:
    """Pieces of the unit at `path` and of those below it, newest first."""
    rows: Any = Evidence.objects.select_related("unit", "by", "reviewed_by")
    return [read(row) for row in rows.filter(unit__path__gte=path, unit__path__lt=tree.after(path), **equal)]


def table_row(piece: Piece) -> dict[str, Any]:
    """The piece as a row of `evidence`; a review of another file is no review."""
    row = piece.row
    reviewed = row.state in Evidence.REVIEWED and (piece.sound or not piece.decided)
    on = timezone.localtime(row.reviewed_at).date() if row.reviewed_at is not None else None
    return {
        "evidence_id": row.evidence_id,
        "assessment": row.assessment,
        "item": row.item,
        "unit_code": row.unit.code,
        "year": row.year,
        "claim": row.claim,
        "file_name": f"{row.evidence_id}/{row.file}",
        "file_sha256": row.sha256,
        "provided_by": row.by.name,
        "provided_on": timezone.localtime(row.at).date(),
        "reviewed_by": row.reviewed_by.name if reviewed and row.reviewed_by is not None else None,
        "reviewed_on": on if reviewed else None,
        "outcome": row.state if reviewed else None,
    }
