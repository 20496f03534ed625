"""Reasons of applications by number, and their sentences for a whole table at once."""

from __future__ import annotations

import string

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
    """Reasons with their sentence in both languages; each code's rows are worded on their own."""
    if reasons.is_empty():
        return reasons.with_columns(pl.lit("").alias("zh"), pl.lit("").alias("en"))
    parts = [
        part.with_columns(
            _filled(template).alias(name)
            for name, template in zip(("zh", "en"), MESSAGES[f"admission.reason.{code}"], strict=True)
        )
        for (code,), part in reasons.with_row_index("__row").partition_by("code", as_dict=True).items()
    ]
    return pl.concat(parts).sort("__row").drop("__row")


def _filled(template: str) -> pl.Expr:
    parts = list(string.Formatter().parse(template))
    fields = [pl.col(name).cast(pl.String) for _, name, _, _ in parts if name]
    plain = "".join(text + ("{}" if name else "") for text, name, _, _ in parts)
    return pl.format(plain, *fields) if fields else pl.lit(plain)
