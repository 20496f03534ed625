"""The panel every method reads: pupils by unit x year x grade, where a blank is never a zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.grade_labels import grade_code
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.model.stages import GRADES

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

COLUMNS = ("unit", "year", "grade", "pupils")
FIRST_YEAR, LAST_YEAR = 1900, 2200
_SHOWN = 200
"""Faults listed one by one; the rest are counted (a file of a million bad rows still gives a short
report)."""


def flags(values: object) -> Flags:
    """The booleans of an array expression, whatever numpy says its type is."""
    return np.asarray(values, dtype=np.bool_)


@dataclass(frozen=True)
class Panel:
    """Pupils by unit, year and grade.

    units: codes, sorted. years: consecutive calendar years in which the school year begins. grades: codes in
    order of progression, without gaps. pupils: float64[U, T, G]; NaN = not counted or not offered. A grade a
    unit never taught, the years before a unit's first pupil and whole unit-years without a row are NaN.
    """

    units: tuple[str, ...]
    years: tuple[int, ...]
    grades: tuple[str, ...]
    pupils: Floats

    def __post_init__(self) -> None:
        expected = (len(self.units), len(self.years), len(self.grades))
        if self.pupils.shape != expected:
            raise ValueError(f"pupils is {self.pupils.shape}, labels are {expected}")
        if list(self.years) != list(range(self.years[0], self.years[0] + len(self.years))):
            raise ValueError("years are consecutive")

    @property
    def counted(self) -> Flags:
        """bool[U, T]: the unit was counted in the year (some grade has a number)."""
        return flags(~np.isnan(self.pupils).all(axis=2))

    @property
    def totals(self) -> Floats:
        """float64[U, T]: pupils over all grades; NaN where the unit was not counted."""
        return np.where(self.counted, np.nansum(self.pupils, axis=2), np.nan)

    def year_index(self, year: int) -> int:
        """Position of a year on the second axis; KeyError when it is outside the panel."""
        if not self.years[0] <= year <= self.years[-1]:
            raise KeyError(year)
        return year - self.years[0]

    def until(self, year: int) -> Panel:
        """The panel as it was known in `year`: later years are cut off."""
        last = self.year_index(year) + 1
        return Panel(self.units, self.years[:last], self.grades, self.pupils[:, :last])

    def select(self, rows: Flags | NDArray[np.intp]) -> Panel:
        """The panel of some units, by boolean or integer index."""
        kept = np.arange(len(self.units))[rows]
        return Panel(tuple(self.units[int(i)] for i in kept), self.years, self.grades, self.pupils[kept])

    @staticmethod
    def from_long(frame: pl.DataFrame) -> Panel:
        """Read a long table `unit, year, grade, pupils` (any text or number types, any row order).

        BadData lists every fault at once: missing columns, grades or years that cannot be read, negative,
        fractional or non-numeric pupils, duplicate keys. Row numbers count the heading as row 1. Blank pupils
        are not counted; rows wholly blank are skipped.
        """
        columns = {name.strip().lower(): name for name in frame.columns}
        missing = [name for name in COLUMNS if name not in columns]
        if missing:
            findings = [
                Finding("backtest_column_missing", "error", column=name, parameters={"column": name})
                for name in missing
            ]
            raise BadData("backtest_bad_table", {"faults": len(findings)}, findings)
        text = frame.select(
            pl.col(columns[name])
            .cast(pl.String, strict=False)
            .str.strip_chars()
            .replace("", None)
            .alias(name)
            for name in COLUMNS
        ).with_row_index("row", offset=2)
        text = text.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in COLUMNS))
        clean, findings = _check(text)
        if findings:
            shown = findings[:_SHOWN]
            raise BadData("backtest_bad_table", {"faults": len(findings)}, shown)
        if clean.is_empty():
            fault = Finding("backtest_empty", "error", parameters={})
            raise BadData("backtest_empty", {}, [fault])
        return _cube(clean)


def read_rows(frame: pl.DataFrame, value: str) -> tuple[pl.DataFrame, bool]:
    """A long table `year, value` or `unit, year, value` as (unit, year, value) and whether it has units.

    BadData lists every fault at once, as for the pupils' table; blank values are skipped.
    """
    columns = {name.strip().lower(): name for name in frame.columns}
    missing = [name for name in ("year", value) if name not in columns]
    if missing:
        findings = [
            Finding("backtest_column_missing", "error", column=name, parameters={"column": name})
            for name in missing
        ]
        raise BadData("backtest_bad_table", {"faults": len(findings)}, findings)
    by_unit = "unit" in columns
    long = frame.select(
        (pl.col(columns["unit"]).cast(pl.String) if by_unit else pl.lit("all")).alias("unit"),
        pl.col(columns["year"]).cast(pl.String).alias("year"),
        pl.lit("K3").alias("grade"),
        pl.col(columns[value]).cast(pl.String).alias("pupils"),
    )
    text = long.with_columns(pl.all().str.strip_chars().replace("", None)).with_row_index("row", offset=2)
    blank = pl.col("year").is_null() & pl.col("pupils").is_null()
    clean, findings = _check(text.filter(~blank))
    if findings or clean.is_empty():
        found = findings or [Finding("backtest_empty", "error")]
        raise BadData("backtest_bad_table", {"faults": len(found)}, found[:_SHOWN])
    return clean.select("unit", "year", value="pupils"), by_unit


def _check(text: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Typed rows with counted pupils, and every fault in the order of the file."""
    grades = {
        label: code for label in text["grade"].drop_nulls().unique().to_list() if (code := grade_code(label))
    }
    plain_year = pl.col("year").str.replace(r"\.0+$", "")
    number = pl.col("pupils").cast(pl.Float64, strict=False)
    rows = text.with_columns(
        pl.when(plain_year.str.contains(r"^\d{4}$")).then(plain_year.cast(pl.Int64, strict=False)).alias("y"),
        pl.col("grade").replace_strict(grades, default=None, return_dtype=pl.String).alias("g"),
        number.alias("p"),
    ).with_columns(
        pl.col("y").is_between(FIRST_YEAR, LAST_YEAR).fill_null(False).alias("year_ok"),
    )
    blank = pl.col("pupils").is_null()
    finite = pl.col("p").is_not_null() & pl.col("p").is_finite()
    tests: tuple[tuple[str, str, pl.Expr], ...] = (
        ("backtest_unit_missing", "unit", pl.col("unit").is_null()),
        ("backtest_year_unreadable", "year", ~pl.col("year_ok")),
        ("backtest_grade_unknown", "grade", pl.col("g").is_null()),
        ("backtest_pupils_not_number", "pupils", ~blank & ~finite),
        ("backtest_pupils_negative", "pupils", finite & (pl.col("p") < 0)),
        ("backtest_pupils_fractional", "pupils", finite & (pl.col("p") != pl.col("p").round())),
    )
    found: list[tuple[int, Finding]] = []
    for code, column, test in tests:
        found.extend(_findings(rows.filter(test), code, column))
    sound = rows.filter(
        pl.col("unit").is_not_null() & pl.col("year_ok") & pl.col("g").is_not_null() & (blank | finite)
    )
    repeated = sound.filter(~pl.struct("unit", "y", "g").is_first_distinct())
    found.extend(_findings(repeated, "backtest_key_repeated", "grade"))
    found.sort(key=lambda item: item[0])
    clean = sound.filter(~blank).select("unit", year="y", grade="g", pupils="p")
    return clean, [finding for _, finding in found]


