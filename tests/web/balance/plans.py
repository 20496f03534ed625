"""A finished way to pass as the worker would leave it: one measure at one school, all else kept short."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from junheng.model import TABLES

COST = 36_000.0
OTHERS_GIFT = 2


def keep_plan(desk: Any, school: str = "", giver: str = "", **summary: Any) -> int:
    """Write the files of a plan and its job, done; returns the job's number."""
    from django.conf import settings

    from junheng.web.balance.way_queries import FOLDER, VERB
    from junheng.web.jobs.models import Job

    folder = Path(settings.DESK) / FOLDER / "made"
    folder.mkdir(parents=True, exist_ok=True)
    area = school or desk.units["school"]
    measure = {
        "run": "", "assessment": "quality_balance", "plan_year": 2025, "area": area, "stage": "primary",
        "lever_id": "L04", "kind": "exchange", "raises": "backbone_teachers", "units": 2.0, "adds": 2.0,
        "cost": COST, "lead_years": 1, "ready_year": 2026, "late": False,
        "from_schools": f"{giver}:{OTHERS_GIFT}" if giver else "", "reason": "balance",
        "place": 1, "funded": True,
    }  # fmt: skip
    gap = {
        "run": "", "assessment": "quality_balance", "plan_year": 2025, "area": area, "stage": "primary",
        "item": "L2", "indicator": "backbone_teachers_per_100", "pupils": 300, "amount": 3.0, "required": 3.0,
        "floor": 2.55, "missing_full": 0.0, "missing_floor": 0.0, "missing_unit": "teachers",
        "most_pupils": 300,
        "most_at_floor": 352,
    }  # fmt: skip
    paths = [("now", 2025, "met"), ("central", 2027, "under_line"), ("upper", 2026, "under_line")]
    gaps = [{**gap, "path": path, "year": year, "status": status} for path, year, status in paths]
    for name, rows in (("pass_plan", [measure]), ("pass_gaps", gaps)):
        frame = TABLES[name].conform(pl.DataFrame(rows, schema_overrides=TABLES[name].schema()))
        frame.write_parquet(folder / f"{name}.parquet")
    told = {
        "assessment": "quality_balance", "year": 2025, "status": "within", "passes_now": False, "schools": 66,
        "schools_short": 12, "measures": 1, "priced": True, "cost": [COST], "bound": [30_000.0], "gap": 1 / 6,
        "pupils_fixed": False, "schools_only": [30_000.0], "spent": COST, "funded_schools": 1,
        "unmet_schools": [], "unmet_coefficients": [], "out_of_reach": [], "first_break": None, "breaks": 1,
        "coefficients": [
            {"item": "L2", "stage": "primary", "limit": 0.5, "before": 0.56195, "after": 0.49999,
             "driver": area, "share": 0.4, "direction": "above"},
        ],
        "verified": "met", **summary,
    }  # fmt: skip
    (folder / "summary.json").write_text(json.dumps(told), encoding="utf-8")
    args = {"assessment": "quality_balance", "horizon": "2026,2027", "budget": None, "version": "v0001"}
    job = Job.objects.create(
        verb=VERB, args={**args, "report": f"{FOLDER}/made"}, state=Job.DONE,
        owner=desk.person("planner"), unit=desk.unit("region"),
    )  # fmt: skip
    return int(job.pk)
