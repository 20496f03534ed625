"""Making notices for many in the worker, by the rights their owner has then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from junheng.model.errors import Refused
from junheng.report.admission import notice_files
from junheng.report.admission.notice import Letter, Notice
from junheng.report.admission.notice_rows import receipt_slips, result_notices
from junheng.report.wording import say
from junheng.web.accounts.models import User
from junheng.web.accounts.roles import ADMIT, EXPORT
from junheng.web.admission.draws.folders import folder_of
from junheng.web.admission.draws.secrets import secret_of
from junheng.web.admission.models import Entry
from junheng.web.admission.results import standing as standings
from junheng.web.admission.results import work as results
from junheng.web.admission.results.notices.kinds import RECEIPT, ZIP, Wanted
from junheng.web.admission.results.notices.queries import children_of
from junheng.web.files import actions as files
from junheng.web.files.models import StoredFile
from junheng.web.workspace import region

Report = Callable[..., None]


def make(job: Any, report: Report) -> Mapping[str, Any]:
    """The papers of a stored file's row. Refused when the owner's right is gone meanwhile."""
    file = StoredFile.objects.select_related("unit").get(token=job.args["token"])
    entry = Entry.objects.select_related("unit").get(pk=job.args["entry"])
    owner = User.objects.get(pk=file.owner_id)
    if not (owner.may(EXPORT, file.unit) and owner.may(ADMIT, entry.unit)):
        raise Refused("files.right_gone", {"unit": file.unit.name})
    wanted = Wanted(**file.wanted)
    report("results.working_standing")
    rows = _rows(entry, wanted, report)
    letter = _letter(entry, wanted)
    language: Any = wanted.language
    if wanted.form == ZIP:
        total = len(rows)
        content = notice_files.docx_zip(
            rows, letter, language=language, told=lambda done: report("results.working_papers", done, total)
        )
    else:
        report("results.working_papers", None, len(rows))
        content = notice_files.pdf(rows, letter, language=language)
    files.keep(token=file.token, content=content, rows=len(rows))
    return {"file": file.token, "papers": len(rows), "size": len(content)}


def _rows(entry: Entry, wanted: Wanted, report: Report) -> list[Notice]:
    """The papers, by applicant."""
    folder, only = folder_of(entry.plan_id), children_of(entry, wanted.kind, wanted.school)
    if wanted.kind == RECEIPT:
        return receipt_slips(
            folder.tables(), folder.plan(), entry.plan_id, secret_of(entry.plan_id), children=only
        )
    held = standings.standing(entry)
    told = result_notices(
        held.result,
        results.letter(entry),
        schools=folder.tables().get("schools"),
        receipts=held.found.receipts if held.found.draw is not None else None,
        children=only,
        present=results.elsewhere(held),
        waiting=held.waiting,
    )
    found: list[Notice] = []
    for one in told:
        found.append(one)
        report("results.working_reasons", len(found), len(only))
    return found


def _letter(entry: Entry, wanted: Wanted) -> Letter:
    language: Any = wanted.language
    own = results.letter(entry)
    declared = say("report.notice.declared", language, region=region().name) if own.declared else ""
    return replace(own, declared=declared, **wanted.blanks())
