"""An admission plan (招生方案) as frozen data: who may apply, in which order, in which batches, under which
rule. Read by `admission_plans_reader`, checked by `admission_plan_lint`, run by the room `admission`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from junheng.rules.value import Verified

PlanStage = Literal["kindergarten", "primary", "junior", "senior_high"]
PLAN_STAGES: tuple[PlanStage, ...] = ("kindergarten", "primary", "junior", "senior_high")
COMPULSORY: tuple[PlanStage, ...] = ("primary", "junior")
Destination = Literal["own_school", "zone_lists", "placement", "refused"]
DESTINATIONS: tuple[Destination, ...] = ("own_school", "zone_lists", "placement", "refused")
ListMechanism = Literal["deferred_acceptance", "immediate_acceptance", "parallel", "serial_dictatorship"]
LeftOver = Literal["error", "lottery", "admit_all", "reject_all", "choice_rank", ""]
LEFT_OVER: tuple[LeftOver, ...] = ("", "error", "lottery", "admit_all", "reject_all", "choice_rank")
LIST_MECHANISMS: tuple[ListMechanism, ...] = (
    "deferred_acceptance",
    "immediate_acceptance",
    "parallel",
    "serial_dictatorship",
)
Operator = Literal["in", "before", "from", "at_least", "at_most"]
BatchPools = Literal["program", "origin_school × program", "district × program", "seats_left"]
BATCH_POOLS: tuple[BatchPools, ...] = (
    "program",
    "origin_school × program",
    "district × program",
    "seats_left",
)
Overlap = Literal["by_position", "meritorious"]
Fact = str | int | bool | date


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one part of a plan comes from: `path` names the part, `cite` the document in words, `verified`
    how sure that is (blank: not said), `note` what is uncertain."""

    path: str
    cite: str = ""
    verified: Verified | Literal[""] = ""
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """`all` of its parts (always true where there is none), `any`, `not` of one, or a `test` of one field:
    `in` the values, `before` or `from` a day, `at_least` or `at_most` a number. An unknown fact passes no
    test."""

    kind: Literal["all", "any", "not", "test"]
    parts: tuple[Condition, ...] = ()
    field: str = ""
    op: Operator = "in"
    values: tuple[Fact, ...] = ()

    def fields(self) -> frozenset[str]:
        """Every fact the condition looks at."""
        own = frozenset((self.field,)) if self.kind == "test" else frozenset[str]()
        return own.union(*(part.fields() for part in self.parts))

    @property
    def always(self) -> bool:
        """Whether everybody meets it."""
        return self.kind == "all" and all(part.always for part in self.parts)


@dataclass(frozen=True, slots=True)
class Age:
    """First and last day of birth admitted, both included."""

    born_from: date | None
    born_to: date | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class AddressRule:
    """An address used by another family is locked while year − first year < `years`, or `nine_year_schools`
    where it was used at such a school from `nine_year_from` on (None: as `years`; from any year); uses before
    `counts_from` are not looked at. `effect`: the identity that follows, or `refused`."""

    years: int
    nine_year_schools: int | None
    nine_year_from: int | None
    exempt_siblings: bool
    include_rented: bool
    counts_from: int | None
    effect: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Identity:
    """身份类别: the first whose condition a child meets; `guaranteed` identities are never refused at their
    own school; `protected` ones are shown in sums only."""

    id: str
    name: str
    when: Condition
    to: Destination
    guaranteed: bool
    protected: bool
    rule: Rule


@dataclass(frozen=True, slots=True)
class Twins:
    """How children bound together are dealt with: one ticket for all, or one school before their own ranks
    (`block`, a heuristic), or each alone."""

    mode: Literal["shared_ticket", "block", "none"]
    last_seat: Literal["expand_by_one", "skip", "split"]


@dataclass(frozen=True, slots=True)
class ZoneLists:
    """Lists over the programmes of a zone: `choices` at most (None: all of them), `order` from class to
    ticket (true before false, earlier and smaller first, `-field` larger first), `guaranteed` facts that
    keep a seat at the own school. `lifts`: the flag of the order a younger sibling gets at the school
    an elder one is admitted to in this run (blank: none)."""

    mechanism: ListMechanism
    bands: tuple[int, ...]
    choices: int | None
    first_choice: Literal["registering_school", "free"]
    order: tuple[str, ...]
    guaranteed: tuple[str, ...]
    twins: Twins
    rule: Rule
    lifts: str = ""


