"""One child: her facts to decide in one place, what the plan makes of them and why, her history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from junheng.report import format as fmt
from junheng.report.admission import plan_page
from junheng.rules.admission_plan import Rule
from junheng.web.admission import child_form
from junheng.web.admission.child_form import as_flag
from junheng.web.admission.child_queries import One
from junheng.web.admission.models import Child
from junheng.web.admission.presenters import parts
from junheng.web.admission.standings import kinds_of
from junheng.web.house.navigation import name_of
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.privacy import masking
from junheng.web.wording import reason, say


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact to decide; `options` are (value, word, chosen)."""

    name: str
    label: str
    value: str
    paper: str
    note: str
    missing: bool
    light: Light
    by: str
    options: tuple[tuple[str, str, bool], ...]


def page(one: One, fault: str = "", shown_name: str = "") -> Page:
    """The child's page."""
    child, scope = one.child, one.held.scope
    given = one.given
    identity = say("child.no_identity_yet")
    if given is not None:
        identity = one.plan.identity(given.identity).name if given.identity else say("entry.nobody")
    name = shown_name or masking.name(child.name)
    state = say(f"child.state_{child.state}")
    code = "child.headline_one" if one.plan.identities else "child.headline_senior"
    up = (say("entry.tab_children"), scope.url("admission:children", plan_id=one.held.entry.plan_id))
    return Page(
        title=child.applicant_id,
        headline=say(code, child=f"{child.applicant_id} {name}".strip(), identity=identity, state=state),
        crumbs=parts.trail(scope, one.held.entry, up, (child.applicant_id, "")),
        tabs=parts.tabs(scope, one.held.entry, "children"),
        method=parts.method("checks", "identity", "names"),
        body={
            "fault": fault,
            "opinion": child.opinion,
            "row_version": child.row_version,
            "facts": tuple(_fact(one, fact) for fact in _names(one) if fact in child.facts),
            "unclaimed": _unclaimed(one),
            "open": one.open and child.state not in (Child.WITHDRAWN,),
            "particulars": _particulars(one),
            "tables": _tables(one),
            "history": _history(one),
            "actions": _actions(one),
            "masked": bool(child.name) and not shown_name,
        },
    )


def _names(one: One) -> list[str]:
    """Facts of the plan in its order, then what else is on record."""
    known = list(kinds_of(one.plan))
    return [*known, *(name for name in one.child.facts if name not in known)]


def _unclaimed(one: One) -> str:
    """Facts of the plan of which the family has said nothing."""
    names = [one.plan.words.get(name, name) for name in kinds_of(one.plan) if name not in one.child.facts]
    return fmt.listed(names, one.held.scope.language)


def _fact(one: One, name: str) -> FactLine:
    fact: Mapping[str, Any] = one.child.facts.get(name) or {}
    kind = kinds_of(one.plan).get(name, "text")
    state = fact.get("state") or Child.PENDING
    options = tuple((value, say(f"child.fact_{value}"), value == state) for value in Child.FACT_STATES)
    by = " ".join(part for part in (str(fact.get("by") or ""), str(fact.get("on") or "")) if part)
    return FactLine(
        name,
        one.plan.words.get(name, name),
        value_of(one.around, one.held.scope, kind, str(fact.get("value") or "")),
        str(fact.get("paper") or ""),
        str(fact.get("note") or ""),
        name in one.child.missing,
        Light(parts.FACT_LIGHTS[state], say(f"child.fact_{state}")),
        by,
        options,
    )


def value_of(around: child_form.Around, scope: Scope, kind: str, value: str) -> str:
    """A fact's value as people read it."""
    if not value:
        return fmt.BLANK
    if kind in ("flag", "place") and as_flag(value) in child_form.FLAGS:
        return say("child.yes" if as_flag(value) == "true" else "child.no")
    if kind == "place" and value in around.programs:
        return around.programs[value].name
    if kind == "place" and value in scope.register.by_code:
        return name_of(scope.register.by_code[value], scope.language)
    return around.plan.words.get(value, value)


