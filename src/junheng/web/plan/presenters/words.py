"""Numbers, targets and scopes of plans in words."""

from __future__ import annotations

from fractions import Fraction

from junheng.model.stages import STAGES
from junheng.monitoring.plan_tracking import Progress
from junheng.monitoring.policy_status import ClauseStatus
from junheng.report import format as fmt
from junheng.report.wording import code_name, has
from junheng.rules.indicator import Indicator
from junheng.rules.policies import Clause, Target
from junheng.web.plan.queries import Ledger
from junheng.web.plan.scope_messages import MESSAGES as SCOPES
from junheng.web.wording import catalogue, reason, say

SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "==": "=", "up": "↑", "down": "↓"}
SHARE = "share"
WORST_FIRST = (
    "missed", "off_course", "strive", "no_data", "no_baseline", "not_due", "on_course", "held", "reached",
)  # fmt: skip


def amount(value: float | Fraction | None, unit: str) -> str:
    """A number in its unit; a share as per cent, to as many digits as it takes."""
    if value is None:
        return fmt.BLANK
    number = float(value)
    if unit == SHARE:
        return f"{_digits(number * 100)}%"
    word = unit_word(unit)
    text = fmt.count(number) if number.is_integer() else _digits(number)
    return f"{text} {word}".strip()


def unit_word(unit: str) -> str:
    """A unit in words; as it is written where a plan of one's own counts in something else."""
    code = f"policy.unit.{unit}"
    return reason(code) if unit and has(code) else unit


def room(name: str) -> str:
    """A kind of work in words; as it is written where a plan of one's own names another."""
    code = f"plan.room_{name}"
    return say(code) if code in catalogue() else name


def _digits(number: float) -> str:
    for decimals in (0, 1):
        if abs(number - round(number, decimals)) < 1e-9:
            return fmt.decimal(number, decimals)
    return fmt.decimal(number, 2)


def indicator_name(held: Ledger, name: str) -> str:
    """An indicator's name, its id where the catalogue has none."""
    declared = held.held.law_indicators.get(name)
    return name if declared is None else declared.name(held.scope.language)


def unit_of(held: Ledger, target: Target) -> str:
    """The target's unit; a direction has none of its own and takes that of another target of its indicator,
    else its indicator's where that is a share."""
    if target.unit:
        return target.unit
    for document in held.documents.values():
        for _, other in document.targets():
            if other.indicator == target.indicator and other.unit:
                return other.unit
    declared: Indicator | None = held.held.law_indicators.get(target.indicator)
    shared = declared is not None and (declared.measure == SHARE or SHARE in declared.display.unit)
    return SHARE if shared else ""


def begun(sentence: str) -> str:
    """With a capital, where it stands at the beginning."""
    return sentence[:1].upper() + sentence[1:]


def wanted(target: Target) -> str:
    """`≥ 90%`; a direction by its arrow."""
    sign = SIGNS[target.op]
    return f"{sign} {amount(target.value, target.unit)}" if target.numeric else sign


def by(target: Target) -> str:
    """The last day, or that it must hold every year."""
    if target.hold == "every_year":
        return say("plan.every_year")
    return fmt.BLANK if target.by is None else target.by.isoformat()


def scope(held: Ledger, target: Target) -> str:
    """Whose figure it is."""
    parts: list[str] = []
    for key, values in target.scope.items():
        named = [_scope_word(held, one) for one in ((values,) if isinstance(values, str) else values)]
        parts.append(say(f"plan.scope_{key}", value=fmt.listed(named, held.scope.language)))
    return " · ".join(parts) or fmt.BLANK


def _scope_word(held: Ledger, value: str) -> str:
    if value in STAGES:
        return code_name("stage", value, held.scope.language)
    return say(f"plan.word_{value}") if f"plan.word_{value}" in SCOPES else value


def now(held: Ledger, one: Progress) -> str:
    """The value measured last; blank where nothing is known."""
    figure = one.course.measured
    return fmt.BLANK if figure is None else amount(figure.value, unit_of(held, one.target))


def missing(one: Progress) -> str:
    """What is missing to the target, in natural units; blank where nothing is."""
    figure = one.course.measured
    return amount(figure.short, one.short_unit) if figure is not None and figure.short else fmt.BLANK


def why(one: Progress) -> str:
    """Why a target stands so."""
    return reason(one.course.reason, dict(one.course.parameters))


def worst(held: Ledger, status: ClauseStatus) -> Progress | None:
    """The target a clause's status rests on."""
    ours = held.progress(status.document, status.clause)
    judged = [one for one in ours if one.judged] or ours
    return min(judged, key=lambda one: WORST_FIRST.index(one.course.status), default=None)


def why_clause(held: Ledger, status: ClauseStatus) -> str:
    """The worst target with its figure; without targets what the evidence and tasks say."""
    one = worst(held, status)
    if one is None:
        listed = fmt.listed(status.evidence, held.scope.language) or fmt.BLANK
        return reason(status.reason, {"overdue": status.tasks_overdue, "evidence": listed})
    short = missing(one)
    return say(
        "plan.why",
        name=indicator_name(held, one.target.indicator),
        now=now(held, one),
        wanted=wanted(one.target),
        short="" if short == fmt.BLANK else say("plan.why_short", short=short),
        why=why(one),
    )


def asked(held: Ledger, clause: Clause) -> str:
    """The targets of a clause in one line."""
    parts = [f"{indicator_name(held, one.indicator)} {wanted(one)}" for one in clause.targets]
    return ("；" if held.scope.language == "zh" else "; ").join(parts)


def standing(clause: Clause) -> str:
    """What Junheng does about a clause before any data; rooms that are not built yet are counted."""
    words = reason(f"policy.standing_{clause.standing}")
    if not clause.missing_rooms:
        return words
    return say("plan.missing_rooms", words=words, count=len(clause.missing_rooms))


def rooms(held: Ledger, clause: Clause) -> str:
    """The same, naming the rooms that are not built yet."""
    words = reason(f"policy.standing_{clause.standing}")
    if not clause.missing_rooms:
        return words
    named = fmt.listed([room(one) for one in clause.missing_rooms], held.scope.language)
    return say("plan.rooms_missing", words=words, rooms=named)
