"""Published markets with published answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.shared import shared
from tests.unit.admission.markets import Small
from tests.unit.admission.tables import assign, lines, write

from junheng.admission.mechanisms import Mechanism


def market_of_2003() -> tuple[Small, dict[str, Any]]:
    known = json.loads(shared("admission/as2003.json").read_text(encoding="utf-8"))
    lists = {child: [str(p) for p in listed] for child, listed in known["prefs"].items()}
    order = {p: [str(c) for c in children] for p, children in known["priorities"].items()}
    priority = {(c, p): order[p].index(c) for c, listed in lists.items() for p in listed}
    return Small(known["capacity"], lists, {c: int(c) for c in lists}, priority), known


@pytest.mark.parametrize(
    ("mechanism", "ranks", "envy"),
    [("da", [4, 4, 0, 0], 0), ("ia", [6, 1, 1, 0], 1), ("ttc", [6, 1, 1, 0], 1)],
)
def test_the_market_of_2003(tmp_path: Path, mechanism: Mechanism, ranks: list[int], envy: int) -> None:
    small, known = market_of_2003()
    result = assign(write(tmp_path, **lines(small)), mechanism)
    got = {row["applicant_id"]: row["program_id"] for row in result.tables["assignment"].to_dicts()}
    assert got == {child: str(program) for child, program in known[mechanism].items()}
    summary = result.summary()
    assert list(summary["rank_distribution"].values()) == ranks
    assert (summary["blocking_pairs"], summary["justified_envy"], summary["wasted_seats"]) == (envy, envy, 0)
    assert result.check() == () and summary["proof"]["failed"] == []
