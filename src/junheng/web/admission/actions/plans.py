"""What may be done with a plan: an entry begun from one, and a new version of it saved as a dated file."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.data.atomic import write_bytes
from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT
from junheng.web.admission import plans, states
from junheng.web.admission.models import Entry
from junheng.web.audit.chain import record as audit
from junheng.web.runs.actions import region_unit

LONGEST_PLAN = 200_000
EDITABLE = (states.DRAFT, states.REGISTERING)
"""States in which a plan may still change."""
_ID = re.compile(r"[a-z0-9][a-z0-9-]{2,59}")


@transaction.atomic
def begin(*, by: Any, plan_id: str, text: str, template: str = "") -> Entry:
    """An entry of the region begun with this plan.

    PermissionDenied without `admit` on the region. Refused for an id that is no plain name or is taken, and
    for a text that is no plan.
    """
    unit = region_unit()
    if unit is None or not by.may(ADMIT, unit):
        raise PermissionDenied(ADMIT)
    if not _ID.fullmatch(plan_id):
        raise Refused("entry.id_form", {"value": plan_id[:60]})
    if Entry.objects.filter(plan_id=plan_id).exists() or plan_id in plans.shipped():
        raise Refused("entry.id_taken", {"value": plan_id})
    entry = Entry(unit=unit, plan_id=plan_id, template=template, plan_text="", plan_digest="", year=0)
    return _keep(entry, text, by, "admission.plan_begun")


@transaction.atomic
def keep(*, entry: Entry, by: Any, text: str, row_version: int, note: str = "") -> Entry:
    """A new version of the entry's plan. PermissionDenied without `admit`; Refused once registrations are on
    publicity, when somebody saved in between, for a text that is no plan, and while registration is open also
    for one the law holds something against."""
    held = _locked(entry, by, row_version)
    if held.state not in EDITABLE:
        raise Refused("entry.wrong_state", {"state": f"entry.state_{held.state}"})
    if held.state != states.DRAFT and plans.reading(text, held.plan_id).faults:
        raise Refused("entry.plan_unlawful", {"count": len(plans.reading(text, held.plan_id).faults)})
    return _keep(held, text, by, "admission.plan_saved", note)


def _locked(entry: Entry, by: Any, row_version: int) -> Entry:
    held: Entry = Entry.objects.select_for_update(of=("self",)).select_related("unit").get(pk=entry.pk)
    if not by.may(ADMIT, held.unit):
        raise PermissionDenied(ADMIT)
    if held.row_version != row_version:
        raise Refused("entry.changed_since", {})
    return held


def _keep(entry: Entry, text: str, by: Any, verb: str, note: str = "") -> Entry:
    text = text.replace("\r\n", "\n")
    if len(text) > LONGEST_PLAN:
        raise Refused("entry.plan_long", {"most": LONGEST_PLAN})
    read = plans.reading(text, entry.plan_id)
    if read.plan is None:
        raise Refused("entry.plan_unreadable", {"count": len(read.faults)})
    now = timezone.localtime()
    before = entry.plan_digest
    entry.plan_text, entry.plan_digest = text, hashlib.sha256(text.encode()).hexdigest()
    entry.title, entry.stage, entry.year = read.plan.title[:120], read.plan.stage, read.plan.year
    entry.saved_by, entry.saved_at = by, now
    if entry.pk is not None:
        entry.row_version += 1
    entry.save()
    name = f"{now:%Y%m%d-%H%M%S}-{entry.plan_digest[:8]}{plans.FILE}"
    write_bytes(plans.folder() / plans.VERSIONS / entry.plan_id / name, text.encode())
    write_bytes(plans.file_of(entry.plan_id), text.encode())
    audit(
        verb,
        by=by,
        unit=entry.unit,
        object=entry.plan_id,
        reason=note.strip(),
        diff={"before": before, "file": name, "faults": len(read.faults)},
        file_sha256=entry.plan_digest,
    )
    return entry
