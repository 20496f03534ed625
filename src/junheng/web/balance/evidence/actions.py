"""What may be done with evidence: brought, reviewed by another person, withdrawn, taken into the data."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.data.atomic import write_bytes
from junheng.data.digest import bytes_digest
from junheng.model.errors import Refused
from junheng.web.accounts.roles import EXAMINE, FILL, IMPORT
from junheng.web.audit.chain import record as audit
from junheng.web.balance.evidence.demands import Demand
from junheng.web.balance.evidence.pieces import read
from junheng.web.balance.evidence.queries import VERB
from junheng.web.balance.evidence.shelf import EVIDENCE
from junheng.web.balance.evidence.taking import taking
from junheng.web.balance.holders import holders
from junheng.web.balance.models import Evidence
from junheng.web.house.calendar import school_year
from junheng.web.jobs import actions as jobs
from junheng.web.jobs.models import Job
from junheng.web.notices.actions import tell
from junheng.web.runs.actions import region_unit
from junheng.web.units.models import Unit
from junheng.web.wording import say

LONGEST_NOTE, LONGEST_OPINION = 300, 300
YEARS = range(1990, 2101)
FOLDER = "evidence_taken"


About = tuple[Any, str, Demand, int]
"""Unit, assessment, what is asked, school year."""


def provide(*, about: About, by: Any, claim: str, note: str = "", file: Any) -> Evidence:
    """Bring a file for an item, with what it is to show. It takes the place of what the unit had brought for
    the item, which is thereby not examined (any more).

    PermissionDenied unless the person fills for the unit. Refused for an item that asks nothing of such a
    unit, an unknown claim, a long note, without a file, or for one that is not taken.
    """
    unit, assessment, demand, year = about
    if not by.may(FILL, unit):
        raise PermissionDenied(FILL)
    if not demand.concerns(unit.level) or year not in YEARS:
        raise Refused("balance.evidence_not_asked", {"item": demand.code})
    if claim not in demand.claims:
        raise Refused("balance.claim_missing", {})
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused("balance.note_long", {"most": LONGEST_NOTE})
    if file is None:
        raise Refused("balance.file_needed", {})
    name = EVIDENCE.acceptable(file)
    made = Evidence(
        evidence_id=f"D{year}-{uuid.uuid4().hex[:12]}", unit=unit, assessment=assessment, item=demand.code,
        year=year, claim=claim, note=note, file=name, size=file.size, by=by,
    )  # fmt: skip
    try:
        made.sha256 = EVIDENCE.keep(file, name, made.evidence_id)
        return _provided(made, demand)
    except BaseException:
        EVIDENCE.forget(made.evidence_id)
        raise


@transaction.atomic
def _provided(made: Evidence, demand: Demand) -> Evidence:
    Unit.objects.select_for_update().get(pk=made.unit_id)  # two who bring at once come one after the other
    before = _same(made).filter(current=True).first()
    if before is not None:
        before.current = False
        before.row_version += 1
        before.save()
    made.save()
    audit(
        "balance.evidence_given",
        by=made.by,
        unit=made.unit,
        object=_named(made),
        reason=made.note,
        diff={"claim": made.claim, "file": made.file, "replaces": before.evidence_id if before else ""},
        file_sha256=made.sha256,
    )
    tell(
        to=[one for one in holders(EXAMINE, made.unit) if one.pk != made.by_id],
        code="balance.notice_given",
        link=_link(made, region_unit() if made.unit.level != "school" else made.unit),
        unit=made.unit.name,
        item=demand.code,
    )
    return made


@transaction.atomic
def review(*, made: Evidence, by: Any, verdict: str, opinion: str, row_version: int) -> Evidence:
    """Say what a piece of evidence shows: `confirmed`, `rejected` (the contrary of what is claimed), or send
    it back (`returned`) with an opinion.

    PermissionDenied without `examine` on the unit. Refused for one's own, one that has changed or been
    replaced since the page was made, a file that is not what came, a failure claimed and rejected (success
    needs its own evidence), and without an opinion where one is due.
    """
    held = _locked(made)
    if not by.may(EXAMINE, held.unit):
        raise PermissionDenied(EXAMINE)
    if held.by_id == by.pk:
        raise Refused("balance.two_people", {})
    piece = read(held)
    if held.row_version != row_version or not piece.awaits:
        raise Refused("balance.evidence_dealt_with", {})
    speaks_for = held.claim in (Evidence.MET, Evidence.NOT_FOUND)
    if verdict not in Evidence.REVIEWED or (verdict == Evidence.REJECTED and not speaks_for):
        raise Refused("balance.verdict_missing", {})
    if verdict != Evidence.RETURNED and not piece.sound:
        raise Refused("balance.file_not_as_it_came", {"file": held.file})
    if verdict != Evidence.CONFIRMED and not opinion.strip():
        raise Refused("balance.opinion_needed", {})
    held.state, held.reviewed_by, held.reviewed_at = verdict, by, timezone.now()
    held.opinion = opinion.strip()[:LONGEST_OPINION]
    held.row_version += 1
    held.save()
    audit(
        f"balance.evidence_{verdict}",
        by=by,
        unit=held.unit,
        object=_named(held),
        reason=held.opinion,
        diff={"claim": held.claim},
        file_sha256=held.sha256,
    )
    tell(to=[held.by], code=f"balance.notice_{verdict}", link=_link(held, held.unit), item=held.item)
    return held


@transaction.atomic
def withdraw(*, made: Evidence, by: Any, reason: str, row_version: int) -> Evidence:
    """Take a piece back that was brought by mistake; nothing is erased. PermissionDenied unless the person
    fills for the unit; Refused without a reason, and for one that is not current."""
    held = _locked(made)
    if not by.may(FILL, held.unit):
        raise PermissionDenied(FILL)
    if held.row_version != row_version or not held.current:
        raise Refused("balance.evidence_dealt_with", {})
    if not reason.strip():
        raise Refused("balance.withdraw_needs_reason", {})
    held.current = False
    if read(held).outcome != Evidence.FOUND:  # a veto found stays found
        held.state = Evidence.WITHDRAWN
    held.row_version += 1
    held.save()
    audit(
        "balance.evidence_withdrawn",
        by=by,
        unit=held.unit,
        object=_named(held),
        reason=reason.strip(),
        file_sha256=held.sha256,
    )
    return held


@transaction.atomic
def take(*, by: Any, base: str) -> Job:
    """Have the desk's evidence committed to the table `evidence` as a version of the data, by the import
    everyone uses. PermissionDenied without `import` on the region; Refused when the data have moved on since
    the page was made, and when there is nothing to take."""
    unit = region_unit()
    if unit is None or not by.may(IMPORT, unit):
        raise PermissionDenied(IMPORT)
    held = taking()
    if held.base != base:
        raise Refused("version_moved", {"base": base, "newest": held.base})
    if not held.anything:
        raise Refused("balance.nothing_to_take", {})
    content = held.table.write_csv(include_bom=True).encode()
    digest = bytes_digest(content)
    place = Path(FOLDER) / digest[:32] / f"{say('balance.evidence_file')}.csv"
    write_bytes(Path(settings.DESK) / place, content)
    counts = {"new": len(held.new), "changed": len(held.changed), "dropped": len(held.dropped)}
    args = {
        "files": [str(place)], "base": base, "replace": True, "note": say("balance.take_note", **counts),
        "counts": counts, "sha256": digest,
    }  # fmt: skip
    asked = bytes_digest(f"{base} {digest}".encode())
    return jobs.start(verb=VERB, args=args, unit=unit, by=by, queue="quick", input_digest=asked)


def _same(made: Evidence) -> Any:
    return Evidence.objects.select_for_update(of=("self",)).filter(
        unit=made.unit, assessment=made.assessment, item=made.item, year=made.year
    )


def _locked(made: Evidence) -> Evidence:
    return (
        Evidence.objects.select_for_update(of=("self",))
        .select_related("unit", "by", "reviewed_by")
        .get(pk=made.pk)
    )


def _named(made: Evidence) -> str:
    return f"{made.assessment} {made.item} {made.year} {made.evidence_id}"


def _link(made: Evidence, seen_from: Any) -> str:
    parts = {"unit": seen_from.code, "year": school_year(), "item": made.item}
    address = reverse("balance:evidence_item", kwargs=parts)
    return f"{address}?assessment={made.assessment}&year={made.year}"
