"""Forms as a page shows them, and what hostile people type into them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

SCRIPT = "<script>alert(1)</script>"
PAYLOADS = (
    SCRIPT + "\"'><img src=x onerror=alert(1)>",
    "{{7*7}}{% load x %}",
    '#read("/etc/passwd")',
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE accounts_user; --",
    "9" * 10_000,
    "²",
    "-1",
    "👩‍🏫\u202eedoc\u200f",
    "a\x00b",
)
FREE = ("text", "search", "email", "number", "date", "tel", "password", "textarea")


@dataclass
class Form:
    """One form: where it goes and its fields with the values they stand at."""

    action: str
    method: str
    multipart: bool
    held: dict[str, str] = field(default_factory=dict[str, str])
    free: set[str] = field(default_factory=set[str])

    def filled(self, payload: str) -> dict[str, str]:
        """What is typed into fields one may type into; the others as they stand."""
        return {name: payload if name in self.free else value for name, value in self.held.items()}

    def forged(self, payload: str) -> dict[str, str]:
        """Every field replaced, hidden ones and choices too."""
        return dict.fromkeys(self.held, payload)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._now: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            multipart = "multipart" in held.get("enctype", "")
            self._now = Form(held.get("action", ""), held.get("method", "get").lower(), multipart)
            self.forms.append(self._now)
        if self._now is None:
            return
        name = held.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in held or self._select not in self._now.held):
            self._now.held[self._select] = held.get("value", "")
        if not name or tag not in ("input", "textarea", "select", "button"):
            return
        kind = held.get("type", "text") if tag == "input" else tag
        if kind == "file":
            return
        self._now.held.setdefault(name, held.get("value", ""))
        if kind in FREE:
            self._now.free.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        if tag == "select":
            self._select = ""


def forms_of(page: str) -> list[Form]:
    """Every form of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
