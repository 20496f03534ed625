"""Results: the lists, one child, publication, answers, a second round, placements by hand, the report."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.web.admission import drawing
from tests.web.desks import Desk

from junheng.model.errors import Refused
from junheng.web.admission.draws.models import Draw
from junheng.web.admission.models import Answer, Entry, Override
from junheng.web.admission.results import actions, queries, standing
from junheng.web.audit.models import AuditEvent
from junheng.web.jobs.models import Job


@pytest.fixture
def drawn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Entry:
    """The kindergarten entry, drawn and checked."""
    drawing.announced(desk)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=2))
    drawing.drawn(desk)
    return Entry.objects.get(plan_id="2027-kindergarten")


@pytest.fixture
def published(desk: Desk, drawn: Entry) -> Entry:
    """The same, published."""
    drawing.together(desk, drawn, "publish", level="list")
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    drawn.refresh_from_db()
    return drawn


@pytest.fixture
def get(desk: Desk) -> Callable[..., Any]:
    """A page of the entry as somebody sees it."""

    def ask(path: str, role: str = drawing.ONE, **query: Any) -> Any:
        unit = desk.code_of(role) if role in ("school_clerk", "principal") else desk.units["region"]
        return desk.client(role).get(f"/{unit}/{drawing.YEAR}/admission/2027-kindergarten/{path}", query)

    return ask


def test_pages_of_a_drawn_entry(desk: Desk, drawn: Entry, get: Callable[..., Any]) -> None:
    page = get("results/")
    assert page.status_code == 200, page.content.decode()[-3000:]
    text = page.content.decode()
    assert "<h1" in text
    assert "项核对全部相符" in text
    assert get("results/checks/").content.decode().count("相符") >= 10
    held = standing.standing(drawn)
    now = held.now
    figures = [int(one.replace(",", "")) for one in re.findall(r'class="value">\s*([\d,]+)', text)]
    assert sum(figures) == now.height, "the figures add up to all children"
    rows = [row["program_id"] for row in held.result.problem.tables["programs"].sort("program_id").to_dicts()]
    schools = get("results/schools/", page="all").content.decode()
    places = [schools.index(f">{one}<") for one in rows]
    assert places == sorted(places)  # by code, never by line
    first = get("results/schools/").content.decode()
    assert [one in first for one in (f">{rows[0]}<", f">{rows[-1]}<")] == [True, len(rows) <= 30]
    queue = held.waiting["program_id"].to_list()
    full = get("results/schools/", state="queue", page="all").content.decode()
    assert all((f">{one}<" in full) == (one in queue) for one in rows)
    for part in ("waiting", "lines", "placement"):
        assert get(f"results/{part}/", page="99999").status_code == 200
        assert get(f"results/{part}/", role="school_clerk").status_code in (403, 404)
    receipt = held.found.receipts[now["applicant_id"][7]]
    sought = get("results/children/", find=f" {receipt[:4]}-{receipt[4:]} ".lower()).content.decode()
    assert f">{now['applicant_id'][7]}<" in sought and sought.count("<tr data-key=") == 1
    listed = get("results/children/", state="placed")
    assert listed.status_code == 200
    assert get("results/", role="school_clerk").status_code == 404  # nothing is published yet
    taken = get("results/files/assignment/xlsx/")
    assert taken.status_code == 200
    assert AuditEvent.objects.filter(verb="export.taken").exists()


def test_a_look_at_a_child_is_written_down_and_reported(
    desk: Desk, drawn: Entry, get: Callable[..., Any]
) -> None:
    child = drawn.children.first()
    page = get(f"results/children/{child.applicant_id}/")
    assert page.status_code == 200
    assert AuditEvent.objects.filter(verb="admission.result_looked", actor=drawing.ONE).count() == 1
    assert get(f"results/children/{child.applicant_id}/", role="planner").status_code == 403
    assert get("results/children/nobody/").status_code == 404
    report = get("sunshine/")
    assert report.status_code == 200
    text = report.content.decode()
    assert child.applicant_id in text
    again = get("sunshine/").content.decode()
    digest = text[text.index("<code>") : text.index("</code>")]
    assert digest in again
    get(f"results/children/{child.applicant_id}/")
    assert digest not in get("sunshine/").content.decode()


def test_nothing_is_published_that_is_not_clean(desk: Desk, drawn: Entry) -> None:
    draw = Draw.objects.get(entry=drawn)
    draw.outcome = {**draw.outcome, "clean": False}
    draw.save()
    with pytest.raises(Refused) as refused:
        drawing.together(desk, drawn, "publish", level="own")
    assert refused.value.code == "results.not_clean"


def test_a_frozen_file_that_changed_stops_everything(
    desk: Desk, drawn: Entry, get: Callable[..., Any]
) -> None:
    table = desk.workspace / "admission" / drawn.plan_id / "draw" / "private" / "lines.csv"
    table.write_bytes(table.read_bytes().replace(b"\t", b"\tx", 1))
    from junheng.web.admission.draws import again

    again._KEPT._held.clear()
    page = get("results/")
    assert page.status_code == 200
    assert "被改动" in page.content.decode()


def test_what_is_published_satisfies_the_verifier_by_itself(desk: Desk, published: Entry) -> None:
    folder = desk.workspace / "admission" / published.plan_id / "published"
    assert published.state == "published"
    done = subprocess.run(
        [sys.executable, str(folder / "verify_admission.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    families = desk.workspace / "public" / "families" / published.plan_id
    assert (families / "current").read_text().strip()


def test_a_school_sees_its_own_children_once_published(
    desk: Desk, published: Entry, get: Callable[..., Any]
) -> None:
    page = get("results/", role="school_clerk")
    assert page.status_code == 200
    held = queries.shown
    assert held is not None
    text = page.content.decode()
    assert "候补名单" not in text
    assert get("results/children/", role="school_clerk").status_code == 200
    assert get("results/files/assignment/xlsx/", role="school_clerk").status_code == 404


def test_answers_open_a_second_round_that_two_people_hold(
    desk: Desk, published: Entry, get: Callable[..., Any]
) -> None:
    one = desk.person(drawing.ONE)
    now = standing.standing(published).now
    seated = now.filter(now["state"] == "placed")["applicant_id"].to_list()
    with pytest.raises(Refused) as unknown:
        actions.answer(entry=published, number=1, applicant_id="nobody", said="accept", by=one)
    assert unknown.value.code == "results.child_unknown"
    with pytest.raises(Refused) as later:
        actions.answer(entry=published, number=2, applicant_id=seated[0], said="accept", by=one)
    assert later.value.code == "results.round_over"
    with pytest.raises(PermissionDenied):
        actions.answer(
            entry=published, number=1, applicant_id=seated[0], said="accept", by=desk.person("planner")
        )
    actions.answer(entry=published, number=1, applicant_id=seated[0], said="decline", by=one)
    rows = [f"{who},{'放弃' if at % 9 == 0 else '接受'}" for at, who in enumerate(seated)]
    content = "\n".join(["报名编号,答复", *rows]).encode()
    sent = desk.client(drawing.ONE).post(
        f"/{desk.units['region']}/{drawing.YEAR}/admission/{published.plan_id}/answers/file/",
        {"file": SimpleUploadedFile("answers.csv", content)},
    )
    assert sent.status_code == 303
    assert Answer.objects.count() == len(seated)
    wrong = f"报名编号,答复\n{seated[0]},maybe\nnobody,接受\n{seated[1]},放弃\n{seated[1]},接受\n"
    refused = desk.client(drawing.ONE).post(
        f"/{desk.units['region']}/{drawing.YEAR}/admission/{published.plan_id}/answers/file/",
        {"file": SimpleUploadedFile("answers.csv", wrong.encode())},
    )
    told = refused.content.decode()
    assert refused.status_code == 422
    assert all(f"<li>第 {row} 行：" in told for row in (2, 3, 5)) and "<li>第 4 行" not in told
    book = io.BytesIO()
    pl.DataFrame({"报名编号": seated[2:4], "答复": ["候补", "放弃"]}).write_excel(book)
    count = actions.answers_from(
        entry=published, number=1, content=book.getvalue(), name="answers.xlsx", by=one
    )
    said = dict(
        Answer.objects.filter(child__applicant_id__in=seated[2:4]).values_list(
            "child__applicant_id", "answer"
        )
    )
    assert count == 2 and said == {seated[2]: "wait", seated[3]: "decline"}
    preview = get("answers/")
    assert preview.status_code == 200
    assert "谁会移动" in preview.content.decode()
    digest = actions.digest_of_answers(published, 1)
    made = drawing.proposals.propose(
        entry=published, verb="round", by=one, args={"round": 1, "policy": "waiting_list", "answers": digest}
    )
    actions.answer(entry=published, number=1, applicant_id=seated[1], said="wait", by=one)
    with pytest.raises(Refused) as changed:
        drawing.proposals.confirm(proposal=made, by=desk.person(drawing.OTHER), row_version=1)
    assert changed.value.code == "results.answers_changed"
    drawing.proposals.withdraw(proposal=made, by=one)
    digest = actions.digest_of_answers(published, 1)
    drawing.together(desk, published, "round", round=1, policy="waiting_list", answers=digest)
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    held = standing.standing(published)
    assert len(held.rounds) == 1
    assert held.rounds[0].check() == ()
    gone = held.now.filter(held.now["applicant_id"] == seated[0]).to_dicts()[0]
    assert gone["program_id"] is None
    assert get("answers/").status_code == 200
    drawing.together(desk, published, "publish", level="list")  # families see the round once it is published
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)


def test_a_placement_by_hand_takes_two_people_and_stays(
    desk: Desk, published: Entry, get: Callable[..., Any]
) -> None:
    one, other = desk.person(drawing.ONE), desk.person(drawing.OTHER)
    held = standing.standing(published)
    without = held.now.filter(held.now["program_id"].is_null())["applicant_id"].to_list()
    who = without[0] if without else held.now["applicant_id"][0]
    program = held.result.problem.tables["programs"]["program_id"][0]
    given = {
        "applicant_id": who,
        "program_id": program,
        "ground": "correction",
        "document_no": "云教〔2027〕5号",
    }
    for wrong, code in (
        ({"ground": "friend"}, "results.ground_missing"),
        ({"document_no": " "}, "results.document_missing"),
        ({"program_id": "nowhere"}, "results.program_unknown"),
    ):
        with pytest.raises(Refused) as refused:
            actions.override(entry=published, by=one, **{**given, **wrong})
        assert refused.value.code == code
    made = actions.override(entry=published, by=one, **given)
    with pytest.raises(Refused) as twice:
        actions.override(entry=published, by=other, **given)
    assert twice.value.code == "results.override_twice"
    with pytest.raises(Refused) as alone:
        actions.approve(row=made, by=one, row_version=1)
    assert alone.value.code == "draws.two_people"
    shown = get("overrides/", role=drawing.OTHER).content.decode()
    assert "没有别的孩子失去学位" in shown  # the effect is shown before it is signed
    with pytest.raises(Refused) as waits:
        drawing.together(desk, published, "publish", level="list")
    assert waits.value.code == "results.override_waits"
    actions.approve(row=made, by=other, row_version=1)
    now = standing.standing(published).now
    row = now.filter(now["applicant_id"] == who).to_dicts()[0]
    assert (row["program_id"], row["reason"]) == (program, "PLACED_BY_HAND")
    drawing.together(desk, published, "publish", level="list")
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    changes = (desk.workspace / "admission" / published.plan_id / "published" / "changes.csv").read_text()
    assert "云教〔2027〕5号" in changes
    assert drawing.ONE not in changes
    assert Override.objects.count() == 1
    assert "云教〔2027〕5号" in get("sunshine/").content.decode()


def test_scores_decide_a_senior_entry_without_a_draw(desk: Desk) -> None:
    entry = drawing.frozen(desk, "2027-senior")
    draw = Draw.objects.get(entry=entry)
    assert not draw.facts["draw"]
    client = desk.client(drawing.ONE)
    base = f"/{desk.units['region']}/{drawing.YEAR}/admission/2027-senior/"
    assert "不抽签" in client.get(base + "freeze/").content.decode()
    with pytest.raises(Refused) as none:
        drawing.together(desk, entry, "announce", sources=[drawing.source()])
    assert none.value.code == "draws.nothing_frozen"
    drawing.together(desk, entry, "assign")
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    entry.refresh_from_db()
    assert entry.state == "checked"
    assert client.get(base + "results/").status_code == 200
    assert "名额分配使用" in client.get(base + "results/placement/").content.decode()
    child = entry.children.first()
    assert client.get(base + f"results/children/{child.applicant_id}/").status_code == 200
    drawing.together(desk, entry, "publish", level="own")
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)


def test_what_waits_stands_on_the_desk(desk: Desk, drawn: Entry) -> None:
    made = drawing.proposals.propose(
        entry=drawn, verb="publish", by=desk.person(drawing.ONE), args={"level": "own"}
    )
    home = f"/{desk.units['region']}/{drawing.YEAR}/"
    assert "公布结果等您确认" in desk.client(drawing.OTHER).get(home).content.decode()
    assert "公布结果等您确认" not in desk.client(drawing.ONE).get(home).content.decode()
    drawing.proposals.withdraw(proposal=made, by=desk.person(drawing.OTHER))
