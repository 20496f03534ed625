"""Which report a person may open or take, in which form, and whether it is there already."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.http import Http404

from junheng.report.suppression import Audience
from junheng.web.files.models import StoredFile
from junheng.web.files.protection import report_audience
from junheng.web.house.scope import Scope
from junheng.web.runs import forms_of_report, queries, reading
from junheng.web.runs.models import RunRecord
from junheng.web.wording import say
from junheng.web.workspace import region


@dataclass(frozen=True, slots=True)
class WantedReport:
    """A report asked for."""

    run_id: str
    form: str
    language: str
    audience: Audience

    def plain(self) -> dict[str, str]:
        """As kept with a job."""
        return asdict(self)


def wanted(
    scope: Scope, run_id: str, form: str, audience: str, language: str
) -> tuple[RunRecord, WantedReport]:
    """What this person gets when she asks for that. Http404 for runs, forms and languages there are not."""
    record = reading.visible(scope, run_id)
    known = (
        form in forms_of_report.FORMS
        and audience in ("", "bureau", "public")
        and language in ("", "zh", "en")
    )
    if record is None or record.verb != queries.ANNUAL or not known:
        raise Http404
    held = report_audience(scope, audience)
    return record, WantedReport(run_id, form, language or scope.language, held)


def at_hand(record: RunRecord, asked: WantedReport) -> bytes | None:
    """The report as the run itself stored it; None when it has to be made."""
    return forms_of_report.stored(record, asked.form, asked.language, asked.audience)


def made_before(scope: Scope, asked: WantedReport) -> StoredFile | None:
    """One this person had made before."""
    own = StoredFile.objects.for_user(scope.user).filter(kind=StoredFile.REPORT, run_id=asked.run_id)
    ready = own.exclude(ready_at=None)
    return next((file for file in ready if file.wanted == asked.plain()), None)


def file_name(record: RunRecord, asked: WantedReport) -> str:
    """As in 440103_2027_年度报告_v7.pdf, the public form so called."""
    language: Any = asked.language
    kind = say(f"files.report_{asked.audience}", language)
    parts = (region().code, str(record.origin_year or ""), kind, record.data_version)
    return "_".join(part for part in parts if part) + f".{asked.form}"


@dataclass(frozen=True, slots=True)
class Report:
    """A report asked for, with its content where the run stored it."""

    record: RunRecord
    asked: WantedReport
    content: bytes | None

    @property
    def name(self) -> str:
        """What the file is called."""
        return file_name(self.record, self.asked)

    @property
    def media(self) -> str:
        """Its kind."""
        return forms_of_report.MEDIA[self.asked.form]
