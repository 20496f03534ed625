"""What to look at before it fails: near a line, worse year after year, about to break, doubtful data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import polars as pl

from junheng.model import TABLES
from junheng.model.errors import Refused
from junheng.monitoring.assessment_logic import exact, line, most_pupils
from junheng.monitoring.status import MET
from junheng.monitoring.trend import Trend, outlying, trend
from junheng.rules.indicator import Indicator

MARGIN, WORSE, WILL_BREAK, DATA = "margin", "worse", "will_break", "data"
KINDS = (WILL_BREAK, MARGIN, WORSE, DATA)
JUMP = 5.0
"""Robust deviations from the other units' change beyond which a figure is asked about."""
COPIED = 3
"""Indicators of a unit that must all repeat last year's counts before it looks copied."""
SCHOOL, BASE, ALL_GRADES, PUPILS = "school", "base", "all", "pupils"
Key = tuple[str, str, str, str, str]
"""(indicator, level, area, stage, group)."""


@dataclass(frozen=True, slots=True)
class Series:
    """One reported group over the years, rows of `indicator_values` in order of year."""

    key: Key
    indicator: Indicator
    rows: tuple[dict[str, Any], ...]
    trend: Trend

    @property
    def last(self) -> dict[str, Any]:
        """The row of the last year."""
        return self.rows[-1]


@dataclass(frozen=True, eq=False)
class Watch:
    """Warnings in order of the pupils they affect; one row a cause. `history` holds the series behind
    them."""

    year: int
    rows: tuple[dict[str, Any], ...]
    history: Mapping[Key, Series] = field(default_factory=dict[Key, Series])

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """`monitoring_warnings`."""
        table = TABLES["monitoring_warnings"]
        rows = [{"run": "", **row} for row in self.rows]
        frame = pl.DataFrame(rows, schema=table.schema())
        return {table.name: frame.select(table.names)}

    def explain(self, warning_id: str) -> dict[str, Any]:
        """The warning with the years behind it; Refused when there is no such warning."""
        row = next((row for row in self.rows if row["warning_id"] == warning_id), None)
        if row is None:
            raise Refused("monitoring.watch.unknown", {"warning": warning_id})
        key = (row["indicator"], row["level"], row["area"], row["stage"], row["group"])
        held = self.history.get(key)
        years = [] if held is None else [{"year": one["year"], "value": one["value"]} for one in held.rows]
        return {**row, "reason_parameters": json.loads(row["reason_parameters"]), "years": years}

    def check(self) -> list[str]:
        """Names of failed checks: ids are unique, and what will break is met today and holds fewer than
        come."""
        failed: list[str] = []
        ids = [row["warning_id"] for row in self.rows]
        if len(ids) != len(set(ids)):
            failed.append("one_row_a_cause")
        for row in self.rows:
            if row["kind"] == WILL_BREAK and row["break_year"] is None and row["break_year_upper"] is None:
                failed.append(f"a_break_has_a_year: {row['warning_id']}")
        return failed

    def summary(self) -> dict[str, Any]:
        """Warnings by kind, pupils affected, and the first that will break."""
        kinds = [row["kind"] for row in self.rows]
        coming = [row for row in self.rows if row["kind"] == WILL_BREAK]
        first = min(coming, key=_first_year, default=None)
        return {
            "year": self.year,
            "warnings": len(self.rows),
            "by_kind": {kind: kinds.count(kind) for kind in KINDS},
            "first_break": None
            if first is None
            else {"warning_id": first["warning_id"], "year": _first_year(first)},
        }


