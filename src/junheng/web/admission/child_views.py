"""Views of children: the queue, one child, her form, what is done with her."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import Refused
from junheng.report import format as fmt
from junheng.web.admission import child_form, child_queries
from junheng.web.admission.actions import batches, registration, verification
from junheng.web.admission.presenters import child as child_page
from junheng.web.admission.presenters import child_papers
from junheng.web.admission.presenters import children as children_page
from junheng.web.admission.views import ENTRY, back, to, version
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.privacy.actions import TooMany
from junheng.web.wording import reason, say


@require_GET
@scoped("register")
def children(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """The queue of checks."""
    queue = child_queries.queue(scope, plan_id, child_queries.asked(request.GET.dict()))
    return _private(render(request, scope, children_page.page(queue), "admission/children.html", entry=ENTRY))


@require_POST
@scoped("register")
def pass_many(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """The next check passed for those ticked, or for all of the filter."""
    wanted = child_queries.asked(request.GET.dict())
    queue = child_queries.queue(scope, plan_id, wanted)
    numbers = child_queries.numbers(scope, queue.held.entry, wanted)
    if request.POST.get("which") != "all":
        ticked = set(request.POST.getlist("child"))
        numbers = [one for one in numbers if str(one) in ticked]
    try:
        _passed(request, scope, queue.held.entry, wanted, numbers)
    except Refused as error:
        return _queue_refused(request, scope, queue, error)
    return to_queue(scope, plan_id, wanted)


def _passed(request: HttpRequest, scope: Scope, entry: Any, wanted: Any, numbers: list[int]) -> None:
    """The check of many: few at once, many by a worker."""
    if len(numbers) > batches.AT_ONCE:
        batches.ask(entry=entry, by=scope.user, unit=scope.unit, filters=wanted.plain(), year=scope.year)
        messages.success(request, say("child.said_asked_many", count=fmt.count(len(numbers))))
        return
    done = batches.pass_many(entry=entry, numbers=numbers, by=scope.user)
    messages.success(request, say("child.said_passed_many", count=done["passed"]))
    if done["left"]:
        messages.info(request, say("child.said_left", count=done["left"]))


@require_POST
@scoped("register")
def take_back(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """One's own last check of many taken back."""
    queue = child_queries.queue(scope, plan_id, child_queries.asked(request.GET.dict()))
    try:
        _taken_back(request, scope, queue)
    except Refused as error:
        return _queue_refused(request, scope, queue, error)
    return to_queue(scope, plan_id, queue.wanted)


def _taken_back(request: HttpRequest, scope: Scope, queue: child_queries.Queue) -> None:
    entry, last = queue.held.entry, queue.batch
    if last is None:
        raise Refused("child.batch_none", {})
    if last.untouched > batches.AT_ONCE:
        batches.ask_back(entry=entry, by=scope.user, unit=scope.unit, at=last.at, year=scope.year)
        messages.success(request, say("child.said_asked_back", count=fmt.count(last.untouched)))
        return
    done = batches.take_back(entry=entry, by=scope.user, at=last.at)
    messages.success(request, say("child.said_taken_back", count=done["passed"]))


def to_queue(scope: Scope, plan_id: str, wanted: child_queries.Wanted) -> HttpResponse:
    """Back to the queue as it was filtered."""
    return to(scope.url("admission:children", plan_id=plan_id, query=wanted.query() or None))


def _queue_refused(request: HttpRequest, scope: Scope, queue: Any, error: Refused) -> HttpResponse:
    page = children_page.page(queue, reason(error.code, error.parameters))
    return _private(render(request, scope, page, "admission/children.html", entry=ENTRY, status=422))


