"""One child's papers for the office to edit, stamp and hand out: the notice of the result, the receipt slip
again. Names stay blank, to be filled by hand."""

from __future__ import annotations

from django.http import Http404

from junheng.model.errors import Refused
from junheng.report.admission.notice import Notice
from junheng.report.admission.notice_rows import receipt_slips, result_notices
from junheng.web.admission.draws.folders import folder_of
from junheng.web.admission.draws.secrets import secret_of
from junheng.web.admission.results.queries import OneChild
from junheng.web.admission.results.work import elsewhere, letter

NOTICE, SLIP = "notice", "slip"
PAPERS = (NOTICE, SLIP)
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def made(held: OneChild, paper: str, form: str) -> tuple[str, str, bytes]:
    """(name, media type, content) of a paper. Http404 for another paper or form; Refused for a child who
    came after the draw, whose notice is written by hand."""
    if paper not in PAPERS or form not in MEDIA:
        raise Http404
    if held.late:
        raise Refused("results.late_no_paper", {"value": held.child.applicant_id})
    from junheng.report.admission import notice_files  # noqa: PLC0415 - setting type is rare and heavy

    entry, language = held.shown.entry, held.shown.scope.language
    one = _slip(held) if paper == SLIP else _notice(held)
    shared = letter(entry)
    if form == "pdf":
        content = notice_files.pdf([one], shared, language=language)
    else:
        content = notice_files.docx(one, shared, language=language)
    return f"{entry.plan_id}-{paper}.{form}", MEDIA[form], content


def _notice(held: OneChild) -> Notice:
    standing, who = held.shown.standing, held.child.applicant_id
    found = result_notices(
        standing.result,
        letter(held.shown.entry),
        schools=folder_of(held.shown.entry.plan_id).tables().get("schools"),
        receipts=standing.found.receipts if standing.found.draw is not None else None,
        children={who},
        present=elsewhere(standing),
        waiting=standing.waiting,
    )
    return next(found)


def _slip(held: OneChild) -> Notice:
    folder, plan_id = folder_of(held.shown.entry.plan_id), held.shown.entry.plan_id
    only = {held.child.applicant_id}
    return receipt_slips(folder.tables(), folder.plan(), plan_id, secret_of(plan_id), children=only)[0]
