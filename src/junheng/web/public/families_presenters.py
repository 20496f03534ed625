"""From an entry and an opened envelope to what a page shows: both languages, Chinese first; nothing is read
here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from junheng.web.public.families_messages import MESSAGES
from junheng.web.public.families_reading import Entry

Language = Literal["zh", "en"]
LANGUAGES: tuple[tuple[Language, str], ...] = (("zh", "zh-Hans"), ("en", "en"))
CHECKS = ("V1", "V3", "V4", "V5", "V6")


class Words:
    """The sentences of one language by their name, for templates: `{{ t.title }}`."""

    def __init__(self, language: Language) -> None:
        self._at = 0 if language == "zh" else 1

    def __getitem__(self, name: str) -> str:
        return MESSAGES[f"families.{name}"][self._at]


@dataclass(frozen=True, slots=True)
class Part:
    """One child's result in one language."""

    language: Language
    lang: str
    t: Words
    headline: str
    destination: str
    reasons: list[str]
    enough: list[str]
    note: str
    waiting: list[tuple[str, str]]
    notice: Mapping[str, Any]


def page(**held: Any) -> dict[str, Any]:
    """What every page needs: the words of both languages."""
    return {"t": Words("zh"), "e": Words("en"), **held}


def listing(entries: Iterable[Entry], *, overview: bool) -> dict[str, Any]:
    """The list of open entries; with the way to the overview where one is published."""
    return page(entries=list(entries), overview=overview)


def result(entry: Entry, held: Mapping[str, Any], code: str) -> dict[str, Any]:
    """A child's own page."""
    parts = [_part(held, language, lang) for language, lang in LANGUAGES]
    facts = {"applicant": held["applicant_id"], "receipt": held["receipt"]}
    return page(entry=entry, parts=parts, code=code, proof=held["proof"] is not None, **facts)


def verifying(entry: Entry) -> dict[str, Any]:
    """The page that verifies in the browser: the files it reads and the words its program shows."""
    zh, en = Words("zh"), Words("en")
    checks = [(one, zh[f"check_{one.lower()}"], en[f"check_{one.lower()}"]) for one in CHECKS]
    spoken = ("working", "agrees", "differs", "unread", "no_proof", "insecure")
    said = {one: f"{zh[f'js_{one}']} {en[f'js_{one}']}" for one in spoken}
    files = [name for name, _ in entry.files]
    return page(entry=entry, checks=checks, said=said, files=files)


def proof_name(entry: Entry) -> str:
    """Name of the downloaded proof: nothing personal in it."""
    return f"proof-{entry.plan_id}.json"


def _part(held: Mapping[str, Any], language: Language, lang: str) -> Part:
    texts, t = held["texts"][language], Words(language)
    waiting = [(program, t["place"].format(place=f"{place:,}")) for program, place in held["waiting"]]
    return Part(
        language,
        lang,
        t,
        texts["headline"],
        texts["notice"].get("destination", ""),
        texts["reasons"],
        texts["enough"],
        texts["note"],
        waiting,
        texts["notice"],
    )


def proof_bytes(held: Mapping[str, Any]) -> bytes:
    """The proof as a file, as the verifier reads it."""
    return (json.dumps(held["proof"], ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def busy(seconds: int) -> dict[str, Any]:
    """The page of who tries too often."""
    zh, en = MESSAGES["families.busy_text"]
    return page(texts=(zh.format(seconds=seconds), en.format(seconds=seconds)))


def font_faces(fonts: Iterable[str]) -> bytes:
    """The style that names an entry's type, beside which the fonts lie."""
    rule = (
        '@font-face {{ font-family: "Junheng Families"; font-weight: {weight}; '
        'src: url({name}) format("woff2"); font-display: swap; }}\n'
    )
    return "".join(rule.format(weight=re.sub(r"\D", "", name)[:3], name=name) for name in fonts).encode()