def _findings(rows: pl.DataFrame, code: str, column: str) -> Iterable[tuple[int, Finding]]:
    for row in rows.select("row", "unit", "year", "grade", "pupils").iter_rows(named=True):
        value = "" if row[column] is None else str(row[column])
        parameters = {
            "row": row["row"],
            "column": column,
            "value": value,
            "unit": row["unit"] or "",
            "year": row["year"] or "",
            "grade": row["grade"] or "",
        }
        finding = Finding(
            code, "error", row=int(row["row"]), column=column, value=value, parameters=parameters
        )
        yield int(row["row"]), finding


def _cube(clean: pl.DataFrame) -> Panel:
    """Fill the cube; leading zeros, grades never taught and units never open carry no information."""
    units = clean["unit"].unique().sort().to_list()
    first, last = int(clean["year"].min()), int(clean["year"].max())  # type: ignore[arg-type]
    present = set(clean["grade"].unique().to_list())
    order = [code for code in GRADES if code in present]
    grades = GRADES[GRADES.index(order[0]) : GRADES.index(order[-1]) + 1]
    row_of = {unit: i for i, unit in enumerate(units)}
    grade_of = {grade: i for i, grade in enumerate(grades)}
    pupils = np.full((len(units), last - first + 1, len(grades)), np.nan)
    u = clean["unit"].replace_strict(row_of, return_dtype=pl.Int64).to_numpy()
    g = clean["grade"].replace_strict(grade_of, return_dtype=pl.Int64).to_numpy()
    pupils[u, clean["year"].to_numpy() - first, g] = clean["pupils"].to_numpy()
    with np.errstate(invalid="ignore"):
        some = pupils > 0
    taught, counted = flags(some.any(axis=1)), flags(some.any(axis=2))
    pupils[~np.broadcast_to(taught[:, None, :], pupils.shape)] = np.nan
    before = ~np.maximum.accumulate(counted, axis=1)
    pupils[before] = np.nan
    kept = flags(counted.any(axis=1))
    if not kept.any():
        fault = Finding("backtest_empty", "error", parameters={})
        raise BadData("backtest_empty", {}, [fault])
    names = tuple(str(unit) for unit, keep in zip(units, kept.tolist(), strict=True) if keep)
    return Panel(names, tuple(range(first, last + 1)), tuple(grades), pupils[kept])
