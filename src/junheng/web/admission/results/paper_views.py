"""A child's papers as files: written down as looked at and as taken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from junheng.model.errors import JunhengError
from junheng.web.admission.results import actions, papers, queries
from junheng.web.files import answers
from junheng.web.house.scope import Scope, scoped


@require_GET
@scoped("export")
def paper(
    request: HttpRequest, scope: Scope, plan_id: str, applicant_id: str, what: str, form: str
) -> HttpResponse:
    """The notice of a result, or the receipt slip again, as PDF or docx."""
    held = queries.child(scope, plan_id, applicant_id)
    try:
        actions.look(entry=held.shown.entry, applicant_id=applicant_id, by=scope.user)
        return answers.download(actions.take_paper(held=held, paper=papers.made(held, what, form)))
    except JunhengError as error:
        return answers.refused(request, scope, error)
