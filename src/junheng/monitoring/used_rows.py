"""Which rows an indicator uses, which it leaves out and why, which are missing; what each used row brings.

A row outside `where` does not belong to the question. Of the others the first exclusion that holds takes the
row; one whose scope or numbers a blank leaves open is missing; the rest are used. Nothing else happens to a
row.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals.stable.v2 as nw

from junheng.monitoring.operands import Decimals, condition, exact, quantity
from junheng.monitoring.ratio import Cells, Expressions, Scale
from junheng.rules.indicator import Condition, Exclusion, Indicator, Verb

INSIDE, UNKNOWN, OUTSIDE, EXCLUDED = 0, 1, 2, 3
"""Codes of a row's scope; EXCLUDED + j says that exclusion j took it."""
BY_UNIT: tuple[Verb, ...] = ("cv", "gini", "theil", "quantile", "range_ratio")
"""Verbs that look at each unit's own value: a unit of weight 0 has none and is missing."""
COUNTING: tuple[Verb, ...] = ("sum", "count", "lookup")
"""Verbs without a divisor."""

Scope = tuple[Condition | None, tuple[Exclusion, ...]]


@dataclass(frozen=True)
class Compiled:
    """One indicator ready for the engines: names and expressions of its row columns, and its scale.

    m, w and v (the weight reported) are nullable whole numbers before the state of the row is known; without
    w every row weighs 1. `own_weight`: v differs from w. `signed`: m or w takes something away, so that no
    blank is bounded by 0. `factors`: m is their product.
    """

    indicator: Indicator
    cells: Cells
    scope: int
    m: nw.Expr
    w: nw.Expr | None
    v: nw.Expr | None
    scale: Scale
    m_decimals: int
    w_decimals: int
    v_decimals: int
    own_weight: bool
    signed: bool
    factors: tuple[nw.Expr, nw.Expr] | None = None

    @property
    def product(self) -> bool:
        """Whether m is a product of two columns, whose sum may grow beyond either."""
        return self.factors is not None

    @property
    def by_unit(self) -> bool:
        """Whether the verb looks at each unit's own value."""
        return self.indicator.measure in BY_UNIT

    def rows(self) -> Expressions:
        """m, w, v of used rows, the mark and the weight of missing ones, from the row's scope."""
        cells, scope = self.cells, nw.col(scope_name(self.scope))
        known = ~self.m.is_null()
        if self.w is not None:
            known = known & ~self.w.is_null()
            if self.by_unit:
                known = known & (self.w.fill_null(0) > 0)
        if self.v is not None and self.own_weight:
            known = known & ~self.v.is_null()
        used = (scope == INSIDE) & known
        missing = (scope <= UNKNOWN) & ~used
        weight = self.v if self.own_weight else self.w
        one = nw.lit(1)
        found = {
            cells.m: nw.when(used).then(self.m),
            cells.k: missing.cast(nw.Int64),
            cells.vk: nw.when(missing).then(one if weight is None else weight),
        }
        if self.w is not None:
            found[cells.w] = nw.when(used).then(self.w)
        elif self.by_unit:
            found[cells.w] = nw.when(used).then(one)
        if self.own_weight:
            found[cells.v] = nw.when(used).then(one if self.v is None else self.v)
        if self.indicator.measure == "ratio" and self.w is not None:
            open_ended = missing & ~((scope == INSIDE) & ~self.w.is_null() & self.m.is_null())
            found[cells.open] = open_ended.cast(nw.Int64)
            found[cells.wk] = nw.when(missing).then(self.w)
        return found

    def totals(self) -> list[nw.Expr]:
        """What the first pass gathers by group."""
        cells, m = self.cells, nw.col(self.cells.m)
        gathered = [
            m.sum().alias(cells.all_m),
            m.count().alias(cells.rows),
            nw.col(cells.k).sum().alias(cells.missing),
            nw.col(cells.vk).sum().alias(cells.weight_missing),
            nw.col(cells.vk).count().alias(cells.weighed),
        ]
        if self.has_w:
            gathered.append(nw.col(cells.w).sum().alias(cells.all_w))
        if self.indicator.measure == "lookup":
            gathered += [m.min().alias(cells.low), m.max().alias(cells.high)]
        if self.own_weight:
            gathered.append(nw.col(cells.v).sum().alias(cells.all_v))
        if self.indicator.measure == "ratio":
            gathered.append(nw.col(cells.open).sum().alias(cells.open))
            gathered.append(nw.col(cells.wk).sum().alias(cells.wk))
        return gathered

    @property
    def has_w(self) -> bool:
        """Whether the rows carry a column w."""
        return self.w is not None or self.by_unit


def scope_name(number: int) -> str:
    """Column in which the scope code of each row stands."""
    return f"s{number}"


def scope_code(scope: Scope, decimals: Decimals) -> nw.Expr:
    """INSIDE, UNKNOWN, OUTSIDE or EXCLUDED + j for each row."""
    where, exclusions = scope
    taken = [condition(one.when, decimals) for one in exclusions]
    code: nw.Expr = nw.lit(INSIDE)
    inside = condition(where, decimals) if where is not None else None
    for one in (*taken, *([inside] if inside is not None else [])):
        code = nw.when(one.is_null()).then(nw.lit(UNKNOWN)).otherwise(code)
    for j in reversed(range(len(taken))):
        code = nw.when(taken[j]).then(nw.lit(EXCLUDED + j)).otherwise(code)
    if inside is not None:
        code = nw.when(~inside).then(nw.lit(OUTSIDE)).otherwise(code)
    return code


def compiled(indicator: Indicator, number: int, scope: int, decimals: Decimals) -> Compiled:
    """The indicator on a frame whose columns carry `decimals`; `number` tells its columns apart."""
    verb, value, weight = indicator.measure, indicator.value, indicator.weight
    w: nw.Expr | None = None
    v: nw.Expr | None = None
    w_decimals = v_decimals = 0
    if weight:
        v, v_decimals = quantity(weight, decimals)
    own_weight = bool(weight) and verb in COUNTING
    factors: tuple[nw.Expr, nw.Expr] | None = None
    if value.num:
        m, m_decimals = quantity(value.num, decimals)
        w, w_decimals = quantity(value.den, decimals)
        own_weight = bool(weight) and weight != value.den
        if not weight:
            v, v_decimals = w, w_decimals
        signed = any(term.sign < 0 for term in (*value.num, *value.den))
    elif value.condition is not None:
        holds = condition(value.condition, decimals)
        gain = v if v is not None and verb == "share" else nw.lit(1)
        m = nw.when(holds).then(gain).otherwise(nw.when(~holds).then(nw.lit(0)))
        m_decimals = v_decimals if verb == "share" else 0
        w, w_decimals = (v, v_decimals) if verb == "share" else (None, 0)
        signed = False
    else:
        m, m_decimals = quantity(value.column, decimals)
        signed = any(term.sign < 0 for term in value.column)
        if v is not None and verb not in COUNTING:
            factors = (m, v)
            m, m_decimals, w, w_decimals = m * v, m_decimals + v_decimals, v, v_decimals
    return Compiled(
        indicator,
        Cells(f"i{number}"),
        scope,
        m,
        w,
        v,
        Scale.of(m_decimals, w_decimals, exact(value.factor)),
        m_decimals,
        w_decimals,
        v_decimals if v is not None else 0,
        own_weight,
        signed,
        factors,
    )