def watch(
    history: pl.DataFrame,
    indicators: Mapping[str, Indicator],
    *,
    forecast: pl.DataFrame | None = None,
    scenario: str = BASE,
) -> Watch:
    """Warnings for the last year of `history`, rows of `indicator_values` of one or several years.

    forecast: rows of `forecast_enrolment`; without it nothing is said about what will break. What
    schools have is
    taken as it is in the last year; the pupils it can hold are held against the central (p50) and upper (p90)
    path. Refused when the history is empty.
    """
    if history.is_empty():
        raise Refused("monitoring.watch.no_history", {})
    year = int(history["year"].max())  # pyright: ignore[reportArgumentType]
    series = _series(history, indicators, year)
    heads = _pupils(series)
    rows: list[dict[str, Any]] = []
    rows += [row for one in series.values() if (row := _margin(one)) is not None]
    rows += [row for one in series.values() if (row := _worse(one)) is not None]
    rows += _will_break(series, forecast, scenario, year)
    rows += [*_missing(series), *_jumps(series), *_copied(series)]
    for row in rows:
        if row["pupils"] is None:
            row["pupils"] = heads.get((row["area"], row["stage"]))
    rank = {kind: n for n, kind in enumerate(KINDS)}
    rows.sort(key=lambda row: (-(row["pupils"] or 0), rank[row["kind"]], row["warning_id"]))
    return Watch(year, tuple(rows), series)


def _series(history: pl.DataFrame, indicators: Mapping[str, Indicator], year: int) -> dict[Key, Series]:
    found: dict[Key, list[dict[str, Any]]] = {}
    for row in history.sort("year").iter_rows(named=True):
        key = (row["indicator"], row["level"], row["area"] or "", row["stage"] or "", row["group"] or "")
        found.setdefault(key, []).append(row)
    out: dict[Key, Series] = {}
    for key, rows in found.items():
        indicator = indicators.get(key[0])
        if indicator is None or rows[-1]["year"] != year:
            continue
        about = trend(
            [row["year"] for row in rows],
            [row["value"] for row in rows],
            [row["rule_version"] or "" for row in rows],
        )
        out[key] = Series(key, indicator, tuple(rows), about)
    return out


def _per_pupil(indicator: Indicator) -> bool:
    terms = indicator.value.den
    return indicator.measure == "ratio" and len(terms) == 1 and terms[0].column == PUPILS


def _pupils(series: Mapping[Key, Series]) -> dict[tuple[str, str], int]:
    """Pupils by area and stage, from whatever is measured per pupil there."""
    return {
        (key[2], key[3]): round(one.last["den"])
        for key, one in series.items()
        if _per_pupil(one.indicator) and one.last["den"] is not None
    }


