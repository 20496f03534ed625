"""What is wrong with a plan that can be read: found before any child is, each with its citation.

Errors stop a plan; notices (severity `warning`) are told and do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from junheng.model.reason import Finding, Severity
from junheng.rules.admission_plan import LEFT_OVER, AdmissionPlan, Condition, ReserveRule
from junheng.rules.book import RuleBook, Standards
from junheng.rules.messages import MESSAGES
from junheng.rules.reader import fault

_EXAM = re.compile(
    r"score|exam|grade|interview|comprehensive|total|成绩|分数|总分|面试|综评|考试", re.IGNORECASE
)
NOTICES = (
    *("short_lists", "unverified", "ties_unproved", "overlap_useless", "block_heuristic", "draw_unproved"),
    "lottery_twins",
)
"""What is told without stopping a plan."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def lint(plan: AdmissionPlan, book: RuleBook, region: str | None = None) -> list[Finding]:
    """Everything the law or good sense holds against a plan, in the order of its lines. The law is that of
    the day of the freeze, or of the first of September of the plan's year."""
    day = plan.draw.freeze if plan.draw is not None and plan.draw.freeze else date(plan.year, 9, 1)
    law = book.at(day, region)
    found = [
        *_compulsory(plan, law),
        *_private(plan, law),
        *_quota(plan, law),
        *_reserves(plan),
        *_overlapping(plan),
        *_block(plan),
        *_proves(plan),
        *_classes(plan),
        *_ties(plan),
        *_short_lists(plan),
        *_seed(plan),
        *_ring(plan),
        *_lottery(plan),
        *_sources(plan),
    ]
    return sorted(found, key=lambda one: one.row or 0)


def _found(plan: AdmissionPlan, code: str, line: int, **about: Any) -> Finding:
    severity: Severity = "warning" if code in NOTICES else "error"
    held = fault(f"admission_plan.{code}", plan.file, line, **about)
    return Finding(
        held.code,
        severity,
        file=held.file,
        row=held.row,
        column=held.column,
        value=held.value,
        parameters=held.parameters,
    )


def _compulsory(plan: AdmissionPlan, law: Standards) -> Iterator[Finding]:
    if not plan.compulsory:
        return
    cite = law["admission"]["exams"].citation()
    named: list[tuple[str, int]] = []
    if plan.score is not None:
        named.append(("score", plan.score.rule.line))
    named += [(f"batches.{one.id}", one.rule.line) for one in plan.batches]
    lists = plan.zone_lists
    if lists is not None:
        named += [(one, lists.rule.line) for one in (*lists.order, *lists.guaranteed) if _EXAM.search(one)]
    for one in plan.identities:
        named += [(field, one.rule.line) for field in sorted(one.when.fields()) if _EXAM.search(field)]
    named += [(one.trait, one.rule.line) for one in plan.reserves if _EXAM.search(one.trait)]
    for value, line in named:
        yield _found(plan, "score_in_compulsory", line, value=value, cite=cite)


def _private(plan: AdmissionPlan, law: Standards) -> Iterator[Finding]:
    private = plan.private
    if private is not None and private.order != ("ticket",):
        cite, said = law["admission"]["private_random"].citation(), ", ".join(private.order)
        yield _found(plan, "private_order", private.rule.line, value=said, cite=cite)


def _quota(plan: AdmissionPlan, law: Standards) -> Iterator[Finding]:
    if plan.stage != "senior_high" or not plan.batches:
        return
    floor = law["quality_balance"]["quota_share"]
    quotas = [one.quota for one in plan.batches if one.quota is not None]
    given = sum((one.share_of_plan for one in quotas if one.to != "program"), Fraction(0))
    line = next((one.rule.line for one in quotas if one.to != "program"), plan.batches[0].rule.line)
    if floor.value is not None and given < Fraction(str(floor.value)):
        about = {"value": f"{float(given):g}", "floor": f"{floor.number:g}", "cite": floor.citation()}
        yield _found(plan, "quota_floor", line, **about)
    total = sum((one.share_of_plan for one in quotas), Fraction(0))
    if total > 1:
        yield _found(plan, "shares_over", line, value=f"{float(total):g}")
    for at, batch in enumerate(plan.batches):
        sent = {one.unfilled_to for one in plan.batches[:at]}
        if batch.pools == "seats_left" and batch.id not in sent:
            yield _found(plan, "no_source", batch.rule.line, value=batch.id)


