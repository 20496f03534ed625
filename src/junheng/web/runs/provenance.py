"""The line under every page that says which run it shows, and whether data are newer."""

from __future__ import annotations

from junheng.web.house.page import Provenance
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.wording import say


def provenance(scope: Scope, record: RunRecord) -> Provenance:
    """Run, data version, rules, seed and software version of a page, leading to the run's own page."""
    held = reading.run(record.run_id).record
    newest = reading.newest_version()
    newer = newest is not None and bool(record.data_version) and newest.id != record.data_version
    return Provenance(
        run_id=record.run_id,
        href=scope.url("manage:run", run_id=record.run_id),
        line=say(
            "runs.provenance",
            run=record.run_id,
            version=record.data_version or "—",
            rules=held.rules[:8],
            seed=held.seed,
            software=held.software,
        ),
        newer=say("runs.newer", version=record.data_version) if newer else "",
        rerun=scope.url("forecast:start") if newer and scope.may("forecast") else "",
    )
