"""What can be printed for many: kinds of notices, forms, the blanks an office fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RECEIPT, RESULT = "receipt", "result"
OF_RESULT = (RESULT, "admission", "placement", "waiting", "not_admitted")
"""Kinds that follow from a result; `result` is whichever of the others fits a child."""
KINDS = (*OF_RESULT, RECEIPT)
ZIP, PDF = "zip", "pdf"
FORMS = (PDF, ZIP)
MEDIA = {ZIP: "application/zip", PDF: "application/pdf"}
NOWHERE = "-"
"""In place of a school: children who sit nowhere and registered nowhere."""
BLANKS = ("number", "date", "when", "where", "objection", "site")
"""Fields of a letter the office may give; left empty they are spaces to be filled by hand."""
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: kind, form, a school ("" all, `NOWHERE`), language and blanks."""

    plan_id: str
    kind: str
    form: str
    school: str = ""
    language: str = "zh"
    number: str = ""
    date: str = ""
    when: str = ""
    where: str = ""
    objection: str = ""
    site: str = ""

    def plain(self) -> dict[str, str]:
        """As it is kept with the file and in the trail."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def blanks(self) -> dict[str, str]:
        """What the office gave."""
        return {name: getattr(self, name) for name in BLANKS}


def asked(plan_id: str, language: str, sent: Mapping[str, str]) -> Wanted:
    """From a form; what there is not is found by the action."""
    given = {name: sent.get(name, "").strip()[:LONGEST] for name in BLANKS}
    kind, form, school = (sent.get(name, "")[:40] for name in ("kind", "form", "school"))
    return Wanted(plan_id, kind, form, school, language, **given)
