"""An admission plan printed back as a page for the notice board, in Markdown that also reads as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from junheng.model.reason import Language, words
from junheng.report.admission.plan_messages import MESSAGES
from junheng.rules.admission_plan import AdmissionPlan, Condition, Fact, PlanBatch, Rule
from junheng.rules.messages import MESSAGES as RULES


def page(plan: AdmissionPlan, language: Language = "zh") -> str:
    """The plan in words: every rule with its numbers, its source and how sure that is."""
    return "\n".join(_Page(plan, language).lines()) + "\n"


def condition(plan: AdmissionPlan, held: Condition, language: Language = "zh") -> str:
    """A condition of the plan in words."""
    told = _Page(plan, language)
    return told.say("everybody") if held.always else told.when(held)


class _Page:
    """One page while it is written."""

    def __init__(self, plan: AdmissionPlan, language: Language) -> None:
        self.plan = plan
        self.language: Language = language

    def say(self, told: str, /, **about: Any) -> str:
        """A sentence of this page."""
        return words(MESSAGES, f"report.plan.{told}", about, self.language)

    def lines(self) -> Iterator[str]:
        """Everything, from the title down."""
        plan = self.plan
        yield f"# {plan.title}"
        yield ""
        yield self.say("year", year=plan.year)
        if plan.example:
            yield self.say("example")
        if plan.about:
            yield plan.about
        for title, told in (
            ("age_title", self.age()),
            ("address_title", self.address()),
            ("identities_title", self.identities()),
            ("private_title", self.private()),
            ("lists_title", self.lists()),
            ("reserves_title", self.reserves()),
            ("placement_title", self.placement()),
            ("score_title", self.score()),
        ):
            yield from self.part(self.say(title), list(told))
        for number, batch in enumerate(plan.batches, start=1):
            title = self.say("batch_title", number=number, name=batch.name)
            yield from self.part(title, list(self.batch(batch)))
        yield from self.part(self.say("draw_title"), list(self.draw()))

    def part(self, title: str, told: list[str]) -> Iterator[str]:
        """A heading with its lines; nothing where there are none."""
        if told:
            yield from ("", f"## {title}", "")
            yield from (one if one.startswith("  ") else f"- {one}" for one in told)

    def source(self, rule: Rule) -> Iterator[str]:
        """Citation, sureness and note of a rule."""
        if rule.cite:
            sure = self.say("unsaid")
            if rule.verified:
                sure = words(RULES, f"verified_{rule.verified}", {}, self.language)
            yield "  " + self.say("cite", cite=rule.cite, sure=sure)
        if rule.note:
            yield "  " + self.say("note", note=rule.note)

    def age(self) -> Iterator[str]:
        """Dates of birth."""
        if (age := self.plan.age) is not None:
            yield self.say("age", first=age.born_from or "–", last=age.born_to or "–")
            yield from self.source(age.rule)

    def address(self) -> Iterator[str]:
        """The address rule with the years on both sides of it."""
        rule, plan = self.plan.address, self.plan
        if rule is None:
            return
        free = plan.year - rule.years
        yield self.say("address", years=rule.years, example=free, locked=free + 1)
        if rule.nine_year_schools is not None:
            yield self.say("nine", years=rule.nine_year_schools, since=rule.nine_year_from or "–")
        if rule.exempt_siblings:
            yield self.say("exempt")
        if rule.include_rented:
            yield self.say("rented")
        effect = self.say("refused") if rule.effect == "refused" else plan.identity(rule.effect).name
        yield self.say("effect", effect=effect)
        yield from self.source(rule.rule)

    def identities(self) -> Iterator[str]:
        """Identities in their order, and what a pending fact does."""
        for one in self.plan.identities:
            to = self.say(f"to_{one.to}") + (self.say("guaranteed") if one.guaranteed else "")
            when = self.say("everybody") if one.when.always else self.when(one.when)
            yield self.say("identity", name=one.name, when=when, to=to)
            yield from self.source(one.rule)
        if self.plan.identities and self.plan.pending == "stop":
            yield self.say("pending_stop")
        elif self.plan.identities:
            yield self.say("pending", name=self.plan.identity(self.plan.pending).name)

    def private(self) -> Iterator[str]:
        """The private draw and what follows for who loses it."""
        held = self.plan.private
        if held is None:
            return
        yield self.say("private", choices=held.choices)
        after = self.say("own_class")
        if held.losers_after not in ("", "own"):
            after = self.plan.identity(held.losers_after).name
        yield self.say(f"losers_{held.losers_enter}", after=after)
        yield from self.source(held.rule)

    def lists(self) -> Iterator[str]:
        """Mechanism, order and twins of the lists."""
        held = self.plan.zone_lists
        if held is None:
            return
        yield self.say(held.mechanism, bands="、".join(map(str, held.bands)))
        if held.choices is not None:
            yield self.say("choices", choices=held.choices)
        if held.first_choice == "registering_school":
            yield self.say("first")
        known = ("class", "ticket", "distance")
        order = [self.say(one) if one in known else self.word(one.removeprefix("-")) for one in held.order]
        yield self.say("order", order=self.say("then").join(order))
        if held.twins.mode == "shared_ticket":
            yield self.say("twins", last=self.say(held.twins.last_seat))
        if held.twins.mode == "block":
            yield self.say("twins_block")
        if held.lifts:
            yield self.say("lifts", field=self.word(held.lifts))
        yield from self.source(held.rule)

    def reserves(self) -> Iterator[str]:
        """Reserves in their order, or as filled together."""
        together = self.plan.overlap == "meritorious"
        for one in self.plan.reserves:
            about = {
                "position": one.position or "–",
                "share": f"{float(one.share):.3g}",
                "trait": self.word(one.trait),
            }
            told = one.returns if one.kind == "hard" else "at_once"
            yield self.say(f"reserve_{self.plan.overlap}", returns=self.say(f"returns_{told}"), **about)
            yield from self.source(one.rule)
        if together and self.plan.reserves:
            yield self.say("overlap")

    def placement(self) -> Iterator[str]:
        """统筹 in words."""
        held = self.plan.placement
        if held is None:
            return
        rings = "、".join(self.say(f"ring_{one}") for one in held.rings)
        yield self.say("placement", limit=held.limit_m, rings=rings)
        if held.class_by_class:
            yield self.say("by_class")
        yield from self.source(held.rule)

    def score(self) -> Iterator[str]:
        """Total, unit and chain."""
        held = self.plan.score
        if held is None:
            return
        total, unit = f"{float(held.total):g}", f"{float(held.unit):g}"
        yield self.say("score", total=total, unit=unit, chain=self.chain(held.chain))
        if held.left_over:
            most = self.say("any_number") if held.max_over is None else str(held.max_over)
            yield self.say(f"left_{held.left_over}", most=most)
        yield from self.source(held.rule)

    def chain(self, chain: tuple[tuple[str, ...], ...]) -> str:
        """Parts of a chain in their order."""
        named = ["+".join(self.say("total") if one == "total" else one for one in part) for part in chain]
        return self.say("then").join(named)

    def batch(self, batch: PlanBatch) -> Iterator[str]:
        """One batch in words."""
        mechanism = self.say(batch.mechanism, bands="、".join(map(str, batch.bands)))
        yield self.say("batch", choices=batch.choices, mechanism=mechanism)
        when = self.say("anybody") if batch.eligible.always else self.when(batch.eligible)
        yield self.say("eligible", when=when)
        if batch.line is not None:
            yield self.say("line", line=f"{float(batch.line):g}")
        if batch.line_of:
            name = next(one.name for one in self.plan.batches if one.id == batch.line_of)
            yield self.say("line_of", name=name, less=f"{float(batch.line_less):g}")
        if batch.chain:
            yield self.say("order", order=self.chain(batch.chain))
        if (quota := batch.quota) is not None:
            yield self.say(f"quota_{quota.to}", share=f"{float(quota.share_of_plan):.3g}")
            if quota.minimum_seats:
                yield self.say("minimum", seats=quota.minimum_seats)
            if quota.rural_weight != 1:
                yield self.say("rural", weight=f"{float(quota.rural_weight):g}")
            yield from self.source(quota.rule)
        if batch.to_origins:
            yield self.say("to_origins")
        if batch.unfilled_to:
            names = {one.id: one.name for one in self.plan.batches}
            yield self.say("unfilled", name=names[batch.unfilled_to])
        if batch.lock:
            yield self.say("locked")
        yield from self.source(batch.rule)

    def draw(self) -> Iterator[str]:
        """Freeze, seed, what comes after, and how long data are kept."""
        plan = self.plan
        if plan.draw is not None:
            if plan.draw.freeze is not None:
                yield self.say("freeze", day=plan.draw.freeze)
            seed = "、".join(
                " ".join(part for part in (one.source, one.event, str(one.day or "")) if part)
                for one in plan.draw.seed
                if not one.ring
            )
            yield self.say("seed", seed=seed, fallback=plan.draw.fallback)
            if plan.draw.ring:
                yield self.say("ring")
                by = plan.draw.ring_source
                yield self.say("ring_balls", source=by) if by else self.say("ring_seed")
            if plan.draw.lottery == "programme":
                yield self.say("lottery")
            if plan.draw.proves == "tickets":
                yield self.say("proves_tickets")
            yield from self.source(plan.draw.rule)
        if plan.after is not None:
            yield self.say(f"second_{plan.after.second_round}")
        if plan.purpose and plan.delete_after is not None:
            yield self.say("purpose", purpose=plan.purpose, day=plan.delete_after)

    def when(self, condition: Condition) -> str:
        """A condition in words."""
        if condition.kind == "test":
            values = self.say("list_or").join(self.value(one) for one in condition.values)
            return self.say(f"test_{condition.op}", field=self.word(condition.field), values=values)
        if condition.kind == "not":
            return self.say("not", part=self.when(condition.parts[0]))
        joint = self.say("and" if condition.kind == "all" else "or")
        told = [
            f"（{self.when(one)}）" if one.kind in ("all", "any") and len(one.parts) > 1 else self.when(one)
            for one in condition.parts
        ]
        return joint.join(told)

    def value(self, value: Fact) -> str:
        """A value of a condition."""
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        return value.isoformat() if isinstance(value, date) else self.word(str(value))

    def word(self, code: str) -> str:
        """The plan's own word for a fact or one of its values."""
        return self.plan.words.get(code, code)
