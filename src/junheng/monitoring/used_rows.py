"""Which rows an indicator uses, which it leaves out and why, which are missing; what each used row brings.

A row outside `where` does not belong to the question. Of the others the first exclusion that holds takes the
row; one whose scope or numbers a blank leaves open is missing; the rest are used. Nothing else happens to a
row.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals.stable.v2 as nw

from junheng.monitoring.dialect import Words
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

    words: Words
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
        words, cells = self.words, self.cells
        scope = words.col(scope_name(self.scope))
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
        one = words.lit(1)
        found = {
            cells.m: words.when(used).then(self.m),
            cells.k: missing.cast(words.whole),
            cells.vk: words.when(missing).then(one if weight is None else weight),
        }
        if self.w is not None:
            found[cells.w] = words.when(used).then(self.w)
        elif self.by_unit:
            found[cells.w] = words.when(used).then(one)
        if self.own_weight:
            found[cells.v] = words.when(used).then(one if self.v is None else self.v)
        if self.indicator.measure == "ratio" and self.w is not None:
            open_ended = missing & ~((scope == INSIDE) & ~self.w.is_null() & self.m.is_null())
            found[cells.open] = open_ended.cast(words.whole)
            found[cells.wk] = words.when(missing).then(self.w)
        return found

    def totals(self) -> list[nw.Expr]:
        """What the first pass gathers by group."""
        words, cells = self.words, self.cells
        m = words.col(cells.m)
        gathered = [
            m.sum().alias(cells.all_m),
            m.count().alias(cells.rows),
            words.col(cells.k).sum().alias(cells.missing),
            words.col(cells.vk).sum().alias(cells.weight_missing),
            words.col(cells.vk).count().alias(cells.weighed),
        ]
        if self.has_w:
            gathered.append(words.col(cells.w).sum().alias(cells.all_w))
        if self.indicator.measure == "lookup":
            gathered += [m.min().alias(cells.low), m.max().alias(cells.high)]
        if self.own_weight:
            gathered.append(words.col(cells.v).sum().alias(cells.all_v))
        if self.indicator.measure == "ratio":
            gathered.append(words.col(cells.open).sum().alias(cells.open))
            gathered.append(words.col(cells.wk).sum().alias(cells.wk))
        return gathered

    @property
    def has_w(self) -> bool:
        """Whether the rows carry a column w."""
        return self.w is not None or self.by_unit


def scope_name(number: int) -> str:
    """Column in which the scope code of each row stands."""
    return f"s{number}"


def scope_code(words: Words, scope: Scope, decimals: Decimals) -> nw.Expr:
    """INSIDE, UNKNOWN, OUTSIDE or EXCLUDED + j for each row."""
    where, exclusions = scope
    taken = [condition(words, one.when, decimals) for one in exclusions]
    code: nw.Expr = words.lit(INSIDE)
    inside = condition(words, where, decimals) if where is not None else None
    for one in (*taken, *([inside] if inside is not None else [])):
        code = words.when(one.is_null()).then(words.lit(UNKNOWN)).otherwise(code)
    for j in reversed(range(len(taken))):
        code = words.when(taken[j]).then(words.lit(EXCLUDED + j)).otherwise(code)
    if inside is not None:
        code = words.when(~inside).then(words.lit(OUTSIDE)).otherwise(code)
    return code


def compiled(words: Words, indicator: Indicator, number: int, scope: int, decimals: Decimals) -> Compiled:
    """The indicator on a frame whose columns carry `decimals`; `number` tells its columns apart."""
    verb, value, weight = indicator.measure, indicator.value, indicator.weight
    w: nw.Expr | None = None
    v: nw.Expr | None = None
    w_decimals = v_decimals = 0
    if weight:
        v, v_decimals = quantity(words, weight, decimals)
    own_weight = bool(weight) and verb in COUNTING
    factors: tuple[nw.Expr, nw.Expr] | None = None
    if value.num:
        m, m_decimals = quantity(words, value.num, decimals)
        w, w_decimals = quantity(words, value.den, decimals)
        own_weight = bool(weight) and weight != value.den
        if not weight:
            v, v_decimals = w, w_decimals
        signed = any(term.sign < 0 for term in (*value.num, *value.den))
    elif value.condition is not None:
        holds = condition(words, value.condition, decimals)
        gain = v if v is not None and verb == "share" else words.lit(1)
        m = words.when(holds).then(gain).otherwise(words.when(~holds).then(words.lit(0)))
        m_decimals = v_decimals if verb == "share" else 0
        w, w_decimals = (v, v_decimals) if verb == "share" else (None, 0)
        signed = False
    else:
        m, m_decimals = quantity(words, value.column, decimals)
        signed = any(term.sign < 0 for term in value.column)
        if v is not None and verb not in COUNTING:
            factors = (m, v)
            m, m_decimals, w, w_decimals = m * v, m_decimals + v_decimals, v, v_decimals
    return Compiled(
        words,
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
