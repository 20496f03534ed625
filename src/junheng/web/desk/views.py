"""Views of this room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from junheng.web.house.page import Page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped


@scoped("see")
def home(request: HttpRequest, scope: Scope) -> HttpResponse:
    return render(request, scope, Page("desk", "desk"), entry="desk")
