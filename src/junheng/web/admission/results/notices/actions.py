"""Having notices made for many."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT, EXPORT
from junheng.web.admission.models import Entry
from junheng.web.admission.results.notices import queries
from junheng.web.admission.results.notices.kinds import FORMS, KINDS, MEDIA, RECEIPT, Wanted
from junheng.web.admission.results.verbs import NOTICES
from junheng.web.audit.chain import record as audit
from junheng.web.files import actions as files
from junheng.web.files.models import StoredFile
from junheng.web.house.scope import Scope


@transaction.atomic
def ask(*, scope: Scope, entry: Entry, wanted: Wanted) -> StoredFile:
    """Have the papers made; the file is the person's own, found with her files, and goes by itself. Written
    down with what was asked for. PermissionDenied without `admit` on the entry and `export`; Refused for a
    kind or form there is not, for notices of a result there is not, for nobody, over the day's limit of
    files, and while her last request goes on."""
    if not scope.user.may(ADMIT, entry.unit) or not scope.may(EXPORT):
        raise PermissionDenied(EXPORT)
    if wanted.kind not in KINDS or wanted.form not in FORMS:
        raise Refused("results.notices_unknown", {})
    if wanted.kind != RECEIPT and not queries.drawn(entry):
        raise Refused("results.notices_early", {})
    if queries.living(scope, entry):
        raise Refused("results.notices_go_on", {})
    count = len(queries.children_of(entry, wanted.kind, wanted.school))
    if not count:
        raise Refused("results.notices_nobody", {})
    about = f"{entry.plan_id}-{wanted.kind}" + (f"-{wanted.school}" if wanted.school else "")
    made = files.ask_letters(
        scope=scope,
        wanted=wanted.plain(),
        name=f"{about}.{wanted.form}",
        media=MEDIA[wanted.form],
        verb=NOTICES,
        args={"entry": entry.pk},
    )
    diff = {"kind": wanted.kind, "school": wanted.school, "form": wanted.form, "papers": count}
    audit("admission.notices_asked", by=scope.user, unit=entry.unit, object=entry.plan_id, diff=diff)
    return made
