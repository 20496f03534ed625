"""Views of 规划台账: documents, clauses, spending, files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from junheng.model.errors import JunhengError
from junheng.web.files import actions as files
from junheng.web.files import answers
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.plan import exporting, queries
from junheng.web.plan.presenters import clause as clause_page
from junheng.web.plan.presenters import document as document_page
from junheng.web.plan.presenters import index as index_page
from junheng.web.plan.presenters import spending as spending_page

ENTRY, TEMPLATE = "plan", "plan/page.html"


@require_GET
@scoped("see")
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every document known here."""
    return render(request, scope, index_page.page(queries.ledger(scope)), TEMPLATE, entry=ENTRY)


@require_GET
@scoped("see")
def document(request: HttpRequest, scope: Scope, document: str) -> HttpResponse:
    """A document clause by clause."""
    page = document_page.page(queries.ledger(scope), document, document_page.asked(request.GET.dict()))
    return render(request, scope, page, TEMPLATE, entry=ENTRY)


@require_GET
@scoped("see")
def clause(request: HttpRequest, scope: Scope, document: str, clause: str) -> HttpResponse:
    """One clause."""
    held = queries.ledger(scope)
    page = clause_page.page(held, document, clause, queries.reviewed(held, document, clause))
    return render(request, scope, page, TEMPLATE, entry=ENTRY)


@require_GET
@scoped("see")
def spending(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Whether education spending kept rising."""
    return render(request, scope, spending_page.page(queries.ledger(scope)), TEMPLATE, entry=ENTRY)


@require_GET
@scoped("export")
def export(request: HttpRequest, scope: Scope, what: str, form: str) -> HttpResponse:
    """Clauses or tasks as shown, as a file: counted and written down where all files are."""
    wanted, held = exporting.asked(scope, what, form, request.GET.dict())
    try:
        return answers.download(files.take_table(scope=scope, wanted=wanted, held=held))
    except JunhengError as error:
        return answers.refused(request, scope, error)
