"""The families' pages: no login, no cookie, no database; a code is looked at and forgotten."""

from __future__ import annotations

import time
from importlib import resources
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from junheng.report.admission import envelope_lock as lock
from junheng.web.public import families_presenters as presenters
from junheng.web.public import families_reading as reading
from junheng.web.public.families_limits import ENTRY, LIMITER, TRIES, WRONG, address
from junheng.web.public.views import KINDS, edition, serve

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
POLICY_VERIFY = f"{POLICY}; script-src 'self'; connect-src 'self'"
FORM = "application/x-www-form-urlencoded"
FLOOR = 0.03
"""Seconds a wrong code takes at least, whatever is wrong with it."""
CSS = "text/css; charset=utf-8"
OWN_FILES = {"style.css": CSS, "verify.js": "text/javascript; charset=utf-8"}
_KINDS = {**KINDS, ".py": "text/x-python; charset=utf-8"}


def entries(request: HttpRequest) -> HttpResponse:
    """The list of open entries."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return _page("families/list.html", presenters.listing(reading.entries(), overview=edition() is not None))


def start(request: HttpRequest) -> HttpResponse:
    """Where the site begins: while an admission entry is open, the list of entries with the way to the
    overview, which stays as published, byte by byte, at its own address; otherwise the overview."""
    return entries(request) if reading.entries() else serve(request)


def entry(request: HttpRequest, plan_id: str) -> HttpResponse:
    """The form for a code; a code posted shows the child's own page."""
    if request.method == "POST":
        return _looked_up(request, plan_id, _result)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    held = reading.entry(plan_id)
    if held is None:
        return _wrong()
    return _page("families/entry.html", presenters.page(entry=held))


def proof(request: HttpRequest, plan_id: str) -> HttpResponse:
    """A family's own proof, for its code."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return _looked_up(request, plan_id, _proof)


def verify(request: HttpRequest, plan_id: str) -> HttpResponse:
    """The page that verifies in the browser, the public files ready."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    held = reading.entry(plan_id)
    if held is None or not held.can_verify:
        return _wrong()
    return _page("families/verify.html", presenters.verifying(held), policy=POLICY_VERIFY)


def files(request: HttpRequest, plan_id: str, name: str) -> HttpResponse:
    """A public file, all of them (`all.zip`), or the verifier's program (`verifier.js`)."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    held = reading.entry(plan_id)
    if held is None:
        return _wrong()
    if name == "verifier.js":
        return _content(reading.verifier_script(held), "text/javascript; charset=utf-8")
    if name == "all.zip":
        return _content(reading.all_files(held), "application/zip", f"{plan_id}.zip")
    content = reading.public_file(held, name)
    kind = _KINDS.get(f".{name.rpartition('.')[2]}", "application/octet-stream")
    return _wrong() if content is None else _content(content, kind, name)


def font(request: HttpRequest, plan_id: str, name: str) -> HttpResponse:
    """The type an entry carries (`type.css` names it)."""
    held = reading.entry(plan_id)
    if held is None or request.method not in ("GET", "HEAD"):
        return _wrong()
    if name == "type.css":
        return _content(presenters.font_faces(reading.FONTS), CSS)
    content = reading.font(held, name)
    return _wrong() if content is None else _content(content, KINDS[".woff2"])


def own_file(request: HttpRequest, name: str) -> HttpResponse:
    """The pages' own style and program."""
    if request.method not in ("GET", "HEAD") or name not in OWN_FILES:
        return _wrong()
    content = (resources.files("junheng.web.public") / "static" / "families" / name).read_bytes()
    return _content(content, OWN_FILES[name])


def unknown(_: HttpRequest, rest: str) -> HttpResponse:
    """Any other address below."""
    return _wrong()


def _looked_up(request: HttpRequest, plan_id: str, show: Any) -> HttpResponse:
    """Count, look, answer; a wrong code, another entry's and no entry at all get one answer."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return _page("families/refused.html", presenters.page(), status=403)
    began, where = time.monotonic(), address(request)
    if seconds := LIMITER.wait((WRONG, where), (TRIES, where), (ENTRY, plan_id)):
        return _busy(seconds)
    LIMITER.count((TRIES, where), (ENTRY, plan_id))
    found, code = _opened(request, plan_id)
    here = reading.entry(plan_id)
    if found is None or here is None:
        LIMITER.count(*[(WRONG, where)] * bool(code))  # what has no right check sign is a slip, not a guess
        time.sleep(max(0.0, FLOOR - (time.monotonic() - began)))
        return _wrong()
    return show(here, found, code)


def _opened(request: HttpRequest, plan_id: str) -> tuple[dict[str, Any] | None, str]:
    text = request.POST.get("code", "") if request.content_type == FORM else ""
    try:
        code = lock.read_code(text)
    except lock.Misread:
        return None, ""
    return reading.opened(plan_id, code), code


def _result(held: reading.Entry, found: dict[str, Any], code: str) -> HttpResponse:
    return _page("families/result.html", presenters.result(held, found, code))


def _proof(held: reading.Entry, found: dict[str, Any], _: str) -> HttpResponse:
    if found["proof"] is None:
        return _wrong()
    content = presenters.proof_bytes(found)
    answer = _content(content, "application/json; charset=utf-8", presenters.proof_name(held))
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _page(template: str, context: dict[str, Any], status: int = 200, policy: str = POLICY) -> HttpResponse:
    answer = HttpResponse(render_to_string(template, context), status=status)
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _wrong() -> HttpResponse:
    return _page("families/wrong.html", presenters.page(), status=404)


def _busy(seconds: int) -> HttpResponse:
    answer = _page("families/busy.html", presenters.busy(seconds), status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _content(content: bytes, kind: str, name: str = "") -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "public, max-age=300"
    if name:
        answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
