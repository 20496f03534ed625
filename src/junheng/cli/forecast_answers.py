"""How the forecast commands answer: names for codes, differences by stage and year, a warning explained."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from junheng.cli import speech
from junheng.model.errors import Refused
from junheng.model.stages import STAGES

if TYPE_CHECKING:
    from junheng.forecast.result import Projection
    from junheng.forecast.scenarios.comparison import Comparison
    from junheng.forecast.seat_balance.seat_outlook import SeatOutlook


def show_difference(name: str, comparison: Comparison) -> None:
    """Pupils more or fewer, and seats saved, by stage and year of the region; years without any are left out."""
    base = comparison.base
    rows: list[list[object]] = []
    for stage in STAGES:
        if ("region", stage) not in set(comparison.table.select("unit_kind", "stage").unique().iter_rows()):
            continue
        code = base.problem.region.code
        draws = [comparison.difference("region", code, stage), comparison.waiting("region", code, stage)]
        for h, year in enumerate(base.years):
            ranges = [np.quantile(one[:, h], (0.1, 0.5, 0.9)) for one in draws]
            if any(np.abs(one).max() >= 0.5 for one in ranges):
                rows.append([year, stage_name(stage), *map(_signed, ranges)])
    if rows:
        headings = speech.sentence("cli.what_if_headings", {}).split("|")
        speech.table(speech.sentence("cli.what_if_title", {"scenario": name}), headings, rows)
    else:
        speech.say("cli.what_if_nothing", scenario=name)


def show_years_gained(comparison: Comparison) -> None:
    """Where the first shortage comes later or sooner than under the base; nothing where none moves."""
    moved = comparison.first_shortage.filter(pl.col("years_gained") != 0).sort(
        "years_gained", descending=True
    )
    if moved.is_empty():
        return
    rows = [
        [
            unit_name(comparison.base, row["unit_code"]),
            stage_name(row["stage"]),
            row["base_first_short"],
            row["plan_first_short"],
            ("≥" if row["at_least"] else "") + f"{row['years_gained']:+d}",
        ]
        for row in moved.head(speech.SHOWN_ROWS).iter_rows(named=True)
    ]
    speech.table(
        speech.sentence("cli.gained_title", {}), speech.sentence("cli.gained_headings", {}).split("|"), rows
    )
    if moved.height > speech.SHOWN_ROWS:
        speech.say("cli.more_rows", count=moved.height - speech.SHOWN_ROWS)


def _signed(low_median_high: Iterable[float]) -> str:
    low, median, high = low_median_high
    return f"{median:+,.0f} ({low:+,.0f}–{high:+,.0f})" if low or high else "0"


def levels(outlook: SeatOutlook) -> str:
    """Warnings by level in words."""
    counts = dict(outlook.tables["seat_warnings"].group_by("level").len().iter_rows())
    return " ".join(
        f"{speech.sentence(f'cli.level_{level}', {})} {counts.get(level, 0)}"
        for level in ("red", "orange", "yellow")
    )


def explain_warning(outlook: SeatOutlook, warning: str) -> None:
    """Print why a warning stands, by which rule, and what each lever would leave."""
    try:
        found = outlook.explain(warning, speech.language())
    except KeyError as error:
        raise Refused("cli.warning_unknown", {"warning": warning}) from error
    speech.console().print(found["reason"], markup=False)
    if found["rule"]:
        speech.say("cli.rule", citation=found["rule"]["citation"])
    if found["levers_tried"]:
        speech.table(
            speech.sentence("cli.levers_title", {}),
            speech.sentence("cli.levers_headings", {}).split("|"),
            [
                [one["words"], one["from_year"], f"{one['residual_p']:.0%}", one["closes"]]
                for one in found["levers_tried"]
            ],
        )


def stage_name(code: str) -> str:
    """Name of a stage in the language chosen."""
    from junheng.report import wording

    return wording.code_name("stage", code, speech.language())


def unit_name(projection: Projection, code: str) -> str:
    """Name of a school, an area or the region; the code where it has none."""
    for table, key in (("schools", "school_id"), ("areas", "area_code")):
        held = projection.problem.table(table)
        if held is not None:
            named = held.filter(pl.col(key) == code)["name"]
            if named.len():
                return str(named[0])
    return projection.problem.region.name if code == projection.problem.region.code else code


def unit_code(projection: Projection, unit: str) -> str:
    """The code of a school or area called `unit`; `unit` itself when no single one is called so."""
    named: list[str] = []
    for table, key in (("schools", "school_id"), ("areas", "area_code")):
        held = projection.problem.table(table)
        if held is not None:
            named += held.filter(pl.col("name") == unit)[key].to_list()
    return named[0] if len(named) == 1 else unit


def stage_code(stage: str) -> str:
    """The code of a stage given by its code or its Chinese or English name."""
    from junheng.model.codes import CODE_LISTS

    for code, names in CODE_LISTS["stage"].entries.items():
        if stage in names:
            return code
    return stage


def share(name: str, value: Any) -> Any:
    """A cell of the backtest table: shares as percentages, CRPS to two places."""
    if name == "method":
        return speech.sentence(f"cli.method_{value}", {})
    if value is None or name == "lead":
        return value
    return f"{value:.2f}" if name == "crps" else f"{value:.2%}"
