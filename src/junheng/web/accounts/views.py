"""Pages of one's own account that the sign-in library does not have."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from junheng.web.accounts import actions
from junheng.web.accounts.browsers import browser
from junheng.web.wording import say


@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in."""
    user: Any = request.user
    found = UserSession.objects.purge_and_list(user)
    found.sort(key=lambda one: one.created_at, reverse=True)
    context = {"sessions": [(one, browser(one.user_agent)) for one in found]}
    return render(request, "accounts/sessions.html", context)


@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """End one of the person's own sessions."""
    user: Any = request.user
    if not actions.end_own_session(by=user, session=session):
        raise Http404
    messages.success(request, say("accounts.session_ended"))
    return redirect("usersessions_list")
