"""What measuring answers: declared tables, each number explained, checks, counts by status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from junheng.model.errors import Refused
from junheng.model.reason import Finding, Language, words
from junheng.model.tables.monitoring_outputs import GROUP_NAMES
from junheng.monitoring.contributors import MISSING
from junheng.monitoring.messages import MESSAGES
from junheng.monitoring.status import STATUSES, Status, shown
from junheng.rules.indicator import Indicator
from junheng.rules.value import Value

VALUES, EXCLUDED, WORST = "indicator_values", "indicator_excluded", "indicator_worst"
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Explained:
    """One number with all it rests on: its result row, who was left out, who weighs most, its line's
    source."""

    indicator: Indicator
    row: Mapping[str, Any]
    excluded: tuple[Mapping[str, Any], ...]
    worst: tuple[Mapping[str, Any], ...]
    line: Value | None

    def value(self) -> str:
        """The value as printed, with digits enough to see its side of the line."""
        status, display = self.row["status"], self.indicator.display
        met = {"met": True, "unmet": False}.get(str(status))
        op = self.indicator.threshold.op if self.indicator.threshold else ">="
        return shown(self.row["value"], display.decimals, self.row["threshold"], op, met)

    def words(self, language: Language = "zh") -> str:
        """The explanation in sentences."""
        row = self.row
        about = {
            "indicator": self.indicator.name(language),
            "area": row["area"],
            "year": row["year"],
            "value": self.value(),
            "line": "–" if row["threshold"] is None else f"{row['op']} {row['threshold']:g}",
            "status": words(MESSAGES, f"monitoring.status_{row['status']}", {}, language),
            "reason": words(MESSAGES, f"monitoring.why_{row['status_reason']}", {}, language),
            "used": row["n_used"],
            "missing": row["n_missing"] or 0,
        }
        said = [words(MESSAGES, "monitoring.explained", about, language)]
        if self.line is not None:
            said.append(
                words(MESSAGES, "monitoring.line_from", {"citation": self.line.citation(language)}, language)
            )
        for one in self.excluded:
            rule = next((r for r in self.indicator.exclude if r.reason == one["reason"]), None)
            name = (
                one["reason"] if rule is None else (rule.zh if language == "zh" else rule.en) or rule.reason
            )
            said.append(words(MESSAGES, "monitoring.left_out", {"reason": name, "n": one["n"]}, language))
        gone = [str(one["school"]) for one in self.worst if one["direction"] == MISSING]
        lead = [str(one["school"]) for one in self.worst if one["direction"] != MISSING]
        joint = "、" if language == "zh" else ", "
        if gone:
            said.append(words(MESSAGES, "monitoring.to_mend", {"schools": joint.join(gone)}, language))
        if lead:
            said.append(words(MESSAGES, "monitoring.weigh_most", {"schools": joint.join(lead)}, language))
        return ("" if language == "zh" else " ").join(said)


@dataclass(frozen=True)
class Measurement:
    """Indicators measured on one year's tables; frozen. tables: the three declared ones, in order of key."""

    tables: Mapping[str, pl.DataFrame]
    indicators: Mapping[str, Indicator]
    year: int
    engine: str
    broken: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    def explain(self, indicator: str, area: str = "", stage: str = "", group: str = "") -> Explained:
        """One number with all it rests on; Refused when no such group was measured."""
        values = self.tables[VALUES]
        place = {"indicator": indicator, "area": area, "stage": stage, "group": group}
        rows = _matching(values, {**place, "year": self.year})
        if rows.is_empty():
            raise Refused("monitoring.not_measured", place)
        row = rows.row(0, named=True)
        here = {name: row[name] for name in GROUP_NAMES}
        known = self.indicators[indicator]
        line = None
        if known.threshold is not None:
            told = [part.partition("=") for part in str(row["group"]).split(";")]
            told_apart = {name: value for name, _, value in told} | {"stage": row["stage"]}
            line = known.threshold.of(told_apart.get(known.threshold.standard.by, ""))
        return Explained(
            known,
            row,
            tuple(_matching(self.tables[EXCLUDED], here).iter_rows(named=True)),
            tuple(_matching(self.tables[WORST], here).iter_rows(named=True)),
            line,
        )

    def check(self) -> list[str]:
        """Names of failed checks, empty when all is well: rows and weights are conserved, contributions to a
        variance add up to no more than it, a bound never contradicts its value."""
        failed = list(self.broken)
        values = self.tables[VALUES].filter(pl.col("value").is_not_null())
        slack = _TOLERANCE * (1 + pl.col("value").abs())
        outside = values.filter(
            (pl.col("low") > pl.col("value") + slack) | (pl.col("high") < pl.col("value") - slack)
        )
        failed += [f"bounds:{name}" for name in sorted(set(outside["indicator"].to_list()))]
        variance = [one.id for one in self.indicators.values() if one.measure == "cv"]
        shares = (
            self.tables[WORST]
            .filter(pl.col("indicator").is_in(variance))
            .group_by(GROUP_NAMES)
            .agg(pl.col("contribution").sum())
            .filter(pl.col("contribution") > 1 + _TOLERANCE)
        )
        failed += [f"contributions:{name}" for name in sorted(set(shares["indicator"].to_list()))]
        return failed

    def summary(self) -> dict[str, Any]:
        """Indicators, groups, and how many groups have each status, of all and by indicator."""
        values = self.tables[VALUES]
        counted = values.group_by("indicator", "status").len().sort("indicator", "status")
        by_indicator: dict[str, dict[str, int]] = {name: {} for name in self.indicators}
        for name, status, count in counted.iter_rows():
            by_indicator[name][status] = count
        totals: dict[Status, int] = {
            status: sum(one.get(status, 0) for one in by_indicator.values()) for status in STATUSES
        }
        return {
            "year": self.year,
            "engine": self.engine,
            "indicators": len(self.indicators),
            "groups": values.height,
            "statuses": totals,
            "by_indicator": by_indicator,
        }


def _matching(frame: pl.DataFrame, wanted: Mapping[str, Any]) -> pl.DataFrame:
    return frame.filter(pl.all_horizontal(pl.col(name) == value for name, value in wanted.items()))
