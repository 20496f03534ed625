"""Turns plan files into `AdmissionPlan`, collecting every fault with file and line, not only the first.

    plan: title                 # 示例 in the title or `example: true` marks a template
    stage: primary              # kindergarten, primary, junior: identities and lists; senior_high: batches
    year: 2027
    age, address, identities, zone_lists, private, placement, reserves, draw, after     # entry
    overlap: meritorious        # entry: who holds several traits of reserves; by_position where not given
    score, batches, reserves, draw, after                                               # senior high

The fields of each part are the tuples below; every part may add `cite`, `verified` and `note`. Conditions
are maps, never code: all / any / not, `field: value | [values] | {before, from, at_least, at_most}`.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules.admission_batches_reader import BatchFields
from junheng.rules.admission_plan import (
    DESTINATIONS,
    PLAN_STAGES,
    AddressRule,
    AdmissionPlan,
    After,
    Age,
    DrawRule,
    Identity,
    PlacementRule,
    Private,
    ReserveRule,
    SeedSource,
    Twins,
    ZoneLists,
)
from junheng.rules.admission_plan_fields import SOURCE
from junheng.rules.reader import MAX_BYTES, Fault, Mapping, fault, read

PACKAGED = Path(__file__).parent / "admission_plans"
FOLDER = Path("plans") / "admission"
"""Where a workspace keeps its plans."""
_TOP = ("plan", "stage", "year", "about", "example", "words", "purpose", "delete_after")
_PARTS = (
    *("pending", "age", "address", "identities", "zone_lists", "private", "placement", "score", "batches"),
    *("reserves", "overlap", "draw", "after"),
)
_AGE = ("born_from", "born_to")
_ADDRESS = (
    "years",
    "nine_year_schools",
    "nine_year_from",
    "exempt",
    "include_rented",
    "counts_from",
    "effect",
)
_IDENTITY = ("id", "name", "when", "to", "guaranteed", "protected", *SOURCE)
_LISTS = ("mechanism", "bands", "choices", "first_choice", "order", "guaranteed", "twins", "siblings")
_TWINS = ("mode", "last_seat")
_PRIVATE = ("mechanism", "order", "choices", "losers")
_LOSERS = ("enter", "class")
_PLACEMENT = ("order", "limit_m", "rings")
_RESERVE = ("id", "trait", "share", "kind", "position", "returns", "ownership", *SOURCE)
_DRAW = ("order", "lottery", "proves", "freeze", "seed", "fallback")
_SEED = ("source", "event", "day", "gives")
_AFTER = ("second_round", "publish")
RINGS = ("zone", "neighbours", "district")


def admission_plans(*workspaces: Path) -> AnyMapping[str, AdmissionPlan]:
    """The packaged templates and the plans of `workspaces`, by id (the file's name); a workspace's plan takes
    the place of a template of the same name. BadData lists every fault at once."""
    plans, findings = build([Path(one) / FOLDER for one in workspaces])
    if findings:
        raise BadData("admission_plan.invalid", {"count": len(findings)}, findings)
    return plans


def read_plan(path: Path) -> AdmissionPlan:
    """The plan in one file. BadData with every fault."""
    findings: list[Finding] = []
    plan = _file(path, path.name, True, findings)
    if findings or plan is None:
        raise BadData("admission_plan.invalid", {"count": len(findings)}, findings)
    return plan


def plan_of(content: bytes, plan_id: str) -> tuple[AdmissionPlan | None, list[Finding]]:
    """(the plan in `content`, None while it has faults; every fault), for a text that is no file yet."""
    findings: list[Finding] = []
    plan = _content(content, plan_id, f"{plan_id}.yaml", True, findings)
    return (None if findings else plan), findings


def build(folders: Sequence[Path]) -> tuple[dict[str, AdmissionPlan], list[Finding]]:
    """(plans by id, every fault) of the package and of `folders`."""
    packaged, faults = _packaged()
    plans, findings = dict(packaged), list(faults)
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            plan = _file(path, f"{FOLDER.as_posix()}/{path.name}", True, findings)
            if plan is not None:
                plans[plan.id] = plan
    return plans, findings


@cache
def _packaged() -> tuple[dict[str, AdmissionPlan], list[Finding]]:
    findings: list[Finding] = []
    plans = [
        _file(path, f"admission_plans/{path.name}", False, findings)
        for path in sorted(PACKAGED.glob("*.yaml"))
    ]
    return {plan.id: plan for plan in plans if plan is not None}, findings


def _file(path: Path, name: str, local: bool, findings: list[Finding]) -> AdmissionPlan | None:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        findings.append(fault("admission_plan.unreadable", name, 0, detail=error.strerror or str(error)))
        return None
    return _content(content, path.stem, name, local, findings)


def _content(
    content: bytes, stem: str, name: str, local: bool, findings: list[Finding]
) -> AdmissionPlan | None:
    try:
        data = read(content, name)
    except Fault as stopped:
        findings.append(stopped.finding)
        return None
    return _Plan(name, local, findings).plan(data, stem)


class _Plan(BatchFields):
    """One plan file while it is read."""

    def plan(self, data: Mapping, name: str) -> AdmissionPlan:
        """The plan; with faults noted its parts may be stand-ins, so the caller must look at the findings."""
        stage = self.choice(data, "stage", PLAN_STAGES, name)
        senior = stage == "senior_high"
        self.known(data, (*_TOP, *_PARTS))
        needed = ("score", "batches") if senior else ("identities",)
        for field in needed:
            if field not in data:
                self.fault("header_missing", 1, field=field)
        title = self.text(data, "plan", name)
        identities = tuple(self._identity(one) for one in self.mappings(data, "identities"))
        self._once("identities", [(one.id, one.rule.line) for one in identities])
        batches = tuple(self.batch(one) for one in self.mappings(data, "batches"))
        self._once("batches", [(one.id, one.rule.line) for one in batches])
        plan = AdmissionPlan(
            id=name,
            title=title,
            stage=stage,
            year=self.whole(data, "year", name, least=1),
            about=self.text(data, "about", name, needed=False),
            example=self.flag(data, "example", name, default="示例" in title),
            file=self.file,
            local=self.local,
            words=self._words(data, name),
            purpose=self.text(data, "purpose", name, needed=False),
            delete_after=self.day(data, "delete_after", name),
            pending=self.text(data, "pending", name, needed=False) or "stop",
            age=self._age(data),
            address=self._address(data),
            identities=identities,
            zone_lists=self._lists(data),
            private=self._private(data),
            placement=self._placement(data),
            reserves=tuple(self._reserve(one) for one in self.mappings(data, "reserves")),
            draw=self._draw(data),
            after=self._after(data),
            score=self.score(data),
            batches=batches,
            overlap=self.choice(data, "overlap", ("by_position", "meritorious"), name, "by_position"),
        )
        self._references(plan, data)
        return plan

    def _words(self, data: Mapping, name: str) -> dict[str, str]:
        raw = self.mapping(data.get("words"), data.lines.get("words", 1))
        return {one: self.text(raw, one, name) for one in raw}

    def _once(self, part: str, named: Sequence[tuple[str, int]]) -> None:
        seen = set[str]()
        for name, line in named:
            if name in seen:
                self.fault("admission_plan.twice", line, entry=part, value=name)
            seen.add(name)

    def _references(self, plan: AdmissionPlan, data: Mapping) -> None:
        """Names that must stand elsewhere in the plan."""
        known = {one.id for one in plan.identities}

        def must(name: str, line: int, entry: str, allowed: set[str]) -> None:
            if name not in allowed:
                listed = ", ".join(sorted(allowed))
                self.fault("admission_plan.unknown_name", line, entry=entry, value=name, known=listed)

        if plan.pending != "stop":
            must(plan.pending, data.lines["pending"], "pending", known | {"stop"})
        if plan.address is not None:
            must(plan.address.effect, plan.address.rule.line, "address.effect", known | {"refused"})
        if plan.private is not None and plan.private.losers_after:
            must(plan.private.losers_after, plan.private.rule.line, "private.losers.class", known | {"own"})
        for one in plan.identities:
            part = plan.zone_lists if one.to != "placement" else plan.placement
            if one.to != "refused" and part is None:
                field = "placement" if one.to == "placement" else "zone_lists"
                self.fault("admission_plan.part_missing", one.rule.line, entry=one.id, field=field)
        for at, batch in enumerate(plan.batches):
            later = {one.id for one in plan.batches[at + 1 :]}
            if batch.unfilled_to:
                must(batch.unfilled_to, batch.rule.line, f"{batch.id}.unfilled", later)
            if batch.line_of:
                whole = {one.id for one in plan.batches if one.pools == "program" and one.id != batch.id}
                must(batch.line_of, batch.rule.line, f"{batch.id}.line.simulated_line", whole)
            for points in (batch.line, batch.line_less):
                if plan.score is not None and points is not None and plan.score.units(points) is None:
                    about = {"entry": batch.id, "value": str(points), "unit": str(plan.score.unit)}
                    self.fault("admission_plan.off_unit", batch.rule.line, **about)

    def _age(self, data: Mapping) -> Age | None:
        raw = self.part(data, "age", _AGE)
        if raw is None:
            return None
        held = Age(
            self.day(raw, "born_from", "age"), self.day(raw, "born_to", "age"), self.source(raw, "age")
        )
        if held.born_from and held.born_to and held.born_from > held.born_to:
            self.fault("policy.span", raw.line, entry="age", value=held.born_from)
        return held

    def _address(self, data: Mapping) -> AddressRule | None:
        raw = self.part(data, "address", _ADDRESS)
        if raw is None:
            return None
        nine = "nine_year_schools" in raw
        return AddressRule(
            years=self.whole(raw, "years", "address", least=1),
            nine_year_schools=self.whole(raw, "nine_year_schools", "address", least=1) if nine else None,
            nine_year_from=self.whole(raw, "nine_year_from", "address") if "nine_year_from" in raw else None,
            exempt_siblings=self.choice(raw, "exempt", ("siblings", "none"), "address", "none") == "siblings",
            include_rented=self.flag(raw, "include_rented", "address"),
            counts_from=self.whole(raw, "counts_from", "address") if "counts_from" in raw else None,
            effect=self.text(raw, "effect", "address"),
            rule=self.source(raw, "address"),
        )

    def _identity(self, raw: Mapping) -> Identity:
        self.known(raw, _IDENTITY)
        name = self.text(raw, "id", "identities")
        if "when" not in raw:
            self.fault("entry_field", raw.line, entry=name, field="when")
        return Identity(
            name,
            self.text(raw, "name", name),
            self.condition(raw.get("when"), raw.lines.get("when", raw.line), name),
            self.choice(raw, "to", DESTINATIONS, name),
            self.flag(raw, "guaranteed", name),
            self.flag(raw, "protected", name),
            self.source(raw, f"identities.{name}"),
        )

    def _lists(self, data: Mapping) -> ZoneLists | None:
        raw = self.part(data, "zone_lists", _LISTS)
        if raw is None:
            return None
        twins = self.mapping(raw.get("twins"), raw.lines.get("twins", raw.line))
        self.known(twins, _TWINS)
        siblings = self.mapping(raw.get("siblings"), raw.lines.get("siblings", raw.line))
        self.known(siblings, ("dynamic",))
        lifts = self.text(siblings, "dynamic", "zone_lists.siblings", needed=False)
        order = self.words(raw, "order")
        if lifts and lifts not in order:
            listed = ", ".join(order)
            about = {"entry": "zone_lists.siblings", "value": lifts, "known": listed}
            self.fault("admission_plan.unknown_name", raw.lines["siblings"], **about)
        mechanism = self.mechanism(raw, "zone_lists")
        return ZoneLists(
            mechanism=mechanism,
            bands=self.bands(raw, "zone_lists"),
            choices=self.whole(raw, "choices", "zone_lists", least=1) if "choices" in raw else None,
            first_choice=self.choice(
                raw, "first_choice", ("free", "registering_school"), "zone_lists", "free"
            ),
            order=order,
            guaranteed=self.words(raw, "guaranteed"),
            twins=Twins(
                self.choice(twins, "mode", ("none", "shared_ticket", "block"), "twins", "none"),
                self.choice(twins, "last_seat", ("split", "expand_by_one", "skip"), "twins", "split"),
            ),
            rule=self.source(raw, "zone_lists"),
            lifts=lifts,
        )

    def _private(self, data: Mapping) -> Private | None:
        raw = self.part(data, "private", _PRIVATE)
        if raw is None:
            return None
        losers = self.mapping(raw.get("losers"), raw.lines.get("losers", raw.line))
        self.known(losers, _LOSERS)
        after = self.text(losers, "class", "private.losers", needed=False)
        if after and not after.startswith("after "):
            self.fault("admission_plan.after_class", losers.lines["class"], value=after)
        return Private(
            self.choice(raw, "mechanism", ("simple_lottery",), "private"),
            self.words(raw, "order") or ("ticket",),
            self.whole(raw, "choices", "private", 1, least=1),
            self.choice(losers, "enter", ("placement", "zone_lists"), "private.losers"),
            after.removeprefix("after ").strip(),
            self.source(raw, "private"),
        )

    def _placement(self, data: Mapping) -> PlacementRule | None:
        raw = self.part(data, "placement", _PLACEMENT)
        if raw is None:
            return None
        rings = self.words(raw, "rings") or RINGS
        for ring in rings:
            if ring not in RINGS:
                about = {"entry": "placement", "field": "rings", "value": ring, "known": " ".join(RINGS)}
                self.fault("policy.choice", raw.lines["rings"], **about)
        order = self.choice(raw, "order", ("class_by_class", "together"), "placement", "class_by_class")
        limit = self.whole(raw, "limit_m", "placement", least=1)
        return PlacementRule(order == "class_by_class", limit, rings, self.source(raw, "placement"))

    def _reserve(self, raw: Mapping) -> ReserveRule:
        self.known(raw, _RESERVE)
        name = self.text(raw, "id", "reserves")
        return ReserveRule(
            name,
            self.text(raw, "trait", name),
            self.share(raw, "share", name),
            self.choice(raw, "kind", ("hard", "soft"), name),
            self.whole(raw, "position", name, least=1) if "position" in raw else None,
            self.choice(raw, "returns", ("never", "at_once", "after_run"), name, "never"),
            self.text(raw, "ownership", name, needed=False),
            self.source(raw, f"reserves.{name}"),
        )

    def _draw(self, data: Mapping) -> DrawRule | None:
        raw = self.part(data, "draw", _DRAW)
        if raw is None:
            return None
        seed: list[SeedSource] = []
        for one in self.mappings(raw, "seed"):
            self.known(one, _SEED)
            source, event = self.text(one, "source", "draw.seed"), one.get("event")
            if isinstance(event, date):
                self.fault("admission_plan.event_text", one.lines["event"], value=event)
            said = event if isinstance(event, str) else ""
            gives = self.choice(one, "gives", ("seed", "ring"), "draw.seed", "seed")
            seed.append(SeedSource(source, said, self.day(one, "day", source), gives == "ring"))
        if not seed:
            self.fault("entry_field", raw.line, entry="draw", field="seed")
        fallback = self.text(raw, "fallback", "draw")
        ring = self.choice(raw, "order", ("ticket", "ring"), "draw", "ticket") == "ring"
        lottery = self.choice(raw, "lottery", ("child", "programme"), "draw", "child")
        freeze = self.day(raw, "freeze", "draw")
        proves = self.choice(raw, "proves", ("outcome", "tickets"), "draw", "outcome")
        return DrawRule(freeze, tuple(seed), fallback, self.source(raw, "draw"), ring, lottery, proves)

    def _after(self, data: Mapping) -> After | None:
        raw = self.part(data, "after", _AFTER)
        if raw is None:
            return None
        rounds = ("none", "waiting_list", "rerun", "reverse_lottery")
        return After(
            self.choice(raw, "second_round", rounds, "after", "none"),
            self.choice(raw, "publish", ("own", "list", "full"), "after", "own"),
            self.source(raw, "after"),
        )
