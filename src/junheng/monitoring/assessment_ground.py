"""What an assessment stands on: schools of the counties by stage, tables of one year, standards of the
day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from junheng.model.region import Region
from junheng.model.stages import stages_of_kind
from junheng.monitoring.assessment_basis import COMPULSORY
from junheng.monitoring.assessment_frames import COUNTY
from junheng.rules import Standards, Value

RURAL = ("210", "220")
"""Urban-rural codes of townships and villages (乡中心区, 村庄)."""
HEADS = ("pupils", "classes", "migrant_pupils")
FINAL, BUDGET = "final", "budget"
_CENT = 100


@dataclass(frozen=True)
class Ground:
    """Counties under one law, frozen. `units` are rows of the grain school_stage, open in the year, each with
    the code of its county among `regions`."""

    tables: Mapping[str, pl.DataFrame]
    year: int
    regions: Mapping[str, Region]
    law: Standards
    units: pl.DataFrame
    files: Mapping[str, str] | None = None

    @cached_property
    def counties(self) -> pl.DataFrame:
        """county: every county judged, in order."""
        return pl.DataFrame({COUNTY: list(self.regions)}, schema={COUNTY: pl.String})

    @cached_property
    def schools(self) -> pl.DataFrame:
        """One row a school in order of its id: county, area (the school), kind, ownership, rural,
        opened_year, system, special, and for every stage of COMPULSORY and `special` whether the school
        `has_` it with pupils, classes and migrant pupils of it."""
        staged = [
            expression
            for stage in (*COMPULSORY, "special")
            for expression in (
                (pl.col("stage") == stage).any().alias(f"has_{stage}"),
                *(
                    pl.col(head)
                    .filter(pl.col("stage") == stage)
                    .first()
                    .cast(pl.Int64)
                    .alias(f"{head}_{stage}")
                    for head in HEADS
                ),
            )
        ]
        kind = pl.col("school_kind").fill_null("")
        found = (
            self.units.sort("school_id", "stage")
            .group_by(COUNTY, pl.col("school_id").alias("area"), maintain_order=True)
            .agg(
                kind.first().alias("kind_of_school"),
                pl.col("ownership").first().fill_null("").alias("ownership"),
                pl.col("urban_rural").first().is_in(RURAL).fill_null(value=False).alias("rural"),
                pl.col("opened_year").first(),
                pl.col("school_system").first().alias("system"),
                *staged,
            )
        )
        systems = {code: one.school_system for code, one in self.regions.items()}
        kinds = found["kind_of_school"].unique().to_list()
        special = {one: stages_of_kind(one) == ("special",) for one in kinds}
        default = pl.col(COUNTY).replace_strict(systems, return_dtype=pl.String)
        return found.with_columns(
            pl.when(pl.col("system").fill_null("") == "").then(default).otherwise("system").alias("system"),
            pl.col("kind_of_school").replace_strict(special, return_dtype=pl.Boolean).alias("special"),
        )

    @cached_property
    def compulsory(self) -> pl.DataFrame:
        """Schools with pupils in a compulsory stage (a stage without pupils is an exception), with
        `pupils`, `classes` and `migrant_pupils` of those stages: null as soon as one of them is unknown."""
        taught = [pl.col(f"has_{one}") & (pl.col(f"pupils_{one}").ne_missing(0)) for one in COMPULSORY]
        held = self.schools.filter(~pl.col("special") & pl.any_horizontal(taught))
        return held.with_columns(self.total(head, COMPULSORY).alias(head) for head in HEADS)

    @staticmethod
    def total(head: str, stages: Sequence[str]) -> pl.Expr:
        """Pupils, classes or migrant pupils of the given stages; null as soon as one is unknown."""
        unknown = [pl.col(f"has_{one}") & pl.col(f"{head}_{one}").is_null() for one in stages]
        none = ~pl.any_horizontal([pl.col(f"has_{one}") for one in stages])
        amount = pl.sum_horizontal([pl.col(f"{head}_{one}").fill_null(0) for one in stages])
        return pl.when(~none & ~pl.any_horizontal(unknown)).then(amount)

    def of_year(self, table: str) -> pl.DataFrame | None:
        """The rows of a table, of this year where it has years; None without the table."""
        frame = self.tables.get(table)
        if frame is None or "year" not in frame.columns:
            return frame
        return frame.filter(pl.col("year") == self.year)

    def amounts(self, item: str, year: int | None = None, basis: str = "") -> pl.DataFrame:
        """unit, `item` (yuan), one row a unit that reported it: its row of all stages, else the sum of its
        stages; of two bases the one asked for, else the final account before the budget."""
        frame = self.tables.get("finance")
        if frame is None:
            return pl.DataFrame(schema={"unit": pl.String, item: pl.Float64})
        bases = [basis] if basis else [FINAL, BUDGET]
        held = (
            frame.filter(
                (pl.col("item") == item)
                & (pl.col("year") == (self.year if year is None else year))
                & pl.col("amount").is_not_null()
            )
            .select(
                pl.col("unit_code").alias("unit"), pl.col("basis").fill_null(""),
                pl.col("stage").fill_null(""), "amount",
            )
            .filter(pl.col("basis").is_in(bases))
            .unique(["unit", "basis", "stage"], keep="last", maintain_order=True)
        )  # fmt: skip
        whole = pl.col("amount").filter(pl.col("stage") == "").first()
        cents = (pl.col("amount") * _CENT).round(0).cast(pl.Int64).sum() / _CENT
        return (
            held.group_by("unit", "basis", maintain_order=True)
            .agg(pl.coalesce(whole, cents).alias(item))
            .sort(pl.col("basis").replace_strict(bases, list(range(len(bases)))), maintain_order=True)
            .unique("unit", keep="first", maintain_order=True)
            .select("unit", item)
        )

    def value(self, topic: str, key: str) -> Value | None:
        """A number of the law on the day, None where no rule is in force or the topic lacks the key."""
        value = self.law[topic].values.get(key)
        return value if value is not None and value.in_force else None

    def chosen(self, topic: str, key: str) -> bool:
        """Whether a local choice written as a number (1 yes, 0 no) is taken; no where nobody chose."""
        value = self.value(topic, key)
        return value is not None and value.number > 0
