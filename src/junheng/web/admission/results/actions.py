"""What may be done with a result: looked at child by child, answered, published, carried into a round,
changed by hand. Placements by hand are never deleted."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.model.code_list import CodeList
from junheng.model.codes import CODE_LISTS
from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT
from junheng.web.admission import states
from junheng.web.admission.actions.steps import take
from junheng.web.admission.draws.actions.proposals import Kind, register
from junheng.web.admission.draws.models import Draw, LateChild, Proposal
from junheng.web.admission.draws.people import holders
from junheng.web.admission.models import Answer, Child, Entry, Override
from junheng.web.admission.results.verbs import PUBLISH, ROUND
from junheng.web.audit.chain import record as audit
from junheng.web.files import actions as files
from junheng.web.files.actions import Taken
from junheng.web.files.contents import Contents, Wanted
from junheng.web.files.reports import WantedReport
from junheng.web.house.file_names import safe_name
from junheng.web.house.scope import Scope
from junheng.web.jobs import actions as jobs
from junheng.web.jobs.models import Job
from junheng.web.notices.actions import tell

LEVELS = ("own", "list", "full")
POLICIES = ("waiting_list", "rerun", "reverse_lottery")
LONGEST = 100
LARGEST = 2 * 1024 * 1024
AFTER_DRAW = (states.DRAWN, states.CHECKED, states.PUBLISHED)


def grounds() -> CodeList:
    """Grounds on which a child may be placed by hand."""
    return CODE_LISTS["placement_ground"]


def register_all() -> None:
    """Name the verbs of this part that need two people."""
    register(Kind("publish", (states.CHECKED, states.PUBLISHED), check_publish, publish, _to("results")))
    register(Kind("round", (states.PUBLISHED,), check_round, begin_round, _to("answers")))


@transaction.atomic
def look(*, entry: Entry, applicant_id: str, by: Any) -> None:
    """That somebody looked at one child's result. PermissionDenied without `admit`; Refused for a child the
    entry does not have."""
    if not by.may(ADMIT, entry.unit):
        raise PermissionDenied(ADMIT)
    if not Child.objects.filter(entry=entry, applicant_id=applicant_id).exists():
        raise Refused("results.child_unknown", {"value": applicant_id[:40]})
    audit("admission.result_looked", by=by, unit=entry.unit, object=f"{entry.plan_id} {applicant_id}")


@transaction.atomic
def answer(*, entry: Entry, number: int, applicant_id: str, said: str, by: Any) -> Answer:
    """Record a family's answer to the offer of a round; a later answer takes its place until the round is
    held. PermissionDenied without `admit`; Refused for an unknown child or answer, and once that round was
    held."""
    held = _published(entry, by)
    _open_round(held, number)
    child = Child.objects.filter(entry=held, applicant_id=applicant_id.strip()).first()
    if child is None:
        raise Refused("results.child_unknown", {"value": applicant_id[:40]})
    if said not in Answer.ANSWERS:
        raise Refused("results.answer_unknown", {"value": said[:20]})
    made, _ = Answer.objects.update_or_create(
        entry=held, round=number, child=child, defaults={"answer": said, "by": by, "at": timezone.now()}
    )
    audit(
        "admission.answered",
        by=by,
        unit=held.unit,
        object=f"{held.plan_id} {child.applicant_id}",
        diff={"round": number, "answer": said},
    )
    return made


@transaction.atomic
def answers_from(*, entry: Entry, number: int, content: bytes, name: str, by: Any) -> int:
    """Record the answers of a file (Excel or CSV, see `data.admission_answers`), all or none; returns how
    many. BadData with every fault of the file, each with its row; Refused for one that is too large."""
    held = _published(entry, by)
    _open_round(held, number)
    known = dict(Child.objects.filter(entry=held).values_list("applicant_id", "pk"))
    said = _read(content, name, known)
    now = timezone.now()
    Answer.objects.filter(entry=held, round=number, child_id__in=[known[one] for one in said]).delete()
    Answer.objects.bulk_create(
        [
            Answer(entry=held, round=number, child_id=known[one], answer=answer, by=by, at=now)
            for one, answer in said.items()
        ],
        batch_size=500,
    )
    audit(
        "admission.answered_file",
        by=by,
        unit=held.unit,
        object=held.plan_id,
        diff={"round": number, "answers": len(said)},
        file_sha256=hashlib.sha256(content).hexdigest(),
    )
    return len(said)


@transaction.atomic
def override(
    *, entry: Entry, applicant_id: str, program_id: str, ground: str, document_no: str, by: Any
) -> Override:
    """Propose a placement by hand. PermissionDenied without `admit`; Refused before the draw, for an unknown
    child, programme or ground, without a document number, and for a child with one that waits or holds."""
    held = _locked(entry, by)
    if held.state not in AFTER_DRAW:
        raise Refused("results.override_early", {})
    child = Child.objects.filter(entry=held, applicant_id=applicant_id.strip()).first()
    if child is None:
        raise Refused("results.child_unknown", {"value": applicant_id[:40]})
    if program_id not in held_programs(held):
        raise Refused("results.program_unknown", {"value": program_id[:40]})
    if ground not in grounds().entries:
        raise Refused("results.ground_missing", {})
    if not document_no.strip() or len(document_no) > LONGEST:
        raise Refused("results.document_missing", {"most": LONGEST})
    if LateChild.objects.filter(child=child).exists():
        raise Refused("results.override_late", {"value": child.applicant_id})
    if Override.objects.filter(entry=held, child=child).exists():
        raise Refused("results.override_twice", {"value": child.applicant_id})
    made = Override.objects.create(
        entry=held, child=child, program_id=program_id, ground=ground, document_no=document_no.strip(), by=by
    )
    audit(
        "admission.override_proposed",
        by=by,
        unit=held.unit,
        object=f"{held.plan_id} {child.applicant_id}",
        diff={"override": made.pk, "program": program_id, "ground": ground, "document": made.document_no},
    )
    tell(
        to=holders(ADMIT, held.unit, besides=by),
        code="results.notice_override",
        link=_to("overrides")(held),
        title=held.title,
        who=by.name,
    )
    return made


@transaction.atomic
def approve(*, row: Override, by: Any, row_version: int) -> Override:
    """Sign a placement another person proposed, after its effect on others was shown. PermissionDenied
    without `admit`; Refused for one's own, and for one signed or changed meanwhile."""
    held = Override.objects.select_for_update(of=("self",)).select_related("child").get(pk=row.pk)
    entry = _locked(held.entry, by)
    if held.approved_by_id is not None or held.row_version != row_version:
        raise Refused("draws.dealt_with", {})
    if held.by_id == by.pk:
        raise Refused("draws.two_people", {})
    held.approved_by, held.approved_at = by, timezone.now()
    held.row_version += 1
    held.save()
    audit(
        "admission.override_approved",
        by=by,
        unit=entry.unit,
        object=f"{entry.plan_id} {held.child.applicant_id}",
        diff={
            "override": held.pk,
            "program": held.program_id,
            "ground": held.ground,
            "document": held.document_no,
        },
    )
    return held


