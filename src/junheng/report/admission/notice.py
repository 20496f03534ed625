"""The papers a family gets (通知书), from rows to what stands on them: pure, no file, no clock.

`paper` turns a `Notice` and the bureau's `Letter` into the texts that docx, PDF and the family's own page
share. Names are optional: without one a line is left to be filled by hand. Making files of them is
`notice_files`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from junheng.model.reason import Language
from junheng.report import format as fmt
from junheng.report import wording

Kind = Literal["receipt", "admission", "placement", "waiting", "not_admitted"]
KINDS: tuple[Kind, ...] = ("receipt", "admission", "placement", "waiting", "not_admitted")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Letter:
    """What all notices of an entry share. Left blank, `number` and `date` are spaces the office fills in;
    `site` is the address of the families' pages, `objection` says how and until when to object, `when` and
    `where` to report, `declared` that the data are invented."""

    bureau: str
    plan: str
    year: int
    number: str = ""
    date: str = ""
    site: str = ""
    objection: str = ""
    when: str = ""
    where: str = ""
    declared: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One child's notice. `program` is the school's or programme's name, `rank` the choice admitted (None: by
    guarantee), `metres` to where it is placed, `waiting` programmes with places, `reasons` lines of the
    explanation, `choices` what was listed, `school` where it was registered, `code` the family code (on the
    receipt slip only), `drawn` whether a public draw decides."""

    kind: Kind
    applicant_id: str
    name: str = ""
    receipt: str = ""
    code: str = ""
    program: str = ""
    rank: int | None = None
    metres: int | None = None
    school: str = ""
    choices: tuple[str, ...] = ()
    waiting: tuple[tuple[str, int], ...] = ()
    reasons: tuple[str, ...] = ()
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a notice, top to bottom; empty parts are left out."""

    declared: str
    bureau: str
    number: str
    title: str
    salutation: str
    opening: str
    destination: str
    lead: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    reasons_label: str
    reasons: tuple[str, ...]
    paragraphs: tuple[str, ...]
    site: str
    code_label: str
    code: str
    keep_label: str
    keep: tuple[str, ...]
    date: str
    footer: str


def paper(notice: Notice, letter: Letter, language: Language = "zh") -> Paper:
    """The texts of a notice. Control characters are dropped; nothing else in a value is touched."""
    say = partial(_say, language)
    known = {"plan": letter.plan, "applicant": notice.applicant_id}
    slip = notice.kind == "receipt"
    made = Paper(
        declared=letter.declared,
        bureau=letter.bureau,
        number=letter.number or say("number", year=letter.year),
        title=say(f"title_{notice.kind}"),
        salutation=say("to", name=notice.name or say("unnamed")),
        opening=say(notice.kind, **known),
        destination=notice.program if notice.kind in ("admission", "placement") else "",
        lead=tuple(_lead(notice, language)),
        fields=tuple(_fields(notice, letter, language)),
        reasons_label=say("reasons") if notice.reasons and notice.kind == "waiting" else "",
        reasons=notice.reasons if notice.kind in ("waiting", "not_admitted") else (),
        paragraphs=tuple(_paragraphs(notice, letter, language)),
        site="" if slip else letter.site,
        code_label=say("code") if slip and notice.code else "",
        code=notice.code if slip else "",
        keep_label=say("keep") if slip else "",
        keep=tuple(_keep(notice, language)) if slip else (),
        date=letter.date or say("date"),
        footer=say("sheet", **known),
    )
    return _printable(made)


def _say(language: Language, code: str, **parameters: Any) -> str:
    return wording.say(f"report.notice.{code}", language, **parameters)


def _lead(notice: Notice, language: Language) -> list[str]:
    say = partial(_say, language)
    if notice.kind == "admission":
        return [say("rank", rank=notice.rank) if notice.rank else say("guaranteed"), say("bring")]
    if notice.kind == "placement":
        far = [say("metres", metres=fmt.count(notice.metres))] if notice.metres is not None else []
        return [*far, say("bring")]
    return []


def _paragraphs(notice: Notice, letter: Letter, language: Language) -> list[str]:
    say = partial(_say, language)
    if notice.kind == "receipt":
        return []
    told = [say("turn")] if notice.kind == "waiting" else []
    return [*told, *([letter.objection] if letter.objection else []), say("check")]


def _fields(notice: Notice, letter: Letter, language: Language) -> list[tuple[str, str]]:
    say = partial(_say, language)
    if notice.kind == "receipt":
        held = [
            (say("field_applicant"), notice.applicant_id),
            (say("field_receipt"), notice.receipt),
            (say("field_school"), notice.school),
        ]
        listed = enumerate(notice.choices, start=1)
        held += [(say("field_choice", rank=rank), one) for rank, one in listed]
        held += [(say("field_site"), letter.site)]
        return [(label, value) for label, value in held if value]
    if notice.kind in ("admission", "placement"):
        return [(say("field_when"), letter.when), (say("field_where"), letter.where)]
    held = notice.waiting if notice.kind == "waiting" else ()
    return [(program, say("position", position=fmt.count(place))) for program, place in held]


def _keep(notice: Notice, language: Language) -> list[str]:
    say = partial(_say, language)
    told = [say("keep_code"), say("keep_use")] if notice.code else []
    return [*told, *([say("keep_draw")] if notice.drawn else []), say("keep_lost"), say("keep_no_seat")]


def _printable(made: Paper) -> Paper:
    def clean(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(clean(one) for one in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return _CONTROL.sub("", value)

    return Paper(**{name: clean(getattr(made, name)) for name in Paper.__slots__})
