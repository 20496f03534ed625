"""Standards as of a day with local ones beside; health says what is wrong; the landing shows each her own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

YEAR = 2026
LOCAL = """\
topic: class_size
entries:
- from: 2020-09-01
  region: '{region}'
  values: {{primary: 40}}
  source: {{document: 本县班额规定, number: 县教〔2020〕1号}}
  verified: original
"""


def place(desk: Any, unit: str, *parts: str) -> str:
    return "/".join((f"/{desk.units[unit]}/{YEAR}", *parts)) + "/"


def test_every_standard_in_force_is_shown_with_its_source(desk: Any) -> None:
    from datetime import date

    from junheng import rules

    address = place(desk, "school", "rules") + "?day=2026-09-01"
    client = desk.client("school_clerk")
    held = rules.at(date(2026, 9, 1))
    listed = client.get(address).content.decode()
    for topic in held.topics():
        assert f"topic={topic}" in listed
        page = client.get(f"{address}&topic={topic}").content.decode()
        for key in held[topic]:
            value = held[topic][key]
            if value.value is not None:
                assert value.rule_id in page
                assert value.verified == "ours" or value.source in page


def test_a_stricter_local_standard_stands_beside_the_national_one(desk: Any) -> None:
    folder = desk.workspace / "rules" / "standards"
    folder.mkdir(parents=True)
    (folder / "class_size.yaml").write_text(LOCAL.format(region=desk.units["region"]), encoding="utf-8")
    page = (
        desk.client("planner")
        .get(place(desk, "region", "rules") + "?day=2026-09-01&topic=class_size")
        .content.decode()
    )
    assert "40 人/班" in page and "国家 45 人/班" in page and "本县班额规定" in page


def test_a_day_before_a_rule_shows_none(desk: Any) -> None:
    page = (
        desk.client("planner")
        .get(place(desk, "region", "rules") + "?day=1995-01-01&topic=class_size")
        .content.decode()
    )
    assert "此日无有效规定" in page and "class_size.primary@2017" not in page
    assert desk.client("planner").get(place(desk, "region", "rules") + "?day=nonsense").status_code == 404
    assert desk.client("planner").get(place(desk, "region", "rules") + "?topic=nonsense").status_code == 404


def test_health_names_what_is_wrong(desk: Any) -> None:
    from junheng.web.audit.actions import check
    from junheng.web.jobs.models import WorkerBeat

    path = place(desk, "region", "manage", "health")
    assert desk.client("planner").get(path).status_code == 403
    operator = desk.client("system_admin")
    bare = operator.get(path).content.decode()
    assert "从未核验" in bare and "没有工作进程在运行" in bare
    check()
    WorkerBeat.objects.create(worker="one", queues="quick", at=timezone.now())
    WorkerBeat.objects.create(worker="two", queues="heavy", at=timezone.now() - timedelta(minutes=5))
    page = operator.get(path).content.decode()
    assert "从未核验" not in page and "无响应" in page and "在运行" in page


def test_the_landing_shows_each_her_own(desk: Any) -> None:
    path = place(desk, "region", "manage")
    operator = desk.client("system_admin").get(path).content.decode()
    assert place(desk, "region", "manage", "health") in operator
    planner = desk.client("planner").get(path).content.decode()
    assert place(desk, "region", "manage", "health") not in planner
    assert place(desk, "region", "rules") in planner and place(desk, "region", "tokens") in planner
