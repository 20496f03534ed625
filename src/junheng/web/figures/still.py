"""Still pictures: a report's figure as an SVG file of its own, with its type, kept on disk."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from junheng.data.atomic import write_bytes
from junheng.report import fonts
from junheng.report.content import Figure

WIDTH = 7.2
"""Natural width in inches: a column of a page, and the text of a sheet of A4."""
_A_YEAR = 31_536_000
_FACE = (
    '@font-face{{font-family:"{family}";font-weight:{weight};'
    'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
)
_OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"


def svg(figure: Figure, width: float = WIDTH) -> bytes:
    """The figure as a file that asks for nothing from anywhere. Refused when our fonts are missing."""
    from junheng.report import drawing  # noqa: PLC0415 - few processes draw, and it takes a second to come

    body = drawing.svg(figure, width)
    text = unescape(re.sub(r"<[^>]*>", "", body))
    faces = "".join(
        _FACE.format(family=fonts.FAMILY, weight=weight, data=fonts.woff2(text, weight))
        for weight in (400, 700)
    )
    opened = body.replace("<svg ", _OPEN, 1)
    head, _, rest = opened.partition(">")
    return f"{head}><style>{faces}</style>{rest}".encode()


def response(request: HttpRequest, key: tuple[str, ...], make: Callable[[], Figure | None]) -> HttpResponse:
    """The still picture under `key`, made once.

    The key must name everything the picture depends on (run, unit, stage, language), so the answer may be
    kept for ever; who may see it was checked before. Http404 when there is nothing to draw.
    """
    name = hashlib.sha256("\x1f".join((*key, str(WIDTH))).encode()).hexdigest()
    tag = f'"{name[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return _kept(HttpResponseNotModified(), tag)
    path = Path(settings.DESK) / "cache" / "figures" / f"{name}.svg"
    if path.is_file():
        content = path.read_bytes()
    else:
        figure = make()
        if figure is None:
            raise Http404
        content = svg(figure)
        write_bytes(path, content)
    return _kept(HttpResponse(content, content_type="image/svg+xml"), tag)


def _kept(answer: HttpResponse, tag: str) -> HttpResponse:
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = f"private, max-age={_A_YEAR}, immutable"
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer
