"""Views of mappings: the editor of an upload's, and those kept by name."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import BadData, Refused
from junheng.web.accounts.roles import IMPORT, SEE
from junheng.web.data_centre import answers
from junheng.web.data_centre.frame import word
from junheng.web.data_centre.mappings import actions, editor, presenters, reading
from junheng.web.data_centre.models import Upload
from junheng.web.data_centre.uploads import actions as upload_actions
from junheng.web.data_centre.uploads import queries
from junheng.web.data_centre.uploads.presenters import mappings_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason


@require_http_methods(["GET", "POST"])
@scoped(SEE)
def edit(request: HttpRequest, scope: Scope, upload: int) -> HttpResponse:
    """Which of their columns is which of ours."""
    held = queries.upload(scope, upload)
    if request.method == "GET":
        return _shown(request, scope, held, held.mapping or held.draft)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        if request.POST.get("from") != "text":
            text = editor.changed(text, held.draft, request.POST.dict())
        if request.POST.get("do") == "form":
            return _shown(request, scope, held, text)
        _keep(scope, held, text, request.POST.get("name", "").strip())
    except BadData as error:
        return _shown(request, scope, held, text, presenters.faults_of(error), 422)
    except Refused as error:
        return _shown(request, scope, held, text, (reason(error.code, error.parameters),), 422)
    return answers.go(request, scope.url("data:upload_one", upload=held.pk))


def _keep(scope: Scope, held: Upload, text: str, name: str) -> None:
    """Check again by this mapping; keep it by name where one was given."""
    reading.mapping(text)
    if name:
        actions.keep(by=scope.user, name=name, text=text, headings=editor.headings_of(held.draft))
    upload_actions.set_mapping(upload=held, by=scope.user, text=text, name=name)


def _shown(
    request: HttpRequest, scope: Scope, held: Upload, text: str, faults: Any = (), status: int = 200
) -> HttpResponse:
    try:
        sources = editor.sources(text, held.draft) if text else ()
    except BadData as error:
        sources, faults = (), faults or presenters.faults_of(error)
    page = presenters.page(scope, held, sources, text, queries.fitting(scope, held), faults)
    return render(request, scope, page, "data_centre/mapping.html", entry="data", status=status)


@require_POST
@scoped(SEE)
def draft(request: HttpRequest, scope: Scope, upload: int) -> HttpResponse:
    """Have a mapping drafted from the headings."""
    held = queries.upload(scope, upload)
    try:
        upload_actions.draft_mapping(upload=held, by=scope.user)
    except Refused as error:
        here = scope.url("data:upload_mapping", upload=held.pk)
        return answers.go(request, here, reason(error.code, error.parameters), warning=True)
    return answers.go(request, scope.url("data:upload_one", upload=held.pk))


@require_POST
@scoped(SEE)
def use(request: HttpRequest, scope: Scope, upload: int) -> HttpResponse:
    """Read the files by a saved mapping, or by a mapping file sent."""
    held = queries.upload(scope, upload)
    here, text = scope.url("data:upload_one", upload=held.pk), ""
    try:
        text, name = queries.mapping_sent(scope, request.POST.get("mapping", ""), request.FILES.get("file"))
        upload_actions.set_mapping(upload=held, by=scope.user, text=text, name=name)
    except BadData as error:
        return _shown(request, scope, held, text, presenters.faults_of(error), 422)
    except Refused as error:
        return answers.go(request, here, reason(error.code, error.parameters), warning=True)
    return answers.go(request, here)


@require_GET
@scoped(SEE)
def file_of(request: HttpRequest, scope: Scope, upload: int) -> HttpResponse:
    """The mapping of an upload as a file."""
    held = queries.upload(scope, upload)
    text = held.mapping or held.draft
    if not text:
        raise Http404
    return answers.file(text.encode(), f"{held.mapping_name or word('mapping_title')}.toml", answers.TOML)


@require_GET
@scoped(SEE)
def saved(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Saved mappings."""
    page = mappings_page(scope, queries.mappings(scope))
    return render(request, scope, page, "data_centre/mappings.html", entry="data")


@require_POST
@scoped(IMPORT)
def add(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Keep a mapping file sent."""
    here = scope.url("data:mappings")
    try:
        text, name = queries.mapping_sent(scope, "", request.FILES.get("file"))
        actions.keep(by=scope.user, name=request.POST.get("name", "") or name, text=text)
    except BadData as error:
        return answers.go(request, here, "；".join(presenters.faults_of(error))[:500], warning=True)
    except Refused as error:
        return answers.go(request, here, reason(error.code, error.parameters), warning=True)
    return answers.go(request, here, word("mapping_saved"))


@require_GET
@scoped(SEE)
def saved_file(request: HttpRequest, scope: Scope, mapping: int) -> HttpResponse:
    """A saved mapping as a file."""
    held = queries.mapping(scope, mapping)
    return answers.file(held.text.encode(), f"{held.name}.toml", answers.TOML)
