"""What people of this room may do: start a run or a scenario."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng import __version__
from junheng.data.atomic import write_bytes
from junheng.forecast.scenarios.built_in_scenarios import NAMES
from junheng.forecast.scenarios.levers import Lever, levers_table
from junheng.model.errors import Refused
from junheng.web.accounts.roles import FORECAST
from junheng.web.jobs import actions as jobs
from junheng.web.jobs.models import Job
from junheng.web.runs.actions import region_unit
from junheng.web.runs.reading import newest_version
from junheng.web.workspace import book


@transaction.atomic
def start_run(*, by: Any, origin: int, years: int, draws: int, seed: int) -> Job:
    """Ask for an annual run of the region. PermissionDenied without `forecast` on it."""
    unit = _region_for(by)
    newest = newest_version()
    args = {"origin": origin, "years": years, "draws": draws, "seed": seed}
    facts = [
        newest.id if newest else "",
        book().digest(),
        __version__,
        *(str(args[key]) for key in sorted(args)),
    ]
    return jobs.start(verb="run", args=args, unit=unit, by=by, input_digest=_digest("run", *facts))


@transaction.atomic
def start_scenario(
    *, by: Any, name: str, levers: Sequence[Lever], origin: int, years: int, draws: int, seed: int
) -> Job:
    """Ask for a scenario: its levers are kept as a file named by what it holds. PermissionDenied without
    `forecast` on the region."""
    unit = _region_for(by)
    numbered = [replace(one, lever_id=str(number)) for number, one in enumerate(levers, 1)]
    frame = levers_table(numbered, name)
    stream = io.BytesIO()
    frame.write_parquet(stream)
    digest = _digest("levers", frame.write_json())
    path = Path("levers") / f"scenario_levers-{digest[:32]}.parquet"
    write_bytes(Path(settings.DESK) / path, stream.getvalue())
    args = {
        "levers": str(path), "scenario": name, "origin": origin, "years": years, "draws": draws, "seed": seed,
    }  # fmt: skip
    return jobs.start(verb="scenario", args=args, unit=unit, by=by)


@transaction.atomic
def start_built_in(*, by: Any, name: str, origin: int, years: int, draws: int, seed: int) -> Job:
    """Ask for a ready-made scenario, which needs no levers. PermissionDenied without `forecast`; Refused for
    a name nobody knows."""
    unit = _region_for(by)
    if name not in NAMES:
        raise Refused("scenario_unknown", {"name": name, "known": ", ".join(NAMES)})
    args = {"scenario": name, "origin": origin, "years": years, "draws": draws, "seed": seed}
    return jobs.start(verb="scenario", args=args, unit=unit, by=by)


def _region_for(by: Any) -> Any:
    unit = region_unit()
    if unit is None or not by.may(FORECAST, unit):
        raise PermissionDenied(FORECAST)
    return unit


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
