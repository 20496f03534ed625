"""Evidence and rounds as tests make them: files, second people at the county, a province above it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from junheng.web.accounts.models import Grant, User
from junheng.web.balance.evidence import actions
from junheng.web.balance.evidence.demands import Demand, demands
from junheng.web.balance.models import AssessmentRound, Evidence
from junheng.web.balance.rounds import actions as rounds
from junheng.web.runs.models import RunRecord

ASSESSMENT, YEAR = "quality_balance", 2025
PDF = b"%PDF-1.7 shown"


def paper(name: str = "材料.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A file as a form sends it."""
    return SimpleUploadedFile(name, content)


def another(desk: Any, role: str, unit: str, username: str = "") -> Any:
    """A further person of a role, with the password of all."""
    from tests.web.desks import PASSWORD

    person = User(username=username or f"{role}_b", name=f"{role} 乙", email="", unit=desk.unit(unit))
    person.set_password(PASSWORD)
    person.save()
    Grant.objects.create(
        user=person, role=role, unit=desk.unit(unit), valid_from=date(2020, 1, 1), granted_by=None, reason="t"
    )
    return User.objects.get(pk=person.pk)


def demand(code: str, assessment: str = ASSESSMENT) -> Demand:
    """What the assessment asks under this code."""
    from junheng.web.workspace import book, region

    law = book().at(date(YEAR, 9, 1), region()).assessment(assessment)
    return next(one for one in demands(law) if one.code == code)


def give(
    desk: Any, by: Any, code: str, unit: str = "region", claim: str = "met", content: bytes = PDF
) -> Evidence:
    """A piece of evidence brought."""
    about = (desk.unit(unit), ASSESSMENT, demand(code), YEAR)
    return actions.provide(about=about, by=by, claim=claim, file=paper(f"{code}.pdf", content))


def confirm(made: Evidence, by: Any, verdict: str = "confirmed", opinion: str = "看过") -> Evidence:
    """The piece reviewed."""
    made = Evidence.objects.get(pk=made.pk)
    return actions.review(made=made, by=by, verdict=verdict, opinion=opinion, row_version=made.row_version)


def take(by: Any) -> str:
    """The desk's evidence taken into the data by the command itself; the version made."""
    from junheng.web.balance.evidence.taking import taking
    from junheng.web.jobs.models import Job
    from junheng.web.jobs.tasks import run_job

    job = actions.take(by=by, base=taking().base)
    run_job.func(job.pk, 1)
    job = Job.objects.get(pk=job.pk)
    assert job.state == Job.DONE, job.failure
    return str(job.result["version"])


def open_one(desk: Any) -> AssessmentRound:
    """A round opened by the county from its published run."""
    run = RunRecord.objects.get()
    return rounds.open_round(
        assessment=ASSESSMENT, run_id=run.run_id, by=desk.person("statistician"), reason="yearly"
    )


def move(held: AssessmentRound, target: str, by: Any, **more: Any) -> AssessmentRound:
    """A step with its document."""
    held = AssessmentRound.objects.get(pk=held.pk)
    given = {"reason": "as due", "file": paper("报告.pdf"), "row_version": held.row_version, **more}
    return rounds.move(held=held, target=target, by=by, **given)