def _row(one: Series, kind: str, reason: str, parameters: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    name, level, area, stage, group = one.key
    last = one.last
    return {
        "warning_id": ":".join(part for part in (kind, name, area, stage, group) if part),
        "kind": kind, "indicator": name, "year": last["year"], "level": level, "area": area, "stage": stage,
        "group": group, "value": last["value"], "threshold": last["threshold"], "op": last["op"],
        "slope": one.trend.slope, "break_year": None, "break_year_upper": None, "most_pupils": None,
        "pupils": round(last["den"]) if _per_pupil(one.indicator) and last["den"] is not None else None,
        "reason_code": reason,
        "reason_parameters": json.dumps(parameters, ensure_ascii=False, sort_keys=True),
        "rule_version": last["rule_version"],
    } | more  # fmt: skip


def _margin(one: Series) -> dict[str, Any] | None:
    within, last = one.indicator.warn.within, one.last
    if within is None or last["status"] != MET or last["margin"] is None or last["margin"] > within:
        return None
    said = {"value": last["value"], "threshold": last["threshold"], "margin": last["margin"]}
    return _row(one, MARGIN, "monitoring.watch.margin", said)


def _better(indicator: Indicator) -> int:
    """1 where more is better, −1 where less is, 0 where nobody says."""
    direction = indicator.display.direction
    if direction != "none":
        return 1 if direction == "higher_is_better" else -1
    op = indicator.threshold.op if indicator.threshold else ""
    return 1 if op in (">=", ">") else -1 if op in ("<=", "<") else 0


def _worse(one: Series) -> dict[str, Any] | None:
    wanted, better = one.indicator.warn.worse_years, _better(one.indicator)
    if not wanted or not better or one.trend.run(better) < wanted:
        return None
    run = one.trend.run(better)
    said = {"years": run, "before": one.trend.values[-1 - run], "value": one.last["value"]}
    return _row(one, WORSE, "monitoring.watch.worse", said)


def _will_break(
    series: Mapping[Key, Series], forecast: pl.DataFrame | None, scenario: str, year: int
) -> Iterator[dict[str, Any]]:
    if forecast is None:
        return
    coming: dict[tuple[str, str], list[tuple[int, float, float]]] = {}
    rows = forecast.filter(
        (pl.col("unit_kind") == SCHOOL)
        & (pl.col("grade") == ALL_GRADES)
        & (pl.col("scenario") == scenario)
        & (pl.col("year") > year)
    ).sort("year")
    for row in rows.iter_rows(named=True):
        path = (row["year"], row["p50"] or 0.0, row["p90"] or 0.0)
        coming.setdefault((row["unit_code"], row["stage"]), []).append(path)
    for key, one in series.items():
        last = one.last
        if key[1] != SCHOOL or not _per_pupil(one.indicator) or last["status"] != MET or last["op"] != ">=":
            continue
        if last["num"] is None or not last["threshold"]:
            continue
        each = line(last["threshold"]) / Fraction(one.indicator.value.factor)
        most = most_pupils(exact(last["num"]), each)
        path = coming.get((key[2], key[3]), [])
        central = next((when for when, middle, _ in path if round(middle) > most), None)
        upper = next((when for when, _, high in path if round(high) > most), None)
        if central is None and upper is None:
            continue
        said = {"most": most, "break_year": central, "break_year_upper": upper, "now": round(last["den"])}
        reason = "monitoring.watch.will_break" if central is not None else "monitoring.watch.may_break"
        yield _row(
            one, WILL_BREAK, reason, said, break_year=central, break_year_upper=upper, most_pupils=most
        )


def _missing(series: Mapping[Key, Series]) -> Iterator[dict[str, Any]]:
    for one in series.values():
        if one.last["n_missing"]:
            said = {"count": one.last["n_missing"]}
            yield _row(one, DATA, "monitoring.watch.missing", said)


def _jumps(series: Mapping[Key, Series]) -> Iterator[dict[str, Any]]:
    """A unit whose change since last year stands far out of the others' changes."""
    groups: dict[tuple[str, str, str], list[tuple[Series, float]]] = {}
    for key, one in series.items():
        if len(one.trend.values) > 1 and one.last["value"] is not None:
            change = one.trend.values[-1] - one.trend.values[-2]
            groups.setdefault((key[0], key[1], key[3]), []).append((one, change))
    for members in groups.values():
        for n in outlying([change for _, change in members], JUMP):
            one, _ = members[n]
            if one.last["n_missing"]:
                continue
            said = {"before": one.trend.values[-2], "value": one.trend.values[-1]}
            yield _row(one, DATA, "monitoring.watch.jump", said)


def _copied(series: Mapping[Key, Series]) -> Iterator[dict[str, Any]]:
    """Units all of whose counts, pupils too, are last year's to the last digit."""
    units: dict[tuple[str, str], list[tuple[Series, bool]]] = {}
    for key, one in series.items():
        if key[1] == SCHOOL and _per_pupil(one.indicator) and len(one.rows) > 1:
            before, last = one.rows[-2], one.last
            same = last["num"] is not None and (before["num"], before["den"]) == (last["num"], last["den"])
            units.setdefault((key[2], key[3]), []).append((one, same and last["year"] == before["year"] + 1))
    for held in units.values():
        if len(held) >= COPIED and all(same for _, same in held):
            one = min((one for one, _ in held), key=lambda one: one.key)
            said = {"count": len(held), "year": one.rows[-2]["year"]}
            row = _row(one, DATA, "monitoring.watch.copied", said)
            yield row | {"warning_id": f"{DATA}:copied:{one.key[2]}:{one.key[3]}"}


def _first_year(row: Mapping[str, Any]) -> int:
    return min(year for year in (row["break_year"], row["break_year_upper"]) if year is not None)
