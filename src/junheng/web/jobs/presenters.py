"""Jobs as sentences: what goes on, how far, what came of it, what one may do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from junheng.report import format as fmt
from junheng.web.accounts.roles import OPERATE
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Anchor, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.jobs import registry
from junheng.web.jobs.models import Job
from junheng.web.wording import reason, say

SHOWN_FINDINGS = 20
_LIGHTS: dict[str, Any] = {
    Job.WAITING: "unseen",
    Job.RUNNING: "unseen",
    Job.DONE: "good",
    Job.FAILED: "bad",
    Job.CANCELLED: "none",
    Job.LOST: "bad",
}


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as it is shown. `share` is a whole per cent, None where it cannot be known. Addresses are empty
    where there is nothing to do: `cancel`, `retry` take a POST, `leads_to` shows the result."""

    id: int
    title: str
    sentence: str
    light: Light
    share: int | None
    counted: str
    living: bool
    href: str
    progress: str
    cancel: str = ""
    retry: str = ""
    leads_to: str = ""
    findings: tuple[str, ...] = ()
    findings_title: str = ""


def job_view(job: Job, scope: Scope, ahead: int = 0) -> JobView:
    """A job for whoever looks; `ahead` is how many come before a waiting one."""
    title = say(registry.verb(job.verb).title_code)
    own = job.owner == scope.user or scope.may(OPERATE)
    found = _findings(job)
    return JobView(
        id=job.pk,
        title=title,
        sentence=_sentence(job, title, ahead),
        light=Light(_LIGHTS[job.state], say(f"jobs.state_{job.state}")),
        share=None if job.share is None else int(job.share * 100),
        counted=_counted(job),
        living=not job.ended,
        href=scope.url("jobs:one", job=job.pk),
        progress=scope.url("jobs:progress", job=job.pk),
        cancel=scope.url("jobs:cancel", job=job.pk) if own and not (job.ended or job.cancel_asked) else "",
        retry=scope.url("jobs:retry", job=job.pk) if own and _may_be_retried(job) else "",
        leads_to=leads_to(job, scope) if job.state == Job.DONE else "",
        findings=found,
        findings_title=_findings_title(job, len(found)),
    )


def job_views(
    jobs: Sequence[Job], scope: Scope, ahead: Mapping[int, int] | None = None
) -> tuple[JobView, ...]:
    """Several jobs."""
    return tuple(job_view(job, scope, (ahead or {}).get(job.pk, 0)) for job in jobs)


def leads_to(job: Job, scope: Scope) -> str:
    """Where the result of a finished job is read."""
    verb = registry.verb(job.verb)
    if verb.leads_to is not None:
        return verb.leads_to(job)
    return scope.url("manage:run", run_id=job.run_id) if job.run_id else ""


def job_page(job: Job, scope: Scope, ahead: int = 0) -> Page:
    """The page of one job; its technical record only for those who operate."""
    view = job_view(job, scope, ahead)
    number = fmt.count(job.pk)
    return Page(
        title=say("jobs.one_title", job=number, title=view.title),
        headline=say("jobs.one_title", job=number, title=view.title),
        crumbs=_crumbs(scope, Crumb(say("jobs.title"), scope.url("jobs:list")), Crumb(number)),
        body={
            "job": view,
            "facts": DataTable(
                "facts",
                say("jobs.facts"),
                (Head(""), Head("")),
                tuple(Row(fact) for fact in _facts(job, scope)),
            ),
            "log": job.log if scope.may(OPERATE) else "",
        },
    )


def list_page(jobs: Sequence[Job], scope: Scope, ahead: Mapping[int, int], everyone: bool) -> Page:
    """The newest jobs, one's own or all those of the units one operates."""
    living = sum(not job.ended for job in jobs)
    headline = (
        say("jobs.headline_some", living=fmt.count(living), count=fmt.count(len(jobs)))
        if jobs
        else say("jobs.headline_none")
    )
    return Page(
        title=say("jobs.title"),
        headline=headline,
        crumbs=_crumbs(scope, Crumb(say("jobs.title"))),
        tabs=_tabs(scope, everyone) if scope.may(OPERATE) else (),
        body={"table": _table(jobs, scope, ahead), "refresh": living > 0},
    )


def _tabs(scope: Scope, everyone: bool) -> tuple[tuple[Anchor, bool], ...]:
    return (
        (Anchor(say("jobs.tab_all"), scope.url("jobs:list", query="of=all")), everyone),
        (Anchor(say("jobs.tab_mine"), scope.url("jobs:list")), not everyone),
    )


