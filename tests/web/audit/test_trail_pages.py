"""The auditor's pages."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.web.audit.test_chain import open_the_table, run

TABLE = "audit_auditevent"


@pytest.fixture
def auditor(desk: Any) -> Client:
    return desk.client("auditor")


def at(desk: Any, path: str = "", unit: str = "region") -> str:
    return f"/{desk.units[unit]}/2027/manage/audit/{path}"


def body(answer: Any) -> str:
    text = answer.content.decode()
    return text[text.index("<main") :]


def test_events_are_filtered_by_person_verb_and_day(desk: Any, auditor: Client) -> None:
    from junheng.web.audit.chain import record

    unit = desk.unit("region")
    record("run.published", by=desk.person("leader"), unit=unit, object="R-1", reason="公布")
    record(
        "grant.given",
        by=desk.person("security_admin"),
        unit=unit,
        object="planner",
        diff={"after": {"role": "leader"}},
    )
    page = body(auditor.get(at(desk)))
    assert "R-1" in page
    assert "角色 局领导" in page
    assert "R-1" not in body(auditor.get(at(desk) + "?person=planner"))
    assert "授予角色" in body(auditor.get(at(desk) + "?person=planner&verb=grant"))
    assert "没有符合条件" in body(auditor.get(at(desk) + "?last=2020-01-01"))
    assert "R-1" in body(auditor.get(at(desk) + "?first=2020-01-01&verb=run.published"))
    for odd in ("first=x", "first=2026-13-45", "page=0", "page=x", "person='"):
        assert auditor.get(at(desk) + f"?{odd}").status_code == 200, odd
    assert auditor.get(at(desk) + "?verb=%00").status_code == 400


def test_from_a_unit_one_sees_its_events_only(desk: Any, auditor: Client) -> None:
    from junheng.web.audit.chain import record

    record("upload.received", by=desk.person("school_clerk"), unit=desk.unit("school"), object="mine.xlsx")
    record(
        "upload.received",
        by=desk.person("school_clerk_2"),
        unit=desk.unit("other_school"),
        object="other.xlsx",
    )
    record("person.locked_out", by="sign-in", object="nobody")
    school = body(auditor.get(at(desk, unit="school")))
    assert "mine.xlsx" in school
    assert "other.xlsx" not in school
    assert "nobody" not in school
    assert "nobody" in body(auditor.get(at(desk)))


def test_the_auditor_finds_what_was_altered_in_the_database(desk: Any, auditor: Client) -> None:
    assert "尚未校验" in body(auditor.get(at(desk)))
    auditor.post(at(desk, "verify/"))
    assert "校验完整" in body(auditor.get(at(desk)))
    open_the_table()
    run(f"UPDATE {TABLE} SET actor = 'somebody' WHERE seq = 2")
    answer = auditor.post(at(desk, "verify/"), follow=True)
    assert "第 2 条的内容被改动" in body(answer)
    assert "审计记录不完整" in body(auditor.get(at(desk)))
    assert connection.vendor == "sqlite"


def test_the_export_can_be_checked_by_whoever_holds_it(desk: Any, auditor: Client) -> None:
    import hashlib

    from junheng.web.audit.models import AuditEvent

    path = at(desk, "export/")
    assert auditor.post(path, {"reason": ""}).status_code == 422
    answer = auditor.post(path + "?verb=run", {"reason": "年度检查"})
    assert re.fullmatch(r'attachment; filename="audit-[\d-]+\.jsonl"', answer.headers["Content-Disposition"])
    assert "no-store" in answer.headers["Cache-Control"]
    events = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert {event["verb"].partition(".")[0] for event in events} == {"run"}
    covered = (
        "seq",
        "actor",
        "roles",
        "unit_path",
        "verb",
        "object",
        "reason",
        "diff",
        "file_sha256",
        "run_id",
        "ip",
        "request_id",
        "prev_hash",
        "at",
    )
    for event in events:
        text = json.dumps(
            {name: event[name] for name in covered}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        assert hashlib.sha256(text.encode()).hexdigest() == event["hash"]
    noted = AuditEvent.objects.get(verb="audit.exported")
    assert (noted.actor, noted.reason, noted.diff) == ("auditor", "年度检查", {"events": len(events)})


def test_a_long_trail_is_paged(desk: Any, auditor: Client) -> None:
    from junheng.web.audit.chain import record

    for number in range(60):
        record("job.started", by="test", unit=desk.unit("region"), object=f"job-{number}")
    first, second = body(auditor.get(at(desk))), body(auditor.get(at(desk) + "?page=2"))
    assert 'rel="next"' in first
    assert set(re.findall(r"job-\d+", first)).isdisjoint(re.findall(r"job-\d+", second))


def test_every_verb_written_anywhere_is_worded() -> None:
    """A verb nobody has worded would stand in the trail as code."""
    import ast
    from pathlib import Path

    import junheng.web
    from junheng.web.audit.verbs import all_verbs, named

    found: set[str] = set()
    for path in Path(junheng.web.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and node.args
                and getattr(node.func, "id", "") in ("audit", "record")
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value:
                    found.add(first.value)
    assert len(found) > 20
    assert [verb for verb in sorted(found) if named(verb, "zh") == verb] == []
    assert set(all_verbs()) >= found