def _reserves(plan: AdmissionPlan) -> Iterator[Finding]:
    for at, one in enumerate(plan.reserves):
        if one.position is None and plan.overlap == "by_position":
            yield _found(plan, "reserve_position", one.rule.line, value=one.id)
        beside = [b for b in plan.reserves[:at] if _overlap(one, b)]
        for other in beside:
            if one.position is not None and other.position == one.position:
                about = {"value": one.id, "other": other.id, "position": one.position}
                yield _found(plan, "reserve_twice", one.rule.line, **about)
        total = sum((b.share for b in beside), one.share)
        if total > 1:
            yield _found(plan, "reserve_over", one.rule.line, value=f"{float(total):g}")


def _overlapping(plan: AdmissionPlan) -> Iterator[Finding]:
    """What a maximum matching of reserves has no meaning or no use for."""
    if plan.overlap == "by_position":
        return
    line = plan.reserves[0].rule.line if plan.reserves else 1
    if plan.zone_lists is None:
        yield _found(plan, "overlap_lists", line)
        return
    useful = False
    for at, one in enumerate(plan.reserves):
        if one.kind == "hard" and one.returns == "after_run":
            yield _found(plan, "overlap_after_run", one.rule.line, value=one.id)
        for other in plan.reserves[:at]:
            if not _overlap(one, other):
                continue
            useful = useful or one.trait != other.trait
            if _kept(one) != _kept(other):
                about = {"value": one.id, "other": other.id}
                yield _found(plan, "overlap_mixed", one.rule.line, **about)
    if not useful:
        yield _found(plan, "overlap_useless", line)


def _kept(one: ReserveRule) -> bool:
    """Whether seats of a reserve that nobody fills stay empty."""
    return one.kind == "hard" and one.returns == "never"


def _block(plan: AdmissionPlan) -> Iterator[Finding]:
    if plan.zone_lists is not None and plan.zone_lists.twins.mode == "block":
        yield _found(plan, "block_heuristic", plan.zone_lists.rule.line)


def _proves(plan: AdmissionPlan) -> Iterator[Finding]:
    """Whether a public draw can prove what the plan says it proves."""
    draw = plan.draw
    if draw is None or plan.zone_lists is None:
        return
    block = plan.zone_lists.twins.mode == "block"
    if draw.proves == "outcome" and (plan.overlap == "meritorious" or block):
        said = "twins.mode: block" if block else "overlap: meritorious"
        yield _found(plan, "draw_unproved", draw.rule.line, value=said)
    if draw.proves == "tickets" and plan.after is not None and plan.after.publish != "own":
        yield _found(plan, "tickets_publish", plan.after.rule.line, value=plan.after.publish)
    if draw.proves == "tickets" and draw.lottery == "programme":
        yield _found(plan, "tickets_lottery", draw.rule.line)


def _overlap(one: ReserveRule, other: ReserveRule) -> bool:
    return one.ownership == other.ownership or "" in (one.ownership, other.ownership)


def _classes(plan: AdmissionPlan) -> Iterator[Finding]:
    for at, one in enumerate(plan.identities):
        why = ""
        for other in plan.identities[:at]:
            if other.when.always:
                why = MESSAGES["admission_plan.why_after_all"][0].format(other=other.name)
            elif other.when == one.when:
                why = MESSAGES["admission_plan.why_same"][0].format(other=other.name)
        if never(one.when):
            why = MESSAGES["admission_plan.why_never"][0]
        if why:
            yield _found(plan, "class_unreachable", one.rule.line, value=one.id, why=why)
    if plan.identities and not plan.identities[-1].when.always:
        last = plan.identities[-1]
        yield _found(plan, "classes_open", last.rule.line, value=last.id)


def never(condition: Condition) -> bool:
    """Whether nobody can meet a condition, as far as its own tests show: a span without days or numbers, or
    a field that must be two different words at once."""
    if condition.kind == "any":
        return all(never(part) for part in condition.parts)
    if condition.kind == "not":
        return condition.parts[0].always
    if condition.kind == "test":
        return False
    tests = [part for part in condition.parts if part.kind == "test"]
    for part in condition.parts:
        if part.kind == "all":
            tests += [inner for inner in part.parts if inner.kind == "test"]
    by_field: dict[str, list[Condition]] = {}
    for test in tests:
        by_field.setdefault(test.field, []).append(test)
    return any(never(part) for part in condition.parts) or any(_clash(held) for held in by_field.values())


def _clash(tests: list[Condition]) -> bool:
    bounds: dict[str, list[Any]] = {}
    for test in tests:
        bounds.setdefault(test.op, []).append(test.values[0] if test.op != "in" else set(test.values))
    if "from" in bounds and "before" in bounds and max(bounds["from"]) >= min(bounds["before"]):
        return True
    if "at_least" in bounds and "at_most" in bounds and max(bounds["at_least"]) > min(bounds["at_most"]):
        return True
    return len(bounds.get("in", ())) > 1 and not set.intersection(*bounds["in"])


