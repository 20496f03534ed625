"""State of the installation, for those who operate it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from junheng.report import format as fmt
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.people_at import moment
from junheng.web.manage.queries import Health
from junheng.web.wording import catalogue, say

ALIVE = timedelta(seconds=60)
GIGABYTE = 1024**3


def health(scope: Scope, held: Health, now: datetime) -> Page:
    """What must hold, the workers, the last check of the trail, jobs by state."""
    faults = sum(not holds for holds in held.checks.values())
    code = "manage.health_good" if not faults else "manage.health_bad"
    return Page(
        say("manage.health_title"),
        say(code, count=faults),
        crumbs=crumbs(scope, "manage:index", Crumb(say("manage.health_title"))),
        body=(_checks(held), _workers(held, now), _jobs(scope, held)),
    )


def _checks(held: Health) -> DataTable:
    rows = tuple(
        Row(
            (
                _named("check", name),
                _light(holds),
                _detail(name, held),
                "" if holds else _named("mend", name),
            )
        )
        for name, holds in held.checks.items()
    )
    head = (
        Head(say("manage.col_check")),
        Head(say("manage.col_state")),
        Head(say("manage.col_found")),
        Head(say("manage.col_mend")),
    )
    return DataTable("checks", say("manage.checks_caption"), head, rows)


def _named(part: str, name: str) -> str:
    """Words for a check; its own name for one that a service registered without any."""
    code = f"manage.{part}_{name}"
    return say(code) if code in catalogue() else name


def _light(holds: bool) -> Light:
    return Light("good" if holds else "bad", say("manage.holds" if holds else "manage.fails"))


def _detail(name: str, held: Health) -> str:
    if name == "audit":
        return _verified(held.last_verification)
    if name == "workers":
        return say("manage.workers_known", count=fmt.count(len(held.beats)))
    if name != "disk":
        return fmt.BLANK
    return say(
        "manage.disk_free",
        free=fmt.decimal(held.disk_free / GIGABYTE, 1),
        share=fmt.percent(held.disk_free / held.disk_total),
    )


def _verified(last: Any) -> str:
    if last is None:
        return say("manage.never_verified")
    code = "manage.verified_at" if last.broken_at is None else "manage.verified_broken"
    return say(code, at=moment(last.at), events=fmt.count(last.events), seq=last.broken_at)


def _workers(held: Health, now: datetime) -> DataTable:
    rows = tuple(
        Row(
            (
                Cell(beat.worker),
                beat.queues,
                Light(
                    "good" if now - beat.at <= ALIVE else "bad",
                    say("manage.alive" if now - beat.at <= ALIVE else "manage.silent"),
                ),
                moment(beat.started_at),
                moment(beat.at),
            )
        )
        for beat in held.beats
    )
    head = (
        Head(say("manage.col_worker")),
        Head(say("manage.col_queues")),
        Head(say("manage.col_state")),
        Head(say("manage.col_started")),
        Head(say("manage.col_beat")),
    )
    return DataTable("workers", say("manage.workers_caption"), head, rows, empty=say("manage.no_workers"))


def _jobs(scope: Scope, held: Health) -> DataTable:
    rows = tuple(
        Row(
            (
                Anchor(say(f"manage.jobs_{state}"), scope.url("jobs:list", query=f"state={state}")),
                fmt.count(count),
            )
        )
        for state, count in held.jobs.items()
    )
    head = (Head(say("manage.col_jobs")), Head(say("manage.col_count"), "right"))
    return DataTable("jobs", say("manage.jobs_caption"), head, rows)
