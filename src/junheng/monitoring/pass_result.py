"""The shortest way to pass as an answer: tables, a school's card, checks of itself, a summary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from junheng.model import TABLES
from junheng.model.errors import Refused
from junheng.monitoring.pass_budget import Funding
from junheng.monitoring.pass_county import PassCase
from junheng.monitoring.pass_donors import kept
from junheng.monitoring.pass_plan import CountyPlan
from junheng.monitoring.pass_problem import HUNDREDTH, Standing, cv
from junheng.monitoring.school_gap import Break, Gap, breaks, gaps, most_pupils
from junheng.monitoring.status import MET, NOT_COMPUTABLE, UNMET

FOR_SCHOOL, FOR_COUNTY = "school", "balance"
"""Why a measure is in the plan: the school's own rule, or a coefficient of the county."""


@dataclass(frozen=True, slots=True)
class SchoolWay:
    """One school: what it lacks in every future, the most pupils it can hold by stage, and its measures."""

    school: str
    gaps: tuple[dict[str, Any], ...]
    most_pupils: dict[str, int | None]
    measures: tuple[dict[str, Any], ...]


@dataclass(frozen=True, eq=False)
class PassPlan:
    """A plan with which the county passes, or the most that can be done. Same tables, levers and rules,
    same plan.

    verified: items that an assessment of the planned tables found unmet, None where it was not asked;
    unknown: those it could not judge for want of data.
    """

    assessment: str
    year: int
    case: PassCase
    plan: CountyPlan
    funding: Funding
    verified: tuple[str, ...] | None = None
    unknown: tuple[str, ...] = ()

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Every item of every school and stage in every future, with what there is today."""
        return tuple(gaps(self.case.county, tuple(item.whole for item in self.case.items)))

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """What breaks first and when, with what there is today."""
        return tuple(breaks(self.case.county))

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """`pass_plan`: measures by school; `pass_gaps`: what is missing by school, item and future."""
        return {
            "pass_plan": self._frame("pass_plan", self._measures()),
            "pass_gaps": self._frame("pass_gaps", self._gap_rows()),
        }

    def _frame(self, name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
        table = TABLES[name]
        about = {"run": "", "assessment": self.assessment, "plan_year": self.year}
        return table.conform(pl.DataFrame([{**about, **row} for row in rows], schema=table.schema()))

    def _measures(self) -> list[dict[str, Any]]:
        county = self.case.county
        place = {block: n for n, block in enumerate(self.funding.order, 1)}
        givers: dict[int, list[str]] = {}
        for m, unit, count in self.plan.gifts:
            givers.setdefault(m, []).append(f"{county.units[unit].school}:{count}")
        last = max(future.year for future in county.futures)
        rows: list[dict[str, Any]] = []
        for m, count in self.plan.steps.items():
            move = county.moves[m]
            units = sorted({e.unit for e in move.effects} | {unit for unit, _ in move.fewer})
            stages = [county.units[u].stage for u in units]
            lever = self.case.levers[move.lever]
            amount = count * move.size
            cost = float(move.cost[0] * count) if self.case.priced else None
            ready = self.year + move.lead_years
            raised = self.plan.raised
            asked = raised.size and any(raised[:, e.item, e.unit].any() for e in move.effects)
            rows.append(
                {
                    "area": county.units[units[0]].school,
                    "stage": stages[0] if len(stages) == 1 else "shared",
                    "lever_id": move.lever,
                    "kind": move.kind,
                    "raises": lever["raises"],
                    "units": float(amount),
                    "adds": float(amount) * float(lever["per_unit"]),
                    "cost": cost,
                    "lead_years": move.lead_years,
                    "ready_year": ready,
                    "late": len(county.futures) > 1 and ready > last,
                    "from_schools": ";".join(givers.get(m, [])),
                    "reason": FOR_COUNTY if asked else FOR_SCHOOL,
                    "place": place[move.block],
                    "funded": move.block in self.funding.funded,
                }
            )
        return sorted(rows, key=lambda row: (row["place"], row["stage"], row["lever_id"]))

    def _gap_rows(self) -> list[dict[str, Any]]:
        county, items = self.case.county, self.case.items
        return [
            {
                "year": county.futures[gap.future].year,
                "path": county.futures[gap.future].path,
                "area": county.units[gap.unit].school,
                "stage": county.units[gap.unit].stage,
                "item": items[gap.item].id,
                "indicator": items[gap.item].indicator,
                "pupils": gap.pupils,
                "amount": _number(gap.amount),
                "required": _number(gap.required),
                "floor": _number(gap.floor),
                "missing_full": _number(gap.missing_full),
                "missing_floor": _number(gap.missing_floor),
                "missing_unit": items[gap.item].unit,
                "most_pupils": gap.most_pupils,
                "most_at_floor": gap.most_at_floor,
                "status": gap.status,
            }
            for gap in self.gaps
        ]

    def explain(self, school_id: str) -> SchoolWay:
        """What a school lacks, can hold, and should do; Refused for a school that is not judged."""
        county = self.case.county
        units = [u for u, unit in enumerate(county.units) if unit.school == school_id]
        if not units:
            raise Refused("monitoring.plan.unknown_school", {"school": school_id})
        rows = self.tables["pass_gaps"].filter(pl.col("area") == school_id)
        done = self.tables["pass_plan"].filter(pl.col("area") == school_id)
        hold = {county.units[u].stage: most_pupils(county, u) for u in units}
        return SchoolWay(school_id, tuple(rows.to_dicts()), hold, tuple(done.to_dicts()))

    def check(self) -> list[str]:
        """Names of failed checks of the plan itself; empty when all is well.

        A plan that claims to pass is worked out once more from its steps: every school, every
        coefficient, every future; its cost is not under the bound; nobody gives below the own
        requirement; one step less fails.
        """
        failed: list[str] = []
        plan, county = self.plan, self.case.county
        standing = plan.standing
        if plan.status != "infeasible":
            if not standing.passes():
                failed.append("plan_passes")
            if tuple(plan.bound) > tuple(plan.cost):
                failed.append("bound_not_over_cost")
            if spare := spare_steps(plan):
                failed.append(f"every_step_needed: {spare[0]}")
        lines = county.required(pupils=standing.pupils)
        for m, unit, _ in plan.gifts:
            for e in county.moves[m].effects:
                if (standing.have[:, e.item, unit] < lines[:, e.item, unit]).any():
                    failed.append(f"donors_keep_their_own: {county.units[unit].school}")
        if self.verified:
            failed += [f"assessed: {item}" for item in self.verified]
        return failed

    def summary(self) -> dict[str, Any]:
        """The plan in a few numbers: status, cost, bound, gap, measures, who drives the coefficients."""
        county, plan = self.case.county, self.plan
        before = county.after({})
        return {
            "assessment": self.assessment,
            "year": self.year,
            "status": plan.status,
            "passes_now": before.passes(),
            "schools": county.blocks,
            "schools_short": len({county.units[u].block for u in _failing(before)}),
            "measures": len(plan.steps),
            "priced": self.case.priced,
            "cost": [float(part) for part in plan.cost],
            "bound": [float(part) for part in plan.bound],
            "gap": float(plan.gap),
            "pupils_fixed": plan.pupils_fixed,
            "schools_only": [float(part) for part in plan.schools_only],
            "spent": float(self.funding.spent) if self.case.priced else None,
            "funded_schools": len(self.funding.funded),
            "unmet_schools": sorted({county.units[u].school for u in _failing(self.funding.standing)}),
            "unmet_coefficients": [self._cell(cell) for cell in self.funding.broken],
            "out_of_reach": [
                {
                    "school": county.units[one.unit].school,
                    "stage": county.units[one.unit].stage,
                    "item": county.items[one.item],
                    "missing": one.missing / HUNDREDTH,
                }
                for one in plan.out_of_reach
            ],
            "first_break": self._break(self.breaks[0]) if self.breaks else None,
            "breaks": len(self.breaks),
            "coefficients": [
                self._coefficient(item, stage) for item, stage in county.cv_limit if stage in county.of_stage
            ],
            "verified": self._verdict(),
            "unknown": list(self.unknown),
        }

    def _verdict(self) -> str | None:
        if self.verified is None:
            return None
        return UNMET if self.verified else NOT_COMPUTABLE if self.unknown else MET

    def _coefficient(self, item: int, stage: str) -> dict[str, Any]:
        """Before and after, the line, and which unit weighs most, with whether it lies above or below the
        mean."""
        county = self.case.county
        before, after = county.after({}), self.plan.standing
        amounts, pupils = before.group(item, stage, 0)
        units = county.of_stage[stage]
        units = units[county.known[item, units] & (before.pupils[0, units] > 0)]
        driver: dict[str, Any] = {}
        if amounts.sum() > 0:
            rate = amounts / pupils
            mean = amounts.sum() / pupils.sum()
            weight = pupils * (rate - mean) ** 2
            top = int(weight.argmax())
            if weight.sum() > 0:
                driver = {
                    "driver": county.units[int(units[top])].school,
                    "share": float(weight[top] / weight.sum()),
                    "direction": "above" if rate[top] > mean else "below",
                }
        return {
            "item": county.items[item],
            "stage": stage,
            "limit": float(county.cv_limit[item, stage]),
            "before": cv(amounts, pupils),
            "after": cv(*after.group(item, stage, 0)),
            **driver,
        }

    def _cell(self, cell: tuple[int, str, int]) -> dict[str, Any]:
        future = self.case.county.futures[cell[2]]
        return {
            "item": self.case.county.items[cell[0]],
            "stage": cell[1],
            "year": future.year,
            "path": future.path,
        }

    def _break(self, one: Break) -> dict[str, Any]:
        unit = self.case.county.units[one.unit]
        item = "" if one.item is None else self.case.county.items[one.item]
        return {
            "school": unit.school,
            "stage": unit.stage,
            "item": item,
            "year": one.year,
            "path": one.path,
            "under": one.under,
        }


def spare_steps(plan: CountyPlan) -> list[str]:
    """Levers of which one step could be left away with the plan still passing; found by applying it anew."""
    found: list[str] = []
    for m in plan.steps:
        less = {**plan.steps, m: plan.steps[m] - 1}
        block = plan.county.moves[m].block
        units = list(plan.county.units_of[block])
        own = {n: less[n] for n in plan.county.moves_of[block] if n in less}
        given = [gift for gift in plan.gifts if gift[1] in units]
        if not plan.county.after(own, given).passing()[:, units].all():
            continue
        if plan.county.after(less, kept(plan.gifts, less)).passes():
            found.append(plan.county.moves[m].lever)
    return found


def _failing(standing: Standing) -> list[int]:
    passing = standing.passing()
    return [u for u in range(passing.shape[1]) if not passing[:, u].all()]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
