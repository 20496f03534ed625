"""Asking for a correction and deciding on it; an approved one goes the way of every import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.model import INPUTS
from junheng.model.errors import Refused
from junheng.web.accounts.roles import FILL, IMPORT
from junheng.web.audit.chain import record as audit
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.collecting.queries import collectors
from junheng.web.data_centre.corrections.queries import counted, row
from junheng.web.data_centre.models import Correction, Submission, SubmissionEvent
from junheng.web.data_centre.uploads.actions import receive
from junheng.web.notices.actions import tell

LONGEST = 100


@transaction.atomic
def ask(
    *,
    submission: Submission,
    by: Any,
    table: str,
    key: Mapping[str, str],
    column: str,
    after: str,
    reason: str,
) -> Correction:
    """Ask to change one figure of what has been handed in. Refused while the unit may still change it itself,
    for a row or column it has not, for the same value, without a reason, and while the same is being
    asked."""
    if not by.may(FILL, submission.unit):
        raise PermissionDenied(FILL)
    held = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("collection", "unit")
        .get(pk=submission.pk)
    )
    if held.state not in Submission.CLOSED:
        raise Refused("data_centre.correction_not_needed", {})
    if table not in held.collection.tables or column not in {one.name for one in counted(table)}:
        raise Refused("data_centre.correction_unknown", {})
    found = row(held, table, key)
    if found.height != 1:
        raise Refused("data_centre.correction_unknown", {})
    value = found.item(0, column)
    before, wanted = "" if value is None else str(value), after.strip()[:LONGEST]
    if before == wanted:
        raise Refused("data_centre.correction_same", {"value": before})
    if not reason.strip():
        raise Refused("data_centre.needs_reason", {})
    _fits(table, column, wanted)
    if held.corrections.filter(table=table, key=dict(key), column=column, state=Correction.ASKED).exists():
        raise Refused("data_centre.correction_asked_already", {})
    made = Correction.objects.create(
        submission=held,
        table=table,
        key=dict(key),
        column=column,
        before=before,
        after=wanted,
        reason=reason.strip(),
        asked_by=by,
    )
    _note(made, by, "ask_correction", made.reason)
    tell(
        to=[one for one in collectors(held.collection.unit) if one.pk != by.pk],
        code="data_centre.notice_correction",
        link=_link(made, held.collection.unit),
        unit=held.unit.name,
    )
    return made


def _fits(table: str, column: str, value: str) -> None:
    """Refused where the value cannot be what the column holds."""
    declared = INPUTS[table].column(column)
    if not value:
        if declared.required:
            raise Refused("data_centre.correction_empty", {})
        return
    if declared.kind in ("integer", "year", "month", "number", "share"):
        try:
            number = float(value)
        except ValueError:
            raise Refused("data_centre.correction_number", {"value": value}) from None
        low, high = declared.minimum, declared.maximum
        whole = declared.kind in ("integer", "year", "month") and not number.is_integer()
        if whole or (low is not None and number < low) or (high is not None and number > high):
            raise Refused("data_centre.correction_number", {"value": value})


@transaction.atomic
def _decided(correction: Correction, by: Any, row_version: int, state: str, opinion: str) -> Correction:
    held = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("submission", "submission__unit", "submission__collection", "asked_by")
        .get(pk=correction.pk)
    )
    if not by.may(IMPORT, held.submission.unit):
        raise PermissionDenied(IMPORT)
    if held.asked_by_id == by.pk:
        raise Refused("data_centre.two_people", {})
    if held.state != Correction.ASKED or held.row_version != row_version:
        raise Refused("data_centre.correction_decided", {"state": held.state})
    held.state, held.decided_by, held.decided_at = state, by, timezone.now()
    held.opinion = opinion.strip()
    held.row_version += 1
    held.save()
    _note(held, by, f"correction_{state}", held.opinion)
    tell(
        to=[held.asked_by],
        code=f"data_centre.notice_correction_{state}",
        link=_link(held, held.submission.unit),
        unit=held.submission.unit.name,
    )
    return held


def refuse(*, correction: Correction, by: Any, row_version: int, opinion: str) -> Correction:
    """Leave the figure as it is, with an opinion. PermissionDenied without `import` on the unit."""
    if not opinion.strip():
        raise Refused("data_centre.return_needs_opinion", {})
    return _decided(correction, by, row_version, Correction.REFUSED, opinion)


def approve(*, correction: Correction, by: Any, row_version: int, opinion: str = "") -> Correction:
    """Have the figure changed: the row with its new value is imported like any file, checked first. Refused
    when the figure has become another since it was asked for."""
    found = row(correction.submission, correction.table, correction.key)
    now = (
        ""
        if found.height != 1 or found.item(0, correction.column) is None
        else str(found.item(0, correction.column))
    )
    if found.height != 1 or now != correction.before:
        raise Refused("data_centre.correction_moved", {"before": correction.before, "now": now})
    declared = INPUTS[correction.table].column(correction.column)
    changed = found.with_columns(pl.lit(correction.after or None).alias(declared.name))
    content = changed.write_csv(include_bom=True).encode()
    held = _decided(correction, by, row_version, Correction.APPROVED, opinion)
    upload = receive(
        by=by,
        unit=held.submission.unit,
        year=held.submission.collection.year,
        files=[ContentFile(content, name=f"{ours.name(held.table)}.csv")],
        correction=held.pk,
    )
    held.upload = upload
    return held


def _note(correction: Correction, by: Any, verb: str, text: str) -> None:
    held = correction.submission
    detail = {
        "correction": correction.pk,
        "figure": f"{correction.table}.{correction.column}",
        "key": dict(correction.key),
        "before": correction.before,
        "after": correction.after,
    }
    SubmissionEvent.objects.create(
        submission=held, by=by, verb=verb[:20], state=held.state, text=text[:500], detail=detail
    )
    audit(
        f"correction.{verb.removeprefix('correction_').removesuffix('_correction')}",
        by=by,
        unit=held.unit,
        object=f"{held.collection} {held.unit.code}",
        reason=text,
        diff=detail,
    )


def _link(correction: Correction, seen_from: Any) -> str:
    year = correction.submission.collection.year
    return reverse(
        "data:correction", kwargs={"unit": seen_from.code, "year": year, "correction": correction.pk}
    )