def check_publish(entry: Entry, args: Mapping[str, Any]) -> None:
    """A result whose own check is clean and with which the verifier agrees; a known level; no placement by
    hand that waits for its second person."""
    draw = entry.draws.exclude(state=Draw.SUPERSEDED).first()
    if draw is None or draw.state != Draw.HELD or not draw.outcome.get("clean"):
        raise Refused("results.not_clean", {})
    if args.get("level") not in LEVELS:
        raise Refused("results.level_unknown", {})
    if Override.objects.filter(entry=entry, approved_by__isnull=True).exists():
        raise Refused("results.override_waits", {})


def publish(proposal: Proposal, by: Any) -> None:
    """Have everything verified once more and written."""
    entry = proposal.entry
    args = {"entry": entry.pk, "level": proposal.args["level"], "day": timezone.localdate().isoformat()}
    proposal.job = jobs.start(verb=PUBLISH, args=args, unit=entry.unit, by=by, queue="quick")


@transaction.atomic
def published(job: Job, result: Mapping[str, Any]) -> None:
    """The publication stands: take the entry a step further the first time, write it down every time."""
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=job.args["entry"])
    diff = {"level": job.args["level"], **result}
    if entry.state == states.CHECKED:
        take(
            "publish",
            entry=entry,
            by=job.owner,
            row_version=entry.row_version,
            diff=diff,
            file_sha256=str(result["manifest"]),
        )
        return
    audit(
        "admission.republished",
        by=job.owner,
        unit=job.unit,
        object=entry.plan_id,
        diff=diff,
        file_sha256=str(result["manifest"]),
    )


def check_round(entry: Entry, args: Mapping[str, Any]) -> None:
    """The next round, by a known rule, on the answers as they were when it was proposed."""
    if args.get("policy") not in POLICIES:
        raise Refused("results.policy_unknown", {})
    _open_round(entry, int(args.get("round", 0)))
    if args.get("answers") != digest_of_answers(entry, int(args["round"])):
        raise Refused("results.answers_changed", {})
    if LateChild.objects.filter(entry=entry, state=LateChild.OPEN).exists():
        raise Refused("results.late_waits", {})


