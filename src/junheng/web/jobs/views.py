"""Pages of jobs: the list, one job, and what may be done about it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_POST

from junheng.model.errors import Refused
from junheng.web.accounts.roles import ANY, OPERATE
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.jobs import actions, presenters, queries
from junheng.web.jobs.models import Job
from junheng.web.wording import reason, say


@require_GET
@scoped(ANY)
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The newest jobs; those who operate may ask for everybody's."""
    everyone = scope.may(OPERATE) and request.GET.get("of") == "all"
    jobs = queries.for_operator(scope.user) if everyone else queries.seen(scope.user)
    page = presenters.list_page(jobs, scope, queries.ahead(jobs), everyone)
    return render(request, scope, page, "jobs/list.html", entry="desk")


@require_GET
@scoped(ANY)
def one(request: HttpRequest, scope: Scope, job: int) -> HttpResponse:
    """One job with its progress, result or failure."""
    held = _job(scope, job)
    page = presenters.job_page(held, scope, queries.ahead([held]).get(held.pk, 0))
    return render(request, scope, page, "jobs/one.html", entry="desk")


@require_GET
@scoped(ANY)
def progress(request: HttpRequest, scope: Scope, job: int) -> HttpResponse:
    """The fragment that asks for itself again until the job has ended."""
    held = _job(scope, job)
    view = presenters.job_view(held, scope, queries.ahead([held]).get(held.pk, 0))
    return TemplateResponse(request, "jobs/progress.html", {"job": view})


@require_POST
@scoped(ANY)
def cancel(request: HttpRequest, scope: Scope, job: int) -> HttpResponse:
    """Stop a job."""
    try:
        held = actions.cancel(job=_job(scope, job), by=scope.user)
        messages.success(
            request, say("jobs.was_cancelled" if held.ended else "jobs.is_being_cancelled", job=job)
        )
    except Refused as error:
        messages.warning(request, reason(error.code, error.parameters))
    return _to(scope, job)


@require_POST
@scoped(ANY)
def retry(request: HttpRequest, scope: Scope, job: int) -> HttpResponse:
    """Start again what did not come through."""
    try:
        made = actions.retry(job=_job(scope, job), by=scope.user)
    except Refused as error:
        messages.warning(request, reason(error.code, error.parameters))
        return _to(scope, job)
    messages.success(request, say("jobs.is_retried", job=made.pk))
    return _to(scope, made.pk)


def _job(scope: Scope, job: int) -> Job:
    found = queries.one(scope.user, job)
    if found is None:
        raise Http404
    return found


def _to(scope: Scope, job: int) -> HttpResponse:
    return HttpResponseRedirect(scope.url("jobs:one", job=job), status=303)
