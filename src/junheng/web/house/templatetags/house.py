"""Tags every template has: words, numbers, dates. No template types a sentence or formats a number."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from junheng.report import format as fmt
from junheng.web import wording
from junheng.web.house import cells
from junheng.web.house import page as parts

register = template.Library()


@register.simple_tag
def t(code: str, **parameters: Any) -> str:
    """The sentence of a code."""
    return wording.say(code, **parameters)


@register.simple_tag
def reason(code: str, parameters: dict[str, Any] | None = None) -> str:
    """The sentence of a finding, failure or progress code from any room."""
    return wording.reason(code, parameters)


@register.filter
def count(value: float | None) -> str:
    """A whole number with commas."""
    return fmt.count(value)


@register.filter
def percent(value: float | None) -> str:
    """A share as per cent."""
    return fmt.percent(value)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the bureau's time, to the minute."""
    return fmt.BLANK if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def day(value: Any) -> str:
    """A date as in tables."""
    return fmt.BLANK if value is None else value.strftime("%Y-%m-%d")


@register.filter
def school_year(value: int | None) -> str:
    """2027 as 2027—2028 学年."""
    return fmt.school_year(value, wording.language())


@register.filter
def file_size(value: int | None) -> str:
    """Bytes as KB or MB."""
    if value is None:
        return fmt.BLANK
    return f"{fmt.decimal(value / 1024**2, 1)} MB" if value >= 1024**2 else f"{fmt.count(value / 1024)} KB"


@register.filter
def bold(text: str, links: tuple[str, ...] = ()) -> SafeString:
    """Escaped text in which <b> and </b> of our own sentences set bold; they lead to `links`, in order."""
    pieces = str(escape(text)).replace("&lt;/b&gt;", "</b>").split("&lt;b&gt;")
    safe = pieces[0]
    for number, piece in enumerate(pieces[1:]):
        href = links[number] if number < len(links) else ""
        if href and "</b>" in piece:
            safe += f'<a href="{escape(href)}"><b>{piece.replace("</b>", "</b></a>", 1)}'
        else:
            safe += f"<b>{piece}"
    return SafeString(safe)


@register.simple_tag
def table_rows(table: parts.DataTable) -> SafeString:
    """The rows of a table."""
    return cells.rows(table)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """A value by key or index; empty when there is none."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The present query string with some values changed; an empty value takes the name away."""
    held = context["request"].GET.copy()
    for name, value in changes.items():
        held.pop(name, None)
        if value not in ("", None):
            held[name] = str(value)
    text = held.urlencode()
    return f"?{text}" if text else "?"


@cache
def _manifest(_: float) -> dict[str, Any]:
    return json.loads(_manifest_path().read_text(encoding="utf-8"))


def _manifest_path() -> Path:
    return Path(settings.STATICFILES_DIRS[0]) / "dist" / "manifest.json"


@register.simple_tag
def built(entry: str, kind: str = "file") -> str:
    """Address of a built front-end file; empty when the front end was not built (pages work without)."""
    path = _manifest_path()
    if not path.is_file():
        return ""
    found = _manifest(path.stat().st_mtime).get(entry)
    if not found:
        return ""
    if kind == "css":
        return static(f"dist/{found['css'][0]}") if found.get("css") else ""
    return static(f"dist/{found['file']}")
