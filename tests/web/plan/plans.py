"""A plan of the region's own: one clause with a yearly path, three tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

PLAN = "matrix-plan"
TEXT = """document:
  {{id: {plan}, title: 本区规划, issuer: 本区政府, issued: 2022-01-20, period: [2022-01-01, 2030-12-31],
   verified: ours}}
clauses:
- id: "1"
  title: 智慧校园
  gist: 智慧校园逐年达标。
  rooms: [monitoring, canteen]
  duty: {{force: must, actor: [电教馆]}}
  targets:
  - {{id: t1, indicator: {indicator}, scope: {{area: county}}, op: ">=", value: 0.9, unit: share,
     basis: stock, by: 2030-12-31, path: {{2026: 0.66, 2028: 0.78, 2030: 0.9}}}}
  tasks:
  - {{id: k1, text: 报送验收单, unit: "{school}", owner: 教务处, due: {late}, every: once,
     evidence: [验收单]}}
  - {{id: k2, text: 公布名单, unit: "{other}", owner: 办公室, due: {soon}, every: once, evidence: [名单]}}
  - {{id: k3, text: 汇总上报, unit: "{region}", owner: 规划科, due: {far}, every: year, evidence: [报告]}}
  delivered_by: [{{indicator: {indicator}}}]
  evidence: [{{kind: file, name: 验收单}}]
"""


def write_plan(desk: Any, indicator: str = "smart_campus_share") -> None:
    """Put the plan into the desk's workspace: the school's task is ten days late, the neighbour's due in
    five."""
    today = timezone.localdate()
    folder = desk.workspace / "rules" / "policies"
    folder.mkdir(parents=True, exist_ok=True)
    text = TEXT.format(
        plan=PLAN,
        indicator=indicator,
        school=desk.units["school"],
        other=desk.units["other_school"],
        region=desk.units["region"],
        late=today - timedelta(days=10),
        soon=today + timedelta(days=5),
        far=today + timedelta(days=200),
    )
    (folder / f"{PLAN}.yaml").write_text(text, encoding="utf-8")