@require_http_methods(["GET", "POST"])
@scoped("register")
def new(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Register one child."""
    return _form(request, scope, plan_id, None)


@require_http_methods(["GET", "POST"])
@scoped("register")
def edit(request: HttpRequest, scope: Scope, plan_id: str, child: int) -> HttpResponse:
    """Correct a child's registration."""
    return _form(request, scope, plan_id, child_queries.child(scope, plan_id, child))


def _form(request: HttpRequest, scope: Scope, plan_id: str, child: Any) -> HttpResponse:
    held, around = child_queries.registering(scope, plan_id)
    typed, faults, fault = child_form.begun(around, child), dict[str, str](), ""
    if request.method == "POST":
        typed = child_form.read(request.POST, around)
        filled, faults = child_form.check(typed, around, child)
        try:
            if filled is not None:
                made = _kept(request, scope, held.entry, child, filled)
                return back(request, scope, "admission:child", plan_id, "child.said_kept", child=made.pk)
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = child_papers.form(held, around, child, typed, faults, fault)
    status = 422 if faults or fault else 200
    return _private(render(request, scope, page, "admission/child_form.html", entry=ENTRY, status=status))


def _kept(request: HttpRequest, scope: Scope, entry: Any, child: Any, filled: Any) -> Any:
    if child is None:
        return registration.add(entry=entry, by=scope.user, filled=filled)
    return registration.correct(child=child, by=scope.user, filled=filled, row_version=version(request))


@require_GET
@scoped("register")
def child(request: HttpRequest, scope: Scope, plan_id: str, child: int) -> HttpResponse:
    """One child; that somebody looked is written down."""
    one = child_queries.one(scope, plan_id, child)
    verification.look(child=one.child, by=scope.user)
    return _shown(request, scope, one)


@require_GET
@scoped("register")
def slip(request: HttpRequest, scope: Scope, plan_id: str, child: int) -> HttpResponse:
    """What is still to be brought, to be printed."""
    page = child_papers.slip(child_queries.one(scope, plan_id, child))
    return _private(render(request, scope, page, "admission/slip.html", entry=ENTRY))


@require_POST
@scoped("register")
def reveal(request: HttpRequest, scope: Scope, plan_id: str, child: int) -> HttpResponse:
    """The child's name, once, for a purpose."""
    one = child_queries.one(scope, plan_id, child)
    try:
        name = verification.reveal(child=one.child, by=scope.user, purpose=request.POST.get("purpose", ""))
    except Refused as error:
        status = 429 if isinstance(error, TooMany) else 422
        return _shown(request, scope, one, reason(error.code, error.parameters), status=status)
    return _shown(request, scope, one, name=name)


@require_POST
@scoped("register")
def decide(request: HttpRequest, scope: Scope, plan_id: str, child: int) -> HttpResponse:
    """Facts decided; with `then` pass also the next check."""
    sent = request.POST
    facts = {
        name.removeprefix("state-"): {
            "state": value,
            "paper": sent.get(f"paper-{name.removeprefix('state-')}", ""),
            "note": sent.get(f"note-{name.removeprefix('state-')}", ""),
        }
        for name, value in sent.items()
        if name.startswith("state-")
    }
    given = {"facts": facts, "missing": sent.getlist("missing"), "then_pass": sent.get("then") == "pass"}
    return _done(request, scope, plan_id, child, "child.said_decided", verification.decide, **given)


@require_POST
@scoped("register")
def pass_on(request: HttpRequest, scope: Scope, plan_id: str, child: int) -> HttpResponse:
    """The next check passed."""
    return _done(request, scope, plan_id, child, "child.said_passed", verification.pass_on)


@require_POST
@scoped("admit")
def send_back(request: HttpRequest, scope: Scope, plan_id: str, child: int) -> HttpResponse:
    """Back to the school's check, with an opinion."""
    opinion = request.POST.get("opinion", "")
    return _done(
        request, scope, plan_id, child, "child.said_sent_back", verification.send_back, opinion=opinion
    )


@require_POST
@scoped("register")
def withdraw(request: HttpRequest, scope: Scope, plan_id: str, child: int) -> HttpResponse:
    """Out of the registration, on the family's word."""
    why = request.POST.get("reason", "")
    return _done(request, scope, plan_id, child, "child.said_withdrawn", registration.withdraw, reason=why)


@require_POST
@scoped("register")
def readmit(request: HttpRequest, scope: Scope, plan_id: str, child: int) -> HttpResponse:
    """Back into the registration."""
    return _done(request, scope, plan_id, child, "child.said_readmitted", registration.readmit)


def _done(
    request: HttpRequest,
    scope: Scope,
    plan_id: str,
    number: int,
    code: str,
    act: Callable[..., Any],
    **given: Any,
) -> HttpResponse:
    found = child_queries.child(scope, plan_id, number)
    try:
        act(child=found, by=scope.user, row_version=version(request), **given)
    except Refused as error:
        one = child_queries.one(scope, plan_id, number)
        return _shown(request, scope, one, reason(error.code, error.parameters), status=422)
    return back(request, scope, "admission:child", plan_id, code, child=number)


def _shown(
    request: HttpRequest, scope: Scope, one: Any, fault: str = "", name: str = "", status: int = 200
) -> HttpResponse:
    page = child_page.page(one, fault, name)
    return _private(render(request, scope, page, "admission/child.html", entry=ENTRY, status=status))


def _private(answer: HttpResponse) -> HttpResponse:
    """Pages about a child stay in no cache."""
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
