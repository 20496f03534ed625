"""Where one comes in: the person's own unit, in the present school year."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from junheng.web.house.calendar import school_year
from junheng.web.wording import say


def home(request: HttpRequest) -> HttpResponse:
    """To the desk of the highest unit the person has anything to do with; without a grant, a page that says
    whom to ask."""
    user: Any = request.user
    grants = sorted(user.current_grants(), key=lambda grant: (len(grant.unit.path), grant.unit.path))
    if not grants:
        context = {"status": 200, "title": say("house.no_grant_title"), "text": say("house.no_grant_text")}
        return render(request, "house/error.html", context)
    return redirect("desk:home", unit=grants[0].unit.code, year=school_year())


@login_not_required
def icon(request: HttpRequest) -> FileResponse:
    """The icon for browsers that ask at the root for it."""
    path = finders.find("house/icon.svg")
    response = FileResponse(open(str(path), "rb"), content_type="image/svg+xml")  # noqa: SIM115 - it closes it
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to the page."""
    chosen = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    if chosen in dict(settings.LANGUAGES):
        translation.activate(chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response