def _table(jobs: Sequence[Job], scope: Scope, ahead: Mapping[int, int]) -> DataTable:
    names = ("job", "state", "progress", "owner", "unit", "began", "lasted")
    right = ("began", "lasted")
    views = job_views(jobs, scope, ahead)
    return DataTable(
        "jobs",
        say("jobs.caption"),
        tuple(Head(say(f"jobs.head_{name}"), "right" if name in right else "left") for name in names),
        tuple(
            Row(
                (
                    Anchor(view.title, view.href, sub=fmt.count(job.pk)),
                    view.light,
                    view.counted or view.sentence,
                    job.owner.name,
                    name_of(job.unit, scope.language),
                    _moment(job.created_at),
                    _lasted(job) or fmt.BLANK,
                ),
                key=str(job.pk),
            )
            for job, view in zip(jobs, views, strict=True)
        ),
        empty=say("jobs.empty"),
    )


def _sentence(job: Job, title: str, ahead: int) -> str:
    if job.state == Job.WAITING:
        return (
            say("jobs.is_waiting", title=title, ahead=ahead)
            if ahead
            else say("jobs.is_waiting_first", title=title)
        )
    if job.state == Job.RUNNING and job.cancel_asked:
        return say("jobs.is_stopping", title=title)
    if job.state == Job.RUNNING and job.message.get("code"):
        step = reason(job.message["code"], job.message.get("parameters"))
        return say("jobs.is_running_step", title=title, step=step.rstrip("。."))
    if job.state == Job.FAILED:
        why = reason(job.failure.get("code", "jobs.broke_off"), job.failure.get("parameters"))
        return say("jobs.is_failed", title=title, why=why)
    return say(f"jobs.is_{job.state}", title=title, lasted=_lasted(job))


def _counted(job: Job) -> str:
    """Progress in numbers, only where it is known."""
    if job.state != Job.RUNNING or job.share is None:
        return ""
    return say("jobs.of", done=fmt.count(job.done), total=fmt.count(job.total))


def _may_be_retried(job: Job) -> bool:
    return job.state in (Job.FAILED, Job.CANCELLED, Job.LOST)


def _findings(job: Job) -> tuple[str, ...]:
    rows = (job.failure or {}).get("findings") or []
    return tuple(_finding(row) for row in rows[:SHOWN_FINDINGS])


def _finding(row: Mapping[str, Any]) -> str:
    place = [str(row.get("file") or ""), str(row.get("sheet") or "")]
    if row.get("row") is not None:
        place.append(say("jobs.place_row", row=row["row"]))
    place.append(str(row.get("column") or ""))
    text = reason(str(row.get("code", "")), {"value": row.get("value"), **(row.get("parameters") or {})})
    shown = " · ".join(part for part in place if part)
    return f"{shown} — {text}" if shown else text


def _findings_title(job: Job, shown: int) -> str:
    if not shown:
        return ""
    count = (job.failure or {}).get("finding_count") or shown
    return say("jobs.findings", shown=fmt.count(shown), count=fmt.count(count))


def _facts(job: Job, scope: Scope) -> tuple[tuple[str, str], ...]:
    facts = [
        (say("jobs.fact_number"), fmt.count(job.pk)),
        (say("jobs.head_owner"), job.owner.name),
        (say("jobs.head_unit"), name_of(job.unit, scope.language)),
        (say("jobs.head_began"), _moment(job.created_at)),
        (say("jobs.fact_began"), _moment(job.started_at)),
        (say("jobs.fact_ended"), _moment(job.ended_at)),
        (say("jobs.head_lasted"), _lasted(job) or fmt.BLANK),
        (say("jobs.fact_tried"), say("jobs.fact_attempts", count=fmt.count(job.attempts))),
    ]
    return (*facts, (say("jobs.fact_run"), job.run_id)) if job.run_id else tuple(facts)


def _moment(value: datetime | None) -> str:
    return fmt.BLANK if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")


def _lasted(job: Job) -> str:
    if job.started_at is None or job.ended_at is None:
        return ""
    seconds = max(round((job.ended_at - job.started_at).total_seconds()), 1)
    if seconds < 60:
        return say("jobs.seconds", count=seconds)
    return say("jobs.minutes", minutes=fmt.count(seconds // 60), seconds=seconds % 60)


def _crumbs(scope: Scope, *more: Crumb) -> tuple[Crumb, ...]:
    return crumbs(scope, "jobs:list", *more)