def begin_round(proposal: Proposal, by: Any) -> None:
    """Have the round held."""
    entry = proposal.entry
    joining = LateChild.objects.filter(entry=entry, state=LateChild.TAKEN, round=None)
    args = {
        "entry": entry.pk,
        "round": proposal.args["round"],
        "policy": proposal.args["policy"],
        "late": list(joining.order_by("number").values_list("number", flat=True)),
    }
    proposal.job = jobs.start(verb=ROUND, args=args, unit=entry.unit, by=by, queue="quick")


@transaction.atomic
def round_held(job: Job, result: Mapping[str, Any]) -> None:
    """Write down that a round was held, and which late arrivals joined it."""
    entry = Entry.objects.get(pk=job.args["entry"])
    came = LateChild.objects.filter(entry=entry, number__in=job.args.get("late", []))
    came.update(round=job.args["round"], joined_at=timezone.now())
    audit("admission.round_held", by=job.owner, unit=job.unit, object=entry.plan_id, diff=dict(result))


def digest_of_answers(entry: Entry, number: int) -> str:
    """Answers and late arrivals of a round as one number: what was proposed is what is confirmed."""
    came = LateChild.objects.filter(entry=entry, round=None).order_by("number")
    late = [f"+{one}\t{state}" for one, state in came.values_list("applicant_id", "state")]
    rows = Answer.objects.filter(entry=entry, round=number).order_by("child__applicant_id")
    said = [f"{who}\t{said}" for who, said in rows.values_list("child__applicant_id", "answer")]
    text = "\n".join([*said, *late])
    return hashlib.sha256(text.encode()).hexdigest()


def take_table(*, scope: Scope, entry: Entry, table: Any, frame: pl.DataFrame, form: str) -> Taken:
    """A table of results as a file, counted and written down."""
    audience: Any = "bureau"
    held = Contents(table, frame, entry.plan_digest[:12], "", audience)
    return files.take_table(scope=scope, wanted=Wanted(entry.plan_id, table.name, form), held=held)


def take_paper(*, held: Any, paper: tuple[str, str, bytes]) -> Taken:
    """A child's notice or receipt slip as a file, counted and written down."""
    name, media, content = paper
    scope, entry = held.shown.scope, held.shown.entry
    form = name.rpartition(".")[2]
    asked = WantedReport(entry.plan_id, form, scope.language, "bureau")
    return files.take_report(scope=scope, asked=asked, name=name, media=media, content=content)


def held_programs(entry: Entry) -> frozenset[str]:
    """Programmes of the frozen entry."""
    from junheng.web.admission.draws.folders import folder_of  # noqa: PLC0415 - reads the folder

    return frozenset(folder_of(entry.plan_id).tables()["admission_programs"]["program_id"].to_list())


def next_round(entry: Entry) -> int:
    """Number of the round whose answers are taken now."""
    from junheng.web.admission.draws.folders import folder_of  # noqa: PLC0415 - as above

    return max(folder_of(entry.plan_id).rounds(), default=0) + 1


def _open_round(entry: Entry, number: int) -> None:
    if number != next_round(entry):
        raise Refused("results.round_over", {"round": number})


def _published(entry: Entry, by: Any) -> Entry:
    held = _locked(entry, by)
    if held.state != states.PUBLISHED:
        raise Refused("results.not_published", {})
    return held


def _locked(entry: Entry, by: Any) -> Entry:
    held: Entry = Entry.objects.select_for_update(of=("self",)).select_related("unit").get(pk=entry.pk)
    if not by.may(ADMIT, held.unit):
        raise PermissionDenied(ADMIT)
    return held


def _read(content: bytes, name: str, known: Collection[str]) -> dict[str, str]:
    """Answers of a file by applicant. Refused for a file too large; BadData with every fault of it."""
    from junheng.data.admission_answers import read_answers  # noqa: PLC0415 - workbooks, where one came

    if len(content) > LARGEST:
        raise Refused("results.file_large", {})
    with tempfile.TemporaryDirectory(prefix="junheng-answers-") as place:
        path = Path(place) / safe_name(name)
        path.write_bytes(content)
        return dict(read_answers(path, known).iter_rows())


def _to(view: str) -> Any:
    def address(entry: Entry) -> str:
        parts = {"unit": entry.unit.code, "year": entry.year, "plan_id": entry.plan_id}
        return reverse(f"admission:{view}", kwargs=parts)

    return address
