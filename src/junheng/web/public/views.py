"""A file of the edition that is current, and nothing that its manifest does not list."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotModified

from junheng.web.public.messages import MESSAGES

INDEX = "index.html"
MANIFEST = "manifest.json"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_NOTHING = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width"><title>{title}</title><h1>{title}</h1><p>{text}</p>'
    '<p lang="en">{english}</p><p><a href="/">{home}</a></p></html>'
)


def serve(request: HttpRequest, name: str = "") -> HttpResponse:
    """GET and HEAD of a listed file; the page of the language for a folder's address."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    folder = edition()
    if folder is None:
        return _nothing("none", 503)
    wanted = f"{name}{INDEX}" if name == "" or name.endswith("/") else name
    digests = _listed(folder, (folder / MANIFEST).stat().st_mtime_ns)
    if wanted not in digests:
        return _nothing("unknown", 404)
    tag = f'"{digests[wanted][:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return _headed(HttpResponseNotModified(), tag)
    kind = KINDS.get(Path(wanted).suffix, "application/octet-stream")
    return _headed(HttpResponse((folder / wanted).read_bytes(), content_type=kind), tag)


def edition() -> Path | None:
    """Folder of the current edition, None when nothing is shown."""
    root = Path(settings.PUBLIC)
    try:
        name = (root / "current").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    folder = root / name
    return folder if name and folder.parent == root and (folder / MANIFEST).is_file() else None


@lru_cache(maxsize=4)
def _listed(folder: Path, _changed: int) -> dict[str, str]:
    """Digests by path, the manifest itself among them under the digest it states for all."""
    held = json.loads((folder / MANIFEST).read_bytes())
    return {**held["files"], MANIFEST: held["head"]}


def _headed(answer: HttpResponse, tag: str) -> HttpResponse:
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _nothing(code: str, status: int) -> HttpResponse:
    zh, en = MESSAGES[f"site.{code}"]
    title, home = MESSAGES["site.title"][0], MESSAGES["site.home"][0]
    return HttpResponse(_NOTHING.format(title=title, text=zh, english=en, home=home), status=status)


def not_found(_: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that can be no file."""
    return _nothing("unknown", 404)


def server_error(_: HttpRequest) -> HttpResponse:
    """A file that cannot be read."""
    return _nothing("fault", 500)
