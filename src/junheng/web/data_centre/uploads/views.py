"""Views of uploads: bring, look, check again, commit, take files back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import Refused
from junheng.web.accounts.roles import FILL, IMPORT, SEE
from junheng.web.data_centre import answers
from junheng.web.data_centre.models import Upload
from junheng.web.data_centre.uploads import actions, files, presenters, queries
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.jobs.presenters import job_view
from junheng.web.wording import reason


@require_GET
@scoped(SEE)
def uploads(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Uploads of the scope."""
    page = presenters.list_page(scope, queries.inside(scope))
    return render(request, scope, page, "data_centre/uploads.html", entry="data")


@require_http_methods(["GET", "POST"])
@scoped(FILL)
def fill(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Bring the unit's own tables."""
    return _bring(request, scope)


@require_http_methods(["GET", "POST"])
@scoped(IMPORT)
def bring(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Bring tables of the region."""
    return _bring(request, scope)


def _bring(request: HttpRequest, scope: Scope) -> HttpResponse:
    fault, sent = "", {name: str(value) for name, value in request.POST.items()}
    follows = queries.followed(scope, sent.get("follows") or request.GET.get("follows", ""))
    if request.method == "POST":
        try:
            upload = actions.receive(**queries.received(scope, sent, request.FILES.getlist("files"), follows))
            return answers.go(request, scope.url("data:upload_one", upload=upload.pk))
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = presenters.form_page(
        scope, fault=fault, chosen=sent, follows=follows, **queries.form_needs(scope)
    )  # fmt: skip
    return render(request, scope, page, "data_centre/bring.html", entry="data", status=422 if fault else 200)


@require_GET
@scoped(SEE)
def upload(request: HttpRequest, scope: Scope, upload: int) -> HttpResponse:
    """One upload."""
    page = presenters.upload_page(scope, queries.shown(scope, upload))
    return render(request, scope, page, "data_centre/upload.html", entry="data")


@require_GET
@scoped(SEE)
def progress(request: HttpRequest, scope: Scope, upload: int) -> HttpResponse:
    """The fragment that asks for itself again; when the job has ended, the whole page comes anew."""
    held = queries.upload(scope, upload)
    if held.job is None or held.job.ended or held.state not in (Upload.CHECKING, Upload.COMMITTING):
        response = HttpResponse(status=204)
        drafted = held.job is not None and held.job.verb == "draft_mapping" and bool(held.draft)
        onward = "data:upload_mapping" if drafted else "data:upload_one"
        response.headers["HX-Redirect"] = scope.url(onward, upload=held.pk)
        return response
    context = {"job": job_view(held.job, scope), "progress": request.path}
    return TemplateResponse(request, "data_centre/upload_progress.html", context)


@require_POST
@scoped(SEE)
def check(request: HttpRequest, scope: Scope, upload: int) -> HttpResponse:
    """Read the files again."""
    held = queries.upload(scope, upload)
    here = scope.url("data:upload_one", upload=held.pk)
    try:
        actions.check(upload=held, by=scope.user)
    except Refused as error:
        return answers.go(request, here, reason(error.code, error.parameters), warning=True)
    return answers.go(request, here)


@require_POST
@scoped(SEE)
def commit(request: HttpRequest, scope: Scope, upload: int) -> HttpResponse:
    """Store what was checked."""
    held = queries.upload(scope, upload)
    sent = request.POST.get("row_version", "")
    try:
        actions.commit(
            upload=held,
            by=scope.user,
            note=request.POST.get("note", "")[:200],
            row_version=int(sent) if sent.isdecimal() and len(sent) < 10 else 0,
        )
    except Refused as error:
        page = presenters.upload_page(
            scope, queries.shown(scope, upload), reason(error.code, error.parameters)
        )
        return render(request, scope, page, "data_centre/upload.html", entry="data", status=422)
    return answers.go(request, scope.url("data:upload_one", upload=held.pk))


@require_GET
@scoped(SEE)
def original(request: HttpRequest, scope: Scope, upload: int, number: int) -> HttpResponse:
    """A file as it was sent."""
    held = queries.upload(scope, upload)
    if not 1 <= number <= len(held.files):
        raise Http404
    name = held.files[number - 1]["name"]
    path = files.original(held.folder, name)
    if not path.is_file():
        raise Http404
    return answers.kept(path, name)  # type: ignore[return-value]


@require_GET
@scoped(SEE)
def marked(request: HttpRequest, scope: Scope, upload: int, file: str) -> HttpResponse:
    """A file back with its faults marked."""
    held = queries.upload(scope, upload)
    path = files.marked(held.folder, file)
    if path is None:
        raise Http404
    return answers.kept(path, queries.marked_name(held, file), answers.XLSX)  # type: ignore[return-value]