def particular_of(around: child_form.Around, scope: Scope, name: str, value: str) -> str:
    """A column of a child's row as people read it."""
    if name == "sex" and value in ("1", "2"):
        return say(f"child.sex_{value}")
    if name == "own_program_id" and value in around.programs:
        return around.programs[value].name
    if name == "origin_school_id" and value in scope.register.by_code:
        return name_of(scope.register.by_code[value], scope.language)
    return value or fmt.BLANK


def _particulars(one: One) -> tuple[tuple[str, str], ...]:
    child, language = one.child, one.held.scope.language
    school = name_of(child.school, language) if child.school is not None else say("child.no_school")
    found = [(say("child.school"), school)]
    for name in child_form.columns(one.plan):
        value = particular_of(one.around, one.held.scope, name, str(child.row.get(name) or ""))
        found.append((say(f"child.{name}"), value))
    if one.others:
        link = str(child.row.get("link") or "siblings")
        found.append((say("child.family"), say(f"child.family_{link}", count=one.others)))
    return tuple(found)


def _tables(one: One) -> tuple[DataTable, ...]:
    found: list[DataTable] = []
    if one.plan.identities:
        found.append(_identities(one))
    found.append(_choices(one))
    if one.objections:
        found.append(_objections(one))
    return tuple(found)


def _identities(one: One) -> DataTable:
    """Every identity in the plan's order: the first that is met is given, unless a rule stands against it."""
    head = (
        Head(say("entry.col_identity")),
        Head(say("child.col_when"), width=3),
        Head(say("child.col_met")),
        Head(say("child.col_cite"), width=2),
    )
    language = "en" if one.held.scope.language == "en" else "zh"
    rows: list[Row] = []
    first = True
    for test in one.tested:
        identity = one.plan.identity(test.identity)
        given = one.given is not None and one.given.identity == identity.id
        if given:
            light = Light("good", say("child.given"))
        elif test.met and first:
            light = Light("bad", say("child.met_against"))
        else:
            light = Light("unseen", say("child.met_later" if test.met else "child.not_met"))
        first = first and not test.met
        when = plan_page.condition(one.plan, identity.when, language)
        rows.append(
            Row((Cell(identity.name, bold=given), when, light, cited(identity.rule)), key=identity.id)
        )
    return DataTable("identities", say("child.identities"), head, tuple(rows), note=_against(one))


def _against(one: One) -> str:
    """Which rule stood against the child, with its source."""
    given = one.given
    if given is None or not given.code:
        return say("child.identities_note")
    if given.rule == "address":
        return reason(
            "admission.address_locked",
            {"first_year": given.first_year, "years": given.years, "cite": given.cite or fmt.BLANK},
        )
    if given.rule == "age":
        return reason("admission.refused_age", {"fact": given.fact, "cite": given.cite or fmt.BLANK})
    return reason("admission.refused_identities", {})


def cited(rule: Rule) -> Cell:
    """A rule's source and how sure it is."""
    sure = reason(f"verified_{rule.verified}") if rule.verified else ""
    return Cell(rule.cite or fmt.BLANK, sub=sure)


def _choices(one: One) -> DataTable:
    head = (
        Head(say("child.col_list")),
        Head(say("child.col_rank"), "right"),
        Head(say("child.col_program"), width=2),
        Head(say("child.col_eligible"), width=2),
    )
    rows: list[Row] = []
    for batch, programs in one.child.choices.items():
        for rank, program in enumerate(programs, start=1):
            held = one.around.programs.get(program)
            rows.append(
                Row(
                    (
                        batch_name(one, batch),
                        str(rank),
                        Cell(held.name if held else program, sub=program),
                        _eligible(one, batch, program),
                    ),
                    key=f"{batch}-{rank}",
                )
            )
    return DataTable(
        "choices",
        say("child.choices"),
        head,
        tuple(rows),
        empty=say("child.no_choices"),
        note=say("child.choices_note"),
    )


