"""Views of files: tables, reports, one's own list."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from junheng.model.errors import JunhengError, Refused
from junheng.web.files import actions, answers, presenters, queries, reports
from junheng.web.files.contents import Contents, Wanted, contents
from junheng.web.files.protection import audience
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason, say

AT_ONCE = 5_000
"""Rows up to which a table is made while one waits."""


@require_GET
@scoped("export")
def mine(request: HttpRequest, scope: Scope) -> HttpResponse:
    """One's own files."""
    files, states = queries.mine(scope)
    page = presenters.mine(scope, files, states, queries.today(scope), settings.EXPORTS_A_DAY)
    return render(request, scope, page, "files/mine.html", entry="reports")


@require_GET
@scoped("see")
def stored(request: HttpRequest, scope: Scope, token: str) -> HttpResponse:
    """A file made before, to its owner; her rights are checked again."""
    file = queries.stored(scope, token)
    try:
        taken = actions.take_stored(scope=scope, file=file)
    except Refused as error:
        return answers.refused(request, scope, error)
    if file.wanted.get("form") == "html":
        return answers.opened(taken.content)
    return answers.download(taken)


@require_http_methods(["GET", "POST"])
@scoped("export")
def table(request: HttpRequest, scope: Scope, source: str, table: str, form: str) -> HttpResponse:
    """A table at once when it is small; otherwise a page that has it made."""
    wanted = _wanted(request, scope, source, table, form)
    try:
        held = contents(scope, wanted, audience(scope, "export"))
    except JunhengError as error:
        return answers.refused(request, scope, error)
    if request.method == "GET" and held.frame.height <= AT_ONCE:
        return _at_once(request, scope, wanted, held)
    return _later(request, scope, wanted, held)


def _wanted(request: HttpRequest, scope: Scope, source: str, table: str, form: str) -> Wanted:
    if form not in actions.MEDIA:
        raise Http404
    asked = request.GET
    return Wanted(source, table, form, asked.get("version", ""), scope.stage, asked.get("scenario", ""))


def _at_once(request: HttpRequest, scope: Scope, wanted: Wanted, held: Contents) -> HttpResponse:
    try:
        return answers.download(actions.take_table(scope=scope, wanted=wanted, held=held))
    except Refused as error:
        return answers.refused(request, scope, error)


def _later(request: HttpRequest, scope: Scope, wanted: Wanted, held: Contents) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        try:
            file = actions.ask_table(scope=scope, wanted=wanted, held=held)
            messages.success(request, say("files.started", name=file.name))
            return redirect(scope.url("files:mine"))
        except Refused as error:
            if error.code == answers.TOO_MANY:
                return answers.refused(request, scope, error)
            fault = reason(error.code, error.parameters)
    page = presenters.ask_table(scope, wanted, held, fault)
    return render(request, scope, page, "files/ask.html", entry="reports", status=422 if fault else 200)


@require_http_methods(["GET", "POST"])
@scoped("see")
def report(request: HttpRequest, scope: Scope, run_id: str, form: str) -> HttpResponse:
    """A run's report: the page opens, other forms are taken; a form that is not there is made."""
    if form != "html" and not scope.may("export"):
        raise PermissionDenied("export")
    asked = request.GET
    record, wanted = reports.wanted(scope, run_id, form, asked.get("audience", ""), asked.get("language", ""))
    try:
        return _report(request, scope, reports.Report(record, wanted, reports.at_hand(record, wanted)))
    except JunhengError as error:
        return answers.refused(request, scope, error)


def _report(request: HttpRequest, scope: Scope, held: reports.Report) -> HttpResponse:
    if held.content is not None:
        return _at_hand(scope, held, held.content)
    if (file := reports.made_before(scope, held.asked)) is not None:
        return redirect(scope.url("files:stored", token=file.token))
    if request.method == "POST":
        file = actions.ask_report(scope=scope, asked=held.asked, name=held.name, media=held.media)
        messages.success(request, say("files.started", name=file.name))
        return redirect(scope.url("manage:reports"))
    page = presenters.ask_report(scope, held.name, request.get_full_path())
    return render(request, scope, page, "files/ask.html", entry="reports")


def _at_hand(scope: Scope, held: reports.Report, content: bytes) -> HttpResponse:
    if held.asked.form == "html":
        return answers.opened(content)
    name, media = held.name, held.media
    return answers.download(
        actions.take_report(scope=scope, asked=held.asked, name=name, media=media, content=content)
    )
