"""The ceremony: the published numbers typed by two people, the seed, and where the projection stands.

Nothing else is asked of anybody. A seed once made is never made again; what is under way goes on after an
interruption from the step that stands in the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.admission.announcement import RING, moment
from junheng.admission.seeds import seed_of
from junheng.model.errors import BadData, Refused
from junheng.web.accounts.roles import ADMIT
from junheng.web.admission import states
from junheng.web.admission.actions.steps import take
from junheng.web.admission.draws import announced as announcements
from junheng.web.admission.draws import ceremony_steps as steps
from junheng.web.admission.draws.models import Draw, Typed
from junheng.web.admission.draws.verbs import DRAW
from junheng.web.admission.models import Entry
from junheng.web.audit.chain import record as audit
from junheng.web.jobs import actions as jobs
from junheng.web.jobs.models import Job

MOST_DIGITS = 9


@transaction.atomic
def type_numbers(*, draw: Draw, by: Any, typed: Sequence[Mapping[str, Any]]) -> Typed:
    """One person's typing of all announced results. PermissionDenied without `admit`. Refused before the
    events, for another event or another count of numbers, for a second typing by the same person in one
    attempt, and once two have agreed. Two that differ are both kept, and both type anew."""
    held = _locked(draw, by)
    if held.state != Draw.ANNOUNCED or held.results:
        raise Refused("draws.numbers_are_in", {})
    rings = {one["name"] for one in held.announcement["sources"] if one["kind"] == RING}
    results = [_plain(one, ring=one["source"] in rings) for one in typed]
    try:
        seed_of(announcements.read(held), announcements.results(results), moment(_now()))
    except BadData as error:
        first = error.findings[0]
        raise Refused(first.code, {**first.parameters, "value": first.value}) from None
    rows = list(held.typed.order_by("attempt", "id"))
    attempt = rows[-1].attempt if rows else 1
    now = [one for one in rows if one.attempt == attempt]
    if len(now) == 2:  # they differed: both begin anew
        attempt, now = attempt + 1, []
    if any(one.by_id == by.pk for one in now):
        raise Refused("draws.typed_already", {})
    made = Typed.objects.create(draw=held, attempt=attempt, results=results, by=by)
    said = "draw.numbers_typed"
    if now:
        same = now[0].results == results
        said = "draw.numbers_agree" if same else "draw.numbers_differ"
        if same:
            held.results = results
            held.row_version += 1
            held.save()
    audit(
        said,
        by=by,
        unit=held.entry.unit,
        object=held.announcement["draw_id"],
        diff={"attempt": attempt, "results": results},
    )
    return made


@transaction.atomic
def hold(*, draw: Draw, by: Any) -> Draw:
    """Make the seed of the numbers two people agreed on and begin the draw. PermissionDenied without `admit`.
    Refused without them, and where there is a seed already."""
    held = _locked(draw, by)
    if held.canonical or held.state != Draw.ANNOUNCED:
        raise Refused("admission.seed_twice", {"draw": held.announcement.get("draw_id", "")})
    if not held.results:
        raise Refused("draws.not_agreed", {})
    drawn_at = moment(_now())
    seed = seed_of(announcements.read(held), announcements.results(held.results), drawn_at)
    held.canonical, held.digest, held.drawn_at = seed.seed.canonical, seed.seed.digest.hex(), drawn_at
    held.state, held.step = Draw.SEEDED, steps.SEED
    held.row_version += 1
    held.job = jobs.start(
        verb=DRAW,
        args={"draw": held.pk, "entry": held.entry_id},
        unit=held.entry.unit,
        by=by,
        queue="quick",
        input_digest="",
    )
    held.save()
    audit(
        "draw.seed",
        by=by,
        unit=held.entry.unit,
        object=held.announcement["draw_id"],
        diff={"canonical": held.canonical, "digest": held.digest, "drawn_at": drawn_at},
    )
    return held


@transaction.atomic
def advance(*, draw: Draw, by: Any, to: str) -> Draw:
    """Show the next step, or one that was shown before. PermissionDenied without `admit`; Refused for a step
    whose time has not come."""
    held = _locked(draw, by)
    if to not in steps.STEPS:
        raise Refused("draws.no_such_step", {})
    reached = steps.STEPS.index(held.step)
    wanted = steps.STEPS.index(to)
    if wanted > reached + 1 or not steps.open_now(to, held, timezone.now()):
        raise Refused("draws.step_early", {"step": f"draws.step_{to}"})
    held.step = to
    held.row_version += 1
    held.save(update_fields=["step", "row_version"])
    return held


@transaction.atomic
def held(job: Job, result: Mapping[str, Any]) -> None:
    """Write down what the worker drew or admitted and proved; clean, the entry counts as checked."""
    draw = Draw.objects.select_for_update(of=("self",)).get(pk=job.args["draw"])
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=draw.entry_id)
    draw.outcome, draw.state, draw.row_version = dict(result), Draw.HELD, draw.row_version + 1
    draw.drawn_at = draw.drawn_at or moment(_now())
    draw.save()
    points = {one["number"]: one["right"] for one in result["checks"]}
    diff = {"draw": draw.pk, "checks": points, "failed": result["failed"]}
    if entry.state == states.ANNOUNCED:
        entry = take("draw", entry=entry, by=job.owner, row_version=entry.row_version, diff=diff)
    if result["clean"]:
        take("check", entry=entry, by=job.owner, row_version=entry.row_version, diff=diff)


def _locked(draw: Draw, by: Any) -> Draw:
    held = Draw.objects.select_for_update(of=("self",)).get(pk=draw.pk)
    entry = Entry.objects.select_for_update(of=("self",)).select_related("unit").get(pk=held.entry_id)
    if not by.may(ADMIT, entry.unit):
        raise PermissionDenied(ADMIT)
    if held.state in (Draw.FROZEN, Draw.SUPERSEDED):
        raise Refused("draws.not_announced", {})
    held.entry = entry
    return held


def _plain(one: Mapping[str, Any], *, ring: bool) -> dict[str, Any]:
    """A result as it is compared and kept: numbers ascending, as the seed takes them; start and step of a
    ring as they were drawn."""
    plain: dict[str, Any] = {"source": str(one["source"]), "event": str(one["event"])}
    if one.get("signature") or one.get("randomness"):
        given = {name: str(one.get(name, "")) for name in ("signature", "randomness")}
        return plain | {name: "".join(text.split()).lower() for name, text in given.items()}
    numbers: list[int] = []
    for text in (str(given).strip() for given in one.get("numbers", ())):
        if not text.isdecimal() or not text.isascii() or len(text) > MOST_DIGITS:
            raise Refused("draws.number_odd", {"value": text[:20], "source": plain["source"]})
        numbers.append(int(text))
    return plain | {"numbers": numbers if ring else sorted(numbers)}


def _now() -> str:
    return timezone.localtime().isoformat(timespec="seconds")