@dataclass(frozen=True, slots=True)
class Private:
    """Private schools (公民同招): `losers_enter` the lists or the placement, in the class after
    `losers_after` (blank: after their own)."""

    mechanism: str
    order: tuple[str, ...]
    choices: int
    losers_enter: Literal["zone_lists", "placement"]
    losers_after: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class PlacementRule:
    """统筹: limit in metres, one class after another or together, rings of programmes that can be reached."""

    class_by_class: bool
    limit_m: int
    rings: tuple[str, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class SeedSource:
    """One announced source of the seed, or (`ring`) of start and step of the ring; `day` of its event where
    the plan states it."""

    source: str
    event: str
    day: date | None
    ring: bool = False


@dataclass(frozen=True, slots=True)
class DrawRule:
    """When lists are frozen and which public events give the seed. `ring`: tickets deal numbers, and a drawn
    start and step give the order (起始号 + 间隔). `lottery`: one ticket a child, or one for each programme
    she applies to. `proves`: what the public files prove, the whole outcome, or the tickets and the frozen
    lists alone (for rules no cut-off can prove; the outcome is then worked out again on site)."""

    freeze: date | None
    seed: tuple[SeedSource, ...]
    fallback: str
    rule: Rule
    ring: bool = False
    lottery: Literal["child", "programme"] = "child"
    proves: Literal["outcome", "tickets"] = "outcome"

    @property
    def ring_source(self) -> str:
        """Who draws start and step; blank where they follow from the seed."""
        return next((one.source for one in self.seed if one.ring), "")


@dataclass(frozen=True, slots=True)
class After:
    """What follows the answers, and what is published."""

    second_round: Literal["waiting_list", "rerun", "reverse_lottery", "none"]
    publish: Literal["own", "list", "full"]
    rule: Rule


@dataclass(frozen=True, slots=True)
class ReserveRule:
    """Reserved seats of every programme of one ownership (blank: all): `share` of its seats for holders of
    `trait` at `position` in the order; None where the plan forgot it."""

    id: str
    trait: str
    share: Fraction
    kind: Literal["hard", "soft"]
    position: int | None
    returns: Literal["never", "at_once", "after_run"]
    ownership: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Score:
    """Scores are whole numbers of `unit`; `chain` decides from its first to its last part, each a sum of
    subjects, higher first. What is still equal is an error, goes by ticket, is admitted together (at most
    `max_over` beyond the seats of a programme, None: any number), refused together, or goes by the earlier
    choice and is an error then."""

    total: Fraction
    unit: Fraction
    chain: tuple[tuple[str, ...], ...]
    left_over: LeftOver
    rule: Rule
    max_over: int | None = None

    def units(self, points: Fraction) -> int | None:
        """Points as a whole number of units; None where they are none."""
        counted = points / self.unit
        return counted.numerator if counted.denominator == 1 else None


@dataclass(frozen=True, slots=True)
class Quota:
    """名额分配: `share_of_plan` of each programme's seats (rounded up, so that no share falls under a floor)
    apportioned over origin schools or districts by eligible graduates."""

    share_of_plan: Fraction
    to: Literal["origin_school", "district", "program"]
    rural_weight: Fraction
    method: Literal["largest_remainder", "webster"]
    minimum_seats: int
    minimum_over: int
    minimum_added: bool
    rule: Rule


@dataclass(frozen=True, slots=True)
class PlanBatch:
    """One batch of a senior-high plan. `line` in points (None: no line); `line_of` names the batch whose
    simulated run gives every programme its line, less `line_less` points (blank: none); `chain` where it
    differs from the plan's. Quota seats an origin does not fill go `to_origins` that still ask for the
    programme."""

    id: str
    name: str
    pools: BatchPools
    choices: int
    mechanism: ListMechanism
    bands: tuple[int, ...]
    lock: bool
    quota: Quota | None
    eligible: Condition
    line: Fraction | None
    chain: tuple[tuple[str, ...], ...]
    unfilled_to: str
    rule: Rule
    line_of: str = ""
    line_less: Fraction = Fraction(0)
    to_origins: bool = False


@dataclass(frozen=True, slots=True)
class AdmissionPlan:
    """One plan of a region, stage and year. Entry plans have identities and lists, senior-high plans score
    and batches; a part a plan does not have is None or empty. `words`: how facts and their
    values are written for people. `overlap`: which reserve takes a child who holds several traits, by their
    order or so that most reserved seats are filled."""

    id: str
    title: str
    stage: PlanStage
    year: int
    about: str
    example: bool
    file: str
    local: bool
    words: Mapping[str, str]
    purpose: str
    delete_after: date | None
    pending: str
    age: Age | None
    address: AddressRule | None
    identities: tuple[Identity, ...]
    zone_lists: ZoneLists | None
    private: Private | None
    placement: PlacementRule | None
    reserves: tuple[ReserveRule, ...]
    draw: DrawRule | None
    after: After | None
    score: Score | None
    batches: tuple[PlanBatch, ...]
    overlap: Overlap = "by_position"

    @property
    def compulsory(self) -> bool:
        """Whether every child has a right to a seat."""
        return self.stage in COMPULSORY

    def identity(self, name: str) -> Identity:
        """An identity by its id. KeyError where there is none."""
        for one in self.identities:
            if one.id == name:
                return one
        raise KeyError(name)

    def facts(self) -> tuple[str, ...]:
        """Every fact of a child the plan decides by, in alphabetical order."""
        named = set[str]()
        for one in self.identities:
            named |= one.when.fields()
        for batch in self.batches:
            named |= batch.eligible.fields()
        if self.zone_lists is not None:
            named |= set(self.zone_lists.guaranteed)
            named |= {field.removeprefix("-") for field in self.zone_lists.order} - set(OWN_FIELDS)
        return tuple(sorted(named - {"total"}))

    def rules(self) -> Iterator[Rule]:
        """The source of every part, in the order of the plan."""
        parts = (
            *(self.age, self.address, *self.identities, self.zone_lists, self.private, self.placement),
            *(*self.reserves, self.draw, self.after, self.score),
        )
        for part in parts:
            if part is not None:
                yield part.rule
        for batch in self.batches:
            yield batch.rule
            if batch.quota is not None:
                yield batch.quota.rule


OWN_FIELDS = ("class", "ticket", "distance")
"""Fields of an order that are not facts of the child: the identity's place, the draw, the metres."""
