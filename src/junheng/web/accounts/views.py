"""Pages of one's own account that the sign-in library does not have."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from junheng.web.accounts import actions
from junheng.web.accounts.queries import own_sessions
from junheng.web.wording import say


@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in."""
    return render(request, "accounts/sessions.html", {"sessions": own_sessions(request.user)})


@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """End one of the person's own sessions."""
    user: Any = request.user
    if not actions.end_own_session(by=user, session=session):
        raise Http404
    messages.success(request, say("accounts.session_ended"))
    return redirect("usersessions_list")
