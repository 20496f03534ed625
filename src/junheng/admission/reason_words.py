"""Reasons of applications by number, and their sentences for a whole table at once."""

from __future__ import annotations

import string
from typing import Any

import polars as pl

from junheng.admission.messages import MESSAGES

CODES = (
    "ADMITTED",
    "NOT_REACHED",
    "NO_SEATS",
    "BELOW_CUTOFF_TICKET",
    "BELOW_CUTOFF_CLASS",
    "BELOW_CUTOFF_FIELD",
    "BAND_PASSED",
    "NO_TRADE",
)
"""Reasons by number, as `reasons.codes` gives them."""


def worded(reasons: pl.DataFrame) -> pl.DataFrame:
    """Reasons with their sentence in both languages."""
    sentences: list[pl.Expr] = []
    for language, name in enumerate(("zh", "en")):
        chosen: Any = pl
        for code in CODES:
            template = MESSAGES[f"admission.reason.{code}"][language]
            chosen = chosen.when(pl.col("code") == code).then(_filled(template))
        sentences.append(chosen.otherwise(pl.lit("")).alias(name))
    return reasons.with_columns(sentences)


def _filled(template: str) -> pl.Expr:
    parts = list(string.Formatter().parse(template))
    fields = [pl.col(name).cast(pl.String) for _, name, _, _ in parts if name]
    plain = "".join(text + ("{}" if name else "") for text, name, _, _ in parts)
    return pl.format(plain, *fields) if fields else pl.lit(plain)
