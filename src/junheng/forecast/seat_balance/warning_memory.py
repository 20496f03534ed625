"""A warning steps down only after it was calm for as many runs as the standard asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

_ORDER = {"red": 0, "orange": 1, "yellow": 2, "": 3}


def hold(
    rows: list[dict[str, Any]], previous: pl.DataFrame | None, scenario: str, runs: int
) -> list[dict[str, Any]]:
    """`rows` of seat_warnings with levels held where the run before warned higher.

    A level lower than before (or no warning at all) counts one calm run; before `runs` of them the earlier
    level stays, marked in `reason_parameters` with `held` (the level computed now) and `calm_runs`. The count
    travels in the table itself, so a run needs only the table of the run before.
    """
    if previous is None or previous.is_empty():
        return rows
    before = {
        row["warning_id"]: row
        for row in previous.filter(pl.col("scenario") == scenario).iter_rows(named=True)
    }
    held: list[dict[str, Any]] = []
    for row in rows:
        earlier = before.pop(row["warning_id"], None)
        if earlier is None or _ORDER[earlier["level"]] >= _ORDER[row["level"]]:
            held.append(row)
            continue
        held.append(_stay(row, earlier, row["level"], runs))
    for warning_id in sorted(before):
        earlier = before[warning_id]
        stays = _stay(dict(earlier), earlier, "", runs)
        if stays["level"]:
            held.append(stays)
    return held


def _stay(row: dict[str, Any], earlier: Mapping[str, Any], now: str, runs: int) -> dict[str, Any]:
    calm = int(_parameters(earlier).get("calm_runs", 0)) + 1
    if calm >= runs:
        return row | {"level": now}
    parameters = _parameters(row) | {"held": now or "none", "calm_runs": calm}
    return row | {
        "level": earlier["level"],
        "reason_parameters": json.dumps(parameters, ensure_ascii=False, sort_keys=True),
    }


def _parameters(row: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(row["reason_parameters"] or "{}")
