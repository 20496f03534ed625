"""How long a session lives: idle and absolute limits, checked on every request."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

_BEGAN, _SEEN = "began", "seen"
_TOUCH_SECONDS = 60


class SessionRules:
    """End sessions idle too long or too old; remember the last use at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = time.time()
            began = request.session.setdefault(_BEGAN, now)
            seen = request.session.get(_SEEN, now)
            if now - began > settings.SESSION_ABSOLUTE_SECONDS or now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif now - request.session.get(_SEEN, 0) > _TOUCH_SECONDS:
                request.session[_SEEN] = now
        return self.get_response(request)
