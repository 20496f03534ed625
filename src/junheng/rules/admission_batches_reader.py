"""Reads what only plans with batches have: the score, batches and quotas."""

from __future__ import annotations

from typing import Any, cast

from junheng.rules.admission_plan import BATCH_POOLS, LIST_MECHANISMS, Condition, PlanBatch, Quota, Score
from junheng.rules.admission_plan_fields import SOURCE, PlanFields
from junheng.rules.reader import Mapping

_BATCH = (
    *("id", "name", "pools", "choices", "mechanism", "bands", "lock", "quota", "eligible", "line", "chain"),
    *("unfilled", *SOURCE),
)
_SCORE = ("total", "unit", "chain", "left_over")
_QUOTA = ("share_of_plan", "to", "rural_weight", "weight", "method", "minimum")
_QUOTA_TO = ("origin_school", "district", "program")
_MINIMUM = ("seats", "to", "taken_from")


class BatchFields(PlanFields):
    """Reads score, batches and quotas of one plan."""

    def mechanism(self, raw: Mapping, label: str) -> Any:
        """The mechanism, with bands exactly where it needs them."""
        mechanism = self.choice(raw, "mechanism", LIST_MECHANISMS, label)
        if (mechanism == "parallel") != ("bands" in raw):
            self.fault("admission_plan.bands_fit", raw.line, entry=label, value=mechanism)
        return mechanism

    def chain(self, raw: Mapping) -> tuple[tuple[str, ...], ...]:
        """Parts of a chain of scores, each a sum of subjects."""
        return tuple(
            tuple(part.strip() for part in one.split("+")) for one in self.words(raw, "chain") if one.strip()
        )

    def score(self, data: Mapping) -> Score | None:
        """The score part; None where the plan has none."""
        raw = self.part(data, "score", _SCORE)
        if raw is None:
            return None
        unit = self.exact(raw, "unit", "score")
        chain = self.chain(raw)
        if not unit:
            self.fault("policy.number", raw.lines["unit"], entry="score", field="unit", value=0)
        if not chain:
            self.fault("entry_field", raw.line, entry="score", field="chain")
        left_over = (
            self.choice(raw, "left_over", ("", "error", "lottery"), "score") if "left_over" in raw else ""
        )
        total = self.exact(raw, "total", "score")
        return Score(total, unit or cast(Any, 1), chain, left_over, self.source(raw, "score"))

    def batch(self, raw: Mapping) -> PlanBatch:
        """One batch."""
        self.known(raw, _BATCH)
        name = self.text(raw, "id", "batches")
        unfilled = self.mapping(raw.get("unfilled"), raw.lines.get("unfilled", raw.line))
        self.known(unfilled, ("to_batch",))
        eligible = Condition("all")
        if "eligible" in raw:
            eligible = self.condition(raw["eligible"], raw.lines["eligible"], name)
        return PlanBatch(
            id=name,
            name=self.text(raw, "name", name),
            pools=self.choice(raw, "pools", BATCH_POOLS, name),
            choices=self.whole(raw, "choices", name, least=1),
            mechanism=self.mechanism(raw, name),
            bands=self.bands(raw, name),
            lock=self.flag(raw, "lock", name, default=True),
            quota=self.quota(raw, name),
            eligible=eligible,
            line=self.exact(raw, "line", name) if "line" in raw else None,
            chain=self.chain(raw),
            unfilled_to=self.text(unfilled, "to_batch", name, needed=False),
            rule=self.source(raw, f"batches.{name}"),
        )

    def quota(self, batch: Mapping, name: str) -> Quota | None:
        """The quota of a batch; None where it has none."""
        raw = self.part(batch, "quota", _QUOTA)
        pools = str(batch.get("pools", ""))
        to = "program" if raw is None else self.choice(raw, "to", _QUOTA_TO, name)
        wanted = {"origin_school": BATCH_POOLS[1], "district": BATCH_POOLS[2]}.get(to, BATCH_POOLS[0])
        if (raw is None and "×" in pools) or (raw is not None and pools != wanted):
            self.fault("admission_plan.quota_pools", batch.line, entry=name, value=to, pools=pools)
        if raw is None:
            return None
        minimum = self.mapping(raw.get("minimum"), raw.lines.get("minimum", raw.line))
        self.known(minimum, _MINIMUM)
        over = str(minimum.get("to", "any_candidate")).removeprefix("over ")
        if over != "any_candidate" and not over.isdecimal():
            self.fault("admission_plan.minimum_to", minimum.lines["to"], entry=name, value=minimum["to"])
        self.choice(raw, "weight", ("eligible_graduates",), name, "eligible_graduates")
        return Quota(
            self.share(raw, "share_of_plan", name),
            to,
            self.exact(raw, "rural_weight", name, "1"),
            self.choice(raw, "method", ("largest_remainder", "webster"), name, "largest_remainder"),
            self.whole(minimum, "seats", name, 0) if minimum else 0,
            int(over) if over.isdecimal() else 0,
            self.choice(minimum, "taken_from", ("total", "added"), name, "total") == "added",
            self.source(raw, f"batches.{name}.quota"),
        )