def batch_name(one: One, batch: str) -> str:
    """A list's name."""
    for held in one.plan.batches:
        if held.id == batch:
            return held.name
    return say(f"child.list_{batch}") if batch in ("public", "private") else batch


def _eligible(one: One, batch: str, program: str) -> Light | Cell:
    if program not in one.around.programs:
        return Light("bad", say("child.program_unknown"))
    if one.plan.batches:
        held = next((entry for entry in one.plan.batches if entry.id == batch), None)
        met = one.batches.get(batch)
        if held is None or met is None:
            return Light("none", say("child.eligible_unknown"))
        if met:
            return Cell(
                say("child.eligible"),
                light="good",
                sub="" if held.line is None else say("child.line", line=f"{float(held.line):g}"),
            )
        language = "en" if one.held.scope.language == "en" else "zh"
        return Cell(
            say("child.not_eligible"), light="bad", sub=plan_page.condition(one.plan, held.eligible, language)
        )
    if one.given is None:
        return Light("none", say("child.eligible_unknown"))
    if one.given.to == "refused":
        return Cell(
            say("child.not_eligible"), light="bad", sub=say(f"child.against_{one.given.rule or 'identities'}")
        )
    if batch == "private" or one.given.to == "zone_lists":
        return Light("good", say("child.eligible"))
    return Cell(say("child.not_by_list"), light="near", sub=say(f"child.by_{one.given.to}"))


def _objections(one: One) -> DataTable:
    head = (
        Head(say("entry.col_objection"), width=3),
        Head(say("entry.col_state")),
        Head(say("entry.col_answer"), width=2),
    )
    rows = tuple(
        Row((held.text, say(f"entry.objection_{held.state}"), held.answer or fmt.BLANK), key=str(held.pk))
        for held in one.objections
    )
    return DataTable("objections", say("entry.tab_objections"), head, rows)


def _history(one: One) -> DataTable:
    head = (Head(say("child.col_at")), Head(say("child.col_who")), Head(say("child.col_step"), width=2))
    rows = tuple(
        Row(
            (
                timezone.localtime(held.at).strftime("%Y-%m-%d %H:%M"),
                held.by.name,
                Cell(say(f"child.step_{held.verb}"), sub=held.text),
            ),
            key=str(held.pk),
        )
        for held in one.steps
    )
    return DataTable("history", say("child.history"), head, rows, empty=say("child.no_history"))


def _actions(one: One) -> dict[str, Any]:
    """Addresses of what this person may do with the child now."""
    scope, child = one.held.scope, one.child

    def url(view: str) -> str:
        return scope.url(f"admission:{view}", plan_id=one.held.entry.plan_id, child=child.pk)

    found: dict[str, Any] = {
        "reveal": url("child_reveal"),
        "slip": url("child_slip") if child.missing else "",
    }
    if not one.open:
        return found
    if child.state == Child.WITHDRAWN:
        return found | {"readmit": url("child_readmit")}
    found |= {
        "decide": url("child_decide"),
        "withdraw": url("child_withdraw"),
        "correct": Anchor(say("child.correct"), url("child_edit")),
    }
    at_school = child.state in (Child.REGISTERED, Child.PAPERS_MISSING)
    if at_school or (child.state == Child.SCHOOL_CHECKED and one.held.runs):
        found["pass"] = url("child_pass")
        found["pass_text"] = say("child.pass_school" if at_school else "child.pass_bureau")
        blocked = len({*child.pending, *child.missing})
        own = not at_school and one.checker == scope.user.pk
        found["blocked"] = (
            say("child.still_pending", count=blocked)
            if blocked
            else say("child.second_person")
            if own
            else ""
        )
    if one.held.runs and child.state in (Child.SCHOOL_CHECKED, Child.BUREAU_CHECKED):
        found["send_back"] = url("child_send_back")
    return found
