"""The annual report of a stored run in any form: as stored, or made again from what is stored."""

from __future__ import annotations

from typing import Any, Literal

from junheng import report
from junheng.data.digest import bytes_digest
from junheng.data.runs import Run
from junheng.model.errors import Refused, VerificationFailed
from junheng.model.reason import Language
from junheng.report import ReportInput
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import region, workspace

Form = Literal["html", "docx", "xlsx", "pdf"]
FORMS: tuple[Form, ...] = ("html", "docx", "xlsx", "pdf")
MEDIA: dict[str, str] = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_STORED = {"html": "report.html", "docx": "report.docx", "xlsx": "tables.xlsx", "pdf": "report.pdf"}
_MAP = "boundaries"


def stored(record: RunRecord, form: str, language: str, audience: str) -> bytes | None:
    """The file the run itself made, when it is of this form, language and audience. VerificationFailed when
    it is no longer what the run's record says."""
    held = reading.run(record.run_id)
    made = (held.record.options.get("language", "zh"), held.record.options.get("audience", "bureau"))
    name = _STORED.get(form)
    if name is None or name not in held.record.files or made != (language, audience):
        return None
    return _read(held, name)


def can_make(record: RunRecord) -> bool:
    """Whether the run kept what every form of its report needs."""
    return report.BASIS in reading.run(record.run_id).record.files


def make(record: RunRecord, form: str, language: Language, audience: Any) -> bytes:
    """The report in a form, from the stored tables, findings and citations. Same run, same bytes. Refused
    for a run made before those were kept."""
    source = source_of(record)
    if form == "html":
        return report.html(source, language=language, audience=audience).encode()
    makers = {"docx": report.docx, "xlsx": report.workbook, "pdf": report.pdf}
    return makers[form](source, language=language, audience=audience)


def source_of(record: RunRecord) -> ReportInput:
    """All that the run's report was made from. Refused when the run did not keep it, or the data version it
    was made from is gone."""
    held = reading.run(record.run_id)
    if report.BASIS not in held.record.files:
        raise Refused("runs.no_basis", {"run": record.run_id})
    version = workspace().store.holding(inputs_of(held))
    if version is None:
        raise Refused("runs.inputs_gone", {"run": record.run_id})
    tables = {**workspace().tables(version.id), **held.tables()}
    same_map = held.record.inputs.get(_MAP) == workspace().digests().get(_MAP)
    bare = ReportInput(region(), tables, workspace().boundaries() if same_map else None)
    return report.with_basis(bare, _read(held, report.BASIS))


def citations(record: RunRecord) -> tuple[Any, ...]:
    """Standards the run used, with source and sureness; none when it did not keep them."""
    return tuple(_basis(record).citations)


def findings(record: RunRecord) -> tuple[Any, ...]:
    """What stood in the way or was doubted; none when the run did not keep them."""
    return tuple(_basis(record).findings)


def _basis(record: RunRecord) -> ReportInput:
    held = reading.run(record.run_id)
    bare = ReportInput(region(), {})
    return report.with_basis(bare, _read(held, report.BASIS)) if report.BASIS in held.record.files else bare


def inputs_of(held: Run) -> dict[str, str]:
    """Digests of the workspace's tables among a run's inputs."""
    return {name: digest for name, digest in held.record.inputs.items() if name not in (_MAP, "levers")}


def _read(held: Run, name: str) -> bytes:
    content = (held.path / name).read_bytes() if (held.path / name).is_file() else b""
    if bytes_digest(content) != held.record.files[name]:
        raise VerificationFailed("runs.file_changed", {"run": held.id, "file": name})
    return content
