"""In whose words a plan is written: Polars' own where Polars works, narwhals' where another engine does.

narwhals speaks a part of Polars' language, so one definition serves both. Written straight in Polars it needs
no translation, which in a county costs more than the work itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, cast

import narwhals.stable.v2 as nw
import polars as pl


class Col(Protocol):
    """A column by its name."""

    def __call__(self, name: str, /) -> nw.Expr: ...


class Lit(Protocol):
    """A constant, of a type where one is named."""

    def __call__(self, value: float | int | str | None, dtype: Any = None, /) -> nw.Expr: ...


class Then(Protocol):
    """What holds where a condition does; null elsewhere until `otherwise` says what."""

    def then(self, value: nw.Expr, /) -> nw.Then: ...


class When(Protocol):
    """The beginning of a choice."""

    def __call__(self, condition: nw.Expr, /) -> Then: ...


@dataclass(frozen=True)
class Words:
    """What the verbs write their expressions with."""

    col: Col
    lit: Lit
    when: When
    whole: Any
    number: Any


NARWHALS = Words(cast("Col", nw.col), cast("Lit", nw.lit), cast("When", nw.when), nw.Int64, nw.Float64)
POLARS = Words(cast("Col", pl.col), cast("Lit", pl.lit), cast("When", pl.when), pl.Int64, pl.Float64)
