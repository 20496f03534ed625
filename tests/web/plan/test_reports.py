"""Reporting progress: who may, what is refused, what counts, and what a changed file does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.desks import Desk
from tests.web.plan.conftest import YEAR, cells, text
from tests.web.plan.plans import PLAN

from junheng.model.errors import Refused

pytestmark = pytest.mark.both_databases
PDF = b"%PDF-1.7 shown"


def send(desk: Desk, role: str, task: str = "k1", unit: str = "", **form: Any) -> Any:
    code = desk.units[unit] if unit else desk.code_of(role)
    return desk.client(role).post(f"/{code}/{YEAR}/plan/tasks/{PLAN}/{task}/", form)


def page(desk: Desk, role: str, task: str = "k1") -> Any:
    return desk.client(role).get(f"/{desk.code_of(role)}/{YEAR}/plan/tasks/{PLAN}/{task}/")


def state(desk: Desk, task: str = "k1") -> str:
    answer = desk.client("leader").get(f"/{desk.units['region']}/{YEAR}/plan/tasks/")
    return cells(answer, "tasks")[f"{PLAN}-{task}"][4].partition(" ")[0]


def last() -> Any:
    from junheng.web.plan.models import TaskReport

    return TaskReport.objects.first()


def examine(desk: Desk, role: str = "statistician", verdict: str = "examined", **form: Any) -> Any:
    row = last()
    sent = {"verdict": verdict, "opinion": "", "row_version": row.row_version, **form}
    return desk.client(role).post(f"/{desk.code_of(role)}/{YEAR}/plan/reports/{row.pk}/examine/", sent)


def test_the_unit_itself_and_who_collects_report_others_only_read(planned: Desk) -> None:
    assert send(planned, "school_clerk", status="doing", note="一半").status_code == 303
    assert send(planned, "statistician", status="doing").status_code == 303
    assert send(planned, "superior", status="doing").status_code == 303
    for role in ("principal", "leader", "planner"):
        assert send(planned, role, status="doing").status_code == 403
        assert (
            b"<form"
            not in page(planned, role).content.partition(b'id="t-reports"')[2].partition(b"</main>")[0]
        )
    assert send(planned, "school_clerk_2", status="doing").status_code == 404
    assert send(planned, "school_clerk_2", unit="school", status="doing").status_code == 404
    assert send(planned, "school_clerk", "k2", status="doing").status_code == 404
    assert "一半" in text(page(planned, "leader"))


def test_done_counts_once_examined_and_no_longer_when_the_file_changes(planned: Desk) -> None:
    from junheng.web.plan import evidence

    file = SimpleUploadedFile("验收单.pdf", PDF)
    assert send(planned, "school_clerk", status="done", file=file).status_code == 303
    assert state(planned) == "逾期", "nobody has examined it"
    assert "已报，待核实" in text(page(planned, "leader"))
    assert examine(planned).status_code == 303
    assert state(planned) == "完成"
    row = last()
    place = evidence.place(row.folder, row.file)
    place.write_bytes(b"%PDF-1.7 other")
    assert state(planned) == "逾期"
    assert "退回未查验" in text(page(planned, "statistician"))
    assert examine(planned).status_code == 422, "a file that is not what came is not taken"
    place.write_bytes(PDF)
    assert state(planned) == "完成"
    place.unlink()
    assert state(planned) == "逾期"
    assert examine(planned, verdict="returned", opinion="材料缺失，请重报").status_code == 303


def test_what_was_sent_back_does_not_count(planned: Desk) -> None:
    send(planned, "school_clerk", status="blocked", note="用地未批")
    assert examine(planned, verdict="returned").status_code == 422, "no reason was given"
    assert examine(planned, verdict="returned", opinion="请附批文").status_code == 303
    assert examine(planned, verdict="examined").status_code == 422, "once only"
    assert "请附批文" in text(page(planned, "school_clerk"))
    assert state(planned) == "逾期"


def test_nobody_examines_her_own_report_nor_without_collecting(planned: Desk) -> None:
    send(planned, "statistician", status="done")
    assert examine(planned).status_code == 422
    assert examine(planned, "leader").status_code == 403
    assert examine(planned, "school_clerk").status_code == 403
    assert examine(planned, "superior").status_code == 303


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"status": ""}, "请选择进展状态"),
        ({"status": "blocked"}, "请写明原因"),
        ({"status": "doing", "value": "一半"}, "不是数字"),
        ({"status": "doing", "value": "1e9"}, "不是数字"),
        ({"status": "doing", "note": "长" * 501}, "不超过 500 字"),
        ({"status": "doing", "file": ("空.pdf", b"")}, "是空的"),
        ({"status": "doing", "file": ("a.exe", b"MZ")}, "不收"),
        ({"status": "doing", "file": ("a.pdf", b"MZ program")}, "与扩展名不符"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    planned: Desk, form: dict[str, Any], said: str
) -> None:
    from junheng.web.plan.models import TaskReport

    sent = {name: SimpleUploadedFile(*value) if name == "file" else value for name, value in form.items()}
    answer = send(planned, "school_clerk", **sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not TaskReport.objects.exists()


def test_a_file_too_large_is_refused_and_none_is_left(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from junheng.web.house import shelf
    from junheng.web.plan import evidence

    monkeypatch.setattr(shelf, "LIMIT_BYTES", 10)
    with pytest.raises(Refused, match=r"plan\.file_large"):
        evidence.acceptable(ContentFile(PDF, name="a.pdf"))
    assert not (planned.workspace / "desk" / "evidence").exists()


def test_evidence_is_taken_as_it_came_by_those_who_may(planned: Desk) -> None:
    send(planned, "school_clerk", status="done", file=SimpleUploadedFile("../验收 单.pdf", PDF))
    row = last()
    assert row.file == "验收 单.pdf"
    for role, good in (("leader", 200), ("principal", 200), ("school_clerk_2", 404), ("town_clerk_2", 404)):
        path = f"/{planned.code_of(role)}/{YEAR}/plan/reports/{row.pk}/evidence/"
        answer = planned.client(role).get(path)
        assert answer.status_code == good
        if good == 200:
            assert b"".join(answer.streaming_content) == PDF
            assert answer["Content-Disposition"].startswith("attachment")


def test_each_step_is_in_the_audit_trail(planned: Desk) -> None:
    from junheng.web.audit.checking import verify
    from junheng.web.audit.models import AuditEvent

    send(planned, "school_clerk", status="done", file=SimpleUploadedFile("a.pdf", PDF))
    examine(planned)
    events = {one.verb: one for one in AuditEvent.objects.filter(verb__startswith="plan.")}
    assert set(events) == {"plan.reported", "plan.examined"}
    assert events["plan.reported"].file_sha256 == events["plan.examined"].file_sha256 == last().sha256
    assert verify().holds


def test_reminders_go_once_to_those_responsible(planned: Desk) -> None:
    from junheng.web.notices.models import Notice
    from junheng.web.operations.upkeep import remind

    Notice.objects.all().delete()
    assert remind() >= 2
    late = Notice.objects.filter(code="plan.notice_overdue", parameters__title="报送验收单")
    assert {one.to.username for one in late} >= {"school_clerk", "statistician", "superior"}
    soon = Notice.objects.filter(code="plan.notice_due_soon", parameters__title="公布名单")
    assert {one.to.username for one in soon} == {"school_clerk_2"}
    assert remind() == 0, "once for each state of each date"


def test_tasks_wait_on_the_desk_of_those_responsible(planned: Desk) -> None:
    def home(role: str) -> str:
        return text(planned.client(role).get(f"/{planned.code_of(role)}/{YEAR}/"))

    assert "规划任务逾期：报送验收单" in home("school_clerk")
    assert "规划任务临期：公布名单" in home("school_clerk_2")
    assert "项规划任务逾期" in home("statistician")
    send(planned, "school_clerk", status="done", file=SimpleUploadedFile("a.pdf", PDF))
    assert "规划任务逾期" not in home("school_clerk")
    assert "1 份任务报告待核实" in home("statistician")