def _ties(plan: AdmissionPlan) -> Iterator[Finding]:
    lists = plan.zone_lists
    draws: list[tuple[str, int]] = []
    if lists is not None:
        if not lists.order or lists.order[-1] != "ticket":
            yield _found(plan, "ties", lists.rule.line, entry="zone_lists.order", value="ticket")
        draws.append(("zone_lists", lists.rule.line))
    if plan.private is not None:
        draws.append(("private", plan.private.rule.line))
    if plan.score is not None:
        if not plan.score.left_over:
            known = " | ".join(one for one in LEFT_OVER if one)
            yield _found(plan, "ties", plan.score.rule.line, entry="score", value=f"left_over: {known}")
        if plan.score.left_over in ("admit_all", "reject_all"):
            about = {"entry": "score.left_over", "value": plan.score.left_over}
            yield _found(plan, "ties_unproved", plan.score.rule.line, **about)
        if plan.score.left_over == "lottery":
            draws.append(("score.left_over", plan.score.rule.line))
    if plan.draw is None and draws:
        yield _found(plan, "draw_missing", draws[0][1], entry=draws[0][0])


def _short_lists(plan: AdmissionPlan) -> Iterator[Finding]:
    banded = ("immediate_acceptance", "parallel")
    lists = plan.zone_lists
    if lists is not None and lists.mechanism in banded and lists.choices is not None:
        about = {"entry": "zone_lists", "choices": lists.choices}
        yield _found(plan, "short_lists", lists.rule.line, **about)
    for batch in plan.batches:
        if batch.mechanism in banded:
            about = {"entry": batch.id, "choices": batch.choices}
            yield _found(plan, "short_lists", batch.rule.line, **about)


def _seed(plan: AdmissionPlan) -> Iterator[Finding]:
    draw = plan.draw
    if draw is None:
        return
    if draw.freeze is None:
        yield _found(plan, "seed_undated", draw.rule.line, value="draw.freeze")
    known: date | None = None
    for at, one in enumerate(draw.seed):
        said = _DAY.search(one.event)
        day = one.day or (date.fromisoformat(said.group()) if said else None)
        # a date inside the words of an event ("first after …") is a day the event comes after
        late_enough = (
            day is not None
            and draw.freeze is not None
            and (day > draw.freeze or (one.day is None and day == draw.freeze))
        )
        if day is None and at == 0:
            yield _found(plan, "seed_undated", draw.rule.line, value=one.source)
        elif day is not None and draw.freeze is not None and not late_enough:
            about = {"value": one.source, "day": day.isoformat(), "freeze": draw.freeze.isoformat()}
            yield _found(plan, "seed_early", draw.rule.line, **about)
        known = day or known


def _ring(plan: AdmissionPlan) -> Iterator[Finding]:
    """Start and step need a ring, one source at most, and a seed beside it that deals the numbers."""
    draw = plan.draw
    if draw is None:
        return
    rings = [one.source for one in draw.seed if one.ring]
    if rings and not draw.ring:
        yield _found(plan, "ring_unused", draw.rule.line, value=rings[0])
    elif len(rings) > 1 or (rings and len(rings) == len(draw.seed)):
        yield _found(plan, "ring_sources", draw.rule.line, value="、".join(rings))


def _lottery(plan: AdmissionPlan) -> Iterator[Finding]:
    """A ticket for each programme goes with neither a common order nor a ring nor reversed tickets."""
    draw, lists = plan.draw, plan.zone_lists
    if draw is None or draw.lottery == "child":
        return
    clashes = {
        "draw.order: ring": draw.ring,
        "mechanism: serial_dictatorship": lists is not None and lists.mechanism == "serial_dictatorship",
        "after.second_round: reverse_lottery": plan.after is not None
        and plan.after.second_round == "reverse_lottery",
        "stage: senior_high": plan.score is not None,
    }
    for value, there in clashes.items():
        if there:
            yield _found(plan, "lottery_clash", draw.rule.line, value=value)
    if lists is not None and lists.twins.mode == "shared_ticket":
        yield _found(plan, "lottery_twins", draw.rule.line)


def _sources(plan: AdmissionPlan) -> Iterator[Finding]:
    if plan.example:
        return  # nothing of an example is in force
    for rule in plan.rules():
        if rule.verified == "unverified":
            sure = MESSAGES["verified_unverified"][0]
            about = {"value": rule.path, "cite": rule.cite or "–", "sure": sure}
            yield _found(plan, "unverified", rule.line, **about)
