"""Values that look typed in another unit: yuan in 万元, ㎡ in 亩, a share in per cent.

Nothing is converted: a guard asks. It speaks where a value is implausible as it stands and plausible in the
other unit, or where it lies from last year's by just the factor of the other unit.
"""

from __future__ import annotations

import polars as pl

from junheng.data import faults
from junheng.data.cross_rules import Headings, Places, Rules, Tables
from junheng.data.stage_pupils import stage_pupils
from junheng.model import INPUTS, Region

TEN_THOUSAND = 10_000.0
SQUARE_METRES_OF_MU = 2000.0 / 3.0
WITHIN = 2.0
"""A value is taken for last year's in another unit when the factor is hit within this."""
AREAS = {
    "teaching_area": (0.02, 100.0),
    "sports_ground_area": (0.02, 300.0),
    "building_area": (0.02, 200.0),
    "activity_area": (0.02, 100.0),
    "outdoor_area": (0.02, 200.0),
    "site_area": (0.05, 1000.0),
}
"""㎡ a pupil: below the first nobody teaches, above the second (after conversion) nobody builds."""
YUAN_A_PUPIL = (5.0, 200_000.0)
PAY = ("teacher_pay_average", "civil_servant_pay_average")
LEAST_PAY = 1000.0
FUNDS = ("public_funds", "public_budget_education", "fiscal_education_total")
LEAST_FUNDS = 2.0
"""Yuan a pupil and year: less is no budget but a budget in another unit."""


def all_rules(tables: Tables, region: Region, places: Places, headings: Headings) -> list[pl.DataFrame]:
    """Every guard whose tables are there."""
    guards = _Guards(tables, region, places, headings)
    found: list[pl.DataFrame] = []
    if "school_years" in tables:
        found += [guards.areas(), guards.equipment()]
    if "finance" in tables:
        found += [guards.amounts(), guards.pay()]
    if "external_results" in tables:
        found.append(guards.shares())
    return found


class _Guards(Rules):
    def areas(self) -> pl.DataFrame:
        """Areas that are ㎡ only if read as 亩."""
        rows = self._with_pupils(self.tables["school_years"])
        found: list[pl.DataFrame] = []
        for column, (least, most) in AREAS.items():
            each = pl.col(column) / pl.col("__pupils")
            odd = (each > 0) & (each < least) & (each * SQUARE_METRES_OF_MU <= most)
            told = self._said(rows, column, odd, SQUARE_METRES_OF_MU)
            found.append(self._ask(told, "intake.guard_mu", column, SQUARE_METRES_OF_MU))
        return faults.gather(found)

    def equipment(self) -> pl.DataFrame:
        """Equipment that is yuan only if read as 万元."""
        rows = self._with_pupils(self.tables["school_years"])
        each = pl.col("equipment_value") / pl.col("__pupils")
        least, most = YUAN_A_PUPIL
        odd = (each > 0) & (each < least) & (each * TEN_THOUSAND <= most)
        told = self._said(rows, "equipment_value", odd, TEN_THOUSAND)
        return self._ask(told, "intake.guard_wan", "equipment_value", TEN_THOUSAND)

    def amounts(self) -> pl.DataFrame:
        """Money that is yuan only if read as 万元, by pupils or by the year before."""
        rows = self.tables["finance"]
        pupils = self._pupils_of_units()
        beside = rows.join(pupils, on=["unit_code", "year"], how="left", maintain_order="left")
        each = pl.col("amount") / pl.col("__pupils")
        odd = pl.col("item").is_in(FUNDS) & (each > 0) & (each < LEAST_FUNDS) & pl.col("stage").is_null()
        before = rows.select(
            "unit_code",
            "stage",
            "item",
            "basis",
            (pl.col("year") + 1).alias("year"),
            pl.col("amount").alias("__before"),
        )
        keys = ["unit_code", "stage", "item", "basis", "year"]
        beside = beside.join(
            before.unique(keys), on=keys, how="left", nulls_equal=True, maintain_order="left"
        )
        wrong = beside.filter((odd | _factor_off("amount", TEN_THOUSAND)).fill_null(False))
        return self._ask(wrong, "intake.guard_wan", "amount", TEN_THOUSAND, table="finance")

    def pay(self) -> pl.DataFrame:
        """A year's pay that nobody lives on."""
        rows = self.tables["finance"].filter(
            pl.col("item").is_in(PAY) & (pl.col("amount") > 0) & (pl.col("amount") < LEAST_PAY)
        )
        return self._ask(rows, "intake.guard_wan", "amount", TEN_THOUSAND, table="finance")

    def shares(self) -> pl.DataFrame:
        """A share in per cent beside shares of the same result from 0 to 1."""
        rows = self.tables["external_results"]
        usual = ((pl.col("value") > 0) & (pl.col("value") < 1)).any().over("result")
        odd = rows.filter((pl.col("value") > 1) & (pl.col("value") <= 100) & usual)
        return self.faults(
            odd,
            "intake.guard_share",
            "warning",
            "external_results",
            "value",
            meant=(pl.col("value") / 100).round(4),
        )

    def _ask(
        self, rows: pl.DataFrame, code: str, column: str, factor: float, table: str = "school_years"
    ) -> pl.DataFrame:
        return self.faults(
            rows,
            code,
            "warning",
            table,
            column,
            value=pl.col(column),
            meant=(pl.col(column) * factor).round(2),
        )

    def _said(self, rows: pl.DataFrame, column: str, odd: pl.Expr, factor: float) -> pl.DataFrame:
        """Rows whose value is odd by itself or off last year's by the factor."""
        keys = ["school_id", "stage", "year"]
        before = self.tables["school_years"].select(
            "school_id", "stage", (pl.col("year") + 1).alias("year"), pl.col(column).alias("__before")
        )
        beside = rows.join(before.unique(keys), on=keys, how="left", maintain_order="left")
        return beside.filter((odd | _factor_off(column, factor)).fill_null(False))

    def _with_pupils(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Pupils of the row's stage, of all stages for a shared row."""
        pupils = stage_pupils(self.tables, self.region)
        keys = ["school_id", "stage", "year"]
        shared = pupils.group_by("school_id", "year").agg(pl.col("pupils").sum())
        both = pl.concat(
            [
                pupils.select(*keys, "pupils"),
                shared.with_columns(pl.lit("shared").alias("stage")).select(*keys, "pupils"),
            ]
        ).filter(pl.col("pupils") > 0)
        return rows.join(both.rename({"pupils": "__pupils"}), on=keys, how="left", maintain_order="left")

    def _pupils_of_units(self) -> pl.DataFrame:
        """Pupils by school and by the region itself: unit_code, year, __pupils."""
        enrolment = self.tables.get("enrolment", INPUTS["enrolment"].empty())
        schools = enrolment.group_by(pl.col("school_id").alias("unit_code"), "year").agg(
            pl.col("pupils").sum()
        )
        region = enrolment.group_by("year").agg(pl.col("pupils").sum())
        region = region.with_columns(pl.lit(self.region.code).alias("unit_code")).select(schools.columns)
        both = pl.concat([schools, region]).filter(pl.col("pupils") > 0)
        return both.rename({"pupils": "__pupils"})


def _factor_off(column: str, factor: float) -> pl.Expr:
    """Whether last year's value is this one's times the factor, within `WITHIN`."""
    ratio = pl.col("__before") / pl.col(column)
    return (pl.col(column) > 0) & (ratio >= factor / WITHIN) & (ratio <= factor * WITHIN)
