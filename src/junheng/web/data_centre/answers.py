"""How the room's views answer: files with their names, sentences after a step."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
TOML = "text/plain; charset=utf-8"
BINARY = "application/octet-stream"


def file(content: bytes, name: str, kind: str) -> HttpResponse:
    """A made file to be kept under `name`, in any script."""
    response = HttpResponse(content, content_type=kind)
    return _named(response, name)


def kept(path: Path, name: str, kind: str = BINARY) -> FileResponse:
    """A file that lies on disk; never shown in the browser."""
    response = FileResponse(path.open("rb"), content_type=kind)
    return _named(response, name)  # type: ignore[return-value]


def _named(response: HttpResponse, name: str) -> HttpResponse:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def go(request: HttpRequest, href: str, sentence: str = "", *, warning: bool = False) -> HttpResponse:
    """To another page, with a sentence shown there."""
    if sentence:
        (messages.warning if warning else messages.success)(request, sentence)
    response = HttpResponseRedirect(href)
    response.status_code = 303
    return response
