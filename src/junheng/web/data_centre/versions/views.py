"""Views of versions."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from junheng.model import INPUTS
from junheng.model.errors import Refused
from junheng.web.accounts.roles import EXPORT, IMPORT, SEE
from junheng.web.data_centre import answers
from junheng.web.data_centre.frame import word
from junheng.web.data_centre.holdings.queries import names_of
from junheng.web.data_centre.holdings.templates import rows_file
from junheng.web.data_centre.uploads.command import whole_region
from junheng.web.data_centre.versions import actions, presenters, queries
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason


@require_GET
@scoped(SEE)
def versions(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every version."""
    page = presenters.list_page(scope, queries.versions(scope), request.GET.get("page", ""))
    return render(request, scope, page, "data_centre/versions.html", entry="data")


@require_GET
@scoped(SEE)
def version(request: HttpRequest, scope: Scope, version: str) -> HttpResponse:
    """One version against another."""
    return _shown(request, scope, version)


def _shown(
    request: HttpRequest, scope: Scope, version: str, fault: str = "", status: int = 200
) -> HttpResponse:
    held = queries.difference(scope, version, request.GET.get("against", "")[:20])
    names = names_of(str(value) for _, key, *_ in held.cells for value in key.values())
    page = presenters.version_page(scope, held, names, whole_region(scope.unit), fault)
    return render(request, scope, page, "data_centre/version.html", entry="data", status=status)


@require_GET
@scoped(EXPORT)
def version_file(request: HttpRequest, scope: Scope, version: str, table: str) -> HttpResponse:
    """One table of a version inside the scope as a file."""
    if table not in INPUTS or version not in queries.known():
        raise Http404
    content, name, kind = rows_file(scope, table, version)
    actions.exported(by=scope.user, unit=scope.unit, name=name)
    return answers.file(content, name, kind)


@require_POST
@scoped(IMPORT)
def restore(request: HttpRequest, scope: Scope, version: str) -> HttpResponse:
    """Go back to a version."""
    if version not in queries.known():
        raise Http404
    try:
        job = actions.restore(
            version=version,
            unit=scope.unit,
            by=scope.user,
            reason=request.POST.get("reason", ""),
            newest=request.POST.get("newest", ""),
        )
    except Refused as error:
        return _shown(request, scope, version, reason(error.code, error.parameters), 422)
    return answers.go(request, scope.url("jobs:one", job=job.pk), word("restoring", version=version))
