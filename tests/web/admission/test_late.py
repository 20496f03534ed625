"""Late arrivals at the desk: the next spare receipt, two people, the round they join, and the publication."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from tests.web.admission import drawing
from tests.web.desks import Desk

from junheng.data.admission_folder import AdmissionFolder
from junheng.model.errors import Refused
from junheng.web.admission.draws.models import LateChild
from junheng.web.admission.models import Child, Entry
from junheng.web.admission.results import actions, late_actions, queries
from junheng.web.audit.models import AuditEvent
from junheng.web.jobs.models import Job
from junheng.web.privacy.actions import rotate

PLAN = "2027-kindergarten"


@pytest.fixture
def published(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Entry:
    """The kindergarten entry, drawn with five spare receipts and published."""
    drawing.announced(desk)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=2))
    entry = drawing.drawn(desk).entry
    drawing.together(desk, entry, "publish", level="list")
    assert drawing.carry_out().state == Job.DONE
    return Entry.objects.select_related("unit").get(pk=entry.pk)


def signed(desk: Desk, row: LateChild, accepted: bool = True, role: str = drawing.OTHER) -> LateChild:
    return late_actions.decide(row=row, by=desk.person(role), row_version=row.row_version, accepted=accepted)


def stored_name(row: LateChild) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM admission_draws_latechild WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def held_round(desk: Desk, entry: Entry, number: int = 1) -> None:
    digest = actions.digest_of_answers(entry, number)
    drawing.together(desk, entry, "round", round=number, policy="waiting_list", answers=digest)
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)


def test_a_late_child_goes_from_the_form_into_the_published_changes(
    desk: Desk, published: Entry, client_for: Any
) -> None:
    spare = published.draws.first().announcement["spare_receipts"]
    base = f"/{desk.units['region']}/{drawing.YEAR}/admission/{PLAN}/answers/late/"
    programs = sorted(actions.held_programs(published))[:2]
    sent = {
        "applicant_id": "L-1", "identity_code": "ILATE-1", "birth_date": "2024-03-05",
        "document_no": "云教9号",
        "fact-hukou": "local", "choice-public-1": programs[0], "choice-public-2": programs[1],
    }  # fmt: skip
    page = client_for(drawing.ONE).get(base)
    assert page.status_code == 200, page.content.decode()[-2000:]
    wrong = client_for(drawing.ONE).post(base, {**sent, "birth_date": "去年"})
    assert wrong.status_code == 422
    assert not LateChild.objects.exists()
    assert client_for(drawing.ONE).post(base, sent).status_code == 303
    first = LateChild.objects.get()
    assert (first.receipt, first.state) == (spare[0], LateChild.OPEN)
    waits = client_for(drawing.OTHER).get(base).content.decode()
    assert spare[0] in waits and "核对无误，登记" in waits
    own = client_for(drawing.ONE).get(base).content.decode()
    assert "核对无误，登记" not in own
    version = {"row_version": first.row_version, "verb": "accept"}
    client_for(drawing.ONE).post(f"{base}1/", version)
    first.refresh_from_db()
    assert first.state == LateChild.OPEN  # one's own is for another to check
    second = drawing.came_late(desk, published, "L-2", "ILATE-2", drawing.OTHER)
    assert second.receipt == spare[1]
    client_for(drawing.OTHER).post(f"{base}1/", version)
    with pytest.raises(Refused) as waiting:
        held_round(desk, published)
    assert waiting.value.code == "results.late_waits"
    signed(desk, second, accepted=False, role=drawing.ONE)
    answers = client_for(drawing.ONE).get(base.removesuffix("late/")).content.decode()
    assert "现在补录（第 1 轮）" in answers  # a late child alone is reason enough for a round
    held_round(desk, published)
    folder = AdmissionFolder(desk.workspace, PLAN)
    kept = folder.read("rounds/1")
    assert kept["late_arrivals"].select("applicant_id", "receipt").rows() == [("L-1", spare[0])]
    seat = dict(kept["assignment"].select("applicant_id", "program_id").iter_rows())["L-1"] or ""
    first.refresh_from_db()
    assert first.round == 1
    shown = client_for(drawing.ONE).get(base.replace("answers/late/", "results/children/L-1/"))
    assert shown.status_code == 200
    assert spare[0] in shown.content.decode()
    for path in ("results/", "results/children/", "results/schools/", "results/waiting/", "overrides/"):
        page = client_for(drawing.ONE).get(base.replace("answers/late/", path))
        assert page.status_code == 200, path
    for paper in ("notice/docx/", "slip/pdf/"):
        answer = client_for(drawing.ONE).get(base.replace("answers/late/", f"results/children/L-1/{paper}"))
        assert answer.status_code < 500
        assert "补登的孩子，通知和回执请按文书格式手写" in answer.content.decode()
    drawing.together(desk, published, "publish", level="list")
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    place = folder.path("published")
    rows = list(csv.DictReader(io.StringIO((place / "changes.csv").read_text(encoding="utf-8"))))
    assert [(row["receipt"], row["ground"]) for row in rows] == [
        (spare[0], "late"),
        (spare[1], "late_refused"),
    ]
    assert rows[0]["program_id"].partition("@")[0] == seat
    done = subprocess.run([sys.executable, str(place / "verify_admission.py"), str(place)], check=False)
    assert done.returncode == 0
    verbs = set(AuditEvent.objects.filter(object__startswith=PLAN).values_list("verb", flat=True))
    assert {"admission.late_proposed", "admission.late_taken", "admission.late_refused"} <= verbs


def test_nobody_gets_a_second_ticket_and_used_up_receipts_are_said(desk: Desk, published: Entry) -> None:
    spare = published.draws.first().announcement["spare_receipts"]
    known = Child.objects.filter(entry=published).order_by("applicant_id").first()
    for applicant, identity, code in (
        (known.applicant_id, "IX", "admission.late_known"),
        ("L-1", known.row["identity_code"].lower(), "admission.late_identity"),
    ):
        with pytest.raises(Refused) as caught:
            drawing.came_late(desk, published, applicant, identity)
        assert caught.value.code == code
    first = signed(desk, drawing.came_late(desk, published, "L-1", "ILATE-1"), accepted=False)
    again = drawing.came_late(desk, published, "L-1b", "ilate-1")  # with papers this time, other number
    assert (again.number, again.receipt, again.state) == (1, first.receipt, LateChild.OPEN)
    before, keys = (
        stored_name(again),
        {**settings.FIELD_KEYS, "new": "another key of this test, long enough"},
    )
    assert again.name == "Late Child" and before.startswith(f"{settings.FIELD_KEY}.")
    with override_settings(FIELD_KEYS=keys, FIELD_KEY="new"):
        rotate(by="test")
        again.refresh_from_db()
        assert stored_name(again).startswith("new.") and again.name == "Late Child"
        signed(desk, again)
        assert stored_name(again) == "", "from here on the child's own row holds it"
        assert Child.objects.get(entry=published, applicant_id="L-1b").name == "Late Child"
    with override_settings(FIELD_KEYS=keys):
        rotate(by="test")  # back to the key of the other tests
    with pytest.raises(Refused) as caught:
        drawing.came_late(desk, published, "L-1c", "ILATE-1")
    assert caught.value.code == "admission.late_known"
    for number in range(2, len(spare) + 1):
        assert (
            drawing.came_late(desk, published, f"L-{number}", f"ILATE-{number}").receipt == spare[number - 1]
        )
    with pytest.raises(Refused) as caught:
        drawing.came_late(desk, published, "L-9", "ILATE-9")
    assert caught.value.code == "admission.spare_used_up"
    with pytest.raises(PermissionDenied):
        drawing.came_late(desk, published, "L-9", "ILATE-9", "school_clerk")
    with pytest.raises(Refused) as caught:
        actions.override(
            entry=published, applicant_id="L-1b", program_id=sorted(actions.held_programs(published))[0],
            ground="late", document_no="x", by=desk.person(drawing.ONE),
        )  # fmt: skip
    assert caught.value.code == "results.override_late"
    assert queries.digest_of_answers(published, 1) != actions.hashlib.sha256(b"").hexdigest()
