"""Measured rows as an assessment reads them: with the cited line of each, and what absence means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from junheng.model import TABLES
from junheng.monitoring.assessment_frames import ITEM, cited, mark_of, rows, sureness
from junheng.monitoring.assessment_logic import line
from junheng.monitoring.status import NO_THRESHOLD, NOT_COMPUTABLE, NOT_EXAMINED
from junheng.rules import Value
from junheng.rules.indicator import Indicator

OF_SCHOOL, OF_COUNTY = "school", "county"
_PEOPLE, _ROOMS, _YUAN = "人", "间", "元"
_REPORTED = ("unit_count", "result")
"""Grains whose absence means that nobody reported or established the figure yet."""
_READ = (
    "value", "num", "den", "threshold", "op", "status", "status_reason", "n_used", "n_missing", "verified",
    "flags",
)  # fmt: skip


@dataclass(frozen=True)
class Readings:
    """The tables of one measurement. Numbers of the rows are exact to two decimals where they are counted."""

    values: pl.DataFrame
    excluded: pl.DataFrame
    indicators: Mapping[str, Indicator]

    def at(self, level: str) -> pl.DataFrame:
        """indicator, area, read_stage and what was measured (`read_…`) of one level, in order."""
        return self.values.filter(pl.col("level") == level).select(
            "indicator", "area", pl.col("stage").alias("read_stage"),
            *(pl.col(name).alias(f"read_{name}") for name in _READ),
        )  # fmt: skip

    @cached_property
    def left_out(self) -> pl.DataFrame:
        """indicator, area, stage, reason, weight of what indicators by school leave out."""
        held = self.excluded.filter(pl.col("level") == OF_SCHOOL)
        return held.select("indicator", "area", "stage", "reason", "weight").unique(
            ["indicator", "area", "stage"], keep="last", maintain_order=True
        )

    @cached_property
    def lines(self) -> pl.DataFrame:
        """The cited line of each indicator and stage that has one, and what is known of the indicator."""
        stages = sorted({"", *self.values["stage"].unique().to_list()})
        found: list[dict[str, Any]] = []
        for one in self.indicators.values():
            told = {
                "indicator": one.id,
                "reported": one.grain in _REPORTED,
                "looked_up": one.measure == "lookup",
                "line_op": one.threshold.op if one.threshold else "",
                "source": one.source.verified,
            }
            for stage in stages:
                value = self.line(one.id, stage)
                number = None if value is None else value.number
                exactly = None if number is None else line(number)
                found.append(
                    told
                    | {
                        "line_stage": stage,
                        "line": number,
                        "above": None if exactly is None else exactly.numerator,
                        "below": None if exactly is None else exactly.denominator,
                        "least": value is not None and value.limit == "min",
                        **{f"line_{name}": text for name, text in cited((value,)).items()},
                    }
                )
        types = {"line": pl.Float64, "above": pl.Int64, "below": pl.Int64}
        return pl.DataFrame(found, schema_overrides=types) if found else pl.DataFrame()

    def filled(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Item rows from blanks (`indicator`, `stage`, …) beside what was measured (`at`); where
        `read_status` is null nothing was, and nothing is known."""
        measured = pl.col("read_status").is_not_null()
        stage = pl.when(measured).then(pl.col("read_stage")).otherwise(pl.col("stage"))
        held = frame.with_columns(stage.alias("line_stage")).join(
            self.lines, on=["indicator", "line_stage"], how="left", maintain_order="left"
        )
        there = measured & ~(pl.col("reported") & (pl.col("read_n_used") == 0))
        looked_up = pl.when(pl.col("looked_up")).then(pl.lit(NOT_EXAMINED)).otherwise(pl.lit(NOT_COMPUTABLE))
        silent = pl.when(pl.col("reported")).then(pl.lit("not_reported")).otherwise(pl.lit("no_rows"))
        open_ended = pl.col("read_status").replace({NO_THRESHOLD: NOT_COMPUTABLE})
        unsure = mark_of(pl.max_horizontal(sureness(pl.col("source")), sureness(pl.col("line_verified"))))
        own = {name: pl.when(there).then(pl.col(f"read_{name}")) for name in ("value", "num", "den")}
        made = rows(
            held,
            **own,
            threshold=pl.when(there).then(pl.col("read_threshold")).otherwise(pl.col("line")),
            op=pl.when(there).then(pl.col("read_op").fill_null("")).otherwise(pl.col("line_op")),
            status=pl.when(there).then(open_ended).otherwise(looked_up),
            status_reason=pl.when(there).then(pl.col("read_status_reason")).otherwise(silent),
            n_units=pl.when(there).then(pl.col("read_n_used")),
            n_unknown=pl.when(there).then(pl.col("read_n_missing")),
            rule_ids=pl.col("line_rule_ids").fill_null(""),
            verified=pl.when(there).then(pl.col("read_verified").fill_null("")).otherwise(unsure),
            flags=pl.when(there).then(pl.col("read_flags").fill_null("")).otherwise(pl.lit("")),
        )
        return made.with_columns(held.select("line", "above", "below", "least"))

    def line(self, indicator: str, stage: str) -> Value | None:
        """The cited line of an indicator for a stage; None where it has none."""
        threshold = self.indicators[indicator].threshold
        return None if threshold is None else threshold.of(stage)

    def unit_of(self, indicator: str) -> tuple[str, bool]:
        """(what its numerator counts: person, room, yuan or square_metre; whether only whole ones count)."""
        terms = self.indicators[indicator].value.num
        columns = {column.name: column for column in TABLES["school_years"].columns}
        held = columns.get(terms[0].column) if terms else None
        if held is None:
            return "", False
        measure = held.unit.split(" ")[0]
        name = {_PEOPLE: "person", _ROOMS: "room", _YUAN: "yuan"}.get(measure, "square_metre")
        return name, held.kind == "integer"


def plain(filled: pl.DataFrame) -> pl.DataFrame:
    """Rows of `filled` without their lines."""
    return filled.select(name for name in filled.columns if name in (*ITEM, "county", "at", "slot"))


def citations(indicators: Iterable[Indicator]) -> list[Value]:
    """Every line of the indicators that is in force, each entry once."""
    found: dict[str, Value] = {}
    for one in indicators:
        references = [one.threshold.standard] if one.threshold else []
        references += [rule.cite for rule in one.exclude if rule.cite]
        for reference in references:
            for value in reference.values.values():
                if value.in_force:
                    found[value.rule_id] = value
    return list(found.values())
