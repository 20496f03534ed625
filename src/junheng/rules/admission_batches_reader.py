"""Reads what only plans with batches have: the score, batches and quotas."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

from junheng.rules.admission_plan import (
    BATCH_POOLS,
    LEFT_OVER,
    LIST_MECHANISMS,
    Condition,
    PlanBatch,
    Quota,
    Score,
)
from junheng.rules.admission_plan_fields import SOURCE, PlanFields
from junheng.rules.reader import Mapping

_BATCH = (
    *("id", "name", "pools", "choices", "mechanism", "bands", "lock", "quota", "eligible", "line", "chain"),
    *("unfilled", *SOURCE),
)
_SCORE = ("total", "unit", "chain", "left_over", "max_over")
_LINE = ("fixed_line", "simulated_line", "less")
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
        left_over = self.choice(raw, "left_over", LEFT_OVER, "score") if "left_over" in raw else ""
        most = self.whole(raw, "max_over", "score") if "max_over" in raw else None
        if most is not None and left_over != "admit_all":
            self.fault("admission_plan.max_over", raw.lines["max_over"], entry="score", value=left_over)
        total = self.exact(raw, "total", "score")
        return Score(total, unit or cast(Any, 1), chain, left_over, self.source(raw, "score"), most)

    def batch(self, raw: Mapping) -> PlanBatch:
        """One batch."""
        self.known(raw, _BATCH)
        name = self.text(raw, "id", "batches")
        unfilled = self.mapping(raw.get("unfilled"), raw.lines.get("unfilled", raw.line))
        self.known(unfilled, ("to_batch", "to_origin_schools"))
        origins = self.flag(unfilled, "to_origin_schools", name) if unfilled else False
        if origins and "×" not in str(raw.get("pools", "")):
            self.fault("admission_plan.to_origins", raw.lines["unfilled"], entry=name)
        line, line_of, less = self._line(raw, name)
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
            line=line,
            chain=self.chain(raw),
            unfilled_to=self.text(unfilled, "to_batch", name, needed=False),
            rule=self.source(raw, f"batches.{name}"),
            line_of=line_of,
            line_less=less,
            to_origins=origins,
        )

    def _line(self, raw: Mapping, name: str) -> tuple[Fraction | None, str, Fraction]:
        """(fixed line, batch of a simulated line, points less): a number, or a map with `fixed_line` or
        `simulated_line` and `less`."""
        nothing = Fraction(0)
        if "line" not in raw:
            return None, "", nothing
        if not isinstance(raw["line"], Mapping):
            return self.exact(raw, "line", name), "", nothing
        held = self.mapping(raw["line"], raw.lines["line"])
        self.known(held, _LINE)
        if ("fixed_line" in held) == ("simulated_line" in held):
            self.fault("admission_plan.line_kind", raw.lines["line"], entry=name)
            return None, "", nothing
        less = self.exact(held, "less", name, "0")
        if "fixed_line" in held:
            return self.exact(held, "fixed_line", name) - less, "", nothing
        return None, self.text(held, "simulated_line", name), less

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
